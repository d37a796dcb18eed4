"""Self-contained programs (`.pt2`, torch.export): networks that need no architecture."""

import io
import logging
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn
from torch.export import ExportedProgram

from core.errors import UnreadableFile, UnsupportedNetwork
from core.networks.program_guard import without_code


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
        raise UnreadableFile(
            path,
            f"torch {torch.__version__} cannot load this program ({type(error).__name__}: {_line(error)}).",
            "Export it again with this version of torch.",
        ) from error


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
