"""What a command prints on standard output: a short table for people, or one JSON object for machines."""

import json
from collections.abc import Mapping

from app.cli.machine import result_values
from app.cli.summaries import summary
from app.cli.tables import Facts, lined_up
from app.cli.workbook import Workbook
from core.session.document import ResultItem


def print_result(workbook: Workbook, item: ResultItem, *, as_json: bool) -> None:
    """A result, and above all where it is."""
    if as_json:
        print_json({"session": str(workbook.path), **result_values(item, workbook.document)})
    else:
        place: Facts = [("session", str(workbook.path)), ("item", item.id)]
        print_facts([*summary(item, workbook.document), *place])


def print_facts(facts: Facts) -> None:
    """Names and values for people."""
    print(lined_up(facts))


def print_json(values: Mapping[str, object]) -> None:
    """One line that any JSON reader takes. NaN, which JSON does not know, must have been replaced before."""
    print(json.dumps(values, allow_nan=False))
