"""A copy of a network that can be put to any point of a plane and evaluated there."""

import math

import torch
from torch import Tensor, nn

from core.job import JobContext
from core.landscape.evaluation.copying import double_copy, independent_copy
from core.landscape.evaluation.fusing import FusedNetwork, fused_network
from core.landscape.evaluation.movement import Movement
from core.landscape.evaluation.points import PointValues
from core.landscape.evaluation.recalibration import Recalibration
from core.landscape.evaluation.ways import Way
from core.landscape.plane import BatchNorm, Directions
from core.networks.loss import correct, per_sample_loss
from core.networks.mean_loss import batch_size


class Replica:
    """Evaluates ``L(θ + a·δ + b·η)`` in a copy of the network: the network itself is never moved.

    Parameters
    ----------
    double : bool
        Whether the copy computes in float64.
    """

    def __init__(
        self, module: nn.Module, directions: Directions, batch_norm: BatchNorm, *, double: bool = False
    ) -> None:
        self._double = double
        self._module = double_copy(module) if double else independent_copy(module)
        self._recalibration = Recalibration(self._module) if batch_norm == "recalibrated" else None
        if self._recalibration is not None:
            self._module = self._recalibration.module
        self._movement = Movement(self._module, directions)
        tensors = [t for t in (*self._module.parameters(), *self._module.buffers()) if t.is_floating_point()]
        self.dtype = tensors[0].dtype if tensors else torch.float32
        self.device = tensors[0].device if tensors else torch.device("cpu")
        self._fused: FusedNetwork | None = None

    def operations(self, inputs: Tensor) -> int:
        """At most so many multiplications and additions a point takes: every weight at every place of a sample.

        They tell a cheap point from others without a clock, which a busy machine would mislead.
        """
        places = math.prod(inputs.shape[2:])
        return 2 * len(inputs) * places * sum(p.numel() for p in self._module.parameters() if p.ndim > 1)

    def fuse(self) -> bool:
        """Prepare the fused layers; False where there are none."""
        self._fused = self._fused or fused_network(self._module)
        return self._fused is not None

    def move(self, a: float, b: float, inputs: Tensor, way: Way, job: JobContext) -> None:
        """Go to a point; `inputs` are what the statistics of normalisation are computed from, where they are."""
        self._movement.to(a, b)
        with torch.inference_mode():
            if self._recalibration is not None:
                self._recalibration.run(inputs, job)
            if way.fused and self._fused is not None:
                self._fused.refresh()

    def values(
        self, inputs: Tensor, labels: Tensor, way: Way, job: JobContext, outputs_of: Tensor | None = None
    ) -> PointValues:
        """Losses and verdicts of samples at the present point, with the outputs of some of them where asked for."""
        size = way.batch or batch_size(inputs)
        losses, right, outputs = [], [], []
        with torch.inference_mode():
            for batch, targets in zip(torch.split(inputs, size), torch.split(labels, size), strict=True):
                job.check()
                of_batch, verdicts, answered = self._batch(batch, targets, way)
                losses.append(of_batch)
                right.append(verdicts)
                if outputs_of is not None:
                    outputs.append(answered)
            chosen = torch.cat(outputs)[outputs_of].float().cpu().numpy() if outputs_of is not None else None
        return PointValues(torch.cat(losses).cpu().numpy(), torch.cat(right).cpu().numpy(), chosen)

    def _batch(self, batch: Tensor, labels: Tensor, way: Way) -> tuple[Tensor, Tensor, Tensor]:
        if way.channels_last and batch.ndim == 4:
            batch = batch.contiguous(memory_format=torch.channels_last)
        if way.fused and self._fused is not None:
            outputs = self._fused(batch)
            losses, right = _judged(outputs, labels)
            if bool(losses.isfinite().all()):
                return losses, right, outputs
        # Multiplied weights overflow elsewhere than the layers do one by one: what is not finite is theirs.
        outputs = self._module(batch)
        return *_judged(outputs, labels), outputs


def _judged(outputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    # In float64: the logarithm of a probability near one would lose three of its digits in float32.
    outputs = outputs.double()
    losses = per_sample_loss(outputs, labels).float()
    return losses, (correct(outputs, labels) * ~losses.isnan()).float()
