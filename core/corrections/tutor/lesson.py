"""What the drawing tutor is asked, and what it answers: plain records of strokes and boxes, in pixels."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.corrections.records.correction import Proof, Status
from core.corrections.tutor.placing import Placing, Spot
from core.data.drawings.strokes import FloatArray, Strokes, line_count
from core.errors import InvalidRequest


@dataclass(frozen=True, kw_only=True, eq=False)
class LessonRequest:
    """What is missing or wrong in a drawing, and where the lines of one stroke may end."""

    drawing: Strokes = field(repr=False)  # whole pixels from 0 to 255
    canonical: Strokes = field(repr=False)  # the drawing that is recognised; its strokes are what can be suggested
    stroke: int | None = None  # of `drawing`, which is to be put right; None: the tutor finds what is wrong
    stability: int = 2  # pixels by which every free end may be off
    seconds: float = 20.0  # for the boxes; what is proved by then is the answer

    def __post_init__(self) -> None:
        if line_count(self.canonical) < 1:
            raise InvalidRequest("There is no canonical drawing to compare with. Draw it first.")
        if self.stroke is not None and not 0 <= self.stroke < len(self.drawing):
            raise InvalidRequest(f"The drawing has {len(self.drawing)} strokes, and no stroke {self.stroke}.")
        if not 0 <= self.stability <= 64:
            raise InvalidRequest("The stability of an end is a number of pixels from 0 to 64.")
        if not 0 < self.seconds < np.inf:
            raise InvalidRequest("The time for the boxes must be above zero.")


@dataclass(frozen=True, kw_only=True, eq=False)
class EndBox:
    """Where one free end may lie while all the others stay where they are suggested."""

    low: FloatArray  # (2,), x and y in pixels
    high: FloatArray  # (2,)
    proof: Proof = "unknown"  # "proved": every pixel of the box is accepted, by outward-rounded bounds


@dataclass(frozen=True, kw_only=True, eq=False)
class Lesson:
    """One suggestion: the drawing with what was missing, its free ends, and the boxes that they may lie in.

    `joint` boxes, one for each free end, hold together: with every end anywhere in its own box the drawing is
    recognised. `alone` has larger ones, for one end at a time.
    """

    request: LessonRequest
    status: Status
    lead: float  # of the drawing as it was: by how much it is recognised, in logits; not positive where it is not
    drawing: Strokes = field(repr=False)  # suggested, recognised
    added: tuple[int, ...]  # strokes of `drawing` that are new
    dropped: tuple[int, ...]  # strokes of the request's drawing that are not in it any more
    free: tuple[Spot, ...]  # stroke and point in `drawing`
    suggested_lead: float  # of the suggestion
    stable: bool  # proved: with every free end off by ± stability it is recognised
    joint: tuple[EndBox, ...]
    alone: tuple[EndBox, ...]
    parts: int  # orders of lines that occur in the joint boxes, each with a proof of its own; 0: not counted
    seconds: float

    @cached_property
    def placing(self) -> Placing:
        """The suggestion as a drawing whose free ends may move."""
        return Placing(drawing=self.drawing, free=self.free)

    def proves(self, placement: FloatArray) -> bool:
        """Whether a placement (k,) is proved to be recognised: in the joint boxes, or in one end's own box."""
        if not self.free:
            return False
        points = np.round(placement).reshape(-1, 2)
        home = self.placing.start.reshape(-1, 2)
        if self.joint and all(_inside(box, point) for box, point in zip(self.joint, points, strict=True)):
            return True
        moved = np.flatnonzero((points != home).any(axis=1))
        return bool(self.alone) and len(moved) == 1 and _inside(self.alone[int(moved[0])], points[int(moved[0])])


def _inside(box: EndBox, point: FloatArray) -> bool:
    return box.proof == "proved" and bool(((box.low <= point) & (point <= box.high)).all())
