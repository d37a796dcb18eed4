"""Tables of cases: one line for each rejected row, the rules, and what other networks say of the corrections."""

from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from core.corrections.records.cases import FAILED, OWN_LEVEL, UNDECIDED, Cases, CasesRequest
from core.corrections.records.freedom import FreeCategory, Move
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.json_text import record_from_table, record_to_table
from core.session.kinds.columns import Column, read_columns, write_columns
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.proofs import check_cases
from core.session.refusal import Refusal

ENCODING = "corrie-cases"
_OF_CASES = {
    "value": Column(what="what the network gives to each row; NaN where it says a class"),
    "distance": Column(what="weighted distance of the correction from the row; NaN where none is known"),
    "lower_bound": Column(what="no stable correction is nearer; infinite where provably none exists"),
    "seconds": Column(what="time for each row", unit="s"),
}
_OF_NUMBERS = {
    "start": Column(what="the free numbers in each row, in the user's units"),
    "point": Column(what="nearest stable correction, in the user's units", stored="stable_centre"),
}
_BOXES = {
    "ranges": Column(what="lowest and highest value that each free number may reach"),
    "box": Column(what="lowest and highest values of a proved box around the correction"),
}


def write_cases(writer: GroupWriter, item: ResultItem, cases: Cases) -> None:
    """Write a table of cases into its own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", cases.request)
    writer.texts("features", cases.names)
    writer.json("numbers", list(cases.numbers))
    writer.json("moves", [record_to_table(move) for move in cases.moves])
    writer.json("categories", [asdict(category) for category in cases.categories])
    writer.number("looked_at", cases.looked_at)
    writer.number("accepted", cases.accepted)
    writer.array("half_width", cases.half_widths, long_name="stability asked for, of each free number")
    writer.array("step", cases.steps, long_name="of each free number; 0: any number")
    writer.text("NX_class", "NXdata")
    writer.text("signal", "distance")
    writer.texts("axes", ["."])
    writer.array("row", cases.rows, long_name="place in the data, from 0")
    writer.array("input", cases.inputs, long_name="every column of each row, in the user's units")
    writer.array("verdict", cases.verdict, long_name="class that the network says; -1 where it gives a value")
    for columns in (_OF_CASES, _OF_NUMBERS, _BOXES):
        write_columns(writer, columns, vars(cases))
    writer.array("present", cases.present, long_name="level of each category in the row")
    writer.array("levels", cases.levels, long_name="level of each category in the correction")
    writer.array("price", cases.prices, long_name="of one unit of each number, of any change of each category")
    meanings = "0 not yet, 1 proved, 2 open, 3 none exists, 4 failed"
    writer.array("proof", cases.proof, long_name="of the box of half-widths around the correction", meanings=meanings)
    writer.array("closed", cases.closed, long_name="1: distance and lower bound agree")
    writer.json("failures", [list(failure) for failure in cases.failures])
    writer.number("rules_finished", cases.rules_finished)
    held = "0 not tried, 1 proved, 2 fails, 3 undecided"
    writer.array("rule_box", cases.rule_box, long_name="lowest and highest values of each rule")
    writer.array("rule_levels", cases.rule_levels, long_name="level of each category in a rule; -1: as it is")
    writer.array("rule_covers", cases.rule_covers, long_name="whether a rule corrects a case", meanings=held)
    writer.array("rule_cost", cases.rule_cost, long_name="distance of a case to where a rule is stable")
    writer.array("held", cases.held, long_name="whether another network accepts the box of a case", meanings=held)
    writer.array("held_point", cases.held_point, long_name="the same of the corrected point alone", meanings=held)


def read_cases(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_cases`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = reader.record(CasesRequest, "request")
    moves = tuple(record_from_table(Move, move) for move in _list(reader, "moves"))
    categories = tuple(record_from_table(FreeCategory, category) for category in _list(reader, "categories"))
    numbers, kinds, others = len(moves), len(categories), len(request.others)
    rows = _whole(reader, "row", None)
    cases = len(rows)
    inputs = reader.floats("input", cases, None)
    rules = len(reader.floats("rule_box", None, 2, numbers))
    levels = tuple(len(category.levels) for category in categories)
    found = Cases(
        **common,
        request=request,
        looked_at=reader.integer("looked_at"),
        accepted=reader.integer("accepted"),
        numbers=_names(reader, numbers),
        moves=moves,
        categories=categories,
        half_widths=reader.floats("half_width", numbers),
        steps=reader.floats("step", numbers),
        rows=rows,
        inputs=inputs,
        verdict=_whole(reader, "verdict", cases),
        **read_columns(reader, _OF_CASES, cases),
        **read_columns(reader, _OF_NUMBERS, cases, numbers),
        **read_columns(reader, _BOXES, cases, 2, numbers),
        present=_levels(reader, "present", (cases, kinds), levels),
        levels=_levels(reader, "levels", (cases, kinds), levels),
        prices=reader.floats("price", cases, numbers + kinds),
        proof=_codes(reader, "proof", FAILED, cases),
        closed=_codes(reader, "closed", 1, cases),
        failures=tuple(_failures(reader, cases)),
        rule_box=reader.floats("rule_box", rules, 2, numbers),
        rule_levels=_levels(reader, "rule_levels", (rules, kinds), levels, least=OWN_LEVEL),
        rule_covers=_codes(reader, "rule_covers", UNDECIDED, rules, cases),
        rule_cost=reader.floats("rule_cost", rules, cases),
        rules_finished=bool(reader.integer("rules_finished")),
        held=_codes(reader, "held", UNDECIDED, others, cases),
        held_point=_codes(reader, "held_point", UNDECIDED, others, cases),
    )
    columns = [column for move in moves for column in move.columns]
    columns += [column for category in categories for column in category.columns]
    if not all(0 <= column < inputs.shape[1] for column in columns) or found.accepted + cases != found.looked_at:
        raise Refusal(f'The table of cases "{item_id}" contradicts itself.')
    return ResultItem(**head, result=check_cases(found, item_id))


def _list(reader: GroupReader, name: str) -> list[object]:
    values = reader.json(name)
    if not isinstance(values, list):
        raise Refusal(f'"{name}" of a table of cases is no list.')
    return values


def _names(reader: GroupReader, count: int) -> tuple[str, ...]:
    names = _list(reader, "numbers")
    if len(names) != count or not all(isinstance(name, str) for name in names):
        raise Refusal("The numbers of a table of cases are not as many as its columns.")
    return tuple(str(name) for name in names)


def _failures(reader: GroupReader, cases: int) -> list[tuple[int, str]]:
    found = []
    for entry in _list(reader, "failures"):
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], str)):
            raise Refusal("The failures of a table of cases cannot be understood.")
        place = entry[0]
        if not isinstance(place, int) or not 0 <= place < cases:
            raise Refusal("A failure belongs to no case.")
        found.append((place, entry[1]))
    return found


def _whole(reader: GroupReader, name: str, *shape: int | None) -> npt.NDArray[np.int64]:
    values = reader.array(name)
    fits = values.ndim == len(shape) and all(w in (None, h) for w, h in zip(shape, values.shape, strict=True))
    if values.dtype != np.int64 or not fits:
        raise Refusal(f'"{name}" of a table of cases has the type {values.dtype} and the shape {values.shape}.')
    return values


def _levels(
    reader: GroupReader, name: str, shape: tuple[int, int], counts: tuple[int, ...], least: int = 0
) -> npt.NDArray[np.int64]:
    values = _whole(reader, name, *shape)
    if (values < least).any() or (values >= np.array(counts, dtype=np.int64)).any():
        raise Refusal("A table of cases names a level that its category does not have.")
    return values


def _codes(reader: GroupReader, name: str, largest: int, *shape: int | None) -> npt.NDArray[np.uint8]:
    values = reader.flags(name, *shape)
    if (values > largest).any():
        raise Refusal(f'"{name}" of a table of cases holds a code that this version does not know.')
    return values
