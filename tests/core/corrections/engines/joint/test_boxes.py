"""Boxes in several features that are dragged: proved by what is new in them, or refuted by a point."""

from dataclasses import replace

import numpy as np
import pytest

from core.corrections.engines.joint.boxes import JointBoxes
from core.corrections.live.joint import KnownBoxes
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointBox, JointRequest
from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import corner_network, corner_search, network_of, random_network


def box(low: tuple[float, ...], high: tuple[float, ...], levels: tuple[int, ...] = ()) -> JointBox:
    return JointBox(low=np.array(low), high=np.array(high), levels=levels)


@pytest.fixture
def corner() -> JointBoxes:
    return JointBoxes(corner_search(), network_of(corner_network()))


def test_a_box_is_proved_and_one_that_is_larger_by_its_new_slabs_alone(corner: JointBoxes) -> None:
    known = KnownBoxes()
    first = corner.judge(box((1.1, 0.0), (1.5, 1.0)), known, JobContext(), 5.0)
    assert (first.answer, first.box.proof, first.slabs) == ("proved", "proved", 1)
    again = corner.judge(box((1.2, 0.2), (1.4, 0.8)), known, JobContext(), 5.0)
    assert (again.answer, again.slabs) == ("proved", 0)
    wider = corner.judge(box((1.1, -1.0), (1.8, 1.0)), known, JobContext(), 5.0)
    assert (wider.answer, wider.slabs) == ("proved", 2)


def test_a_box_with_a_rejected_point_is_refuted_by_one_that_the_network_rejects(corner: JointBoxes) -> None:
    known = KnownBoxes()
    found = corner.judge(box((0.9, -1.0), (1.8, 1.0)), known, JobContext(), 5.0)
    assert found.answer == "refuted"
    assert found.box.proof == "unknown"
    assert found.rejected is not None
    assert (found.rejected >= [0.9, -1.0]).all()
    assert np.maximum(found.rejected, 0).sum() <= 1
    assert found.lead is not None
    assert found.lead <= 0


def test_when_the_time_is_over_nothing_is_said(corner: JointBoxes) -> None:
    found = corner.judge(box((1.1, 0.0), (1.5, 1.0)), KnownBoxes(), JobContext(), -1.0)
    assert (found.answer, found.box.proof) == ("undecided", "unknown")


def test_a_drag_that_goes_on_stops_the_proof_of_the_box_before(corner: JointBoxes) -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        corner.judge(box((1.1, 0.0), (1.5, 1.0)), KnownBoxes(), job, 5.0)


def test_a_proved_box_grows_to_the_ends_of_what_is_accepted(corner: JointBoxes) -> None:
    *_, last = corner.grown(box((1.2, 0.0), (1.4, 0.4)), JobContext(), 5.0)
    assert last.proof == "proved"
    assert 1.0 < last.low[0] < 1.05
    assert last.high.tolist() == [2.0, 2.0]
    assert last.low[1] == -2.0
    first, *rest = corner.grown(box((1.2, 0.0), (1.4, 0.4)), JobContext(), -1.0)
    assert rest == []
    assert (first.low <= [1.2, 0.0]).all()


def test_levels_of_a_category_are_judged_each_on_its_own() -> None:
    plain = random_network((4, 8, 2), 3)
    kind = FreeCategory(name="kind", columns=(2, 3), levels=("a", "b"))
    x = FreeFeature(name="x", low=-1.0, high=1.0)
    freedom = Freedom(numbers=(x,), moves=(Move(columns=(0,)),), categories=(kind,))
    request = JointRequest(input=(0.0, 0.5, 1.0, 0.0), freedom=freedom, goal=Goal(classes=(1,)))
    network = network_of(plain)
    boxes, known = JointBoxes(request, network), KnownBoxes()
    points = np.linspace(-1.0, 1.0, 201)
    for level in (0, 1):
        inputs = np.zeros((201, 4))
        inputs[:, 0], inputs[:, 1], inputs[:, 2 + level] = points, 0.5, 1.0
        outputs = plain.forward(inputs)
        accepted = outputs[:, 1] > outputs[:, 0]
        for place in (20, 100, 180):
            found = boxes.judge(box((points[place],), (points[place],), (level,)), known, JobContext(), 5.0)
            assert found.answer == ("proved" if accepted[place] else "refuted")


def test_categories_alone_have_boxes_without_sides() -> None:
    plain = random_network((4, 8, 2), 3)
    kind = FreeCategory(name="kind", columns=(2, 3), levels=("a", "b"))
    freedom = Freedom(numbers=(), moves=(), categories=(kind,))
    inputs = np.array([[0.0, 0.5, 1.0, 0.0], [0.0, 0.5, 0.0, 1.0]])
    outputs = plain.forward(inputs)
    for wanted in (0, 1):
        request = JointRequest(input=tuple(inputs[0]), freedom=freedom, goal=Goal(classes=(wanted,)))
        boxes = JointBoxes(request, network_of(plain))
        for level in (0, 1):
            found = boxes.judge(box((), (), (level,)), KnownBoxes(), JobContext(), 5.0)
            assert (found.answer == "proved") == (outputs[level].argmax() == wanted)


def test_the_network_is_not_touched() -> None:
    network = network_of(corner_network())
    before = {name: value.clone() for name, value in network.module.state_dict().items()}
    boxes = JointBoxes(replace(corner_search(), seconds=1.0), network)
    list(boxes.grown(box((1.2, 0.0), (1.4, 0.4)), JobContext(), 5.0))
    for name, value in network.module.state_dict().items():
        assert bool((value == before[name]).all())
