"""Arrows between the rooms run one way. The same rules stand in pyproject.toml for import-linter, which sees indirect
imports too; these need no extra package and cannot be loosened by the way."""

import ast
from dataclasses import dataclass

import pytest

from tests.architecture.source import imports, lies_in, module_name, parsed, python_files


@dataclass(frozen=True)
class Ban:
    """These rooms never import these modules, except for the rooms that are excepted."""

    rooms: tuple[str, ...]
    modules: tuple[str, ...]
    excepted: tuple[str, ...] = ()


# Top first; a room imports from rooms further down only, and not from its neighbour.
LAYERS = (("app.__main__",), ("app.cli",), ("app.views",), ("app.render", "app.actions"), ("app.jobs", "app.commands"))
LAYERS += (("app.state",),)
ENGINES = ("core.landscape", "core.spectrum", "core.corrections")


def layer_bans() -> list[Ban]:
    """What the order of the layers forbids: everything above, and the neighbours."""
    bans = []
    for height, rooms in enumerate(LAYERS):
        above = tuple(room for layer in LAYERS[:height] for room in layer)
        bans += [Ban((room,), above + tuple(other for other in rooms if other != room)) for room in rooms]
    return [ban for ban in bans if ban.modules]


BANS = {
    "the engines know nothing of the desktop": [Ban(("core",), ("app", "PySide6", "pyqtgraph", "vispy"))],
    "arrows in the application run one way": layer_bans(),
    "an engine does not use another one": [
        Ban((engine,), tuple(other for other in ENGINES if other != engine)) for engine in ENGINES
    ],
    "the document and its files never see torch": [Ban(("core.session", "core.exchange", "core.review"), ("torch",))],
    "HDF5 stays in session and exchange": [Ban(("app", "core"), ("h5py",), ("core.session", "core.exchange"))],
    "vispy stays in app.render.gl": [Ban(("app", "core"), ("vispy",), ("app.render.gl",))],
    "pyqtgraph stays in app.render.plot": [Ban(("app", "core"), ("pyqtgraph",), ("app.render.plot",))],
    "state and commands use QtCore only": [
        Ban(("app.state", "app.commands"), ("PySide6.QtWidgets", "PySide6.QtGui", "PySide6.QtOpenGLWidgets"))
    ],
}


def violations(module: str, tree: ast.AST, ban: Ban) -> list[str]:
    """The imports of one file that a ban forbids, as a person reads them."""
    if not any(lies_in(module, room) for room in ban.rooms) or any(lies_in(module, room) for room in ban.excepted):
        return []
    found = imports(tree)
    return [f"{module}:{line} imports {name}" for line, name in found if any(lies_in(name, m) for m in ban.modules)]


@pytest.mark.parametrize("rule", BANS)
def test_no_import_runs_against_the_arrows(rule: str) -> None:
    files = python_files("app", "core")
    assert [
        text for path in files for ban in BANS[rule] for text in violations(module_name(path), parsed(path), ban)
    ] == []


@pytest.mark.parametrize(
    ("rule", "module", "line"),
    [
        ("the engines know nothing of the desktop", "core.landscape.x", "from PySide6 import QtCore"),
        ("the engines know nothing of the desktop", "core.job", "from app import state"),
        ("arrows in the application run one way", "app.state.x", "import app.views.window"),
        ("arrows in the application run one way", "app.render.gl.x", "from app.actions import registry"),
        ("an engine does not use another one", "core.spectrum.x", "from core.landscape.surface import Surface"),
        ("the document and its files never see torch", "core.session.x", "def f():\n    import torch"),
        ("HDF5 stays in session and exchange", "core.data.x", "import h5py"),
        ("vispy stays in app.render.gl", "app.render.plot.x", "import vispy.scene"),
        ("pyqtgraph stays in app.render.plot", "app.views.x", "import pyqtgraph as pg"),
        ("state and commands use QtCore only", "app.commands.x", "from PySide6.QtGui import QUndoCommand"),
    ],
)
def test_an_import_against_the_arrows_is_found(rule: str, module: str, line: str) -> None:
    assert [text for ban in BANS[rule] for text in violations(module, ast.parse(line), ban)]


@pytest.mark.parametrize(
    ("rule", "module", "line"),
    [
        ("arrows in the application run one way", "app.views.x", "from app.render.gl import scene"),
        ("HDF5 stays in session and exchange", "core.exchange.x", "import h5py"),
        ("vispy stays in app.render.gl", "app.render.gl.x", "import vispy"),
        ("the engines know nothing of the desktop", "core.x", "import application"),
    ],
)
def test_an_import_along_the_arrows_is_let_pass(rule: str, module: str, line: str) -> None:
    assert [text for ban in BANS[rule] for text in violations(module, ast.parse(line), ban)] == []
