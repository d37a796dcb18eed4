"""Rank correlations of few numbers, with the chance that they come about without any relation."""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from core.generalisation.complexity import FloatArray

EXACT = 8  # numbers of which every order is tried: 40,320
DRAWN = 19_999  # random orders of more
MOST_DRAWN = 60  # numbers from which on the distribution is taken for the normal one
SIGNIFICANT = 0.05
_SLACK = 1e-9  # of statistics that are the same but for rounding


@dataclass(frozen=True, kw_only=True)
class RankCorrelation:
    """How far one order agrees with another; NaN where fewer than three pairs, or no two different ones, are known."""

    count: int  # pairs, both of them finite
    spearman: float
    spearman_p: float  # two-sided, of no relation at all
    kendall: float  # tau-b
    kendall_p: float


def rank_correlation(first: FloatArray, second: FloatArray) -> RankCorrelation:
    """Spearman's ρ and Kendall's τ-b of two (n,) arrays; pairs with a number that is not finite are left out.

    p-values say how often the second array in any order agrees with, or contradicts, the first as much as it does.
    Up to 8 pairs every order is tried, ties as they are. Beyond, those of ρ are over 20,000 random orders (up to 60
    pairs), and those of τ exact where there are no ties; of many pairs both are asymptotic.
    """
    known = np.isfinite(first) & np.isfinite(second)
    first, second, count = first[known], second[known], int(known.sum())
    if count < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return RankCorrelation(
            count=count, spearman=math.nan, spearman_p=math.nan, kendall=math.nan, kendall_p=math.nan
        )
    spearman, kendall = stats.spearmanr(first, second), stats.kendalltau(first, second)
    ranks = stats.rankdata(first), stats.rankdata(second)
    return RankCorrelation(
        count=count,
        spearman=float(spearman.statistic),
        spearman_p=_chance(_agreement, *ranks) if count <= MOST_DRAWN else float(spearman.pvalue),
        kendall=float(kendall.statistic),
        kendall_p=_chance(_concordance, *ranks) if count <= EXACT else float(kendall.pvalue),
    )


def _chance(statistic: Callable[[FloatArray, FloatArray], FloatArray], first: FloatArray, second: FloatArray) -> float:
    """Share of the orders of the second ranks whose statistic is as large, or as far below zero, as the own one."""
    own = float(np.abs(statistic(first, second[None]))[0])
    orders = _orders(len(first))
    reached = sum(
        int((np.abs(statistic(first, second[part])) >= own - _SLACK).sum())
        for part in np.array_split(orders, max(1, orders.size // 200_000))
    )
    drawn = len(first) > EXACT  # then the order that is there is one of those that could be
    return (reached + drawn) / (len(orders) + drawn)


def _agreement(first: FloatArray, orders: FloatArray) -> FloatArray:
    """What Spearman's ρ is but for its scale: (k,) from (n,) ranks and (k, n) others."""
    product: FloatArray = (orders - orders.mean(axis=1, keepdims=True)) @ (first - first.mean())
    return product


def _concordance(first: FloatArray, orders: FloatArray) -> FloatArray:
    """Pairs in the same order minus pairs in the opposite one: (k,) from (n,) ranks and (k, n) others."""
    rows, columns = np.triu_indices(len(first), 1)
    pairs: FloatArray = np.sign(orders[:, rows] - orders[:, columns]) @ np.sign(first[rows] - first[columns])
    return pairs


@cache
def _orders(count: int) -> npt.NDArray[np.int64]:
    if count <= EXACT:
        return np.array(list(itertools.permutations(range(count))), dtype=np.int64)
    numbers = np.random.default_rng(count)
    return numbers.permuted(np.tile(np.arange(count), (DRAWN, 1)), axis=1)


@cache
def least_significant(count: int) -> float:
    """The smallest |ρ| of so many different numbers whose p-value is below `SIGNIFICANT`; infinite if none is."""
    if count < 3:
        return math.inf
    ranks = np.arange(count) - (count - 1) / 2
    if count > MOST_DRAWN:
        # Student's t with n − 2 degrees of freedom, as is usual for Spearman's ρ of many numbers.
        quantile = float(stats.t.ppf(1 - SIGNIFICANT / 2, count - 2))
        return quantile / math.sqrt(count - 2 + quantile**2)
    found = np.abs(ranks[_orders(count)] @ ranks) / float(ranks @ ranks)
    values, counts = np.unique(found.round(9), return_counts=True)
    shares = counts[::-1].cumsum()[::-1] / len(found)  # of orders that reach each value
    enough = values[shares <= SIGNIFICANT]
    return float(enough[0]) if enough.size else math.inf
