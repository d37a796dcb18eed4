"""All pairs of features as rows of a table, and as arrays."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from core.corrections.records.pairs import CODES, Pairs
from core.session.json_text import to_json

Row = tuple[str | int | float, ...]
Named = Iterator[tuple[str, npt.NDArray[Any]]]


def pair_rows(pairs: Pairs) -> Iterator[Row]:
    """A row for each two features, the nearest first; then every lane's intervals, and every combination of levels."""
    yield ("part", "first", "second", "distance", "lower bound", "proof", "before", "after", "before", "after", "needs")
    request, present = pairs.request, pairs.request.present
    ranked = pairs.ranked()
    rest = [(i, j) for i, j in pairs.order.tolist() if (i, j) not in set(ranked)]
    for first, second in [*ranked, *rest]:
        distance, bound = float(pairs.distance[first, second]), float(pairs.lower_bound[first, second])
        values: list[str | float] = []
        for place, feature in enumerate((first, second)):
            after = float(pairs.centres[first, second, place])
            values += [_named(pairs, feature, float(present[feature])), _named(pairs, feature, after)]
        needs = "alone" if first == second else "both" if pairs.needs_both(first, second) else "one of them"
        names = request.features[first], request.features[second]
        needed = needs if np.isfinite(distance) else ""
        yield (
            "alone" if first == second else "pair",
            *names,
            distance,
            bound,
            pairs.proof_of(first, second),
            *values,
            needed,
        )
    yield from _lane_rows(pairs)
    yield from _table_rows(pairs)


def _lane_rows(pairs: Pairs) -> Iterator[Row]:
    names = pairs.request.features
    for lanes in pairs.lanes:
        alone = lanes.number == lanes.category
        for lane in lanes.lanes:
            level = "" if alone else _named(pairs, lanes.category, float(lane.level))
            where = (names[lanes.number], "" if alone else names[lanes.category])
            for low, high in lane.accepted.tolist():
                yield ("accepted interval", *where, "", "", "", low, high, "", level, "")
            centre = "" if lane.centre is None else lane.centre
            distance = "" if lane.distance is None else lane.distance
            yield ("nearest in lane", *where, distance, lane.lower_bound, lane.proof, "", centre, "", level, "")


def _table_rows(pairs: Pairs) -> Iterator[Row]:
    names = pairs.request.features
    for table in pairs.tables:
        alone = table.first == table.second
        for (down, across), lead in np.ndenumerate(table.leads):
            if np.isfinite(lead):
                levels = _named(pairs, table.first, down), "" if alone else _named(pairs, table.second, across)
                judged = ("too close to say", "accepted", "rejected")[int(table.judged[down, across])]
                second = "" if alone else names[table.second]
                yield ("levels", names[table.first], second, float(lead), "", judged, "", levels[0], "", levels[1], "")


def _named(pairs: Pairs, feature: int, value: float) -> str | float:
    """A number, or the name of a level; "" where nothing is known."""
    if np.isnan(value):
        return ""
    if not pairs.request.is_category(feature):
        return value
    return pairs.request.freedom.categories[feature - len(pairs.request.freedom.numbers)].levels[int(value)]


def pair_arrays(pairs: Pairs) -> Named:
    """The matrices, the names of the features, the lanes and the tables."""
    facts = {"verdict": pairs.verdict, "value": pairs.value, "features": list(pairs.request.features)}
    yield "facts", np.array(to_json(facts | {"norm": pairs.request.norm, "proofs": list(CODES)}))
    yield "distance", pairs.distance
    yield "lower_bound", pairs.lower_bound
    yield "proof", pairs.proof
    yield "stable_centre", pairs.centres
    yield "order", pairs.order.astype(np.int64)
    yield "seconds", pairs.seconds
    for lanes in pairs.lanes:
        for lane in lanes.lanes:
            yield f"lanes/{lanes.number}/{lanes.category}/{lane.level}", lane.accepted
    for table in pairs.tables:
        yield f"tables/{table.first}/{table.second}/leads", table.leads
        yield f"tables/{table.first}/{table.second}/judged", table.judged
