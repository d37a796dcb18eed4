"""The tutor with a small recogniser that is trained here, on a house with a roof and a door."""

import numpy as np
import pytest
import torch

from core.corrections.tutor.examples import shaken
from core.corrections.tutor.lesson import Lesson, LessonRequest
from core.corrections.tutor.recogniser import Recogniser
from core.corrections.tutor.tutor import Tutor
from core.data.drawings.strokes import line_slots
from core.errors import InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.network import fingerprint
from tests.core.corrections.tutor.house import DOOR, HOUSE, ROOF, WALLS, WINDOW, small_recogniser


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return small_recogniser()


@pytest.fixture(scope="module")
def tutor(recogniser: Recogniser) -> Tutor:
    return Tutor(recogniser.network)


def recognised(recogniser: Recogniser, drawing: tuple[np.ndarray, ...]) -> bool:
    """What the network itself says of a drawing, without anything of the tutor's."""
    network = recogniser.network
    with torch.inference_mode():
        return int(network.module(network.normalise(line_slots(drawing)[None])).argmax()) == 1


def test_a_small_network_learns_one_drawing_in_seconds(recogniser: Recogniser) -> None:
    kinds = dict(recogniser.kinds)
    assert recogniser.accuracy > 0.85
    assert kinds["a stroke missing or more"] > 0.95
    assert kinds["scribbles"] > 0.95
    assert recogniser.run.status == "complete"


@pytest.mark.parametrize("gone", [1, 3])
def test_a_missing_stroke_is_found_and_its_ends_may_lie_anywhere_in_their_boxes(
    recogniser: Recogniser, tutor: Tutor, gone: int
) -> None:
    drawing = shaken(
        tuple(stroke for place, stroke in enumerate(HOUSE) if place != gone), np.random.default_rng(gone), 3
    )
    assert not recognised(recogniser, drawing)
    snapshots: list[object] = []
    before = fingerprint(recogniser.network.module.state_dict())
    request = LessonRequest(drawing=drawing, canonical=HOUSE, stability=1, seconds=1.0)
    lesson = tutor.lesson(request, ControlledJob(on_partial=snapshots.append))
    assert fingerprint(recogniser.network.module.state_dict()) == before
    assert lesson.status == "complete"
    assert lesson.lead <= 0 < lesson.suggested_lead
    assert len(lesson.added) >= 1
    assert recognised(recogniser, lesson.drawing)
    assert all(isinstance(one, Lesson) for one in snapshots)
    assert len(snapshots) > 3
    check_boxes(recogniser, tutor, lesson)


def check_boxes(recogniser: Recogniser, tutor: Tutor, lesson: Lesson) -> None:
    """Random placements and all corners of the boxes are recognised, by the network itself as well."""
    assert len(lesson.joint) == len(lesson.alone) == len(lesson.free)
    generator = np.random.default_rng(0)
    low, high = (np.concatenate([getattr(box, side) for box in lesson.joint]) for side in ("low", "high"))
    within = np.round(generator.uniform(low, high, (150, len(low))))
    corners = np.where(generator.random((150, len(low))) < 0.5, low, high)
    placements = [*within, *corners]
    home = lesson.placing.start
    for end, box in enumerate(lesson.alone):
        for point in np.round(generator.uniform(box.low, box.high, (100, 2))):
            placement = home.copy()
            placement[2 * end : 2 * end + 2] = point
            placements.append(placement)
    drawings = [lesson.placing.at(one) for one in placements]
    assert all(lesson.proves(one) for one in placements)
    assert (tutor.leads(drawings) > 0).all()
    assert all(recognised(recogniser, one) for one in drawings[::7])


def test_a_stroke_in_a_wrong_place_is_exchanged(recogniser: Recogniser, tutor: Tutor) -> None:
    wrong = (WALLS, ROOF, np.clip(DOOR + np.array([[70], [-120]]), 0, 255), WINDOW)
    lesson = tutor.lesson(LessonRequest(drawing=wrong, canonical=HOUSE, stroke=2, seconds=1), JobContext())
    assert lesson.dropped == (2,)
    assert np.array_equal(lesson.drawing[lesson.added[0]], DOOR)


def test_the_ends_of_a_stroke_of_a_recognised_drawing_get_boxes_too(recogniser: Recogniser, tutor: Tutor) -> None:
    lesson = tutor.lesson(LessonRequest(drawing=HOUSE, canonical=HOUSE, stroke=1, seconds=1), JobContext())
    assert lesson.added == ()
    assert lesson.free == ((1, 0), (1, 1), (1, 2))
    check_boxes(recogniser, tutor, lesson)


def test_an_empty_paper_gets_the_canonical_drawing(tutor: Tutor) -> None:
    lesson = tutor.lesson(LessonRequest(drawing=(), canonical=HOUSE, seconds=0.5), JobContext())
    assert lesson.lead == -np.inf
    assert lesson.suggested_lead > 0


def test_a_strange_stroke_is_left_out(tutor: Tutor) -> None:
    drawing = (*HOUSE, np.array([[10.0, 60, 20, 90], [10, 20, 60, 40]]))
    lesson = tutor.lesson(LessonRequest(drawing=drawing, canonical=HOUSE, seconds=0.5), JobContext())
    assert lesson.suggested_lead > 0
    assert lesson.dropped


def test_a_recognised_drawing_has_nothing_to_correct(tutor: Tutor) -> None:
    with pytest.raises(InvalidRequest, match="recognised already"):
        tutor.lesson(LessonRequest(drawing=HOUSE, canonical=HOUSE), JobContext())


def test_requests_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="no stroke 7"):
        LessonRequest(drawing=HOUSE, canonical=HOUSE, stroke=7)
    with pytest.raises(InvalidRequest, match="no canonical drawing"):
        LessonRequest(drawing=HOUSE, canonical=())
    with pytest.raises(InvalidRequest, match="0 to 64"):
        LessonRequest(drawing=HOUSE, canonical=HOUSE, stability=-1)
