"""The initialisation engine: where training would begin, against the barriers of a plane (Li et al. 2018, §5)."""

import math

import numpy as np
import torch
from torch import Tensor, nn

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, UnsupportedNetwork
from core.job import JobContext
from core.landscape.directions.states import movable_names
from core.landscape.evaluation.recalibration import Recalibration
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.snapshots import frozen
from core.landscape.surface import Status
from core.networks.architectures.registry import build_architecture
from core.networks.mean_loss import channels_last, mean_loss
from core.networks.network import Network
from core.networks.parameters import evaluation_mode
from core.origin import Origin, refuse_foreign

COLUMNS = 4  # loss, calibrated loss, accuracy, distance


def compute_initialisations(
    request: InitialisationRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Initialisations | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Initialisations:
    """Draw fresh weights for a network's architecture, and compute their loss.

    The weights are those that a training with the same seed begins with. `loss` and `accuracy` are with the statistics
    of normalisation as initialised (mean 0, variance 1), which is how an untrained network answers; `calibrated_loss`
    with the statistics of these samples, which is how training sees it from its first batch on. For an architecture
    without normalisation the two are equal. The distance is over all trained parameters.

    Parameters
    ----------
    request : InitialisationRequest
    network : Network
        Of a built-in architecture; only read.
    data : Dataset
        The losses are means over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Initialisations` after every one.
    resume : Initialisations, optional
        A partial result of the same request, network and data; what is there is not computed again.

    Raises
    ------
    UnsupportedNetwork
        If the network is a program: how its weights were drawn is not known.
    InvalidRequest
        If one sample alone is to calibrate normalisation, or `resume` belongs to something else.
    """
    del companions  # nothing else is needed
    architecture = network.card.architecture
    if network.program is not None or architecture is None:
        raise UnsupportedNetwork(
            f'"{network.name}" is a program, which does not say how its weights were drawn. Fresh initialisations can '
            "be drawn for built-in architectures; open the network from its weights."
        )
    used = data.first(request.samples)
    inputs, labels = network.prepare(used)
    inputs = channels_last(inputs)
    drawn = _Drawn(request, network, used)
    try:
        drawn.take_over(resume)
        drawn.draw(architecture, inputs, labels, job)
    except Cancelled:
        job.partial(drawn.snapshot("partial"))
        raise
    return drawn.snapshot("complete")


def fresh_module(architecture: str, input_shape: tuple[int, ...], outputs: int, seed: int) -> nn.Module:
    """An untrained network in evaluation mode. Nobody else's random numbers depend on it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = build_architecture(architecture, input_shape, outputs)
    return module.eval()


class _Drawn:
    """What was drawn so far; `snapshot` gives an immutable copy."""

    def __init__(self, request: InitialisationRequest, network: Network, data: Dataset) -> None:
        self._request, self._network, self._data = request, network, data
        self._origin = Origin(network, data)
        self._seeds = request.seed + np.arange(request.count, dtype=np.int64)
        self._seeds.setflags(write=False)
        self._values = np.full((COLUMNS, request.count), np.nan)
        self._done = np.zeros(request.count, dtype=bool)
        self._centre_loss = math.nan

    def take_over(self, resume: Initialisations | None) -> None:
        """Go on from a partial result. Raises `InvalidRequest` if it belongs to something else."""
        if resume is None:
            return
        refuse_foreign(resume, self._request, self._network, self._data, "set of initialisations")
        self._values[:] = resume.loss, resume.calibrated_loss, resume.accuracy, resume.distance
        self._done = ~np.isnan(resume.distance)  # known of each that was drawn, whatever its loss
        self._centre_loss = resume.centre_loss
        self._origin.take_over(resume)

    def draw(self, architecture: str, inputs: Tensor, labels: Tensor, job: JobContext) -> None:
        """Draw and evaluate every one that is not there yet."""
        trained = self._network.module
        with evaluation_mode(trained):
            if math.isnan(self._centre_loss):
                self._centre_loss = mean_loss(trained, inputs, labels, job)[0]
            with torch.inference_mode():
                outputs = int(trained(inputs[:1]).shape[1])
        for index in np.flatnonzero(~self._done).tolist():
            job.check()
            module = fresh_module(architecture, self._network.card.input.shape, outputs, int(self._seeds[index]))
            loss, accuracy = mean_loss(module, inputs, labels, job)
            calibrated = _calibrated_loss(module, inputs, labels, loss, job)
            self._values[:, index] = loss, calibrated, accuracy, _distance(module, trained)
            self._done[index] = True
            job.progress(int(self._done.sum()), len(self._done), f"seed {self._seeds[index]}")
            job.partial(self.snapshot("partial"))

    def snapshot(self, status: Status) -> Initialisations:
        """What is known now."""
        loss, calibrated, accuracy, distance = (frozen(row.copy()) for row in self._values)
        return Initialisations(
            request=self._request,
            status=status,
            seed=self._seeds,
            loss=loss,
            calibrated_loss=calibrated,
            accuracy=accuracy,
            distance=distance,
            centre_loss=self._centre_loss,
            loss_unit=self._data.loss_unit,
            provenance=self._origin.provenance(),
        )


def _calibrated_loss(module: nn.Module, inputs: Tensor, labels: Tensor, loss: float, job: JobContext) -> float:
    """The loss with statistics of the samples; `loss` itself where nothing is normalised by statistics."""
    if not any(name.endswith("running_mean") for name, _ in module.named_buffers()):
        return loss
    if len(inputs) == 1:
        raise InvalidRequest("One sample has no variance to normalise by. Ask for at least two samples.")
    with torch.inference_mode():
        Recalibration(module).run(inputs, job)
    return mean_loss(module, inputs, labels, job)[0]


def _distance(module: nn.Module, trained: nn.Module) -> float:
    """Between all parameters of two networks, summed in float64."""
    fresh, there = module.state_dict(), trained.state_dict()
    squares = (float((fresh[n].double() - there[n].double()).square().sum()) for n in movable_names(module, "weights"))
    return math.sqrt(sum(squares))
