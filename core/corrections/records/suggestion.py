"""Which feature of an input promises most: how much each one alone moves the network towards the goal."""

from dataclasses import dataclass, field

from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal


@dataclass(frozen=True, kw_only=True)
class SuggestionRequest:
    """Which of these features are worth a try for one input that the network rejects?"""

    input: tuple[float, ...] = field(repr=False)  # every column of the encoded input, in the user's units
    freedom: Freedom  # all that may change
    goal: Goal


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One feature, with what makes it worth a try. Nothing here is proved: gains are sampled, not bounded."""

    name: str
    gradient: float  # of the lead by the cost, at the input, in the better direction; of a category: its best level
    gain: float  # the most that the lead rises per unit of cost, over the samples of the feature alone
    reached: float  # the largest lead among those samples; above zero the goal is reached by this feature alone
    estimate: float  # of the cost: the cheapest sample that reaches the goal, or what is missing over the gain

    @property
    def suffices(self) -> bool:
        """Whether a sample of this feature alone reaches the goal."""
        return self.reached > 0
