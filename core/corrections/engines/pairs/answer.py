"""What is known of one pair of features, and the second proof of it."""

from dataclasses import dataclass, field, replace

import numpy as np

from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.proving import prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.limited import OutOfTime
from core.corrections.records.correction import Proof
from core.corrections.records.goal import Goal
from core.corrections.records.pairs import Lanes, Table
from core.job import JobContext

NOTHING = (np.nan, np.nan)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What is known of two features, in their order; of one alone both are the same."""

    centre: tuple[float, float] = NOTHING  # corrected values, or places of levels
    distance: float = np.inf  # infinite: none is known
    lower_bound: float = 0.0  # infinite: provably none exists
    proof: Proof = "unknown"
    lanes: Lanes | None = field(default=None, repr=False)
    table: Table | None = field(default=None, repr=False)

    def turned(self) -> "Answer":
        """With the two features the other way round."""
        return replace(self, centre=self.centre[::-1])


def proof_of_box(
    network: Restriction,
    goal: Goal,
    centre: tuple[float, ...],
    half_width: tuple[float, ...],
    job: JobContext,
    lane: int = 0,
) -> Proof:
    """What bounds that know nothing of regions say of the box about a centre; "unknown" where the time is over."""
    half = np.array(half_width)
    try:
        answer = prove_box(network, goal, np.array(centre) - half, np.array(centre) + half, job, lane=lane)
    except OutOfTime:
        return "unknown"
    return "proved" if isinstance(answer, Proved) else "unknown"
