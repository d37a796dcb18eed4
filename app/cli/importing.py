"""``corrie import``: results in files of the original tool become results of a session."""

from dataclasses import replace
from pathlib import Path

import click

from app.cli.inputs import file_type, json_option, output_option
from app.cli.printing import print_results
from app.cli.streams import say
from app.cli.workbook import open_workbook
from core.errors import InvalidRequest, UnreadableFile
from core.exchange.original.importing import ImportedItems, import_original
from core.naming import SESSION_SUFFIX
from core.networks.card import WEIGHT_SUFFIXES
from core.session.adding import free_name
from core.session.document import Document, ResultItem


@click.command("import")
@click.argument("files", type=file_type, nargs=-1, required=True)
@output_option
@click.option(
    "--directions",
    type=file_type,
    metavar="FILE.h5",
    help="Direction file of the plane; else the one that FILE names, if it lies beside it.",
)
@json_option
def command(files: tuple[Path, ...], output: Path | None, directions: Path | None, as_json: bool) -> int:
    """Take surfaces, curves, maps of curvature and projected trainings in FILES of loss-landscape (.h5) into a session.

    Direction files and checkpoints hold no results: they go to `corrie landscape` with --directions, and as NETWORK or
    with --checkpoints.
    """
    found = [(file, _opened(file, directions)) for file in files]  # all of them, before anything is written
    workbook = open_workbook(output, files[0].stem)
    items: list[ResultItem] = []

    def add(document: Document) -> Document:
        items.clear()  # it is tried anew where another command saves in between
        for _, imported in found:
            for item in imported.items:
                named = _named(document, item)
                document = document.with_item(named)
                items.append(named)
        return document

    workbook.edit(add)
    for file, imported in found:
        for note in imported.notes:
            say(f"{file.name}: {note}")
    print_results(workbook, items, as_json=as_json)
    return 0


def _opened(file: Path, directions: Path | None) -> ImportedItems:
    if file.name.lower().endswith(SESSION_SUFFIX) and file.exists():
        raise InvalidRequest(f"{file} is a session already. Give it to the other verbs as it is.")
    if file.suffix.lower() in WEIGHT_SUFFIXES and file.exists():
        raise UnreadableFile(
            file,
            "It holds weights of a network, and no result.",
            "Compute with them: corrie landscape FILE DATA --architecture NAME.",
        )
    return import_original(file, directions)


def _named(document: Document, item: ResultItem) -> ResultItem:
    return replace(item, name=free_name(document, item.name))
