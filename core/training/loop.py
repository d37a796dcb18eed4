"""One epoch: every sample once, in random order, an update of the weights for each batch.

A batch is split evenly into micro-batches where memory asks for it, and their gradients are added, weighted by their
samples. So a batch means the same whatever passes the network at once, with one exception: batch normalisation takes
its statistics from what passes at once, the micro-batch.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from core.networks.loss import per_sample_loss
from core.robustness.attacks import attack
from core.robustness.box import DataBox
from core.training.augmentation import Augmenter
from core.training.interrupting import Interrupter
from core.training.recipe import RobustTraining
from core.training.samples import Samples

OnBatch = Callable[[float, int], None]  # told the loss of every batch, and how many samples it had


@dataclass(frozen=True, eq=False)
class Learner:
    """A network with everything that changes it."""

    module: nn.Module
    optimiser: torch.optim.Optimizer
    samples: Samples
    generator: torch.Generator  # order of samples, augmentation, random starts of attacks
    augmenter: Augmenter
    box: DataBox | None  # for robust training
    robust: RobustTraining | None
    micro_batch: int
    interrupter: Interrupter
    normalises: bool = field(init=False)  # over the batch, so that one sample alone cannot be learnt

    def __post_init__(self) -> None:
        kinds = nn.modules.batchnorm._BatchNorm  # noqa: SLF001  the common class has no other name
        object.__setattr__(self, "normalises", any(isinstance(part, kinds) for part in self.module.modules()))


def train_epoch(learner: Learner, batch_size: int, share: float, job: JobContext, on_batch: OnBatch) -> None:
    """Learn from every sample once.

    Parameters
    ----------
    share : float
        Of the samples that are attacked, 0 to 1; 0: none.

    Raises
    ------
    NumericalFailure
        If a loss is NaN or infinite; the weights are then those before that batch.
    Cancelled
        Within a batch too: statistics of normalisation may have moved, so what the epoch has done is to be dropped.
    """
    learner.module.train()
    order = torch.randperm(len(learner.samples), generator=learner.generator)
    seen = 0
    for chosen in _batches(order, batch_size, alone=not learner.normalises):
        loss = learn_batch(learner, chosen, seen, share, job)
        seen += len(chosen)
        on_batch(loss, len(chosen))


def learn_batch(learner: Learner, chosen: Tensor, seen: int, share: float, job: JobContext) -> float:
    """Update the weights with one batch, given as indices (m,) of samples, and give its mean loss.

    Parameters
    ----------
    seen : int
        Samples of this epoch before the batch: they decide whose turn it is to be attacked.

    Raises
    ------
    NumericalFailure
        If the loss is NaN or infinite; the weights stay.
    """
    began = time.perf_counter()
    loss = _accumulate(learner, chosen, seen, share, job)
    if not math.isfinite(loss):
        raise NumericalFailure(f"The loss of a batch became {loss}")
    learner.optimiser.step()
    learner.optimiser.zero_grad(set_to_none=True)
    learner.interrupter.took(time.perf_counter() - began)
    return loss


def _batches(order: Tensor, size: int, *, alone: bool) -> list[Tensor]:
    """The order cut into batches. A last sample that may not be alone goes with the batch before."""
    batches = list(torch.split(order, size))
    if not alone and len(batches) > 1 and size > 1 and len(batches[-1]) == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def _micro_batches(chosen: Tensor, size: int, *, alone: bool) -> tuple[Tensor, ...]:
    """A batch cut evenly. Where a sample may not be alone, one more passes at once: 2 and 3 of 5, not 2, 2 and 1."""
    count = math.ceil(len(chosen) / size)
    if not alone and size > 1:
        count = max(1, min(count, len(chosen) // 2))
    return torch.tensor_split(chosen, count)


def _accumulate(learner: Learner, chosen: Tensor, seen: int, share: float, job: JobContext) -> float:
    """Add up the gradient of the mean loss over a batch, and give that loss."""
    total = 0.0
    for part in _micro_batches(chosen, learner.micro_batch, alone=not learner.normalises):
        job.check()
        labels = learner.samples.labels[part]
        inputs = learner.augmenter(learner.samples.inputs(part), learner.generator)
        if share > 0:
            inputs = _attacked(learner, inputs, labels, seen, share)
        seen += len(part)
        try:
            loss = per_sample_loss(learner.module(inputs), labels).sum() / len(chosen)
        except ValueError as error:
            raise _explained(error) from error
        loss.backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    return total


def _attacked(learner: Learner, inputs: Tensor, labels: Tensor, seen: int, share: float) -> Tensor:
    """The inputs, of which every so-manieth is attacked: exactly the share, whatever the size of a batch."""
    robust, box = learner.robust, learner.box
    if robust is None or box is None:
        return inputs
    counts = torch.floor(torch.arange(seen, seen + len(inputs) + 1, dtype=torch.float64) * share)
    chosen = (counts[1:] > counts[:-1]).nonzero().squeeze(1)
    if not len(chosen):
        return inputs
    changed = attack(
        learner.module,
        inputs[chosen],
        labels[chosen],
        kind=robust.attack,
        epsilon=robust.epsilon,
        low=box.low,
        high=box.high,
        scale=box.scale,
        damping=robust.damping,
        generator=learner.generator,
    )
    return inputs.index_copy(0, chosen, changed)


def _explained(error: ValueError) -> Exception:
    if "more than 1 value per channel" in str(error):
        return InvalidRequest(
            "The network normalises over the samples of a batch, and one sample leaves nothing to normalise over. "
            "Use a batch and a micro-batch of two samples or more."
        )
    return error
