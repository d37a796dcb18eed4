"""The mean loss of a network in its present state."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from core.job import JobContext
from core.networks.loss import correct, per_sample_loss

# Spatial positions in a batch: small enough for the activations to stay in cache and every batch to end within 100 ms.
# Measured for 32 × 32 images: 64 a batch is the fastest.
BATCH_POSITIONS = 64 * 32 * 32
MAX_BATCH = 1024


def _unseen(_outputs: Tensor, _labels: Tensor) -> None:
    """Nobody looks."""


def mean_loss(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    job: JobContext,
    seen: Callable[[Tensor, Tensor], None] = _unseen,
) -> tuple[float, float]:
    """Mean loss and accuracy of a module in its present state; the accuracy of numbers that are predicted is NaN.

    Parameters
    ----------
    inputs : (n, …) float32, normalised
    labels : (n,) int64, or (n, k) float: see `per_sample_loss`
    seen : callable
        Gets outputs and labels of every batch.

    Returns
    -------
    The loss is summed in float64, so it does not depend on the size of the batches beyond float32 forward passes. A
    sample whose loss is NaN counts as wrong: the largest of several NaN is no verdict.
    """
    total, right = 0.0, 0.0
    with torch.inference_mode():
        for batch, batch_labels in batches(inputs, labels):
            job.check()
            outputs = module(batch)
            seen(outputs, batch_labels)
            losses = per_sample_loss(outputs, batch_labels)
            total += float(losses.double().sum())
            right += float((correct(outputs, batch_labels) * ~losses.isnan()).sum())
    return total / len(labels), right / len(labels)


def channels_last(inputs: Tensor) -> Tensor:
    """The same numbers, images in the order in which convolutions are fastest."""
    return inputs.contiguous(memory_format=torch.channels_last) if inputs.ndim == 4 else inputs


def batch_size(inputs: Tensor) -> int:
    """How many samples of that shape are computed at once."""
    positions = int(np.prod(inputs.shape[2:])) if inputs.ndim > 2 else 1
    return max(1, min(MAX_BATCH, BATCH_POSITIONS // positions))


def batches(inputs: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Consecutive batches of a size that suits the samples' shape."""
    size = batch_size(inputs)
    yield from zip(torch.split(inputs, size), torch.split(labels, size), strict=True)
