"""``corrie example``: the built-in analysis without a window."""

from dataclasses import dataclass
from pathlib import Path

import click
import platformdirs

from app.cli.inputs import json_option, output_option, resume_option
from app.cli.machine import result_values
from app.cli.place import check_place
from app.cli.printing import print_facts, print_json
from app.cli.workbook import INTERRUPTED, Workbook, compute_into, open_workbook
from core.errors import OutOfSpace
from core.example import ExampleTask, example_tasks
from core.exchange.export import export_result
from core.exchange.report.writing import write_report
from core.naming import SESSION_SUFFIX, file_stem
from core.runtime import prepare_torch
from core.session.document import Document, ResultItem

NAMES = ("digits-and-credit",)


@dataclass(frozen=True)
class Places:
    """Where the example goes."""

    session: Path
    figures: Path
    report: Path


@click.command("example")
@click.argument("name", type=click.Choice(NAMES), default=NAMES[0], required=False)
@output_option
@click.option("--figures", type=click.Path(path_type=Path, file_okay=False), help="Folder for figures and report.")
@resume_option
@json_option
def command(name: str, output: Path | None, figures: Path | None, resume: Path | None, as_json: bool) -> int:  # noqa: ARG001  one example so far
    """Analyse two digit readers and a judge of credit applications: landscapes, spectrum, correction.

    Without -o, the session and the figures go into the folder of your documents, in place of an earlier example.
    """
    prepare_torch()
    places = _places(output or resume, figures)
    if output is None and resume is None:
        check_place(places.session)
        workbook = Workbook(places.session, Document(), replaces=True)
    else:
        workbook = open_workbook(places.session, "example")
    there = workbook.document.results if resume is not None else ()
    items: list[ResultItem] = []
    complete = True
    for task in example_tasks():
        item, complete = _computed(workbook, task, there)
        export_result(item, workbook.document, places.figures / f"{file_stem(item.name)}.png")
        items.append(item)
        if not complete:
            break
    write_report(workbook.document, places.report, title=places.session.name, session=places.session)
    _print(places, workbook, items, as_json=as_json)
    return 0 if complete else INTERRUPTED


def _computed(workbook: Workbook, task: ExampleTask, there: tuple[ResultItem, ...]) -> tuple[ResultItem, bool]:
    """The result of one task; one that is there already is taken, a partial one completed."""
    same = [
        item
        for item in there
        if item.result.request == task.request and item.result.provenance.network_sha256 == task.network.sha256
    ]
    done = next((item for item in same if item.result.status == "complete"), None)
    if done is not None:
        return done, True
    return compute_into(workbook, task.request, task.network, task.data, task.data_name, resume=next(iter(same), None))


def _places(session: Path | None, figures: Path | None) -> Places:
    """Session, figures and report; the folders for them are made, except one that was asked for with -o."""
    if session is None:
        folder = platformdirs.user_documents_path() / "Corrie" / "example"
        _make(folder)
        session = folder / f"example{SESSION_SUFFIX}"
    pictures = figures or session.parent / "figures"
    check_place(session)
    _make(pictures)
    return Places(session=session, figures=pictures, report=pictures / "report.html")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutOfSpace(f"{folder} cannot be made ({error.strerror}). Choose another place with -o.") from error


def _print(places: Places, workbook: Workbook, items: list[ResultItem], *, as_json: bool) -> None:
    if as_json:
        values = [result_values(item, workbook.document) for item in items]
        paths = {name: str(path) for name, path in vars(places).items()}
        print_json({**paths, "results": values})
        return
    names = "\n".join(f"{item.id}  {item.name}, {item.result.status}" for item in items)
    facts = [("results", names), ("session", str(places.session))]
    print_facts([*facts, ("figures", str(places.figures)), ("report", str(places.report))])
