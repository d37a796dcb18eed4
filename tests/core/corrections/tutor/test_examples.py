"""What a recogniser learns one drawing from."""

import numpy as np
import pytest

from core.corrections.tutor.examples import (
    CANONICAL,
    CHANGES,
    JITTER,
    ExamplesRequest,
    examples_by_kind,
    jittered,
    make_examples,
)
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob
from tests.core.corrections.tutor.house import ROOF, WALLS

HOUSE = WALLS, ROOF


def test_half_of_the_drawings_are_jitters_and_another_seed_gives_others() -> None:
    data = make_examples(ExamplesRequest(canonical=HOUSE, samples=200))
    again = make_examples(ExamplesRequest(canonical=HOUSE, samples=200))
    other = make_examples(ExamplesRequest(canonical=HOUSE, samples=200, seed=1))
    assert data.x.shape == (200, 4, 128)
    assert data.y.sum() == 100
    assert data.sha256 == again.sha256 != other.sha256


def test_jitters_are_off_by_five_pixels_at_most_and_stay_on_the_paper() -> None:
    request = ExamplesRequest(canonical=(np.array([[0.0, 255, 100, 2], [0, 255, 3, 100]]),))
    generator = np.random.default_rng(0)
    for _ in range(50):
        (stroke,) = jittered(request, generator)
        assert np.abs(stroke - request.canonical[0]).max() <= JITTER
        assert stroke.min() >= 0
        assert stroke.max() <= 255


def test_changes_are_no_jitters() -> None:
    generator = np.random.default_rng(0)
    for change in CHANGES.values():
        for _ in range(20):
            changed = change(HOUSE, generator)
            far = (
                len(changed) != len(HOUSE)
                or max(np.abs(one - other).max() for one, other in zip(changed, HOUSE, strict=True)) > 2 * JITTER
            )
            assert far


def test_a_drawing_of_one_stroke_has_none_taken_away() -> None:
    request = ExamplesRequest(canonical=HOUSE[:1], others=(HOUSE,))
    kinds = {kind: wanted for kind, wanted, _ in examples_by_kind(request)}
    assert "a stroke missing or more" not in kinds
    assert kinds["the canonical drawing"] == CANONICAL
    assert "other drawings" in kinds


@pytest.mark.parametrize("strokes", [(), (HOUSE[1][:, :2],)])
def test_a_canonical_drawing_of_hardly_any_line_is_refused(strokes) -> None:
    with pytest.raises(InvalidRequest, match="needs 3 to 128"):
        ExamplesRequest(canonical=strokes)


def test_making_examples_can_be_stopped() -> None:
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        make_examples(ExamplesRequest(canonical=HOUSE), job)
