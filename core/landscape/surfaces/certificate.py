"""Certificates from held-out points: what they prove about all the others, by exact binomial bounds.

Points are drawn at random among those that are shown and not computed, after the estimate stands. If the share of
them that miss a tolerance were more than 1 − coverage, so few misses among so many points would be improbable
(Clopper & Pearson 1934). A surface may be looked at several times; the looks share the probability of error.
"""

from dataclasses import dataclass

import numpy as np

from core.landscape.plane import FloatArray

CONFIDENCE = 0.95
COVERAGE = 0.95
RISKS = (0.03, 0.015, 0.005)  # of a wrong statement, look by look: together 1 − CONFIDENCE
WANTED = 0.85  # probability that a look succeeds where the expected share of misses is right
MOST_MISSES = 5


@dataclass(frozen=True)
class Look:
    """A test of held-out points, fixed before any of them is computed."""

    points: int
    misses: int  # so many of the points may miss the tolerance
    risk: float


def chance(misses: int, points: int, share: float) -> float:
    """Probability of at most so many misses among so many points."""
    from scipy.stats import binom  # noqa: PLC0415  half a second

    return float(binom.cdf(misses, points, share))


def points_needed(misses: int, risk: float) -> int:
    """The fewest points with which at most so many misses prove the coverage at that risk: 59 for none at 0.05."""
    points = misses + 1
    while chance(misses, points, 1 - COVERAGE) > risk:
        points += 1
    return points


def plan(risk: float, expected_share: float) -> Look:
    """The cheapest look that succeeds with good probability if that share of the points misses the tolerance."""
    looks = [Look(points_needed(misses, risk), misses, risk) for misses in range(MOST_MISSES + 1)]
    good = [look for look in looks if chance(look.misses, look.points, expected_share) >= WANTED]
    return good[0] if good else looks[-1]


def certified_error(errors: FloatArray, risk: float) -> float:
    """The smallest tolerance that the errors of held-out points prove at that risk; infinite for too few points."""
    misses = -1
    while chance(misses + 1, len(errors), 1 - COVERAGE) <= risk:
        misses += 1
    return float("inf") if misses < 0 else float(np.sort(errors)[len(errors) - 1 - misses])
