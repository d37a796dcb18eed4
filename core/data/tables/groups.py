"""Numbers that change together: one change of the group moves each of its features by its own amount."""

import math

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from core.errors import InvalidRequest


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class FeatureGroup:
    """Features that only change together, such as the sides of a picture; the change is 0 where the input is.

    The change has a unit of its own; each feature moves by its amount for every unit of it.
    """

    name: str
    features: tuple[str, ...]
    amounts: tuple[float, ...] = ()  # of each feature's units per unit of the change; (): one each
    unit: str = ""
    low: float | None = None  # of the change; None: as far as the ranges of the features go
    high: float | None = None
    step: float = 0.0
    price: float = 0.0  # cost per unit of the change; 0: one over the range
    half_width: float = 0.0

    def __post_init__(self) -> None:
        if len(self.features) < 2 or len(set(self.features)) < len(self.features):
            raise InvalidRequest(f'The group "{self.name}" needs two or more different features')
        if self.amounts and len(self.amounts) != len(self.features):
            raise InvalidRequest(
                f'The group "{self.name}" lists {len(self.amounts)} amounts for {len(self.features)} features'
            )
        if not all(math.isfinite(amount) and amount for amount in self.amounts):
            raise InvalidRequest(f'The amounts of the group "{self.name}" must be finite and not zero')
        for label, value in (("step", self.step), ("price", self.price), ("half_width", self.half_width)):
            if not 0 <= value < math.inf:
                raise InvalidRequest(f'The {label} of the group "{self.name}" must be zero or more, not {value:g}')
        ends = [end for end in (self.low, self.high) if end is not None]
        if not all(math.isfinite(end) for end in ends) or (len(ends) == 2 and not ends[0] < ends[1]):
            raise InvalidRequest(f'The range of the group "{self.name}" must have finite ends, the smaller first')

    @property
    def shares(self) -> tuple[float, ...]:
        """By how much each feature moves per unit of the change."""
        return self.amounts or (1.0,) * len(self.features)
