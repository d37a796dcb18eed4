"""Loss and accuracy at points of a plane through the weights, computed in place."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from core.job import JobContext
from core.landscape.surface import Directions
from core.networks.loss import correct, per_sample_loss
from core.networks.parameters import movable

# Spatial positions in a batch: small enough for the activations to stay in cache and every batch to end within 100 ms.
# Measured for 32 × 32 images: 64 a batch is the fastest.
BATCH_POSITIONS = 64 * 32 * 32
MAX_BATCH = 1024


class PlaneEvaluator:
    """Evaluates ``L(θ + a·δ + b·η)`` for one network, one plane and one set of samples.

    Make it with `plane_evaluator`, which puts the weights back. Only parameters move: the buffers of batch
    normalisation keep their running statistics, as in Li et al. 2018.
    """

    def __init__(self, module: nn.Module, parameters: list[Tensor], directions: Directions) -> None:
        self._module = module
        self._parameters = parameters
        self._centre = [parameter.clone() for parameter in parameters]
        names = [name for name, _ in module.named_parameters()]
        self._x = [torch.from_numpy(np.array(directions.x[name])) for name in names]
        self._y = [torch.from_numpy(np.array(directions.y[name])) for name in names]

    def evaluate(self, a: float, b: float, inputs: Tensor, labels: Tensor, job: JobContext) -> tuple[float, float]:
        """Mean loss (`per_sample_loss`; NaN or infinity if it is) and accuracy (0 to 1, or NaN) at one point."""
        with torch.no_grad():
            torch._foreach_copy_(
                self._parameters, self._centre
            )  # fused: 150 µs for ResNet-20, a loop takes ten times that
            torch._foreach_add_(self._parameters, self._x, alpha=a)
            torch._foreach_add_(self._parameters, self._y, alpha=b)
        return mean_loss(self._module, inputs, labels, job)


@contextmanager
def plane_evaluator(module: nn.Module, directions: Directions) -> Iterator[PlaneEvaluator]:
    """Give an evaluator, and leave the network exactly as it was found, whatever happens."""
    with movable(module) as parameters:
        yield PlaneEvaluator(module, parameters, directions)


def mean_loss(module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext) -> tuple[float, float]:
    """Mean loss and accuracy of a module in its present state; the accuracy of numbers that are predicted is NaN.

    Parameters
    ----------
    inputs : (n, …) float32, normalised
    labels : (n,) int64, or (n, k) float: see `per_sample_loss`

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
            losses = per_sample_loss(outputs, batch_labels)
            total += float(losses.double().sum())
            right += float((correct(outputs, batch_labels) * ~losses.isnan()).sum())
    return total / len(labels), right / len(labels)


def batches(inputs: Tensor, labels: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Consecutive batches of a size that suits the samples' shape."""
    positions = int(np.prod(inputs.shape[2:])) if inputs.ndim > 2 else 1
    size = max(1, min(MAX_BATCH, BATCH_POSITIONS // positions))
    yield from zip(torch.split(inputs, size), torch.split(labels, size), strict=True)
