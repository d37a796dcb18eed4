"""Evaluates a network at points of a plane, and leaves it as it was found."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.job import JobContext
from core.landscape.plane import BatchNorm, Directions
from core.networks.loss import correct, per_sample_loss
from core.networks.mean_loss import batches
from core.networks.parameters import movable

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PointValues:
    """What was computed at one point of a plane, sample by sample."""

    losses: npt.NDArray[np.float32] = field(repr=False)  # (n,), NaN or infinite where they are
    right: npt.NDArray[np.float32] = field(repr=False)  # (n,), 1 or 0; NaN where numbers are predicted

    @property
    def loss(self) -> float:
        """The mean, summed in float64."""
        return float(self.losses.mean(dtype=np.float64))

    @property
    def accuracy(self) -> float:
        """Share of the samples classified right, 0 to 1; NaN where there are no classes."""
        return float(self.right.mean(dtype=np.float64))


class PlaneEvaluator:
    """Evaluates ``L(θ + a·δ + b·η)`` for one network, one plane and one set of samples.

    Make it with `plane_evaluator`, which puts the weights back. Only what the directions name moves: with directions of
    weights the buffers of batch normalisation keep their running statistics, as in Li et al. 2018.
    """

    def __init__(self, module: nn.Module, directions: Directions, inputs: Tensor, labels: Tensor) -> None:
        self._module, self._inputs, self._labels = module, inputs, labels
        tensors = {name: p.data for name, p in module.named_parameters()} | dict(module.named_buffers())
        self._x, self._y = _moved(directions.x, tensors), _moved(directions.y, tensors)
        names = list(dict.fromkeys([*self._x, *self._y]))
        self._tensors = [tensors[name] for name in names]
        self._centre = [tensor.clone() for tensor in self._tensors]
        self._steps = [[axis.get(name) for name in names] for axis in (self._x, self._y)]

    @property
    def description(self) -> str:
        """How a point is evaluated, in words for the inspector and the report."""
        return "module in evaluation mode, float32"

    @property
    def samples(self) -> int:
        """How many samples a point is evaluated on."""
        return len(self._labels)

    def at(self, a: float, b: float, job: JobContext, chosen: IntArray | None = None) -> PointValues:
        """Evaluate one point.

        Parameters
        ----------
        a, b : float
            Multiples of the first and the second direction.
        chosen : (k,) int array, optional
            Rows of the samples to evaluate; None: all of them.
        """
        self._move(a, b)
        rows = None if chosen is None else torch.from_numpy(chosen)
        inputs, labels = (t if rows is None else t[rows] for t in (self._inputs, self._labels))
        losses, right = [], []
        with torch.inference_mode():
            for batch, batch_labels in batches(inputs, labels):
                job.check()
                outputs = self._module(batch)
                losses.append(per_sample_loss(outputs, batch_labels).float())
                right.append(correct(outputs, batch_labels) * ~losses[-1].isnan())
        return PointValues(torch.cat(losses).numpy(), torch.cat(right).numpy())

    def many(
        self, points: Iterable[tuple[float, float]], job: JobContext, chosen: IntArray | None = None
    ) -> Iterator[tuple[int, PointValues]]:
        """Evaluate many points, on several cores where that helps; each comes with its place among `points`."""
        for index, (a, b) in enumerate(points):
            yield index, self.at(a, b, job, chosen)

    def _move(self, a: float, b: float) -> None:
        with torch.no_grad():
            # fused: 150 µs for ResNet-20, a loop takes ten times that
            torch._foreach_copy_(self._tensors, self._centre)
            for amount, steps in zip((a, b), self._steps, strict=True):
                moved = [(t, s) for t, s in zip(self._tensors, steps, strict=True) if s is not None]
                if moved:
                    torch._foreach_add_([t for t, _ in moved], [s for _, s in moved], alpha=amount)


def _moved(axis: Mapping[str, npt.NDArray[np.float32]], tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.array(axis[name])) for name in axis if name in tensors}


@contextmanager
def plane_evaluator(
    module: nn.Module,
    directions: Directions,
    inputs: Tensor,
    labels: Tensor,
    job: JobContext,
    *,
    batch_norm: BatchNorm = "frozen",
) -> Iterator[PlaneEvaluator]:
    """Give an evaluator, and leave the network exactly as it was found, whatever happens.

    Parameters
    ----------
    inputs : (n, …) float32, normalised
    labels : (n,) int64, or (n, k) float: see `per_sample_loss`
    batch_norm : "frozen" or "recalibrated"
        Recalibrated computes the statistics of batch normalisation anew from the samples at every point.
    """
    del job, batch_norm  # used by the ways of evaluating that follow
    if inputs.ndim == 4:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    with movable(module):
        yield PlaneEvaluator(module, directions, inputs, labels)
