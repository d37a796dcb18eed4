"""The ceiling over a reach, against every point of the segments below which it hangs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.slices.ceiling import ceiling_of, clipped
from core.corrections.slices.outline import segments_of
from core.job import JobContext
from tests.core.corrections.slices.test_stability import blots


def height(segments: np.ndarray, r: float) -> float:
    """By brute force: the lowest point of a segment with 0 ≤ x < r and y ≥ 0, on finely divided segments."""
    share = np.linspace(0, 1, 4001)[:, None, None]
    points = (segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])).reshape(-1, 2)
    met = points[(points[:, 0] >= 0) & (points[:, 0] < r) & (points[:, 1] >= 0)]
    return float(met[:, 1].min(initial=1.0))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 30), st.floats(0.05, 0.95))
def test_the_ceiling_is_as_high_as_the_lowest_point_before_it(seed: int, r: float) -> None:
    segments = segments_of(blots(seed)) - 0.4
    ceiling = ceiling_of(segments, 1.0, 1.0, JobContext())
    found = float(ceiling.over(np.array([r]), np.array([r]))[0, 1])
    assert found <= height(segments, r) + 1e-9
    assert found >= height(segments, min(r + 2e-3, 1.0)) - 2e-3 * 40


def test_pieces_follow_each_other_and_never_rise() -> None:
    ceiling = ceiling_of(segments_of(blots(2)) - 0.4, 1.0, 1.0, JobContext())
    assert (ceiling.start[0], ceiling.end[0], ceiling.end[-1]) == (0.0, 0.0, 1.0)
    assert (ceiling.start[1:] == ceiling.end[:-1]).all()
    assert (np.diff(ceiling.height.ravel()) <= 0).all()


def test_without_a_segment_the_ceiling_is_as_high_as_was_asked_for() -> None:
    ceiling = ceiling_of(np.empty((0, 4)), 2.0, 3.0, JobContext())
    assert ceiling.over(np.array([0.0, 1.0]), np.array([1.0, 2.0])).tolist() == [[3.0, 3.0], [3.0, 3.0]]


def test_a_segment_is_cut_to_a_strip_with_its_ends_on_the_strip() -> None:
    diagonal = np.array([[0.0, 0.0, 4.0, 8.0], [5.0, 1.0, 6.0, 1.0], [9.0, 2.0, 9.0, 3.0]])
    assert clipped(diagonal, 1, 1.0, 2.0, closed=True).tolist() == [
        [0.5, 1.0, 1.0, 2.0],
        [5.0, 1.0, 6.0, 1.0],
        [9.0, 2.0, 9.0, 2.0],
    ]
    assert clipped(diagonal, 1, 1.0, 2.0, closed=False).tolist() == [[0.5, 1.0, 1.0, 2.0]]


def test_the_ceiling_falls_along_a_slope_and_stays_at_its_end() -> None:
    slope = np.array([[0.2, 0.8, 0.6, 0.4]])
    ceiling = ceiling_of(slope, 1.0, 1.0, JobContext())
    reach = np.array([0.1, 0.2, 0.4, 0.6, 0.9])
    assert ceiling.over(reach, reach)[:, 1] == pytest.approx([1.0, 1.0, 0.6, 0.4, 0.4])
