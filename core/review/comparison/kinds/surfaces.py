"""Surfaces: the height that one sees, point by point, against what both certificates state."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.exchange.words import certificate_words, count, number
from core.landscape.surface import EVALUATED, INTERPOLATED, Surface
from core.landscape.surfaces.heights import height
from core.review.comparison.anatomy import identical
from core.review.comparison.kinds.plane import common_places, plane_row
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import LEAST_LOSS, LOSS_ERROR, FloatArray, array_row, loss_error, number_row
from core.review.comparison.record import Finding, Row

COVERED = frozenset(
    {"x", "y", "loss", "accuracy", "evaluated", "directions", "centre_loss", "loss_unit", "test_loss", "test_accuracy"}
    | {"certificate", "held_out", "course", "sampling"}
)
TWO_PLANES = "two planes: the same coordinates are not the same weights"


def compare_surfaces(a: Surface, b: Surface, _question: Question) -> Answer:
    """Points that both have; between different planes nothing is ever said to agree."""
    plane, one_plane = plane_row(a.directions, b.directions)
    grids = [f"{len(side.x)} × {len(side.y)}, {_ends(side.x)} × {_ends(side.y)}" for side in (a, b)]
    rows = [
        plane,
        _said("Points", grids[0], grids[1], same=identical((a.x, a.y), (b.x, b.y))),
        _said("Unit of the loss", a.loss_unit, b.loss_unit),
        number_row(
            "found",
            "Loss of the network itself",
            a.centre_loss,
            b.centre_loss,
            allowed=loss_error(a.centre_loss, b.centre_loss),
            unit=a.loss_unit,
        ),
        *_certificate_rows(a, b),
        *_course_rows(a, b),
    ]
    common = _Common(a, b)
    reason = ""
    if a.loss_unit != b.loss_unit:
        reason = "their losses are in different units"
    elif common.empty:
        reason = "they have no point in common"
    else:
        reason = "" if one_plane else "they lie in different planes"
        rows += [_height_row(common, one_plane=one_plane), *_other_rows(common, one_plane=one_plane)]
    return Answer(rows=rows, covered=COVERED, reason=reason)


class _Common:
    """The grid points that two surfaces have in common."""

    def __init__(self, a: Surface, b: Surface) -> None:
        self.a, self.b = a, b
        columns, rows = common_places(a.x, b.x), common_places(a.y, b.y)
        self._of_a, self._of_b = np.ix_(rows[0], columns[0]), np.ix_(rows[1], columns[1])
        self.empty = not (len(rows[0]) and len(columns[0]))
        self.whole = a.loss.shape == b.loss.shape == (len(rows[0]), len(columns[0]))

    def both(self, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The values at the common points."""
        return a[self._of_a], b[self._of_b]

    @property
    def kinds(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """How each common point was obtained in A and in B."""
        return self.a.evaluated[self._of_a], self.b.evaluated[self._of_b]


@dataclass(frozen=True)
class _Stated:
    """What a surface says of its own error between the points that were computed."""

    tolerance: float | None  # of the height; None: nothing is said
    missing: float  # share of the plane for which that need not hold


def _stated(surface: Surface) -> _Stated:
    if bool((surface.evaluated == EVALUATED).all()):
        return _Stated(0.0, 0.0)
    certificate = surface.certificate
    if certificate is None or not math.isfinite(certificate.tolerance):
        return _Stated(None, 0.0)
    return _Stated(certificate.tolerance, 1.0 - certificate.coverage)


def _height_row(common: _Common, *, one_plane: bool) -> Row:
    """Largest and median difference of log(loss + 0.1) among the points that either shows."""
    a, b = common.a, common.b
    limit = min(a.request.display_limit, b.request.display_limit)
    one, other = common.both(a.loss, b.loss)
    shown = (one <= limit) | (other <= limit)
    known = np.isfinite(one) & np.isfinite(other)
    apart = np.abs(height(np.minimum(one, limit)) - height(np.minimum(other, limit)))[shown & known]
    what = f"Height log(loss + 0.1) up to {number(limit, 3)} {a.loss_unit}"
    extents = [_extent(side[np.isfinite(side)], a.loss_unit) for side in (one, other)]
    if identical(one, other) and one_plane:
        return Row(part="found", what=what, a=extents[0], b=extents[1], finding="same", size=0.0)
    unlike = int(np.count_nonzero(~known & ~((np.isnan(one) & np.isnan(other)) | (one == other))))
    finding, words, allowed = _judge_heights(common, apart, shown & known, one_plane=one_plane)
    if unlike:
        finding, words = "differ", f"{words}; {count(unlike, 'point')} finite in one of them alone"
    largest = float(apart.max()) if apart.size else 0.0
    if apart.size:
        least = f"at most {number(largest, 3)}, median {number(float(np.median(apart)), 3)}"
        words = f"{least} over {count(int(apart.size), 'point')}; {words}"
    return Row(
        part="found",
        what=what,
        a=extents[0],
        b=extents[1],
        difference=words,
        finding=finding,
        size=largest,
        allowed=allowed,
    )


def _judge_heights(
    common: _Common, apart: FloatArray, shown: npt.NDArray[np.bool_], *, one_plane: bool
) -> tuple[Finding, str, float | None]:
    """Points computed on both sides may differ by rounding; the others as far, and as often, as is certified."""
    if not one_plane:
        return "unstated", TWO_PLANES, None
    rounding = sum(_evaluation_error(side) for side in (common.a, common.b))
    kinds = common.kinds
    exact = ((kinds[0] == EVALUATED) & (kinds[1] == EVALUATED))[shown]
    if bool((apart[exact] > rounding).any()):
        worst = float(apart[exact].max())
        return (
            "differ",
            f"where both were computed up to {number(worst, 3)}, rounding allows {number(rounding, 2)}",
            rounding,
        )
    if bool(exact.all()):
        return "agree", f"rounding allows {number(rounding, 2)}", rounding
    stated = [_stated(side) for side in (common.a, common.b)]
    tolerances = [side.tolerance for side in stated if side.tolerance is not None]
    if len(tolerances) < 2:
        return "unstated", "no certificate covers the points that were not computed", None
    allowed = sum(tolerances) + rounding
    over, missing = int(np.count_nonzero(apart > allowed)), sum(side.missing for side in stated)
    words = f"the certificates allow {number(allowed, 3)} at {number(100 * (1 - missing), 3)} % of the points"
    words = f"{words}, {count(over, 'point')} of {apart.size:,} beyond"
    return ("agree" if over <= missing * apart.size else "differ"), words, allowed


def _evaluation_error(surface: Surface) -> float:
    """Relative error of a computed loss; the height log(loss + 0.1) is never off by more."""
    return max(LOSS_ERROR, surface.course.engine_error if surface.course is not None else 0.0)


def _other_rows(common: _Common, *, one_plane: bool) -> list[Row]:
    """Accuracies and the test set, where both were computed: between such points nothing is certified of them."""
    a, b = common.a, common.b
    computed = (common.kinds[0] != INTERPOLATED) & (common.kinds[1] != INTERPOLATED)
    relative = sum(_evaluation_error(side) for side in (a, b)) if one_plane else None
    exact = (common.kinds[0] == EVALUATED) & (common.kinds[1] == EVALUATED)

    def row(what: str, one: FloatArray | None, other: FloatArray | None, error: float | None) -> list[Row]:
        if one is None or other is None:
            return [] if one is other else [array_row("found", what, one, other)]
        first, second = common.both(one, other)
        where = computed if error is None else exact
        masked = (np.where(where, side, np.nan) for side in (first, second))
        return [array_row("found", f"{what}, where computed", *masked, relative=error, least=LEAST_LOSS, of="point")]

    rows = row("Accuracy", a.accuracy, b.accuracy, None)
    rows += row("Loss on the test set", a.test_loss, b.test_loss, relative)
    rows += row("Accuracy on the test set", a.test_accuracy, b.test_accuracy, None)
    if not common.whole:
        both = [side.loss.size for side in (a, b)]
        met = int(computed.size)
        rows.append(_said("Points in common", f"{met:,} of {both[0]:,}", f"{met:,} of {both[1]:,}", same=False))
    return [found for found in rows if found.a not in ("none", "no finite number") or found.a != found.b]


def _certificate_rows(a: Surface, b: Surface) -> list[Row]:
    words = [certificate_words(side) or "none" for side in (a, b)]
    if a.certificate is None and b.certificate is None:
        return []
    finding: Finding = "same"
    loud = False
    if a.certificate is None or b.certificate is None:
        finding = "only in A" if b.certificate is None else "only in B"
    elif not identical(a.certificate, b.certificate):
        loud = a.certificate.holds != b.certificate.holds
        same = (
            loud
            or a.certificate.tolerance != b.certificate.tolerance
            or a.certificate.coverage != b.certificate.coverage
        )
        finding = "differ" if same else "noted"
    elif not identical(a.held_out, b.held_out):
        finding = "noted"
    return [Row(part="found", what="Certificate", a=words[0], b=words[1], finding=finding, loud=loud)]


def _course_rows(a: Surface, b: Surface) -> list[Row]:
    """How many points were computed, and how: that explains differences and is none."""
    sides = [f"{side.evaluated_count:,} of {side.loss.size:,}" for side in (a, b)]
    same = identical(a.evaluated, b.evaluated)
    rows = [Row(part="made", what="Computed points", a=sides[0], b=sides[1], finding="same" if same else "noted")]
    if not identical((a.course, a.sampling), (b.course, b.sampling)):
        ways = [side.course.lever if side.course is not None else "not recorded" for side in (a, b)]
        rows.append(Row(part="made", what="Lever", a=ways[0], b=ways[1], finding="noted"))
    return rows


def _said(what: str, a: str, b: str, *, same: bool | None = None) -> Row:
    finding: Finding = "same" if (a == b if same is None else same) else "differ"
    return Row(part="about", what=what, a=a, b=b, finding=finding)


def _ends(axis: FloatArray) -> str:
    return f"{number(float(axis[0]), 6)} to {number(float(axis[-1]), 6)}"


def _extent(known: FloatArray, unit: str) -> str:
    return (
        f"{number(float(known.min()), 5)} to {number(float(known.max()), 5)} {unit}" if known.size else "no finite loss"
    )
