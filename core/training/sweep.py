"""Many runs from one recipe: every combination of architectures, batch sizes, seeds, and robust or plain."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from core.errors import InvalidRequest
from core.robustness.kinds import ATTACK_NAMES
from core.training.recipe import RobustTraining, TrainingRequest

Scaling = Literal["none", "linear", "square root"]
MOST_RUNS = 1000


@dataclass(frozen=True, kw_only=True)
class SweepRequest:
    """What the runs have in common, and in what they differ. An empty list stands for the recipe's own value."""

    recipe: TrainingRequest
    architectures: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] = ()
    seeds: tuple[int, ...] = ()
    robust: tuple[RobustTraining | None, ...] = ()  # None: a plain run
    scaling: Scaling = "none"  # how the learning rate follows the batch size, from the recipe's own

    def __post_init__(self) -> None:
        lists = (self.architectures, self.batch_sizes, self.seeds, self.robust)
        if any(len(set(values)) < len(values) for values in lists):
            raise InvalidRequest("A sweep names a value twice: two of its runs would be the same. Remove one.")
        runs = 1
        for values in lists:
            runs *= max(1, len(values))
        if runs > MOST_RUNS:
            raise InvalidRequest(f"The sweep would take {runs:,} runs, more than {MOST_RUNS:,}. Shorten its lists.")

    def requests(self) -> tuple[TrainingRequest, ...]:
        """One recipe per run, named by what tells it from the others, in the order in which they are trained."""
        recipe = self.recipe
        combinations = product(
            self.architectures or (recipe.architecture,),
            self.batch_sizes or (recipe.batch_size,),
            self.robust or (recipe.robust,),
            self.seeds or (recipe.seed,),
        )
        return tuple(self._request(*combination) for combination in combinations)

    def _request(self, architecture: str, batch: int, robust: RobustTraining | None, seed: int) -> TrainingRequest:
        growth = batch / self.recipe.batch_size
        factor = {"none": 1.0, "linear": growth, "square root": growth**0.5}[self.scaling]
        return replace(
            self.recipe,
            name=self._name(architecture, batch, robust, seed),
            architecture=architecture,
            batch_size=batch,
            learning_rate=self.recipe.learning_rate * factor,
            robust=robust,
            seed=seed,
        )

    def _name(self, architecture: str, batch: int, robust: RobustTraining | None, seed: int) -> str:
        parts = [architecture] if len(self.architectures) > 1 else [self.recipe.name]
        if len(self.batch_sizes) > 1:
            parts.append(f"batch {batch}")
        if len(self.robust) > 1:
            parts.append("plain" if robust is None else f"{ATTACK_NAMES[robust.attack]} {robust.epsilon:g}")
        if len(self.seeds) > 1:
            parts.append(f"seed {seed}")
        return " · ".join(parts)
