"""Corrections in several features as rows of a table, and as arrays."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from core.corrections.records.joint import FoundChange, JointCorrection
from core.session.json_text import to_json

Row = tuple[str | int | float, ...]
Named = Iterator[tuple[str, npt.NDArray[Any]]]


def joint_rows(joint: JointCorrection) -> Iterator[Row]:
    """A row for each free feature; then the corrections, how the search went, and the distance over the stability.

    Of a category the levels stand where a number has its values. ``correction`` 1 is the nearest, from 2 on others.
    """
    yield ("part", "correction", "feature", "input", "low", "high", "half-width", "value", "box low", "box high")
    for place, change in enumerate((joint.nearest, *joint.others), start=1):
        yield from _features(joint, change, place)
    for place, change in enumerate((joint.nearest, *joint.others), start=1):
        for name, value in _results(change):
            yield (name, place, "", "", "", "", "", value, "", "")
    for seconds, lower, distance in joint.course.tolist():
        yield ("course: seconds, lower bound, distance", "", "", seconds, lower, distance, "", "", "", "")
    for scale, lower, distance in joint.tradeoff.tolist():
        yield ("tradeoff: stability, lower bound, distance", "", "", scale, lower, distance, "", "", "", "")


def _features(joint: JointCorrection, change: FoundChange, place: int) -> Iterator[Row]:
    freedom, request = joint.request.freedom, joint.request
    start = request.start.tolist()
    for index, feature in enumerate(freedom.numbers):
        after = "" if change.point is None else float(change.point[index])
        box: tuple[float | str, float | str] = ("", "")
        if joint.box is not None and place == 1:
            box = float(joint.box.low[index]), float(joint.box.high[index])
        ends = (feature.low, feature.high, feature.half_width)
        yield ("number", place, feature.name, start[index], *ends, after, *box)
    for index, category in enumerate(freedom.categories):
        before = category.levels[request.present[index]]
        level = category.levels[change.levels[index]] if change.levels else ""
        held = category.levels[joint.box.levels[index]] if joint.box is not None and place == 1 else ""
        yield ("category", place, category.name, before, "", "", "", level, held, held)


def _results(change: FoundChange) -> Iterator[tuple[str, str | float]]:
    if change.distance is not None:
        yield "distance", change.distance
    yield from (("lower bound", change.lower_bound), ("proof", change.proof), ("closed", str(change.closed).lower()))


def joint_arrays(joint: JointCorrection) -> Named:
    """Facts as JSON, the corrections, the box, how the search went, and the corrections over the stability."""
    facts: dict[str, object] = {"verdict": joint.verdict, "value": joint.value, "boxes": joint.boxes}
    facts |= {"features": list(joint.request.freedom.names), "box_proof": joint.box.proof if joint.box else None}
    yield "facts", np.array(to_json(facts))
    named = [("nearest", joint.nearest)]
    for part, changes in (("others", joint.others), ("along", joint.along)):
        named += [(f"{part}/{place}", one) for place, one in enumerate(changes)]
    for name, change in named:
        known = {"distance": change.distance, "lower_bound": change.lower_bound, "closed": change.closed}
        yield f"{name}/facts", np.array(to_json(known | {"proof": change.proof}))
        if change.point is not None:
            yield f"{name}/stable_centre", change.point
            yield f"{name}/levels", np.array(change.levels, dtype=np.int64)
            if change.half_width is not None:
                yield f"{name}/half_width", change.half_width
    if joint.box is not None:
        yield "box", np.stack([joint.box.low, joint.box.high], axis=1)
        yield "box_levels", np.array(joint.box.levels, dtype=np.int64)
    yield "course", joint.course
    yield "tradeoff", joint.tradeoff
