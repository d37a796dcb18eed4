import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from complaint import Complaint
from virtual_screen import has_display, virtual_screen

needs_xvfb = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is absent")
SHOW = "from PySide6.QtWidgets import QApplication; print(QApplication([]).primaryScreen().size().toTuple())"


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display_is_looked_for_on_linux_only(platform: str, environment: dict[str, str], *, expected: bool) -> None:
    assert has_display(platform, environment) is expected


def screens_of(process: int) -> set[int]:
    """The X servers that a process has started and that still run, as the kernel lists them."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:  # it has ended meanwhile
            continue
        if name.startswith("Xvfb") and int(rest.split()[1]) == process:
            found.add(int(folder.name))
    return found


def runs(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@needs_xvfb
def test_qt_opens_on_the_virtual_screen_and_the_screen_is_gone_afterwards() -> None:
    with virtual_screen() as environment:
        answer = subprocess.run(
            [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=True
        )
        assert answer.stdout == "(1920, 1200)\n"
        assert len(screens_of(os.getpid())) == 1
    assert screens_of(os.getpid()) == set()


@needs_xvfb
def test_two_virtual_screens_take_different_displays() -> None:
    with virtual_screen() as one, virtual_screen() as other:
        assert one["DISPLAY"] != other["DISPLAY"]


@needs_xvfb
def test_the_screen_is_stopped_when_the_work_on_it_fails() -> None:
    with pytest.raises(RuntimeError), virtual_screen():
        raise RuntimeError
    assert screens_of(os.getpid()) == set()


@needs_xvfb
def test_the_screen_is_stopped_when_the_run_is_killed_politely() -> None:
    packaging = Path(__file__).parents[2] / "packaging"
    work = (
        f"import sys; sys.path.insert(0, {str(packaging)!r})\n"
        "from virtual_screen import virtual_screen\n"
        "with virtual_screen() as environment:\n"
        "    print(environment['DISPLAY'], flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", work]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith(":")
        (screen,) = screens_of(child.pid)
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 128 + signal.SIGTERM
    assert not runs(screen)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a virtual screen")
def test_a_screen_that_does_not_start_is_a_sentence(monkeypatch, tmp_path) -> None:
    failing = tmp_path / "Xvfb"
    failing.write_text("#!/bin/sh\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(Complaint, match="did not start"), virtual_screen():
        pass
