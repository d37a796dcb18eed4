"""One result or run, or several runs together, into one file of another format, chosen by the file's ending."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from matplotlib.figure import Figure

from core.errors import InvalidRequest
from core.exchange.arrays import write_arrays, write_named
from core.exchange.figures import result_figure
from core.exchange.rendering import FORMATS, write_figure
from core.exchange.run_figure import runs_figure
from core.exchange.run_tables import comparison_rows, curve_rows, run_arrays
from core.exchange.subject import subject_of
from core.exchange.tables import write_rows, write_table
from core.session.atomic import replace_file
from core.session.document import Document, ResultItem, RunItem

ENDINGS = (*(f".{kind}" for kind in FORMATS), ".csv", ".npz")


def export_result(item: ResultItem | RunItem, document: Document, path: Path) -> None:
    """Write a result or a run as a figure, a table or arrays. What was there is replaced only by a whole file.

    Parameters
    ----------
    item : ResultItem or RunItem
    document : Document
        Gives the names of the network, the data, the classes and the units.
    path : Path
        Its ending, one of `ENDINGS`, decides the format.

    Raises
    ------
    InvalidRequest
        If the ending is none of `ENDINGS`.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    replace_file(path, _writer(item, document, checked_ending(path)))


def export_runs(items: Sequence[RunItem], document: Document, path: Path) -> None:
    """Write a comparison of runs: their curves in one figure, or a table with one row for each.

    Raises
    ------
    InvalidRequest
        If there are no runs, or the ending is that of arrays, which hold one run.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    if not items:
        raise InvalidRequest("There are no runs to compare. Train networks first.")
    ending = checked_ending(path, tuple(e for e in ENDINGS if e != ".npz"))
    if ending == ".csv":
        replace_file(path, lambda file: write_rows(comparison_rows(items), file))
    else:
        export_figure(runs_figure(items, document), path)


def export_figure(figure: Figure, path: Path) -> None:
    """Write a figure, such as that of `surface_3d_figure`, by the ending of the path. Raises as `export_result`."""
    kind = checked_ending(path, tuple(f".{kind}" for kind in FORMATS)).removeprefix(".")
    replace_file(path, lambda file: write_figure(figure, file, kind))


def checked_ending(path: Path, endings: tuple[str, ...] = ENDINGS) -> str:
    """The ending of a path in small letters. Raises `InvalidRequest` unless it is one of `endings`."""
    ending = path.suffix.lower()
    if ending not in endings:
        what = f'A result cannot be written as "{ending}"' if ending else f'"{path.name}" has no ending'
        raise InvalidRequest(f"{what}. Give the file one of these endings: {', '.join(endings)}.")
    return ending


def _writer(item: ResultItem | RunItem, document: Document, ending: str) -> Callable[[BinaryIO], None]:
    if isinstance(item, RunItem):
        return _run_writer(item, document, ending)
    if ending == ".csv":
        return lambda file: write_table(item.result, file)
    if ending == ".npz":
        return lambda file: write_arrays(item.result, file)
    figure = result_figure(item.result, subject_of(item, document))
    return lambda file: write_figure(figure, file, ending.removeprefix("."))


def _run_writer(item: RunItem, document: Document, ending: str) -> Callable[[BinaryIO], None]:
    if ending == ".csv":
        return lambda file: write_rows(curve_rows(item.run), file)
    if ending == ".npz":
        return lambda file: write_named(run_arrays(item.run), file)
    figure = runs_figure((item,), document)
    return lambda file: write_figure(figure, file, ending.removeprefix("."))
