"""Intervals of shares: against the quadratic that defines them, and how often they hold the truth."""

import numpy as np
import pytest
from scipy import stats

from core.robustness.intervals import CONFIDENCE, QUANTILE, wilson_interval


def test_the_quantile_is_that_of_the_confidence() -> None:
    assert pytest.approx(stats.norm.ppf(0.5 + CONFIDENCE / 2), abs=1e-12) == QUANTILE


@pytest.mark.parametrize(("right", "samples"), [(0, 10), (3, 10), (10, 10), (481, 500), (1, 1)])
def test_its_ends_solve_wilsons_equation(right: int, samples: int) -> None:
    share = right / samples
    ends = [float(end) for end in wilson_interval(share, samples)]
    known = stats.binomtest(right, samples).proportion_ci(CONFIDENCE, method="wilson")
    assert ends == pytest.approx([known.low, known.high], abs=1e-12)


def test_it_holds_the_truth_about_as_often_as_it_says() -> None:
    numbers = np.random.default_rng(0)
    for truth in (0.5, 0.9, 0.98):
        low, high = wilson_interval(numbers.binomial(200, truth, 20_000) / 200, 200)
        assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(CONFIDENCE, abs=0.025)


def test_what_is_not_known_stays_unknown() -> None:
    assert np.isnan(wilson_interval(np.array([np.nan]), 10)).all()
