"""``corrie export``: a figure, the numbers, or a body of one result; or several results in one figure."""

from pathlib import Path

import click

from app.cli.inputs import file_type, json_option
from app.cli.printing import print_json
from core.errors import InvalidRequest
from core.exchange.cases_table import compared_cases
from core.exchange.complexity_table import measured
from core.exchange.export import (
    export_cases_table,
    export_comparison,
    export_complexities,
    export_layout,
    export_notes,
    export_result,
    export_runs,
)
from core.exchange.export_options import ExportOptions
from core.exchange.layouts.laying_out import found_members, lay_out
from core.exchange.layouts.picture import KINDS, Kind
from core.exchange.original.importing import open_any
from core.landscape.surface import Surface
from core.naming import SESSION_SUFFIX
from core.session.document import Document, ResultItem, RunItem


@click.command("export")
@click.argument("file", type=file_type)
@click.argument("item", default="")
@click.option(
    "--to",
    "target",
    required=True,
    type=file_type,
    help="By the ending: .png .svg .pdf .csv .npz; surfaces also .vtp .vtk .glb .obj .gif, and .h5 for loss-landscape. "
    "A file that is there is replaced.",
)
@click.option("--dpi", default=200, show_default=True, help="Dots per inch of a .png; 300 and more for print.")
@click.option("--linear", is_flag=True, help="Heights of .vtp, .vtk, .glb and .obj are the loss, not log(loss + 0.1).")
@click.option("--limit", type=float, help="Loss at which these heights are cut off; else as the surface is shown.")
@click.option("--frames", default=48, show_default=True, help="Of a .gif.")
@click.option("--relief", is_flag=True, help="Surfaces in three dimensions instead of contours.")
@click.option("--examples", is_flag=True, help="Attacked samples instead of accuracy against strength.")
@click.option(
    "--layout",
    type=click.Choice(KINDS),
    help="Several networks as in Yao et al. 2018: figure3 spectra by batch size, figure4 loss along v1, figure5 "
    "curvature through training; twins: a robust network beside its plain twin. ITEM then says which, by commas.",
)
@json_option
def command(
    file: Path,
    item: str,
    target: Path,
    dpi: int,
    linear: bool,
    limit: float | None,
    frames: int,
    relief: bool,
    examples: bool,
    layout: Kind | None,
    as_json: bool,
) -> int:
    """Write ITEM (an id or a name, see `corrie info`) of FILE, a session or a file of loss-landscape.

    ITEM may be left out where there is only one result. The word "runs" stands for all trainings in one comparison,
    the name of a sweep for those of the sweep, the word "surfaces" for all surfaces on one scale, "complexity" for
    size and sharpness of all networks against their generalisation gap, "cases" for the tables of cases of all, and
    "notes" for the notes of the review as a .csv.
    """
    options = ExportOptions(
        dots_per_inch=dpi, logarithmic=not linear, limit=limit, relief=relief, examples=examples, frames=frames
    )
    if target.name.lower().endswith(SESSION_SUFFIX) and not file.name.lower().endswith(SESSION_SUFFIX):
        raise InvalidRequest(f"An export is no session. To make one of a file of loss-landscape: corrie import {file}.")
    document = open_any(file)
    if layout is not None:
        _export_layout(layout, document, file, item, target, options, as_json=as_json)
        return 0
    surfaces = _surfaces(document, item)
    if surfaces:
        export_comparison(surfaces, document, target, options, relief=relief)
        _tell(file, [surface.id for surface in surfaces], target, as_json=as_json)
        return 0
    if not _is_item(document, item) and (told := _export_table(item, document, target, options)):
        _tell(file, told, target, as_json=as_json)
        return 0
    together = _runs(document, item)
    if together:
        export_runs(together, document, target, options)
        _tell(file, [run.id for run in together], target, as_json=as_json)
        return 0
    found = _one(document, item)
    export_result(found, document, target, options)
    _tell(file, found.id, target, as_json=as_json)
    return 0


def _export_table(word: str, document: Document, target: Path, options: ExportOptions) -> list[str]:
    """Write what a word stands for that is about the whole session. Returns what is in it; nothing for other words."""
    if word == "complexity":
        export_complexities(document, target, options)
        return [measurement.id for measurement in measured(document)]
    if word == "cases":
        export_cases_table(document, target, options)
        return [one.id for one in compared_cases(document)[0].items]
    if word == "notes":
        export_notes(document, target)
        return list(document.notes)
    return []


def _export_layout(
    layout: Kind, document: Document, file: Path, item: str, target: Path, options: ExportOptions, *, as_json: bool
) -> None:
    """Several networks in one figure; what it lacks, and what it says of the paper's trend, goes to the terminal."""
    wanted = [wish.strip() for wish in item.split(",") if wish.strip()]
    picture = lay_out(layout, document, found_members(layout, document, wanted))
    export_layout(picture, target, options)
    missing = [one.words for one in picture.missing]
    if as_json:
        print_json(
            {
                "session": str(file),
                "layout": layout,
                "networks": list(picture.names),
                "statements": list(picture.statements),
                "missing": missing,
                "file": str(target),
            }
        )
        return
    for words in missing:
        click.echo(f"Missing: {words}.", err=True)
    for words in picture.statements:
        click.echo(words, err=True)
    print(target)


def _one(document: Document, wanted: str) -> ResultItem | RunItem:
    """The result or run that is asked for, or the only one. Raises `InvalidRequest` if it is none, or not clear."""
    if not wanted:
        results: tuple[ResultItem | RunItem, ...] = (*document.results, *document.runs)
        if len(results) != 1:
            names = ", ".join(result.id for result in results) or "none"
            raise InvalidRequest(f"Say which result to export. There are: {names}.")
        return results[0]
    found = document.find(wanted)
    if not isinstance(found, ResultItem | RunItem):
        raise InvalidRequest(f'"{found.name}" is no result. Export a surface, a spectrum, a correction or a run.')
    return found


def _surfaces(document: Document, wanted: str) -> tuple[ResultItem, ...]:
    """All surfaces where the word means them together; none where it means one item."""
    if wanted != "surfaces" or _is_item(document, wanted):
        return ()
    return tuple(item for item in document.results if isinstance(item.result, Surface))


def _runs(document: Document, wanted: str) -> tuple[RunItem, ...]:
    """The runs that the word means together; none where it means one item."""
    if not wanted or _is_item(document, wanted):
        return ()
    return document.runs if wanted == "runs" else tuple(run for run in document.runs if run.sweep == wanted)


def _is_item(document: Document, wanted: str) -> bool:
    return wanted in document.items or any(item.name == wanted for item in document.items.values())


def _tell(file: Path, item: str | list[str], target: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"session": str(file), "item": item, "file": str(target)})
    else:
        print(target)
