"""One result or run, or several runs together, into one file of another format, chosen by the file's ending."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from matplotlib.figure import Figure

from core.errors import InvalidRequest
from core.exchange.beside import beside
from core.exchange.cases_table import compared_cases
from core.exchange.complexity_table import session_table
from core.exchange.endings import FIGURES, NUMBERS, endings_of
from core.exchange.export_options import ExportOptions
from core.exchange.figures.across import across_figure
from core.exchange.figures.attacked_examples import attacked_examples_figure
from core.exchange.figures.cases_table import cases_table_figure
from core.exchange.figures.comparison import comparison_figure
from core.exchange.figures.comparison_layout import paper_layout
from core.exchange.figures.complexity_table import table_figure
from core.exchange.figures.difference import difference_figure
from core.exchange.figures.rendering import DOTS_PER_INCH, drawing, write_figure
from core.exchange.figures.run import runs_figure
from core.exchange.figures.surface_3d import surface_3d_figure
from core.exchange.forms import Wish, form_of, result_figure, write_file
from core.exchange.layouts.laying_out import NOTHING
from core.exchange.layouts.picture import Picture
from core.exchange.subject import subject_of
from core.exchange.tables.arrays import common_arrays, write_named
from core.exchange.tables.cases_table import table_rows as cases_table_rows
from core.exchange.tables.complexity import table_rows
from core.exchange.tables.notes import note_rows
from core.exchange.tables.rows import write_rows
from core.exchange.tables.runs import comparison_rows, curve_rows, run_arrays
from core.landscape.surface import Surface
from core.naming import SESSION_SUFFIX, kind_of
from core.robustness.robustness import Robustness
from core.session.atomic import replace_file
from core.session.document import Document, ResultItem, RunItem

ENDINGS = (*FIGURES, *NUMBERS)  # of every result and run; further ones by kind: see core.exchange.endings
_USUAL = ExportOptions()


def export_result(item: ResultItem | RunItem, document: Document, path: Path, options: ExportOptions = _USUAL) -> None:
    """Write a result or a run as a figure, numbers, or a file of another program. Files are replaced whole or not.

    Parameters
    ----------
    item : ResultItem or RunItem
    document : Document
        Gives the names of the network, the data, the classes and the units, and other results of the same plane.
    path : Path
        Its ending, one of `core.exchange.endings.endings_of`, decides the format. ``.h5`` writes the directions into a
        second file beside it.
    options : ExportOptions, optional
        What the format leaves open.

    Raises
    ------
    InvalidRequest
        If results of this kind are not written with that ending, or there is nothing to be drawn.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    if isinstance(item, RunItem):
        ending = checked_ending(path, endings_of(item.run), "A run")
        replace_file(path, _run_writer(item, document, ending, options))
        return
    result = item.result
    ending = checked_ending(path, endings_of(result), _what(kind_of(result)))
    if ending == ".csv":
        replace_file(path, lambda file: write_rows(form_of(result).rows(result), file))
    elif ending == ".npz":
        replace_file(path, lambda file: _write_arrays(item, file))
    elif ending in FIGURES:
        with drawing():
            figure = _figure(item, document, options)
        export_figure(figure, path, options.dots_per_inch)
    else:
        wish = Wish(subject=subject_of(item, document), beside=beside(item, document), options=options)
        with drawing() if ending == ".gif" else nullcontext():
            write_file(result, wish, path)


def export_runs(items: Sequence[RunItem], document: Document, path: Path, options: ExportOptions = _USUAL) -> None:
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
    ending = checked_ending(path, (*FIGURES, ".csv"), "A comparison of runs")
    if ending == ".csv":
        replace_file(path, lambda file: write_rows(comparison_rows(items), file))
    else:
        export_figure(runs_figure(items, document), path, options.dots_per_inch)


def export_comparison(
    items: Sequence[ResultItem],
    document: Document,
    path: Path,
    options: ExportOptions = _USUAL,
    *,
    relief: bool = False,
) -> None:
    """Write several surfaces side by side on one scale, as Figures 1 (reliefs) and 2 of Li et al. 2018.

    Raises
    ------
    InvalidRequest
        If there are no surfaces among the items or too many, or the ending is not that of a figure.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    checked_ending(path, FIGURES, "A comparison of surfaces")
    layout = paper_layout(items, document)
    with drawing():
        figure = comparison_figure(layout, document, relief=relief)
    export_figure(figure, path, options.dots_per_inch)


def export_difference(first: ResultItem, second: ResultItem, path: Path, options: ExportOptions = _USUAL) -> None:
    """Write a map of where the first surface lies above and below the second.

    Raises
    ------
    InvalidRequest
        If one of the items is no surface, their grids differ, or the ending is not that of a figure.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    checked_ending(path, FIGURES, "A difference of surfaces")
    if not isinstance(first.result, Surface) or not isinstance(second.result, Surface):
        raise InvalidRequest("Only two surfaces have a difference. Choose two.")
    figure = difference_figure(first.result, second.result, (first.name, second.name))
    export_figure(figure, path, options.dots_per_inch)


def export_complexities(document: Document, path: Path, options: ExportOptions = _USUAL) -> None:
    """Write the table of size and sharpness of a session: its numbers, or every measure over the gap as a figure.

    Raises
    ------
    InvalidRequest
        If nothing was measured, or the ending is neither .csv nor that of a figure.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    table = session_table(document)
    if checked_ending(path, (*FIGURES, ".csv"), "A table of size and sharpness") == ".csv":
        replace_file(path, lambda file: write_rows(table_rows(table), file))
        return
    with drawing():
        figure = table_figure(table)
    export_figure(figure, path, options.dots_per_inch)


def export_cases_table(document: Document, path: Path, options: ExportOptions = _USUAL) -> None:
    """Write the tables of cases of a session side by side: their numbers, or those about most networks as a figure.

    Raises
    ------
    InvalidRequest
        If there is no table of cases, or the ending is neither .csv nor that of a figure.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    first, *_ = compared_cases(document)
    if checked_ending(path, (*FIGURES, ".csv"), "A comparison of tables of cases") == ".csv":
        replace_file(path, lambda file: write_rows(cases_table_rows(first.table), file))
        return
    with drawing():
        figure = cases_table_figure(first)
    export_figure(figure, path, options.dots_per_inch)


def export_notes(document: Document, path: Path) -> None:
    """Write the notes of a session's review as a table.

    Raises
    ------
    InvalidRequest
        If there are none, or the ending is not .csv.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    checked_ending(path, (".csv",), "A list of notes")
    if not document.notes:
        raise InvalidRequest("The session holds no notes. Write some in the window, with Review, Add note.")
    replace_file(path, lambda file: write_rows(note_rows(document), file))


def export_layout(picture: Picture, path: Path, options: ExportOptions = _USUAL) -> None:
    """Write a layout across networks as a figure, or the numbers it shows as a table.

    Raises
    ------
    InvalidRequest
        If nobody takes part in it, nothing of it is computed yet and a table is asked for, or the ending is neither
        .csv nor that of a figure.
    OutOfSpace, UnreadableFile
        If the file cannot be written; what was there before is untouched.
    """
    ending = checked_ending(path, (*FIGURES, ".csv"), "A layout across networks")
    if not picture.names:
        raise InvalidRequest(f"{NOTHING[picture.kind]} Train or open some first.")
    if not picture.panels:
        raise InvalidRequest(" ".join(picture.statements))
    if ending != ".csv":
        with drawing():
            figure = across_figure(picture)
        export_figure(figure, path, options.dots_per_inch)
        return
    if len(picture.rows) < 2:
        missing = "; ".join(one.words for one in picture.missing)
        raise InvalidRequest(f"There are no numbers to write yet: {missing}. Compute them first.")
    replace_file(path, lambda file: write_rows(picture.rows, file))


def export_figure(figure: Figure, path: Path, dots_per_inch: int = DOTS_PER_INCH) -> None:
    """Write a figure, such as that of `surface_3d_figure`, by the ending of the path. Raises as `export_result`."""
    kind = checked_ending(path, FIGURES, "A figure").removeprefix(".")
    replace_file(path, lambda file: write_figure(figure, file, kind, dots_per_inch=dots_per_inch))


def checked_ending(path: Path, endings: Sequence[str] = ENDINGS, what: str = "A result") -> str:
    """The ending of a path in small letters. Raises `InvalidRequest` unless it is one of `endings`.

    The name of a session is refused, too: what is exported there could not be opened again.
    """
    ending = path.suffix.lower()
    if path.name.lower().endswith(SESSION_SUFFIX):
        name = f"{path.name[: -len(SESSION_SUFFIX)]}{ending}"
        raise InvalidRequest(
            f'"{path.name}" is the name of a session, and an export is none. Give the file another, such as "{name}".'
        )
    if ending not in endings:
        why = f'{what} cannot be written as "{ending}"' if ending else f'"{path.name}" has no ending'
        raise InvalidRequest(f"{why}. Give the file one of these endings: {', '.join(endings)}.")
    return ending


def _figure(item: ResultItem, document: Document, options: ExportOptions) -> Figure:
    subject, neighbours = subject_of(item, document), beside(item, document)
    if options.examples:
        if not isinstance(item.result, Robustness):
            raise InvalidRequest(f"{_what(kind_of(item.result))} holds no examples, only attacks do.")
        return attacked_examples_figure(item.result, subject)
    if not options.relief:
        return result_figure(item.result, subject, neighbours)
    if not isinstance(item.result, Surface):
        raise InvalidRequest(f"{_what(kind_of(item.result))} is not drawn as a relief, only surfaces are.")
    return surface_3d_figure(item.result, subject, neighbours)


def _write_arrays(item: ResultItem, file: BinaryIO) -> None:
    named = dict(common_arrays(item.result)) | dict(form_of(item.result).arrays(item.result))
    write_named(iter(named.items()), file)


def _run_writer(item: RunItem, document: Document, ending: str, options: ExportOptions) -> Callable[[BinaryIO], None]:
    if ending == ".csv":
        return lambda file: write_rows(curve_rows(item.run), file)
    if ending == ".npz":
        return lambda file: write_named(run_arrays(item.run), file)
    figure = runs_figure((item,), document)
    kind, dots = ending.removeprefix("."), options.dots_per_inch
    return lambda file: write_figure(figure, file, kind, dots_per_inch=dots)


def _what(kind: str) -> str:
    others = {
        "initialisations": "A set of initialisations",
        "pairs": "A ranking of pairs",
        "complexity": "A measurement of size and sharpness",
        "robustness": "A set of attacks",
        "history": "Curvature through a training",
    }
    return others.get(kind, f"A {kind}")
