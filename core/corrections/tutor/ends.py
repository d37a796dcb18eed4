"""Boxes of placements and of single ends: from one to the other, around a placement, and grown evenly."""

from collections.abc import Iterator

import numpy as np

from core.corrections.bounds.proving import Proof as Proved
from core.corrections.search.growth import SLAB_BUDGET
from core.corrections.tutor.lesson import EndBox, Lesson
from core.corrections.tutor.proving import PlacementProver
from core.data.drawings.strokes import LARGEST, FloatArray
from core.job import JobContext

MOST_COUNTED = 1500  # parts that boxes are cut into: about a second


def around(home: FloatArray, radius: float) -> tuple[FloatArray, FloatArray]:
    """A box of so many pixels around a placement, as far as there is paper."""
    low: FloatArray = np.clip(home - radius, 0.0, LARGEST)
    high: FloatArray = np.clip(home + radius, 0.0, LARGEST)
    return low, high


def boxes_of(low: FloatArray, high: FloatArray) -> tuple[EndBox, ...]:
    """A proved box of placements, end by end."""
    return tuple(
        EndBox(low=low[place : place + 2], high=high[place : place + 2], proof="proved")
        for place in range(0, len(low), 2)
    )


def ends_of(boxes: tuple[EndBox, ...]) -> tuple[FloatArray, FloatArray]:
    """The inverse: lowest and highest placements (k,)."""
    return np.concatenate([box.low for box in boxes]), np.concatenate([box.high for box in boxes])


def holds(lesson: Lesson, stability: int) -> bool:
    """Whether the boxes that hold together have grown to what every end may be off by."""
    (low, high), (least, most) = ends_of(lesson.joint), around(lesson.placing.start, stability)
    return bool((low <= least).all() and (most <= high).all())


def proved_radii(prover: PlacementProver, home: FloatArray, begin: int, job: JobContext) -> Iterator[int]:
    """Larger and larger numbers of pixels, from a proved one, by which all ends may be off at once: each proved."""
    proved, refuted, step = begin, int(LARGEST) + 1, max(1, begin)
    while refuted - proved > 1:
        radius = min(proved + step, refuted - 1)
        if isinstance(prover.prove(*around(home, radius), job, SLAB_BUDGET), Proved):
            proved, step = radius, 2 * step
            yield radius
        else:
            refuted, step = radius, max(1, (radius - proved) // 2)


def count_orders(lesson: Lesson, prover: PlacementProver, job: JobContext) -> int:
    """How many orders of the lines occur in the joint boxes; 0 where they are too many to be counted in passing."""
    parts = prover.parts(*ends_of(lesson.joint), job, MOST_COUNTED)
    return 0 if parts is None else len({part.order for part in parts})
