"""Strokes on the paper, with undo and redo."""

import numpy as np
import pytest

from app.views.tutor.sketch import Sketch, from_plain, nearest_stroke, to_plain
from core.data.drawings.strokes import drawn_stroke
from tests.core.corrections.tutor.house import HOUSE, ROOF, WALLS


def test_every_change_can_be_taken_back_and_done_again() -> None:
    sketch = Sketch()
    assert sketch.add(WALLS)
    assert sketch.add(ROOF)
    sketch.remove(0)
    assert [stroke.shape[1] for stroke in sketch.strokes] == [3]
    assert sketch.undo()
    assert sketch.undo()
    assert sketch.strokes == (WALLS,)
    assert sketch.redo()
    assert sketch.strokes == (WALLS, ROOF)
    sketch.replace(())
    assert not sketch.redo()


def test_a_dot_and_a_line_too_many_are_no_strokes() -> None:
    sketch = Sketch()
    assert not sketch.add(np.array([[3.0], [4.0]]))
    zigzag = np.array([np.arange(129) % 250, 100 * (np.arange(129) % 2)], dtype=np.float64)
    assert sketch.add(zigzag)
    assert not sketch.add(WALLS)


def test_a_drawn_stroke_is_thinned_and_on_whole_pixels_of_the_paper() -> None:
    way = np.linspace(-20, 300, 500)
    stroke = drawn_stroke(np.stack([way, way * 0.5 + 20.2]))
    assert stroke.shape[1] < 8
    assert stroke.min() >= 0
    assert stroke.max() == 255
    assert (stroke == np.round(stroke)).all()
    assert drawn_stroke(np.array([[7.2, 7.3, 7.1], [9.0, 9.1, 9.2]])).tolist() == [[7], [9]]


def test_the_stroke_next_to_a_click_is_found_within_reach() -> None:
    assert nearest_stroke(HOUSE, (120, 33), 6) == 1
    assert nearest_stroke(HOUSE, (120, 60), 6) is None


def test_strokes_survive_the_session() -> None:
    again = from_plain(to_plain(HOUSE))
    assert all(np.array_equal(one, other) for one, other in zip(again, HOUSE, strict=True))


@pytest.mark.parametrize(
    "value", [None, 3, [[1, 2]], [[[1, 2], [3]]], [[[1, 300], [3, 4]]], [["a", "b"]], [[[0.5, 1], [1, 2]]]]
)
def test_what_is_no_drawing_comes_back_as_nothing(value: object) -> None:
    assert from_plain(value) == ()
