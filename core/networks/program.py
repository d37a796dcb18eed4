"""Self-contained programs (`.pt2`, torch.export): networks that need no architecture."""

import io
import json
import logging
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn
from torch._export.serde.schema import SCHEMA_VERSION
from torch.export import ExportedProgram

from core.errors import UnreadableFile, UnsupportedNetwork
from core.networks.program_guard import without_code
from core.networks.program_strings import VERSION

OLD_MODEL = "serialized_exported_program.json"


def load_program(content: bytes, path: Path | str) -> nn.Module:
    """Load a `.pt2` archive into a module, without running anything from the file.

    Parameters
    ----------
    content : bytes
        The whole file.
    path : Path or str
        Where it came from, for messages.

    Raises
    ------
    UnreadableFile
        If the archive is damaged, or was written by a torch whose operators this one does not know.
    UnsupportedNetwork
        If it holds something that could run code; the text names it.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise UnreadableFile(path, "It is not a .pt2 program.", "Export the network with torch.export.save.")
    try:
        with _quiet():
            program: ExportedProgram = torch.export.load(io.BytesIO(without_code(content)))
            return program.module()
    except UnsupportedNetwork as error:
        raise UnsupportedNetwork(f"{path}: {error}") from error
    except Exception as error:  # torch raises whatever its deserialiser met
        raise UnreadableFile(path, *_why_not(content, error)) from error


def export_program(module: nn.Module, input_shape: tuple[int, ...]) -> bytes:
    """Export a module as a `.pt2` archive for batches of any size.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode, on the CPU.
    input_shape : tuple of int
        Of one sample.
    """
    batch = torch.export.Dim("batch", min=1)
    with _quiet():
        program = torch.export.export(module, (torch.zeros(2, *input_shape),), dynamic_shapes=({0: batch},))
        archive = io.BytesIO()
        torch.export.save(program, archive)
    return archive.getvalue()


def _why_not(content: bytes, error: Exception) -> tuple[str, str]:
    """Reason and remedy: another torch wrote it, or it is damaged."""
    ours = torch.__version__.partition("+")[0]
    torch_version, schema = written_by(content)
    if schema is not None and schema != SCHEMA_VERSION:
        theirs = f"torch {torch_version}" if torch_version else "another torch"
        return (
            (
                f"It was written by {theirs} (schema {_dotted(schema)}), and torch {ours} here reads schema "
                f"{_dotted(SCHEMA_VERSION)} ({type(error).__name__})."
            ),
            f"Export it again with torch {ours}, or export the network as ONNX where it is.",
        )
    return (
        f"torch {torch.__version__} cannot load this program ({type(error).__name__}: {_line(error)}).",
        "Export it again with this version of torch.",
    )


def written_by(content: bytes) -> tuple[str, tuple[int, int] | None]:
    """The version of torch that wrote a program ("" if it is not said), and of the schema it is written in."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # Until torch 2.6 the graph lay in a file of another name, without a folder around everything.
            names = (name for name in archive.namelist() if name.endswith(("models/model.json", OLD_MODEL)))
            model = json.loads(archive.read(next(names)))
        schema = model["schema_version"]
        return _version_of(model.get("torch_version")), (int(schema["major"]), int(schema["minor"]))
    except (
        StopIteration,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        OSError,
        zipfile.BadZipFile,
    ):
        return "", None


def _version_of(text: object) -> str:
    """A version as it may be shown: the file may hold anything there."""
    return text if isinstance(text, str) and VERSION.fullmatch(text) and len(text) < 40 else ""


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Without torch's own deprecations and tracebacks: what the user can act on is said in our messages."""
    logger = logging.getLogger("torch.export")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def _line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else "no text"
