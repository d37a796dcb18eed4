"""All pairs of features: the matrices as a NeXus plot, the lanes one below the other, and the tables of levels."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from core.corrections.records.pairs import CODES, Lanes, NumberLane, Pairs, PairsRequest, Table
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import Column, read_columns, write_columns
from core.session.kinds.head import read_result_head, write_result_head
from core.session.kinds.one_input import optional_scalar, read_request, write_request, write_said
from core.session.kinds.proofs import check_pairs
from core.session.refusal import Refusal

ENCODING = "corrie-pairs"
_MATRICES = {
    "distance": Column(what="of the nearest stable correction in row and column; infinite: none is known"),
    "lower_bound": Column(what="no stable correction is nearer; infinite: provably none exists"),
    "seconds": Column(what="that the answer took"),
}
_LANES = ("number", "category", "level", "intervals", "proof")  # columns of `lanes/place`
_VALUES = {
    "centre": Column(what="nearest stable value of the number; NaN: none is known"),
    "distance": Column(what="of that value, with the price of the level"),
    "lower_bound": Column(what="nothing stable is nearer at this level"),
}


def write_pairs(writer: GroupWriter, item: ResultItem, pairs: Pairs) -> None:
    """Write all pairs into their own group."""
    write_result_head(writer, item, ENCODING)
    request = pairs.request
    write_request(writer, request)
    writer.texts("features", request.features)
    write_said(writer, pairs.verdict, pairs.value)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "distance")
    writer.texts("axes", [".", "."])
    write_columns(writer, _MATRICES, vars(pairs))
    writer.array("proof", pairs.proof, long_name=f"by number: {', '.join(CODES)}")
    writer.array("stable_centre", pairs.centres, long_name="corrected values of row and column, or places of levels")
    writer.array("order", pairs.order.astype(np.int64), long_name="in which the answers are looked for")
    _write_lanes(writer.group("lanes"), pairs.lanes)
    tables = writer.group("tables")
    for place, table in enumerate(pairs.tables):
        _write_table(tables.group(str(place)), table)


def read_pairs(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_pairs`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    request = read_request(reader, PairsRequest)
    count = len(request.features)
    proof = _codes(reader.flags("proof", count, count))
    tables = reader.group("tables")
    pairs = Pairs(
        **common,
        **read_columns(reader, _MATRICES, count, count),
        request=request,
        verdict=reader.integer("verdict"),
        value=optional_scalar(reader, "value"),
        order=_places(reader.array("order"), count),
        proof=proof,
        centres=reader.floats("stable_centre", count, count, 2),
        lanes=tuple(_read_lanes(reader.group("lanes"), request)),
        tables=tuple(_read_table(tables.group(name), request) for name in tables.names()),
    )
    return ResultItem(**head, result=check_pairs(pairs, item_id))


def _write_lanes(writer: GroupWriter, lanes: tuple[Lanes, ...]) -> None:
    flat = [(one, lane) for one in lanes for lane in one.lanes]
    places = [(one.number, one.category, lane.level, len(lane.accepted), CODES.index(lane.proof)) for one, lane in flat]
    known = {name: [getattr(lane, name) for _, lane in flat] for name in _VALUES}
    values = {
        name: np.array([np.nan if value is None else value for value in column], dtype=np.float64)
        for name, column in known.items()
    }
    writer.array("place", np.array(places, dtype=np.int64).reshape(-1, len(_LANES)), long_name=", ".join(_LANES))
    write_columns(writer, _VALUES, values)
    intervals = np.concatenate([np.zeros((0, 2)), *(lane.accepted for _, lane in flat)])
    writer.array("accepted", intervals, long_name="low and high of each interval of the number, lane after lane")


def _read_lanes(reader: GroupReader, request: PairsRequest) -> Iterator[Lanes]:
    places = reader.array("place")
    if places.ndim != 2 or places.shape[1] != len(_LANES) or places.dtype != np.int64:
        raise Refusal("The lanes of the pairs cannot be understood.")
    columns = read_columns(reader, _VALUES, len(places))
    intervals = reader.floats("accepted", None, 2)
    if (places < 0).any() or places[:, 3].sum() != len(intervals) or (places[:, 4] >= len(CODES)).any():
        raise Refusal("The intervals of the lanes contradict each other.")
    ends = np.cumsum(places[:, 3])
    grouped: dict[tuple[int, int], list[NumberLane]] = {}
    for row, (number, category, level, count, code) in enumerate(places.tolist()):
        if number >= len(request.freedom.numbers) or level >= _levels(request, category):
            raise Refusal("A lane of the pairs is about a feature that is not asked for.")
        centre, distance, bound = (float(columns[name][row]) for name in _VALUES)
        lane = NumberLane(
            level=level,
            accepted=intervals[ends[row] - count : ends[row]],
            centre=None if np.isnan(centre) else centre,
            distance=None if np.isnan(distance) else distance,
            lower_bound=bound,
            proof=CODES[code],
        )
        grouped.setdefault((number, category), []).append(lane)
    for (number, category), lanes in grouped.items():
        yield Lanes(number=number, category=category, lanes=tuple(lanes))


def _write_table(writer: GroupWriter, table: Table) -> None:
    writer.number("first", table.first)
    writer.number("second", table.second)
    writer.array("judged", table.judged, long_name="1: accepted, 2: rejected, both proved; 0: too close to say")
    writer.array("leads", table.leads, long_name="by how much the goal is exceeded; NaN: a level that is not allowed")
    writer.array("verdicts", table.verdicts.astype(np.int64), long_name="class that wins; -1: a value")


def _read_table(reader: GroupReader, request: PairsRequest) -> Table:
    first, second = reader.integer("first"), reader.integer("second")
    shape = _levels(request, first), (1 if first == second else _levels(request, second))
    verdicts = reader.array("verdicts")
    if verdicts.shape != shape or verdicts.dtype != np.int64:
        raise Refusal("A table of levels has not the shape of its categories.")
    judged = reader.flags("judged", *shape)
    if (judged > 2).any():
        raise Refusal("A table of levels holds a verdict that there is not.")
    leads = reader.floats("leads", *shape)
    return Table(first=first, second=second, judged=judged, leads=leads, verdicts=verdicts.astype(np.intp))


def _levels(request: PairsRequest, feature: int) -> int:
    """How many levels a feature has; one for a number, which stands for itself."""
    place = feature - len(request.freedom.numbers)
    if not 0 <= feature < len(request.features):
        raise Refusal("The pairs are about a feature that is not asked for.")
    return 1 if place < 0 else len(request.freedom.categories[place].levels)


def _codes(proof: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    if (proof >= len(CODES)).any():
        raise Refusal("The pairs hold a proof of a kind that this version does not know.")
    return proof


def _places(order: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.intp]:
    fits = order.ndim == 2 and order.shape[1] == 2 and order.dtype == np.int64
    if not fits or (order < 0).any() or (order >= count).any():
        raise Refusal("The order of the pairs cannot be understood.")
    return order.astype(np.intp)
