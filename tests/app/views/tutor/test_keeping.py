"""A lesson in the session, and what is no lesson."""

import json

import numpy as np
import pytest

from app.views.tutor.keeping import lesson_from_plain, lesson_to_plain
from core.corrections.tutor.lesson import EndBox, Lesson, LessonRequest
from tests.core.corrections.tutor.house import DOOR, HOUSE, ROOF, WALLS, WINDOW


def box(low: list[float], high: list[float]) -> EndBox:
    return EndBox(low=np.array(low), high=np.array(high), proof="proved")


LESSON = Lesson(
    request=LessonRequest(drawing=(WALLS, ROOF, DOOR), canonical=HOUSE, stability=1, seconds=2.0),
    status="complete",
    lead=-np.inf,
    drawing=(WALLS, ROOF, DOOR, WINDOW),
    added=(3,),
    dropped=(),
    free=((3, 0), (3, 1)),
    suggested_lead=2.5,
    stable=True,
    joint=(box([159, 129], [161, 131]), box([180, 155], [190, 165])),
    alone=(box([150, 120], [170, 140]),),
    parts=3,
    seconds=1.5,
)


def test_a_lesson_survives_the_session() -> None:
    plain = json.loads(json.dumps(lesson_to_plain(LESSON, "abc")))
    kept = lesson_from_plain(plain)
    assert kept is not None
    assert kept[1] == "abc"
    assert kept[0].lead == -np.inf
    assert lesson_to_plain(kept[0], "abc") == lesson_to_plain(LESSON, "abc")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("free", [[3, 9]]),
        ("free", [[7, 0]]),
        ("added", [4]),
        ("dropped", ["x"]),
        ("joint", [{"low": [0, 0], "high": [1, 1], "proof": "proved"}] * 2),
        ("joint", [{"low": [159, 129], "high": [161], "proof": "proved"}]),
        ("suggested", None),
        ("canonical", []),
        ("stability", 1e300),
    ],
)
def test_what_is_no_lesson_is_not_shown(field: str, value: object) -> None:
    assert lesson_from_plain({**lesson_to_plain(LESSON, "abc"), field: value}) is None
    assert lesson_from_plain(value) is None


def test_a_lesson_proves_what_is_in_all_boxes_or_in_one_alone() -> None:
    home = LESSON.placing.start
    assert LESSON.proves(home)
    assert LESSON.proves(np.array([161.4, 129, 190, 155]))
    assert LESSON.proves(np.array([170.0, 140, *home[2:]]))
    assert not LESSON.proves(np.array([170.0, 140, 190, 155]))
    assert not LESSON.proves(np.array([171.0, 140, *home[2:]]))
