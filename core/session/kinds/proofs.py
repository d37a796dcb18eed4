"""Whether what a file says was proved can be: a proof without a point, or a bound above the best found, cannot."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from core.corrections.records.cases import HOLDS, NONE_EXISTS, PROVED, Cases
from core.corrections.records.joint import FoundChange, JointCorrection
from core.corrections.records.pairs import CODES, NumberLane, Pairs
from core.session.refusal import Refusal

FloatArray = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Found = TypeVar("Found")
ROUNDED = 1e-9  # relative, by which a bound may be above the distance it belongs to


def check_joint(joint: JointCorrection, item_id: str) -> JointCorrection:
    """The correction itself. Raises `Refusal` if what it says contradicts itself."""
    box = joint.box
    fits = all(_fits(change) for change in (joint.nearest, *joint.others, *joint.along))
    fits = fits and _along_fits(joint) and all(change.point is not None for change in joint.others)
    if box is not None:
        fits = fits and box.proof != "none_exists" and _rising(box.low, box.high)
    fits = fits and all(_below(table[:, 1], table[:, 2]).all() for table in (joint.course, joint.tradeoff))
    return _unless(joint, item_id, fits=fits)


def check_pairs(pairs: Pairs, item_id: str) -> Pairs:
    """The matrix itself. Raises `Refusal` if what it says contradicts itself."""
    matrices = (pairs.distance, pairs.lower_bound, pairs.proof)
    fits = all(np.array_equal(one, one.T, equal_nan=one.dtype.kind == "f") for one in matrices)
    fits = fits and np.array_equal(pairs.centres, pairs.centres.transpose(1, 0, 2)[..., ::-1], equal_nan=True)
    found, done = np.isfinite(pairs.distance), pairs.done
    proved, none = (pairs.proof == CODES.index(code) for code in ("proved", "none_exists"))
    fits = fits and bool(
        (~found | np.isfinite(pairs.centres).all(axis=2)).all()
        and (~proved | found).all()
        and (~none | (done & ~found & (pairs.lower_bound == np.inf))).all()
        and (~done | _below(pairs.lower_bound, pairs.distance)).all()
    )
    return _unless(pairs, item_id, fits=fits and all(_lane_fits(lane) for one in pairs.lanes for lane in one.lanes))


def check_cases(cases: Cases, item_id: str) -> Cases:
    """The table itself. Raises `Refusal` if what it says contradicts itself."""
    proved, none, held = cases.corrected, cases.proof == NONE_EXISTS, cases.rule_covers == HOLDS
    found = np.isfinite(cases.distance) & np.isfinite(cases.point).all(axis=1)
    boxed = np.isfinite(cases.box).all(axis=(1, 2))
    fits = bool(
        (cases.proof[np.isfinite(cases.distance)] == PROVED).all()
        and found[proved].all()
        and _below(cases.lower_bound, cases.distance)[proved].all()
        and (cases.lower_bound[none] == np.inf).all()
        and (boxed | np.isnan(cases.box).any(axis=(1, 2))).all()
        and _rising(cases.box[boxed, 0], cases.box[boxed, 1])
        and _rising(cases.rule_box[:, 0], cases.rule_box[:, 1])
        and np.isfinite(cases.rule_cost[held]).all()
        and _rising(np.zeros_like(cases.half_widths), cases.half_widths)
        and _rising(np.zeros_like(cases.steps), cases.steps)
    )
    return _unless(cases, item_id, fits=fits)


def _fits(change: FoundChange) -> bool:
    if change.point is None or change.distance is None:
        nothing = change.proof == "none_exists"
        return change.proof in ("none_exists", "unknown") and change.closed == nothing and change.lower_bound >= 0
    held = np.zeros(0) if change.half_width is None else change.half_width
    finite = bool(np.isfinite(change.point).all() and np.isfinite(change.distance))
    return (
        finite
        and change.proof != "none_exists"
        and bool(_below(np.array(change.lower_bound), np.array(change.distance)))
        and _rising(np.zeros_like(held), held)
    )


def _along_fits(joint: JointCorrection) -> bool:
    """Whether the corrections along the curve are those of its rows, if they are there at all."""
    rows = [(one.lower_bound, np.inf if one.distance is None else one.distance) for one in joint.along]
    return not rows or np.array_equal(np.array(rows), joint.tradeoff[:, 1:])


def _lane_fits(lane: NumberLane) -> bool:
    if (lane.centre is None) != (lane.distance is None) or not _rising(lane.accepted[:, 0], lane.accepted[:, 1]):
        return False
    if lane.distance is None:
        return lane.proof in ("none_exists", "unknown") and (lane.proof != "none_exists" or lane.lower_bound == np.inf)
    return lane.proof != "none_exists" and bool(_below(np.array(lane.lower_bound), np.array(lane.distance)))


def _below(bound: FloatArray, distance: FloatArray) -> Flags:
    """Where bounds are no numbers that are negative or above their distances."""
    return np.asarray((bound >= 0) & (bound <= distance * (1 + ROUNDED)))


def _rising(low: FloatArray, high: FloatArray) -> bool:
    return bool(np.isfinite(low).all() and np.isfinite(high).all() and (low <= high).all())


def _unless(result: Found, item_id: str, *, fits: bool) -> Found:
    if not fits:
        raise Refusal(f'"{item_id}" says that something was proved which contradicts what else it says.')
    return result
