"""What is asked of the training lab: one recipe, a plain record that names everything a run depends on."""

import math
from dataclasses import dataclass
from typing import Literal

from core.errors import InvalidRequest
from core.networks.card import InputCard
from core.robustness.kinds import Attack

Optimizer = Literal["sgd", "adam"]
Augmentation = Literal["none", "crop", "crop_flip"]

SEEDS = 2**63  # what torch's generators tell apart, with room for one more each epoch


@dataclass(frozen=True, kw_only=True)
class RobustTraining:
    """A share of every batch is replaced by what an attack makes of it (Yao et al. 2018, §4)."""

    attack: Attack = "fgsm"
    epsilon: float = 0.1  # in units of the data's range, so 0.1 of 0…1: the largest change, or the L2 length of it
    share: float = 0.5  # of each batch that is attacked, 0 to 1
    damping: float = (
        0.01  # of the second-order attacks: added to the Hessian in the input, relative to its largest value
    )

    def __post_init__(self) -> None:
        if not 0 < self.epsilon < math.inf:
            raise InvalidRequest(f"The strength of an attack must be above zero, not {self.epsilon:g}.")
        if not 0 < self.share <= 1:
            raise InvalidRequest(f"The attacked share of a batch must lie in (0, 1], not {self.share:g}.")
        if not 0 < self.damping < math.inf:
            raise InvalidRequest(f"The damping must be above zero, not {self.damping:g}.")


@dataclass(frozen=True, kw_only=True)
class AdaptiveBatch:
    """The batch grows as the curvature falls: ABSA (Yao, Gholami, Keutzer, Mahoney 2018, arXiv 1810.01021).

    Once an epoch the top eigenvalue is measured. If it is at most the last reference divided by `ratio`, or if
    `patience` epochs have passed, the batch and the learning rate are multiplied by `ratio`, and the attacked share of
    robust training is divided by it.
    """

    ratio: int = 2
    patience: int = 10  # epochs
    limit: int = 128  # the largest multiple of the first batch size
    samples: int = 128  # that the eigenvalue is measured on

    def __post_init__(self) -> None:
        if self.ratio < 2 or self.patience < 1 or self.limit < self.ratio or self.samples < 1:
            raise InvalidRequest(
                "An adaptive batch needs a ratio of 2 or more, a patience of one epoch or more, a limit that is not "
                "below the ratio, and at least one sample for the curvature."
            )


@dataclass(frozen=True, kw_only=True)
class TrainingRequest:
    """A recipe. The defaults are those of Li et al. 2018 (§3, and main.py of their tool), but for the epochs."""

    name: str
    architecture: str
    input: InputCard
    epochs: int
    batch_size: int = 128
    micro_batch: int = 0  # samples that pass the network at once; 0: as many as the memory takes
    optimizer: Optimizer = "sgd"
    learning_rate: float = 0.1
    milestones: tuple[float, ...] = (0.5, 0.75, 0.9167)  # shares of the epochs after which the rate is decayed
    decay: float = 0.1  # what the rate is multiplied by at a milestone
    momentum: float = 0.9  # of SGD
    nesterov: bool = True
    weight_decay: float = 5e-4
    augmentation: Augmentation = "none"
    robust: RobustTraining | None = None
    adaptive: AdaptiveBatch | None = None
    checkpoint_every: int = 0  # epochs between checkpoints that are kept; 0: only the first and the last
    evaluate_every: int = 1  # epochs between evaluations of loss and accuracy on whole sets
    curvature_samples: int = 0  # samples that gradient norm and top eigenvalue are measured on each epoch; 0: not
    samples: int | None = None  # the first so many of the training set; None: all
    seed: int = 0
    description: str = ""

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1 or not 0 < self.learning_rate < math.inf:
            raise InvalidRequest(
                "Training needs at least one epoch, one sample a batch and a finite learning rate above zero."
            )
        if not 0 <= self.momentum < 1 or not 0 <= self.weight_decay < math.inf:
            raise InvalidRequest("The momentum must lie in [0, 1), and the weight decay may not be negative.")
        if not all(0 < share < math.inf for share in self.milestones):
            raise InvalidRequest("A milestone is a share of the epochs above zero, such as 0.5 for half of them.")
        if not 0 < self.decay <= 1:
            raise InvalidRequest(f"The rate is multiplied by the decay, which must lie in (0, 1], not {self.decay:g}.")
        if min(self.micro_batch, self.checkpoint_every, self.curvature_samples, self.seed) < 0:
            raise InvalidRequest("Micro-batch, checkpoints, curvature samples and seed may be zero, but not negative.")
        if self.seed >= SEEDS:
            raise InvalidRequest(f"The seed must be below {SEEDS:,}, not {self.seed:,}.")
        if self.evaluate_every < 1 or (self.samples is not None and self.samples < 1):
            raise InvalidRequest("Loss and accuracy need an evaluation every epoch or rarer, on at least one sample.")

    @property
    def drops(self) -> tuple[int, ...]:
        """The epochs after which the rate is decayed."""
        return drop_epochs(self.milestones, self.epochs)


def drop_epochs(milestones: tuple[float, ...], epochs: int) -> tuple[int, ...]:
    """The epochs after which the rate drops, of those before the end.

    Never before the end of the first epoch: half of one epoch would round to a start at a decayed rate.
    """
    after = (max(1, round(share * epochs)) for share in milestones)
    return tuple(epoch for epoch in after if epoch < epochs)
