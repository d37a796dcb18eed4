"""What kind of network file a path leads to: by the ending of its name, and by what is inside where endings mislead."""

import stat
import zipfile
from pathlib import Path
from typing import Literal

from core.errors import UnreadableFile
from core.networks.card import WEIGHT_SUFFIXES

FileKind = Literal["network card", "program", "ONNX", "TorchScript", "weights", "Python"]

CARD_SUFFIX = ".toml"
PROGRAM_SUFFIX = ".pt2"
ONNX_SUFFIX = ".onnx"
TORCHSCRIPT_SUFFIXES = (".ts", ".torchscript")
PYTHON_SUFFIX = ".py"
NETWORK_SUFFIXES = (
    *(CARD_SUFFIX, PROGRAM_SUFFIX, ONNX_SUFFIX),
    *(*TORCHSCRIPT_SUFFIXES, *WEIGHT_SUFFIXES, PYTHON_SUFFIX),
)
_BY_SUFFIX: dict[str, FileKind] = {
    CARD_SUFFIX: "network card",
    PROGRAM_SUFFIX: "program",
    ONNX_SUFFIX: "ONNX",
    PYTHON_SUFFIX: "Python",
    **dict.fromkeys(TORCHSCRIPT_SUFFIXES, "TorchScript"),
    **dict.fromkeys(WEIGHT_SUFFIXES, "weights"),
}


def kind_of_file(path: Path) -> FileKind:
    """The kind of a network file. A `.pt` may be weights, TorchScript or a program: its members tell.

    Raises
    ------
    UnreadableFile
        If there is no such file, or the ending is that of no network.
    """
    _refuse_special(path)
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise UnreadableFile(
            path,
            f'"{path.suffix}" is no kind of network that Corrie reads.',
            "Open a network card (.toml), a program (.pt2), ONNX (.onnx), TorchScript (.ts, .torchscript), weights "
            f"({', '.join(WEIGHT_SUFFIXES)}) or a Python file (.py) with a factory.",
        )
    return _by_members(path) or kind if kind in {"weights", "program"} else kind


def _refuse_special(path: Path) -> None:
    """Raise `UnreadableFile` for what is not there, and for pipes and devices: reading these may never end."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "Check the path.") from error
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise UnreadableFile(path, "It is a pipe or a device, not a file.", "Save what it gives in a file.")


def _by_members(path: Path) -> FileKind | None:
    """What an archive of torch's is, None for anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.partition("/")[2] for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.startswith("code/") for name in names) and "constants.pkl" in names:
        return "TorchScript"
    return "program" if "models/model.json" in names else None
