"""No box that is called proved holds a rejected point: random points and an adversary look for one in every kind.

Here some ten thousand points for each; `tests/performance/test_random_points.py` takes ten million in all.
"""

import itertools

import numpy as np
import pytest

from core.corrections.bounds.proving import Counterexample, prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.lowering import lower
from core.job import JobContext
from tests.core.corrections.examples import as_network
from tests.core.corrections.points_search import worst_point
from tests.core.corrections.proved_boxes import GROWN, SLOW, ProvedBox, boxes_of_slices

pytestmark = pytest.mark.usefixtures("one_thread")
POINTS = 3_000


def test_no_point_of_a_proved_box_of_a_slice_is_rejected() -> None:
    boxes = list(boxes_of_slices())
    assert {box.name.rpartition(", ")[2] for box in boxes} == {"stability box", "largest box"}
    assert {len(box.goal.classes) for box in boxes} == {0, 1, 2}
    for box in boxes:
        assert worst_point(box, POINTS)[0] > 0, box.name


@pytest.mark.parametrize("kind", [kind for kind in GROWN if kind != SLOW])
def test_no_point_of_a_grown_box_is_rejected(kind: str) -> None:
    box = GROWN[kind]()
    assert (box.high > box.low).all()
    assert worst_point(box, POINTS)[0] > 0


@pytest.mark.parametrize("kind", ["dense, 4 handles", "residual, 3 handles", "leaky, limited and absolute, 3 handles"])
def test_a_box_that_is_one_hundredth_too_large_is_caught(kind: str) -> None:
    """The search itself can fail: past a rejected point by 1 % of the side, and it finds one."""
    box = GROWN[kind]()
    beyond = counterexample_beyond(box)
    low, high = np.minimum(box.low, beyond), np.maximum(box.high, beyond)
    sides = high - low
    too_large = box.widened(
        np.where(beyond < box.low, low - 0.01 * sides, low), np.where(beyond > box.high, high + 0.01 * sides, high)
    )
    lead, point = worst_point(too_large, POINTS)
    assert lead <= 0
    assert ((point >= too_large.low) & (point <= too_large.high)).all()


def counterexample_beyond(box: ProvedBox) -> np.ndarray:
    """A rejected point that is beyond one side of the box only."""
    network = Restriction.of(lower(as_network(box.single, box.card)), box.subspace)
    for reach, handle, upwards in itertools.product((3.0, 10.0, 100.0), range(len(box.low)), (True, False)):
        low, high = box.low.copy(), box.high.copy()
        if upwards:
            low[handle], high[handle] = high[handle], reach
        else:
            low[handle], high[handle] = -reach, low[handle]
        answer = prove_box(network, box.goal, low, high, JobContext(), max_boxes=500)
        if isinstance(answer, Counterexample):
            return np.array(answer.point)
    raise AssertionError("nothing is rejected near this box")
