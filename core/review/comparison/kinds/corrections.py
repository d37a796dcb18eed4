"""Corrections of one input: the proof first, then distances within their proved bounds, then boxes by feature."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from core.corrections.records.correction import Box, Correction, Proof
from core.corrections.records.joint import JointBox, JointCorrection
from core.corrections.records.pairs import CODES, Pairs
from core.corrections.slices.outline import geometry_of
from core.exchange.goal_words import said_words
from core.exchange.words import count, number, signed
from core.review.comparison.anatomy import identical
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import array_row, number_row
from core.review.comparison.record import Finding, Row

AGREES = 1e-6  # relative: what slices leave between bound and distance for rounding's sake is less
PROOF_WORDS: dict[Proof, str] = {
    "proved": "proved",
    "sampled": "sampled only, not proved",
    "unknown": "not proved",
    "none_exists": "proved that none exists",
}
_MOST_PAIRS = 40
Place = Sequence[float] | npt.NDArray[np.float64]


def compare_corrections(a: Correction, b: Correction, question: Question) -> Answer:
    """Two exact slices."""
    names = [feature.name for feature in a.request.free]
    same_features = names == [feature.name for feature in b.request.free]
    units = [question.subjects[0].unit(name) for name in names]
    rows = [
        _verdict(a.verdict, a.value, b.verdict, b.value, question),
        _proof("Proof", a.proof, b.proof),
        bracket_row("Distance", (a.lower_bound, a.distance), (b.lower_bound, b.distance)),
    ]
    if not same_features:
        return Answer(rows=rows, covered=_COVERED, reason="they are slices of different features")
    rows += _point_rows(names, units, a.centre, b.centre)
    rows += _box_rows("Box", names, units, a.box, b.box)
    rows += _box_rows("Largest box", names, units, a.largest_box, b.largest_box)
    rows.append(
        number_row("found", "Accepted share of the slice", 100 * a.accepted_share, 100 * b.accepted_share, unit="%")
    )
    rows += [_region("Accepted region", a.accepted, b.accepted, a), _region("Stable region", a.stable, b.stable, a)]
    rows.append(number_row("found", "Linear pieces", a.cells, b.cells))
    return Answer(rows=rows, covered=_COVERED)


_COVERED = frozenset(
    {"verdict", "value", "proof", "distance", "lower_bound", "centre", "box", "largest_box", "accepted_share"}
    | {"accepted", "stable", "cells"}
)


def compare_joint(a: JointCorrection, b: JointCorrection, question: Question) -> Answer:
    """Two searches in several features."""
    covered = frozenset({"verdict", "value", "nearest", "boxes", "course", "box"})
    rows = [
        _verdict(a.verdict, a.value, b.verdict, b.value, question),
        _proof("Proof", a.nearest.proof, b.nearest.proof),
        bracket_row(
            "Distance", (a.nearest.lower_bound, a.nearest.distance), (b.nearest.lower_bound, b.nearest.distance)
        ),
    ]
    if not identical((a.boxes, a.course), (b.boxes, b.course)):
        sides = [f"{side.boxes:,}" for side in (a, b)]
        rows.append(Row(part="made", what="Boxes of the search", a=sides[0], b=sides[1], finding="noted"))
    if a.request.freedom.names != b.request.freedom.names:
        return Answer(rows=rows, covered=covered, reason="other features may change")
    names = [feature.name for feature in a.request.freedom.numbers]
    units = [question.subjects[0].unit(name) for name in names]
    rows += _point_rows(names, units, a.nearest.point, b.nearest.point)
    rows += _level_rows(a, b)
    rows += _joint_box_rows(names, units, a.box, b.box)
    if not identical(a.nearest.closed, b.nearest.closed):
        closed = ["closed" if side.nearest.closed else "open" for side in (a, b)]
        rows.append(Row(part="found", what="Search", a=closed[0], b=closed[1], finding="differ"))
    return Answer(rows=rows, covered=covered)


def compare_pairs(a: Pairs, b: Pairs, question: Question) -> Answer:
    """Feature by feature and pair by pair: proofs that changed, and distances whose bounds do not meet."""
    covered = frozenset({"verdict", "value", "order", "distance", "lower_bound", "proof", "centres", "seconds"})
    rows = [_verdict(a.verdict, a.value, b.verdict, b.value, question)]
    if a.request.features != b.request.features:
        return Answer(rows=rows, covered=covered, reason="other features may change")
    names, changed = a.request.features, []
    counts = {"same": 0, "agree": 0, "differ": 0}
    for i in range(len(names)):
        for j in range(i, len(names)):
            what = names[i] if i == j else f"{names[i]} × {names[j]}"
            one, other = ((side.lower_bound[i, j], side.distance[i, j]) for side in (a, b))
            row = bracket_row(what, (_float(one[0]), _float(one[1])), (_float(other[0]), _float(other[1])))
            proofs = CODES[int(a.proof[i, j])], CODES[int(b.proof[i, j])]
            if proofs[0] != proofs[1]:
                row = replace(_proof(what, *proofs), difference=row.difference)
            counts["differ" if row.finding not in ("same", "agree") else row.finding] += 1
            if row.differs:
                changed.append(row)
    finding: Finding = "differ" if counts["differ"] else "agree" if counts["agree"] else "same"
    words = f"{counts['same']:,} the same bit for bit, {counts['agree']:,} agree, {counts['differ']:,} differ"
    best = ["none" if side.best is None else " × ".join(dict.fromkeys(names[f] for f in side.best)) for side in (a, b)]
    rows += [
        Row(
            part="found",
            what="Nearest of all",
            a=best[0],
            b=best[1],
            finding="same" if best[0] == best[1] else "differ",
        ),
        Row(part="found", what="Features and pairs", a="", b="", difference=words, finding=finding),
        *changed[:_MOST_PAIRS],
        array_row("found", "Where the corrections lie", a.centres, b.centres, of="number"),
    ]
    if not identical((a.seconds, a.order), (b.seconds, b.order)):
        rows.append(
            Row(part="made", what="Order and time of the search", a="", b="", difference="others", finding="noted")
        )
    return Answer(rows=rows, covered=covered)


def bracket_row(what: str, a: tuple[float | None, float | None], b: tuple[float | None, float | None]) -> Row:
    """The distance of the nearest stable correction: what was found, and below which there is provably none.

    The true distance lies between the two. Where both brackets have a number in common they agree.
    """
    row = Row(part="found", what=what, a=_bracket(*a), b=_bracket(*b), finding="same")
    if identical(a, b):
        return row
    (low, high), (other_low, other_high) = _ends(*a), _ends(*b)
    below, above = max(low, other_low), min(high, other_high)  # both may be infinite: none exists, and none is known
    size = abs(b[1] - a[1]) if _finite(a[1]) and _finite(b[1]) else None  # type: ignore[operator]  # both are numbers
    agree = below <= above or (math.isfinite(below) and below - above <= AGREES * max(abs(below), abs(above)))
    if size is None and _finite(a[1]) != _finite(b[1]):
        words = "one is known in one of them alone"
    elif size is not None:
        words = f"{signed(b[1] - a[1], 3)}"  # type: ignore[operator]  # both are numbers
    else:
        words = "the proved bound differs"
    words = f"{words}; the brackets {'meet' if agree else 'do not meet'}"
    return replace(row, difference=words, finding="agree" if agree else "differ", size=size)


def _ends(low: float | None, high: float | None) -> tuple[float, float]:
    below = 0.0 if low is None or math.isnan(low) else low
    return below, math.inf if high is None or math.isnan(high) else high


def _bracket(low: float | None, high: float | None) -> str:
    if high is None or not math.isfinite(high):
        if low is not None and low == math.inf:
            return "provably none"
        return "none known" if low is None or math.isnan(low) else f"none known, none below {number(low, 6)}"
    if low is None or math.isnan(low):
        return number(high, 6)
    exact = low >= high * (1 - AGREES)
    return number(high, 6) if exact else f"{number(high, 6)}, none below {number(low, 6)}"


def _proof(what: str, a: Proof, b: Proof) -> Row:
    """A proof that was lost or won is what a meeting must hear first."""
    finding: Finding = "same" if a == b else "differ"
    words = "" if a == b else f"{PROOF_WORDS[a]} → {PROOF_WORDS[b]}"
    return Row(
        part="found", what=what, a=PROOF_WORDS[a], b=PROOF_WORDS[b], difference=words, finding=finding, loud=a != b
    )


def _verdict(a: int, a_value: float | None, b: int, b_value: float | None, question: Question) -> Row:
    sides = said_words(a, a_value, question.subjects[0]), said_words(b, b_value, question.subjects[1])
    changed = a != b or (a_value is None) != (b_value is None)
    finding: Finding = "same" if identical((a, a_value), (b, b_value)) else "differ" if changed else "unstated"
    return Row(part="found", what="What the network says", a=sides[0], b=sides[1], finding=finding, loud=changed)


def _point_rows(names: Sequence[str], units: Sequence[str], a: Place | None, b: Place | None) -> list[Row]:
    """Where the correction leads, feature by feature."""
    rows = []
    for place, (name, unit) in enumerate(zip(names, units, strict=True)):
        one, other = (None if side is None else float(side[place]) for side in (a, b))
        rows.append(number_row("found", f"{name}, corrected", one, other, unit=unit))
    return rows


def _box_rows(what: str, names: Sequence[str], units: Sequence[str], a: Box | None, b: Box | None) -> list[Row]:
    if a is None and b is None:
        return []
    proofs = [None if side is None else side.proof for side in (a, b)]
    ends = [None if side is None else (side.bounds[:2], side.bounds[2:]) for side in (a, b)]
    return _ranges(what, names, units, ends, proofs)


def _joint_box_rows(names: Sequence[str], units: Sequence[str], a: JointBox | None, b: JointBox | None) -> list[Row]:
    if a is None and b is None:
        return []
    proofs = [None if side is None else side.proof for side in (a, b)]
    rows = _ranges("Box", names, units, [None if s is None else (s.low, s.high) for s in (a, b)], proofs)
    if a is not None and b is not None and a.levels != b.levels:
        rows.append(Row(part="found", what="Box, levels", a=str(a.levels), b=str(b.levels), finding="differ"))
    return rows


def _ranges(
    what: str,
    names: Sequence[str],
    units: Sequence[str],
    ends: Sequence[tuple[Place, Place] | None],
    proofs: Sequence[Proof | None],
) -> list[Row]:
    """The box in the user's units, feature by feature, and whether it is proved."""
    if proofs[0] is None or proofs[1] is None:
        finding: Finding = "only in A" if proofs[1] is None else "only in B"
        return [Row(part="found", what=what, a="", b="", finding=finding)]
    rows = [_proof(f"{what}, proof", proofs[0], proofs[1])]
    for place, (name, unit) in enumerate(zip(names, units, strict=True)):
        sides = [(float(side[0][place]), float(side[1][place])) for side in ends if side is not None]
        words = [f"{number(low, 6)} to {number(high, 6)} {unit}".rstrip() for low, high in sides]
        moved = [other - one for one, other in zip(*sides, strict=True)]
        if identical(*sides):
            rows.append(Row(part="found", what=f"{what}, {name}", a=words[0], b=words[1], finding="same"))
        else:
            by = f"ends moved by {number(moved[0], 3)} and {number(moved[1], 3)} {unit}".rstrip()
            size = max(map(abs, moved))
            rows.append(
                Row(
                    part="found",
                    what=f"{what}, {name}",
                    a=words[0],
                    b=words[1],
                    difference=by,
                    finding="differ",
                    size=size,
                )
            )
    return rows


def _region(what: str, a: object, b: object, of: Correction) -> Row:
    """By the area that belongs to one of the two alone."""
    sides = [count(len(side), "part") for side in (a, b)]  # type: ignore[arg-type]  # tuples of polygons
    row = Row(part="found", what=what, a=sides[0], b=sides[1], finding="same")
    if identical(a, b):
        return row
    x_low, y_low, x_high, y_high = of.request.bounds
    whole = (x_high - x_low) * (y_high - y_low)
    try:
        regions = [shapely.make_valid(geometry_of(side)) for side in (a, b)]  # type: ignore[arg-type]
        share = float(shapely.symmetric_difference(*regions).area) / whole
    except (shapely.errors.GEOSException, ValueError):  # polygons of a file that cross themselves
        return replace(row, finding="differ", difference="their outlines cannot be laid upon one another")
    words = f"{number(100 * share, 3)} % of the slice belongs to one of them alone"
    return replace(
        row, difference=words, finding="agree" if share <= AGREES else "unstated", size=share, allowed=AGREES
    )


def _level_rows(a: JointCorrection, b: JointCorrection) -> list[Row]:
    """What the categories are corrected to."""
    rows = []
    for place, category in enumerate(a.request.freedom.categories):
        sides = []
        for side in (a.nearest.levels, b.nearest.levels):
            level = side[place] if place < len(side) else -1
            sides.append(category.levels[level] if 0 <= level < len(category.levels) else "none known")
        finding: Finding = "same" if sides[0] == sides[1] else "unstated"
        rows.append(Row(part="found", what=f"{category.name}, corrected", a=sides[0], b=sides[1], finding=finding))
    return rows


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]  # of an array


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
