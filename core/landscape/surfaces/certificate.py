"""Certificates from held-out points: what they prove about the plane that is shown, by exact probabilities.

Points are drawn at random among those that are shown and not computed, after the estimate stands. If more than the
share 1 − coverage of the plane missed a tolerance, so few misses among so many points would be improbable (Clopper &
Pearson 1934): with none among 59 that is so at 95 %. The points are drawn without replacement, and cells that were
computed before cannot miss: misses would be the denser among the rest, and fewer points find them out. A surface may
be looked at several times, and a look that meets a miss may go on to more points; every one of these chances to
succeed, also of looks that were stopped half-way, is paid for out of the 5 % of error.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.landscape.plane import FloatArray

CONFIDENCE = 0.95
COVERAGE = 0.95
LOOKS = 3  # more only where some were stopped
RISKS = (0.044, 0.003)  # of a wrong statement, look by look
LATER_RISK = 0.0015  # of all further looks: each takes half of what is left of it
LAST_RISK = 0.0015  # of a wrong statement about the tolerance that could be certified, where all looks failed
SHARES = (0.85, 0.11, 0.04)  # of the risk of a look, for success with no miss, one miss and two


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
    def first(self) -> float:
        """The number of points that are enough if none misses; infinite if only all of them are."""
        return self.stages[0] if self.stages else float("inf")

    @property
    def most(self) -> int:
        """The points of the last stage."""
        return self.stages[-1]


@dataclass(frozen=True)
class Population:
    """The cells of the plane shown. How many of the candidates belong to it shows only when they are computed."""

    exact: int = 0  # computed before: without an error
    fewest: float = float("inf")  # of the candidates, at least so many
    most: float = float("inf")  # and at most so many

    def least_rate(self, points: int, misses: int) -> float:
        """The least probability that the next point misses, if the share 1 − coverage of the plane does.

        Of s candidates shown, (1 − coverage)(exact + s) miss. After some draws the rate is monotonous in s.
        """
        if self.most == float("inf"):
            return 1 - COVERAGE
        sizes = (max(self.fewest, points + 1.0), max(self.most, points + 1.0))
        rate = min(((1 - COVERAGE) * (self.exact + size) - misses) / (size - points) for size in sizes)
        return min(1.0, max(0.0, rate))


def risk_of(look: int) -> float:
    """The probability of a wrong statement that a look may spend; the first is 0."""
    return RISKS[look] if look < len(RISKS) else LATER_RISK * 2.0 ** (len(RISKS) - 1 - look)


def last_risk_of(look: int) -> float:
    """What a look may spend on the tolerance that could be certified: from the last of the usual looks on."""
    return LAST_RISK * 2.0 ** (LOOKS - 2 - look)


@cache
def plan(risk: float, population: Population = Population()) -> Look:
    """The look that says wrongly with at most that probability that the tolerance is missed by few enough points.

    Follows the number of misses from draw to draw if the share 1 − coverage of the plane missed, and lets each stage
    succeed as soon as that has become improbable enough. In small populations there are fewer stages, or none.
    """
    misses = np.zeros(len(SHARES) + 1)  # probability of so many, and of more; without what has succeeded already
    misses[0] = 1.0
    stages: list[int] = []
    points = 0
    while len(stages) < len(SHARES) and points < population.most:
        moved = misses * [population.least_rate(points, already) for already in range(len(misses))]
        moved[-1] = 0.0
        misses -= moved
        misses[1:] += moved[:-1]
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
