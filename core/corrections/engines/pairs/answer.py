"""What is known of one pair of features."""

from dataclasses import dataclass, field, replace

import numpy as np

from core.corrections.records.correction import Proof
from core.corrections.records.pairs import Lanes, Table

NOTHING = (np.nan, np.nan)


@dataclass(frozen=True, kw_only=True, eq=False)
class PairAnswer:
    """What is known of two features, in their order; of one alone both are the same."""

    centre: tuple[float, float] = NOTHING  # corrected values, or places of levels
    distance: float = np.inf  # infinite: none is known
    lower_bound: float = 0.0  # infinite: provably none exists
    proof: Proof = "unknown"
    lanes: Lanes | None = field(default=None, repr=False)
    table: Table | None = field(default=None, repr=False)

    def turned(self) -> "PairAnswer":
        """With the two features the other way round."""
        return replace(self, centre=self.centre[::-1])
