"""Rank correlations against scipy and by counting orders."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from core.generalisation.ranks import least_significant, rank_correlation


def test_a_perfect_order_of_five_comes_about_by_chance_twice_in_120() -> None:
    found = rank_correlation(np.arange(5.0), np.array([10.0, 20.0, 21.0, 50.0, 90.0]))
    assert found.count == 5
    assert (found.spearman, found.kendall) == pytest.approx((1.0, 1.0))
    assert found.spearman_p == found.kendall_p == pytest.approx(2 / 120)


def test_p_values_of_few_are_shares_of_all_orders_with_ties_as_they_are() -> None:
    first, second = np.array([1.0, 2.0, 2.0, 4.0, 7.0, 9.0]), np.array([3.0, 1.0, 4.0, 4.0, 8.0, 6.0])
    found = rank_correlation(first, second)
    own = np.array([stats.spearmanr(first, second).statistic, stats.kendalltau(first, second).statistic])
    reached, orders = np.zeros(2), list(itertools.permutations(second))
    for order in orders:
        other = [stats.spearmanr(first, order).statistic, stats.kendalltau(first, order).statistic]
        reached += np.abs(other) >= np.abs(own) - 1e-9
    assert [found.spearman, found.kendall] == pytest.approx(own.tolist())
    assert [found.spearman_p, found.kendall_p] == pytest.approx((reached / len(orders)).tolist())


@pytest.mark.parametrize("count", [12, 30, 90])
@pytest.mark.parametrize("noise", [0.5, 3.0, 1e6])
def test_those_of_many_agree_with_the_usual_approximation(count: int, noise: float) -> None:
    numbers = np.random.default_rng(count)
    first = numbers.normal(size=count)
    second = first + noise * numbers.normal(size=count)
    found = rank_correlation(first, second)
    assert found.spearman_p == pytest.approx(stats.spearmanr(first, second).pvalue, abs=0.02)
    assert found.kendall_p == pytest.approx(stats.kendalltau(first, second).pvalue, abs=0.02)
    assert 0 < found.spearman_p <= 1


def test_without_a_relation_one_in_twenty_passes_for_significant() -> None:
    numbers = np.random.default_rng(0)
    chances = [rank_correlation(numbers.normal(size=7), numbers.normal(size=7)).spearman_p for _ in range(400)]
    assert np.mean(np.array(chances) <= 0.05) == pytest.approx(0.05, abs=0.03)


def test_pairs_that_are_not_known_are_left_out_and_counted() -> None:
    first = np.array([1.0, math.nan, 3.0, 4.0, math.inf, 6.0])
    second = np.array([2.0, 1.0, 3.0, math.nan, 5.0, 9.0])
    found = rank_correlation(first, second)
    assert (found.count, found.spearman) == (3, pytest.approx(1.0))
    assert found.spearman_p == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("first", "second"), [([1.0, 2.0], [1.0, 2.0]), ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]), ([], [])], ids=str
)
def test_where_there_is_no_order_nothing_is_said(first: list[float], second: list[float]) -> None:
    found = rank_correlation(np.array(first), np.array(second))
    assert found.count == len(first)
    assert np.isnan([found.spearman, found.spearman_p, found.kendall, found.kendall_p]).all()


@pytest.mark.parametrize(
    ("count", "least"),
    [(2, math.inf), (4, math.inf), (5, 1.0), (6, 0.886), (7, 0.786), (8, 0.738), (9, 0.700), (10, 0.648), (30, 0.362)],
)
def test_the_least_significant_correlation_is_that_of_the_published_tables(count: int, least: float) -> None:
    assert least_significant(count) == pytest.approx(least, abs=6e-3)


def test_what_is_significant_agrees_with_the_p_value() -> None:
    for order in itertools.islice(itertools.permutations(range(6)), 0, 720, 7):
        found = rank_correlation(np.arange(6.0), np.array(order, dtype=np.float64))
        assert (found.spearman_p <= 0.05) == (abs(found.spearman) >= least_significant(6) - 1e-6)
