"""A curve of low loss between two networks: quadratic Bézier with a trained bend (Garipov et al. 2018, §3)."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, fx, nn
from torch.nn.modules.batchnorm import _BatchNorm

from core.companions import Companions
from core.errors import InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.job import JobContext
from core.landscape.directions.networks import network_directions
from core.landscape.directions.vectors import cosine
from core.landscape.evaluation.copying import independent_copy
from core.landscape.evaluation.graph_norm import GraphNorm
from core.landscape.evaluation.recalibration import Recalibration
from core.landscape.plane import BezierDirections, Direction, Directions, NetworkDirections
from core.networks.loss import per_sample_loss
from core.networks.mean_loss import channels_last
from core.networks.network import Network
from core.training.interrupting import Interrupter

MOMENTUM = 0.9  # Garipov et al. 2018, §A.1
RETRIES = 2  # each with a tenth of the rate before
FULL_RATE, LOWEST = 0.5, 0.9  # shares of the steps: the rate falls between the two, to a hundredth


def bezier_directions(
    asked: BezierDirections,
    network: Network,
    inputs: Tensor,
    labels: Tensor,
    companions: Companions,
    job: JobContext,
) -> Directions:
    """Train the bend of a curve ``θ(t) = θ + t·x + 2t(1 − t)·y`` from one network to another.

    With x = θ′ − θ this is the quadratic Bézier curve through the two whose middle point of control is
    ``(θ + θ′)/2 + y``. Stochastic gradient descent on y lowers the mean loss at t drawn evenly between 0 and 1: a batch
    of the samples and one t a step, momentum 0.9, the rate falling to a hundredth in the second half. If the loss is
    NaN or infinite on the way, the search begins anew with a tenth of the rate, twice at most.

    While it trains, batch normalisation uses the statistics of the batch, as in the paper. So along the curve they are
    to be computed anew from samples (`batch_norm` "recalibrated"): frozen ones are interpolated between those of the
    two networks, with which the bend was never run. A program whose normalisation was frozen when it was exported is
    trained with the interpolated ones. The networks at both ends stay as they are; dropout is off.

    Parameters
    ----------
    inputs, labels : Tensor
        Prepared samples that the bend is trained on.

    Raises
    ------
    InvalidRequest, WeightsMismatch
        If the other network is not at hand, is the same, or of another architecture.
    NumericalFailure
        If the loss becomes NaN or infinite at the lowest rate too.
    """
    to_other = NetworkDirections(first=asked.other, moving="states")
    line = network_directions(to_other, network, companions)
    inputs = channels_last(inputs)
    bend = _Bend(network, line.x, min(asked.batch_size, len(inputs)))
    with bend.watched(job):
        for attempt in range(RETRIES + 1):
            rate = asked.learning_rate / 10**attempt
            bend.straighten()
            loss = _train(asked, rate, bend, inputs, labels, job)
            if math.isfinite(loss):
                break
        else:
            raise NumericalFailure(
                f"The loss along the curve became {loss}, even with a learning rate of {rate:g}. Find the curve with "
                "a lower one, and see that both networks have a finite loss on these samples."
            )
    y = {name: offset.numpy().copy() for name, offset in bend.offsets.items()}
    return Directions(x=line.x, y=y, cosine=cosine(line.x, y), anchors=line.anchors)


class _Bend:
    """A copy of the network that goes to points of the curve, and the offsets of the bend that are trained."""

    def __init__(self, network: Network, x: Direction, batch: int) -> None:
        self._module = _trainable_copy(network.module)
        norms = [layer for layer in self._module.modules() if isinstance(layer, _BatchNorm | GraphNorm)]
        if norms and batch == 1:
            raise InvalidRequest("One sample has no variance to normalise by. Ask for at least two samples a step.")
        for layer in norms:
            layer.training = True  # of the whole module only these: dropout stays off
        parameters = {name: parameter for name, parameter in self._module.named_parameters() if name in x}
        statistics = {name: value for name, value in self._module.named_buffers() if name in x}
        self._line = [_Line.of(tensor, x[name]) for name, tensor in (parameters | statistics).items()]
        self._parameters = list(parameters.values())
        self.offsets = {name: torch.zeros_like(parameter.detach()) for name, parameter in parameters.items()}
        self._velocities = [torch.zeros_like(offset) for offset in self.offsets.values()]
        self._interrupter: Interrupter | None = None

    def straighten(self) -> None:
        """Go back to the straight line."""
        for tensor in (*self.offsets.values(), *self._velocities):
            tensor.zero_()

    @contextmanager
    def watched(self, job: JobContext) -> Iterator[None]:
        """Let slow steps be stopped in their middle."""
        self._interrupter = Interrupter(self._module, job)
        try:
            yield
        finally:
            self._interrupter.release()

    def step(self, t: float, rate: float, batch: Tensor, labels: Tensor) -> float:
        """Go to t, and move the bend down the gradient of the loss of these samples. Gives the loss."""
        started = time.perf_counter()
        bent = 2 * t * (1 - t)
        offsets = list(self.offsets.values())
        with torch.no_grad():
            for line in self._line:
                torch.add(line.start, line.towards, alpha=t, out=line.tensor)
            torch._foreach_add_([parameter.data for parameter in self._parameters], offsets, alpha=bent)
        loss = per_sample_loss(self._module(batch), labels).mean()
        gradient = torch.autograd.grad(loss, self._parameters, allow_unused=True, materialize_grads=True)
        torch._foreach_mul_(self._velocities, MOMENTUM)
        torch._foreach_add_(self._velocities, gradient, alpha=bent)  # the bend's share in the weights at t
        torch._foreach_add_(offsets, self._velocities, alpha=-rate)
        if self._interrupter is not None:
            self._interrupter.took(time.perf_counter() - started)
        return float(loss.detach())


@dataclass(frozen=True, eq=False)
class _Line:
    """A tensor of the copy, and where it is on the straight line."""

    tensor: Tensor = field(repr=False)
    start: Tensor = field(repr=False)
    towards: Tensor = field(repr=False)

    @staticmethod
    def of(tensor: Tensor, towards: object) -> "_Line":
        here = tensor.detach()
        return _Line(here, here.clone(), torch.tensor(towards).to(here.dtype))


def _train(asked: BezierDirections, rate: float, bend: _Bend, inputs: Tensor, labels: Tensor, job: JobContext) -> float:
    """All steps, or those until the loss is not finite. Gives the last loss."""
    generator = torch.Generator().manual_seed(asked.seed)
    rows = _batches(len(labels), asked.batch_size, generator)
    loss = math.nan
    for number in range(asked.steps):
        job.check()
        chosen = next(rows)
        t = float(torch.rand((), generator=generator))
        loss = bend.step(t, rate * _share_of_rate(number / asked.steps), inputs[chosen], labels[chosen])
        if not math.isfinite(loss):
            break
        job.progress(number + 1, asked.steps, f"bend of the curve, loss {loss:.3g}")
    return loss


def _batches(samples: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Rows in random order, all before one comes again; what does not fill a batch is left to the next round."""
    size = min(size, samples)
    while True:
        order = torch.randperm(samples, generator=generator)
        for start in range(0, samples - size + 1, size):
            yield order[start : start + size]


def _share_of_rate(done: float) -> float:
    """Full at first, then falling evenly to a hundredth."""
    fall = min(1.0, max(0.0, (done - FULL_RATE) / (LOWEST - FULL_RATE)))
    return 1.0 - 0.99 * fall


def _trainable_copy(module: nn.Module) -> nn.Module:
    """A copy whose normalisation can be switched to training, also that of a program, where it allows it."""
    copied = independent_copy(module)
    if isinstance(copied, fx.GraphModule):
        try:
            copied = Recalibration(copied).module
        except UnsupportedNetwork:
            copied = independent_copy(module)
    for parameter in copied.parameters():
        parameter.requires_grad = True
    return copied
