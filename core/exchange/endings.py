"""Which files each kind of result can be written to, by their endings. Loads no library that draws."""

from collections.abc import Sequence

from core.naming import kind_of
from core.session.document import Result
from core.training.run import Run

FIGURES = (".png", ".svg", ".pdf")
NUMBERS = (".csv", ".npz")
_WORDS = {
    ".png": "Picture",
    ".svg": "Vector graphics",
    ".pdf": "PDF",
    ".csv": "Table",
    ".npz": "Arrays",
    ".vtp": "ParaView surface",
    ".vtk": "VTK grid",
    ".glb": "glTF model",
    ".obj": "Wavefront model",
    ".gif": "Animation",
    ".h5": "Files of loss-landscape",
}
_OTHERS = {  # beyond figures and numbers, by the words of `core.naming.kind_of`
    "surface": (".vtp", ".vtk", ".glb", ".obj", ".gif", ".h5"),
    "curve": (".h5",),
    "trajectory": (".gif", ".h5"),
    "convexity": (".h5",),
}


def endings_of(result: Result | Run) -> tuple[str, ...]:
    """The endings that a result or a run can be written with."""
    kind = "run" if isinstance(result, Run) else kind_of(result)
    return (*FIGURES, *NUMBERS, *_OTHERS.get(kind, ()))


def file_filter(result: Result | Run) -> str:
    """The same as a file dialog has it: ``Picture (*.png);;Vector graphics (*.svg)`` and so on."""
    return filter_of(endings_of(result))


def filter_of(endings: Sequence[str]) -> str:
    """Endings as a file dialog has them."""
    return ";;".join(f"{_WORDS[ending]} (*{ending})" for ending in endings)
