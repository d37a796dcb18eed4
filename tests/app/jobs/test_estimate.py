"""Time left: exact at constant speed, quick to believe a change, silent when nothing can be said."""

import pytest

from app.jobs.estimate import HALF_LIFE, Estimate, duration_text, left_words, progress_words


def test_the_first_report_says_nothing_yet() -> None:
    assert Estimate().update(10, 100, now=5.0) is None


@pytest.mark.parametrize("interval", [0.066, 1.0, 7.3])
def test_at_constant_speed_the_estimate_is_exact(interval: float) -> None:
    estimate = Estimate()
    for step in range(50):
        left = estimate.update(2 * step, 100, now=step * interval)
        if step * interval >= 0.5 and step > 0:
            assert left == pytest.approx((100 - 2 * step) / 2 * interval)


def test_after_a_change_of_speed_the_new_one_is_believed_within_some_half_lives() -> None:
    estimate = Estimate()
    for second in range(100):
        estimate.update(10 * second, 10_000, now=float(second))
    left = None
    for second in range(1, int(5 * HALF_LIFE)):
        left = estimate.update(990 + second, 10_000, now=99.0 + second)
    done = 990 + int(5 * HALF_LIFE) - 1
    assert left == pytest.approx(10_000 - done, rel=0.3)  # one unit a second now, ten before


def test_a_pause_makes_the_time_left_grow() -> None:
    estimate = Estimate()
    estimate.update(0, 100, now=0.0)
    before = estimate.update(10, 100, now=10.0)
    after = estimate.update(10, 100, now=30.0)
    assert before == pytest.approx(90.0)
    assert after is not None
    assert after > 90.0


def test_a_resumed_job_is_not_taken_for_a_fast_one() -> None:
    estimate = Estimate()
    assert estimate.update(500, 1000, now=0.1) is None
    assert estimate.update(501, 1000, now=1.1) == pytest.approx(499.0)


@pytest.mark.parametrize(("done", "total"), [(0, 100), (50, 200)])
def test_another_stage_starts_from_nothing(done: int, total: int) -> None:
    estimate = Estimate()
    estimate.update(0, 100, now=0.0)
    assert estimate.update(50, 100, now=10.0) == pytest.approx(10.0)
    assert estimate.update(done, total, now=20.0) is None


def test_at_the_end_nothing_is_left() -> None:
    assert Estimate().update(3, 3, now=0.0) == 0.0
    assert Estimate().update(0, 0, now=0.0) == 0.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "a few seconds"),
        (8.0, "10 s"),
        (41.0, "40 s"),
        (88.0, "1 min"),
        (725.0, "12 min"),
        (3580.0, "1 h"),
        (3 * 3600 + 19 * 60, "3 h 20 min"),
        (4 * 3600 + 58 * 60, "5 h"),
        (30 * 3600 + 20 * 60, "30 h"),
    ],
)
def test_a_duration_is_said_no_surer_than_it_is_known(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_the_time_that_is_left_is_told_once() -> None:
    assert progress_words("9 × 9 points, about 25 s left", 40.0) == "about 25 s left, 9 × 9 points"
    assert progress_words("9 × 9 points", 40.0) == "40 s left, 9 × 9 points"
    assert left_words("9 × 9 points, about 25 s left", 40.0) == "about 25 s left"
    assert left_words("", None) == ""
