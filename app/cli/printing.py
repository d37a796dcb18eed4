"""What a command prints on standard output: a short table for people, or one JSON object for machines."""

import json
from collections.abc import Mapping, Sequence

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


def print_results(workbook: Workbook, items: Sequence[ResultItem], *, as_json: bool) -> None:
    """Several results of one command: the first as `print_result` has it, the others after it."""
    first, *others = items
    if as_json:
        values = {"session": str(workbook.path), **result_values(first, workbook.document)}
        also = [result_values(item, workbook.document) for item in others]
        print_json({**values, "also": also} if also else values)
        return
    for item in items:
        if item is not first:
            print()
        print_result(workbook, item, as_json=False)


def print_facts(facts: Facts) -> None:
    """Names and values for people."""
    print(lined_up(facts))


def print_json(values: Mapping[str, object]) -> None:
    """One line that any JSON reader takes. NaN, which JSON does not know, must have been replaced before."""
    print(json.dumps(values, allow_nan=False))
