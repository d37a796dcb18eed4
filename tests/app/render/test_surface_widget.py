import subprocess
import sys

import pytest

from app.render.gl import probe
from app.render.gl.probe import GraphicsProbe, ask, probe_graphics
from app.render.surface_widget import make_surface_widget
from tests.app.render.surfaces import bowl

GOOD = '{"reason": "", "renderer": "llvmpipe (LLVM 15)", "version": "4.5 Mesa", "major": 4, "minor": 5}'


def child(code):
    return [sys.executable, "-c", code]


@pytest.fixture
def no_answer_yet(monkeypatch):
    monkeypatch.delenv("CORRIE_NO_OPENGL", raising=False)
    probe._probe_once.cache_clear()
    yield
    probe._probe_once.cache_clear()


def test_a_driver_that_works_is_named():
    found = ask(child(f"print('driver chatter'); print('''{GOOD}''')"), 20)
    assert found
    assert found.renderer == "llvmpipe (LLVM 15)"
    assert found.software


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed when it was tried (signal 11)"),
        ("raise OSError('libGL is missing')", "failed with code 1: OSError: libGL is missing"),
        ("print('nonsense')", "no readable answer"),
        ("pass", "no readable answer"),
        (f"print('''{GOOD.replace('4,', '1,')}''')", "offers OpenGL 1.5; 2.1 is needed"),
        ("import threading; threading.Event().wait()", "did not answer within 1 seconds"),
    ],
)
def test_a_driver_that_fails_takes_nothing_with_it_and_says_why(code, reason):
    found = ask(child(code), 1 if "wait" in code else 20)
    assert not found
    assert reason in found.reason


def test_a_child_that_cannot_start_is_a_reason():
    assert "could not be tried" in ask(["/nowhere/python"], 5).reason


def test_the_child_really_answers(no_answer_yet, qapp):
    found = probe_graphics()
    assert bool(found) == (found.reason == "")
    assert bool(found.renderer) or not found
    assert probe_graphics() is found  # asked once


def test_opengl_can_be_switched_off(no_answer_yet, monkeypatch, qtbot):
    monkeypatch.setenv("CORRIE_NO_OPENGL", "1")
    widget = make_surface_widget()
    qtbot.addWidget(widget)
    assert type(widget).__name__ == "ReliefView"
    assert "CORRIE_NO_OPENGL=1" in widget.reason
    widget.set_surface(bowl())


def test_the_reason_of_the_probe_stands_above_the_relief(no_answer_yet, monkeypatch, qtbot):
    monkeypatch.setattr(probe, "ask", lambda *_: GraphicsProbe(usable=False, reason="The driver is made of wood."))
    widget = make_surface_widget()
    qtbot.addWidget(widget)
    assert "The driver is made of wood." in widget.reason


@pytest.mark.gl
def test_with_opengl_the_surface_stands_in_three_dimensions(no_answer_yet, qtbot):
    if not probe_graphics():
        pytest.skip(f"no OpenGL here: {probe_graphics().reason}")
    widget = make_surface_widget()
    qtbot.addWidget(widget)
    assert type(widget).__name__ == "SurfaceView"


def test_both_views_can_be_used_alike():
    from app.render.gl.surface_view import SurfaceView  # noqa: PLC0415
    from app.render.plot.planes.relief_view import ReliefView  # noqa: PLC0415

    def interface(kind):
        return {name for base in kind.__mro__ if base.__module__.startswith("app.") for name in vars(base)} - {"reason"}

    public = {name for name in interface(SurfaceView) if not name.startswith("_")}
    assert public <= interface(ReliefView)


def test_asking_for_the_widget_s_module_loads_no_plotting_library():
    code = (
        "import sys, app.render.surface_widget; print([m for m in ('vispy', 'pyqtgraph', 'torch') if m in sys.modules])"
    )
    assert subprocess.run(child(code), capture_output=True, text=True, check=True).stdout.strip() == "[]"
