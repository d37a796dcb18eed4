"""Certificates from held-out points: what they prove about all the others, by exact binomial probabilities.

Points are drawn at random among those that are shown and not computed, after the estimate stands. If more than the
share 1 − coverage of them missed a tolerance, so few misses among so many points would be improbable (Clopper &
Pearson 1934): with none among 59 that is so at 95 %. A surface may be looked at several times, and a look that meets a
miss may go on to more points; every one of these chances to succeed is paid for out of the 5 % of error.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.landscape.plane import FloatArray

CONFIDENCE = 0.95
COVERAGE = 0.95
RISKS = (0.038, 0.008, 0.002)  # of a wrong statement, look by look
LAST_RISK = 0.002  # of a wrong statement about the tolerance that could be certified, where all looks failed
SHARES = (0.75, 0.15, 0.06, 0.04)  # of the risk of a look, for success with no miss, one miss, two and three


@dataclass(frozen=True)
class Look:
    """A test of held-out points, fixed before any of them is computed."""

    stages: tuple[int, ...]  # with at most i misses among the first stages[i] points the tolerance is proved

    def proved(self, points: int, misses: int) -> bool:
        """Whether so many misses among so many points prove the tolerance."""
        return misses < len(self.stages) and points >= self.stages[misses]

    def hopeless(self, points: int, misses: int) -> bool:
        """Whether it is wiser to refine than to go on; that costs no certainty."""
        return misses >= len(self.stages) or (misses > 1 and points < 40 * misses)

    def next_stage(self, misses: int) -> int:
        """The number of points at which so many misses would be few enough, or of the last stage."""
        return self.stages[min(misses, len(self.stages) - 1)]

    @property
    def most(self) -> int:
        """The points of the last stage."""
        return self.stages[-1]


@cache
def plan(risk: float) -> Look:
    """The look that says wrongly with at most that probability that the tolerance is missed by few enough points.

    Follows the number of misses from draw to draw if the share 1 − coverage of all points missed, and lets each stage
    succeed as soon as that has become improbable enough.
    """
    misses = np.zeros(len(SHARES) + 1)  # probability of so many, and of more; without what has succeeded already
    misses[0] = 1.0
    stages: list[int] = []
    points = 0
    while len(stages) < len(SHARES):
        moved = misses * (1 - COVERAGE)
        misses -= moved
        misses[1:] += moved[:-1]
        misses[-1] += moved[-1]
        points += 1
        allowed = len(stages)
        if points > allowed and misses[: allowed + 1].sum() <= risk * SHARES[allowed]:
            misses[: allowed + 1] = 0.0
            stages.append(points)
    return Look(tuple(stages))


def certified_error(errors: FloatArray, risk: float) -> float:
    """The smallest tolerance that the errors of held-out points prove at that risk; infinite for too few points."""
    from scipy.stats import binom  # noqa: PLC0415  half a second

    misses = -1
    while misses + 1 < len(errors) and binom.cdf(misses + 1, len(errors), 1 - COVERAGE) <= risk:
        misses += 1
    return float("inf") if misses < 0 else float(np.sort(errors)[len(errors) - 1 - misses])
