"""What is known of boxes in several features while one of them is dragged: geometry only, no network and no torch.

A box inside one that was proved is proved, and a box that holds a rejected point is refuted. Only what neither says
needs the network, and of that only the slabs by which a box goes beyond a proved one.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.slabs import slabs_beyond
from core.corrections.records.correction import Proof
from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection

FloatArray = npt.NDArray[np.float64]
BoxAnswer = Literal["proved", "refuted", "undecided"]
MOST_KEPT = 64  # proved boxes, and rejected points: a long afternoon of dragging must not slow the next drag


@dataclass(frozen=True, kw_only=True, eq=False)
class BoxJudgement:
    """What is said of one box."""

    box: JointBox  # with its proof as it is known now
    answer: BoxAnswer
    rejected: FloatArray | None = field(default=None, repr=False)  # (k,), a point of the box that is not accepted
    lead: float | None = None  # how far the goal is reached there; not positive
    boxes: int = 0  # that had to be bounded for it
    slabs: int = 0  # that were new in it; 0: it was known before


@dataclass(frozen=True, eq=False)
class RejectedPoint:
    """A point that the network does not accept."""

    point: FloatArray = field(repr=False)  # (k,)
    levels: tuple[int, ...]
    lead: float


class KnownBoxes:
    """Remembers what was proved and refuted of one request, the newest first.

    Parameters
    ----------
    lattice : Lattice, optional
        The steps of the numbers: what is proved of them says nothing of a value that was kept beside them.
    """

    def __init__(self, lattice: Lattice | None = None) -> None:
        self._lattice = lattice
        self._proved: list[JointBox] = []
        self._rejected: list[RejectedPoint] = []

    @classmethod
    def of(cls, correction: JointCorrection) -> "KnownBoxes":
        """What a result has proved already: the box it holds, and those around its corrections."""
        known = cls(_lattice_of(correction.request.freedom))
        for found in (*correction.along, *correction.others, correction.nearest):
            if (box := box_around(correction, found)) is not None:
                known.learn_proved(box)
        if correction.box is not None:
            known.learn_proved(correction.box)
        return known

    def judge(self, box: JointBox) -> BoxJudgement | None:
        """What follows from what is known; None if the network has to be asked."""
        for one in self._rejected:
            within = one.levels == box.levels and bool(((box.low <= one.point) & (one.point <= box.high)).all())
            if within and self._counts(one.point, box):
                return BoxJudgement(
                    box=replace(box, proof="unknown"), answer="refuted", rejected=one.point, lead=one.lead
                )
        if any(self._holds(proved, box) for proved in self._proved):
            return BoxJudgement(box=replace(box, proof="proved"), answer="proved")
        return None

    def slabs(self, box: JointBox) -> tuple[FloatArray, FloatArray]:
        """What of a box (k,) is not known to be accepted: low and high (n, k), of as few boxes as can be."""
        fewest = box.low[None].copy(), box.high[None].copy()
        least = _volume(*fewest, box)
        for proved in self._proved:
            if proved.levels == box.levels and self._as_numbers(proved, box):
                slabs = slabs_beyond(box.low, box.high, proved.low, proved.high)
                if (volume := _volume(*slabs, box)) < least:
                    fewest, least = slabs, volume
        return fewest

    def learn(self, judged: BoxJudgement) -> None:
        """Remember an answer."""
        if judged.answer == "proved":
            self.learn_proved(judged.box)
        elif judged.answer == "refuted" and judged.rejected is not None:
            point = RejectedPoint(judged.rejected, judged.box.levels, judged.lead or 0.0)
            self._rejected = [point, *self._rejected][:MOST_KEPT]

    def learn_proved(self, box: JointBox) -> None:
        """Remember a box if it is proved; those within it need not be remembered any more."""
        if box.proof == "proved" and not any(self._holds(known, box) for known in self._proved):
            others = [known for known in self._proved if not self._holds(box, known)]
            self._proved = [box, *others][:MOST_KEPT]

    def _holds(self, outer: JointBox, inner: JointBox) -> bool:
        if outer.levels != inner.levels or not self._as_numbers(outer, inner):
            return False
        return bool(((outer.low <= inner.low) & (inner.high <= outer.high)).all())

    def _counts(self, point: FloatArray, box: JointBox) -> bool:
        """Whether a point (k,) of a box is on the steps; where an end of the box is beside them, any number counts."""
        if self._lattice is None:
            return True
        beside = ~(self._lattice.holds(box.low) & self._lattice.holds(box.high))
        return bool((self._lattice.holds(point) | beside).all())

    def _as_numbers(self, outer: JointBox, inner: JointBox) -> bool:
        """Whether the outer box was proved for numbers wherever the inner one has ends beside the steps."""
        if self._lattice is None:
            return True
        beside = [~(self._lattice.holds(one.low) & self._lattice.holds(one.high)) for one in (outer, inner)]
        return bool((beside[0] | ~beside[1]).all())


def half_widths(freedom: Freedom) -> FloatArray:
    """(k,), of the box that must be accepted around a correction; whole steps where there are steps."""
    return _lattice_of(freedom).whole(np.array([one.half_width for one in freedom.numbers], dtype=np.float64))


def _lattice_of(freedom: Freedom) -> Lattice:
    return Lattice.from_zero(np.array([one.step for one in freedom.numbers], dtype=np.float64))


def stable_for(joint: JointCorrection, found: FoundChange) -> FloatArray:
    """(k,), the half-widths that a correction holds for: what was asked for, or less in features it leaves alone."""
    return half_widths(joint.request.freedom) if found.half_width is None else found.half_width


def box_around(joint: JointCorrection, found: FoundChange) -> JointBox | None:
    """The box around a correction that it is stable in; None where none was found."""
    if found.point is None:
        return None
    half = stable_for(joint, found)
    proof: Proof = "proved" if found.proof == "proved" else "unknown"
    return JointBox(low=found.point - half, high=found.point + half, levels=found.levels, proof=proof)


def chosen_change(joint: JointCorrection) -> FoundChange:
    """The correction that the box stands around, else the nearest one that lies in it; the nearest of all if none does.

    Looked for among the nearest, the other ways, and those along minimal against stable.
    """
    box, known = joint.box, [one for one in (joint.nearest, *joint.others, *joint.along) if one.point is not None]
    if box is None:
        return joint.nearest
    for one in known:
        if same_place(box_around(joint, one), box):
            return one
    for one in known:
        within = one.point is not None and bool(((box.low <= one.point) & (one.point <= box.high)).all())
        if within and one.levels == box.levels:
            return one
    return joint.nearest


def same_place(one: JointBox | None, other: JointBox | None) -> bool:
    """Whether two boxes are the same, whatever is known of them."""
    if one is None or other is None:
        return one is other
    same = np.array_equal(one.low, other.low) and np.array_equal(one.high, other.high)
    return same and one.levels == other.levels


def _volume(low: FloatArray, high: FloatArray, box: JointBox) -> float:
    """Of boxes (n, k), as a share of another one; sides without width count as whole."""
    sides = box.high - box.low
    shares = np.divide(high - low, sides, out=np.ones_like(low), where=sides > 0)
    return float(shares.prod(axis=1).sum())
