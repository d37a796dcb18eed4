"""From all pairs of features to what is drawn of them: the matrix, the lanes and the table of levels."""

import numpy as np

from app.render.plot.joint.span import Span
from app.render.plot.pairs.lanes_view import LanePicture, LanesPicture
from app.render.plot.pairs.levels_view import LevelsPicture
from app.render.plot.pairs.matrix_view import MatrixPicture
from core.corrections.records.changes import is_changed
from core.corrections.records.pairs import ACCEPTED, REJECTED, Lanes, NumberLane, Pairs, Table
from core.corrections.requests.slices import sliceable
from core.exchange.pair_words import answer_words, cell_words, distance_unit, pair_change_words, pair_name
from core.exchange.shown_names import readable, shown
from core.exchange.subject import Subject
from core.exchange.words import number, signed

JUDGED = {ACCEPTED: "accepted", REJECTED: "rejected"}


def matrix_picture(pairs: Pairs, subject: Subject) -> MatrixPicture:
    """The matrix in the order in which the features promised something."""
    order = pairs.promising
    places = np.array(order)
    best = None
    if pairs.best is not None:
        column, row = sorted(order.index(feature) for feature in pairs.best)
        best = row, column
    return MatrixPicture(
        names=tuple(readable(pairs.request.features[feature], 60) for feature in order),
        distance=pairs.distance[np.ix_(places, places)],
        texts=_texts(pairs, 3),
        short=_texts(pairs, 2),
        sentence=lambda row, column: _of_cell(pairs, subject, order[column], order[row]),
        strong=pairs.needing_both[np.ix_(places, places)],
        best=best,
        unit=distance_unit(pairs.request.norm),
    )


def _texts(pairs: Pairs, digits: int) -> tuple[tuple[str, ...], ...]:
    """What stands in the cells, up to the diagonal."""
    order = pairs.promising
    return tuple(
        tuple(cell_words(pairs, first, second, digits) for second in order[: row + 1])
        for row, first in enumerate(order)
    )


def sentence(pairs: Pairs, subject: Subject, first: int, second: int) -> str:
    """All that is known of two features, or of one alone."""
    name = pair_name(pairs.request, first, second, 60)
    change = pair_change_words(pairs, subject, first, second)
    words = f"{name}: {answer_words(pairs, first, second)}"
    return f"{words}. {change}" if change else words


def _of_cell(pairs: Pairs, subject: Subject, first: int, second: int) -> str:
    """The same, and what a double click does."""
    words = sentence(pairs, subject, first, second)
    if first == second:
        return words
    return f"{words} · double click: its {'exact slice' if has_slice(pairs, first, second) else 'correction'}"


def has_slice(pairs: Pairs, first: int, second: int) -> bool:
    """Whether the two are different numbers, each with a column of its own, and the network has exact regions."""
    return first != second and not pairs.searched and {first, second} <= set(sliceable(pairs.request))


def lanes_picture(pairs: Pairs, lanes: Lanes, subject: Subject) -> LanesPicture:
    """A bar for each level, or one for a number alone: that of the input first, then the nearest."""
    request = pairs.request
    feature = request.freedom.numbers[lanes.number]
    alone = lanes.number == lanes.category
    before = float(request.present[lanes.number])
    here = 0 if alone else int(request.present[lanes.category])
    known = [lane.distance for lane in lanes.lanes if lane.distance is not None]
    least = min(known, default=None)
    low, high = min(feature.low, before), max(feature.high, before)
    ranked = sorted(lanes.lanes, key=lambda lane: (lane.level != here, lane.distance is None, lane.distance or 0.0))
    unit = shown(subject.unit(feature.name), 20)
    name = readable(feature.name, 60)
    return LanesPicture(
        lanes=tuple(
            LanePicture(
                name=name if alone else _level(pairs, lanes.category, lane.level),
                accepted=lane.accepted,
                centre=lane.centre,
                distance=_lane_words(lane),
                here=lane.level == here,
                best=least is not None and lane.distance == least,
            )
            for lane in ranked
        ),
        span=Span(low, high, 0.0),
        axis=f"{name} ({unit})" if unit else name,
        before=before,
        half_width=feature.half_width,
    )


def changes_pictures(pairs: Pairs, first: int, second: int, subject: Subject) -> tuple[LanesPicture, ...]:
    """A line for each of two numbers, from what it is to where the nearest stable correction leads; () without one."""
    request = pairs.request
    if first == second or request.is_category(first) or request.is_category(second):
        return ()
    if not np.isfinite(pairs.distance[first, second]):
        return ()
    longest = max((readable(request.features[feature], 60) for feature in (first, second)), key=len)
    pictures = []
    for feature, centre in zip((first, second), pairs.centres[first, second].tolist(), strict=True):
        free = request.freedom.numbers[feature]
        before = float(request.present[feature])
        unit = shown(subject.unit(free.name), 20)
        changes = is_changed(before, centre, free.low, free.high)
        change = f"{signed(centre - before, 4)} {unit}".rstrip() if changes else "stays"
        lane = LanePicture(
            name=readable(free.name, 60),
            accepted=np.zeros((0, 2)),
            centre=centre,
            distance=change,
            here=True,
            best=False,
            judged=False,
        )
        span = Span(min(free.low, before), max(free.high, before), 0.0)
        picture = LanesPicture(
            lanes=(lane,), span=span, axis="", before=before, half_width=free.half_width, longest=longest
        )
        pictures.append(picture)
    return tuple(pictures)


def levels_picture(pairs: Pairs, table: Table) -> LevelsPicture:
    """A cell for each combination of levels, or each level of a category alone."""
    request = pairs.request
    alone = table.first == table.second
    rows = tuple(_level(pairs, table.first, place) for place in range(table.judged.shape[0]))
    columns = ("",) if alone else tuple(_level(pairs, table.second, place) for place in range(table.judged.shape[1]))
    here = int(request.present[table.first]), 0 if alone else int(request.present[table.second])
    best = None
    if np.isfinite(pairs.distance[table.first, table.second]):
        first, second = pairs.centres[table.first, table.second].tolist()
        best = int(first), 0 if alone else int(second)
    judged = tuple(
        tuple(
            JUDGED.get(int(table.judged[row, column]), "doubtful")
            if np.isfinite(table.leads[row, column])
            else "not allowed"
            for column in range(len(columns))
        )
        for row in range(len(rows))
    )
    return LevelsPicture(
        rows=rows,
        columns=columns,
        heading="" if alone else readable(request.features[table.second], 60),
        judged=judged,
        sentences=tuple(
            tuple(
                _combination(rows[row], columns[column], judged[row][column], float(table.leads[row, column]))
                for column in range(len(columns))
            )
            for row in range(len(rows))
        ),
        here=here,
        best=best,
    )


def _combination(row: str, column: str, judged: str, lead: float) -> str:
    name = f"{row}, {column}" if column else row
    if judged == "not allowed":
        return f"{name}: may not be chosen"
    sure = "too close to say" if judged == "doubtful" else f"{judged}, proved"
    return f"{name}: {sure}; lead of what is wanted {signed(lead, 3)}"


def _level(pairs: Pairs, feature: int, level: int) -> str:
    category = pairs.request.freedom.categories[feature - len(pairs.request.freedom.numbers)]
    return shown(category.levels[level], 80)


def _lane_words(lane: NumberLane) -> str:
    if lane.distance is not None:
        return number(lane.distance, 3) + ("" if lane.proof == "proved" else " ?")
    return "∅ none" if lane.proof == "none_exists" else "? not known"
