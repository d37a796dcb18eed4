"""The history engine: curvature, gradient and loss at every checkpoint of a training, each searched for anew."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from core.curvature.measuring import gradient_norm, recomputed, top_pairs
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure
from core.job import JobContext
from core.networks.mean_loss import channels_last, mean_loss
from core.networks.network import Network
from core.networks.parameters import evaluation_mode, movable
from core.networks.states import put_state, refuse_other_architecture
from core.networks.waypoint import Waypoint
from core.origin import Origin, refuse_foreign
from core.spectrum.history import History, HistoryRequest
from core.spectrum.spectrum import FloatArray, Status, product_limit
from core.spectrum.subject import refuse_one_class, refuse_other_types

UNITS = 100  # of progress for each checkpoint
NOTHING_YET = 12  # products before a search for one eigenvalue may end, about; three more for each further one


@dataclass(frozen=True, eq=False)
class _Samples:
    data: Dataset
    inputs: Tensor = field(repr=False)
    labels: Tensor = field(repr=False)


def compute_history(
    request: HistoryRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: History | None = None,
    *,
    waypoints: Sequence[Waypoint] = (),
    test: Dataset | None = None,
) -> History:
    """Measure the Hessian's top eigenvalues, the gradient and the loss at every checkpoint (Yao et al. 2018, §3).

    Every checkpoint is in evaluation mode with its own running statistics. Its eigenvalues come from Lanczos with a
    random start, and their residuals from products in float64. One whose loss or derivatives are not finite gets NaN,
    and those after it are measured all the same.

    Parameters
    ----------
    request : HistoryRequest
    network : Network
        Of the architecture of the checkpoints. Unchanged afterwards.
    data : Dataset
        Loss, gradient and Hessian are means over its first `request.samples` samples.
    job : JobContext
        Receives a partial `History` after every checkpoint, and a last one when it is stopped.
    resume : History, optional
        A partial one of the same request, network, data and checkpoints; none in it is measured again.
    waypoints : sequence of Waypoint
        The checkpoints in order.
    test : Dataset, optional
        Needed if the request asks for it.

    Raises
    ------
    InvalidRequest
        If there are no checkpoints or no test set, fewer parameters than eigenvalues, or `resume` belongs to something
        else.
    WeightsMismatch
        If a checkpoint is of another architecture.
    UnsupportedNetwork
        If the network has no second derivatives, or weights in another type than float32.
    """
    if not waypoints:
        raise InvalidRequest(
            "There are no checkpoints to follow the curvature through. Choose a training that kept some."
        )
    _refuse_network(request, network, waypoints)
    train, tested = _samples(network, data, request.samples), _test_samples(request, network, test)
    with evaluation_mode(network.module), torch.no_grad():
        refuse_one_class(network, network.module(train.inputs[:1]), train.labels)
    growing = _GrowingHistory(request, network, train, tested, waypoints, job)
    if resume is not None:
        growing.take_over(resume)
    try:
        growing.grow()
    except Cancelled:
        job.partial(growing.snapshot("partial"))
        raise
    return growing.snapshot("complete")


def _refuse_network(request: HistoryRequest, network: Network, waypoints: Sequence[Waypoint]) -> None:
    refuse_other_types(network)
    size = sum(parameter.numel() for parameter in network.module.parameters())
    if request.top > size:
        raise InvalidRequest(f'"{network.name}" has {size} parameters, so {request.top} eigenvalues do not exist.')
    for waypoint in waypoints:
        whose = f"the checkpoint of epoch {waypoint.epoch:g}"
        refuse_other_architecture(network.module, waypoint.weights, whose, f'"{network.name}"')


def _samples(network: Network, data: Dataset, samples: int | None) -> _Samples:
    used = data.first(samples)
    inputs, labels = network.prepare(used)
    inputs = channels_last(inputs)
    return _Samples(used, inputs, labels)


def _test_samples(request: HistoryRequest, network: Network, test: Dataset | None) -> _Samples | None:
    if not request.test:
        return None
    if test is None:
        raise InvalidRequest("The loss of the test set is asked for, but there is no test set. Choose one.")
    return _samples(network, test, request.test_samples)


class _GrowingHistory:
    """The arrays while they fill; `snapshot` gives an immutable copy."""

    def __init__(
        self,
        request: HistoryRequest,
        network: Network,
        train: _Samples,
        test: _Samples | None,
        waypoints: Sequence[Waypoint],
        job: JobContext,
    ) -> None:
        self._request, self._network, self._job = request, network, job
        self._train, self._test, self._waypoints = train, test, waypoints
        self._origin = Origin(network, train.data, None if test is None else test.data)
        self._fingerprint = _fingerprint(waypoints, job)
        self._arrays = _Arrays(len(waypoints), request.top)
        self._precise = True  # as long as residuals could be computed in float64

    def take_over(self, resume: History) -> None:
        """Go on from a partial history. Raises `InvalidRequest` if it belongs to something else."""
        test = None if self._test is None else self._test.data
        refuse_foreign(resume, self._request, self._network, self._train.data, "history", test=test)
        if resume.checkpoints_sha256 != self._fingerprint:
            raise InvalidRequest(
                "The partial history to resume belongs to another training. "
                "Resume it with its own, or compute a new one."
            )
        self._arrays.take_over(resume)
        self._precise = "float64" in resume.provenance.dtype or not resume.done.any()
        self._origin.take_over(resume)

    def grow(self) -> None:
        """Measure every checkpoint that is not yet."""
        with movable(self._network.module):
            for index in np.flatnonzero(~self._arrays.done).tolist():
                put_state(self._network.module, self._waypoints[index].weights)
                self._measure(index)
                self._tell(0, "")
                self._job.partial(self.snapshot("partial"))

    def _measure(self, index: int) -> None:
        """All of one checkpoint; the arrays know of it only when it is complete."""
        module, train, job = self._network.module, self._train, self._job
        words = f"epoch {self._waypoints[index].epoch:g}"
        self._tell(0, f"{words}: loss")
        quality = mean_loss(module, train.inputs, train.labels, job)
        tested = (math.nan, math.nan)
        if self._test is not None:
            tested = mean_loss(module, self._test.inputs, self._test.labels, job)
        self._tell(5, f"{words}: gradient")
        length = gradient_norm(module, train.inputs, train.labels, job)
        values = residuals = np.full(self._request.top, np.nan)
        converged = False
        if math.isfinite(length):
            values, residuals, converged = self._curvature(words)
        self._arrays.fill(index, quality, tested, length, values, residuals, converged=converged)

    def _curvature(self, words: str) -> tuple[FloatArray, FloatArray, bool]:
        request, module, train, job = self._request, self._network.module, self._train, self._job
        expected = NOTHING_YET + 4 * request.top

        def told(products: int) -> None:
            self._tell(10 + min(75, 75 * products // expected), f"{words}: {products} products")

        none = np.full(request.top, np.nan)
        try:
            pairs = top_pairs(
                module,
                train.inputs,
                train.labels,
                job,
                count=request.top,
                relative=request.tolerance,
                most_products=product_limit(request.top),
                seed=request.seed,
                told=told,
            )
        except NumericalFailure:
            return none, none, False
        self._tell(85, f"{words}: checking residuals")
        pairs, precise = recomputed(pairs, module, train.inputs, train.labels, job)
        self._precise = self._precise and precise
        return pairs.values.numpy(), pairs.residuals.numpy(), pairs.within(request.tolerance)

    def _tell(self, part: int, words: str) -> None:
        """Progress: whole checkpoints, and so many of a hundred parts of the present one."""
        done = int(self._arrays.done.sum())
        self._job.progress(done * UNITS + part, len(self._waypoints) * UNITS, words or f"{done} checkpoints")

    def snapshot(self, status: Status) -> History:
        """What is known now."""
        arrays, tested = self._arrays, self._test is not None
        dtype = "float32, residuals float64" if self._precise and arrays.done.any() else "float32"
        return History(
            request=self._request,
            status=status,
            epoch=np.array([waypoint.epoch for waypoint in self._waypoints]),
            loss=arrays.loss.copy(),
            accuracy=arrays.accuracy.copy(),
            test_loss=arrays.test_loss.copy() if tested else None,
            test_accuracy=arrays.test_accuracy.copy() if tested else None,
            gradient_norm=arrays.gradient_norm.copy(),
            eigenvalues=arrays.eigenvalues.copy(),
            residuals=arrays.residuals.copy(),
            converged=arrays.converged.copy(),
            loss_unit=self._train.data.loss_unit,
            learning_rate=np.array([waypoint.learning_rate for waypoint in self._waypoints]),
            checkpoints_sha256=self._fingerprint,
            provenance=replace(self._origin.provenance(), dtype=dtype),
        )


class _Arrays:
    """One entry for every checkpoint."""

    def __init__(self, count: int, top: int) -> None:
        self.loss, self.accuracy = np.full(count, np.nan), np.full(count, np.nan)
        self.test_loss, self.test_accuracy = np.full(count, np.nan), np.full(count, np.nan)
        self.gradient_norm = np.full(count, np.nan)
        self.eigenvalues, self.residuals = np.full((count, top), np.nan), np.full((count, top), np.nan)
        self.converged = np.zeros(count, dtype=np.uint8)
        self.done = np.zeros(count, dtype=bool)

    def take_over(self, resume: History) -> None:
        """What a partial history has already."""
        self.done = resume.done
        for name in ("loss", "accuracy", "gradient_norm", "eigenvalues", "residuals", "converged"):
            getattr(self, name)[self.done] = getattr(resume, name)[self.done]
        for name in ("test_loss", "test_accuracy"):
            if (known := getattr(resume, name)) is not None:
                getattr(self, name)[self.done] = known[self.done]

    def fill(
        self,
        index: int,
        quality: tuple[float, float],
        tested: tuple[float, float],
        length: float,
        values: FloatArray,
        residuals: FloatArray,
        *,
        converged: bool,
    ) -> None:
        """Everything about one checkpoint."""
        self.loss[index], self.accuracy[index] = quality
        self.test_loss[index], self.test_accuracy[index] = tested
        self.gradient_norm[index] = length
        self.eigenvalues[index], self.residuals[index] = values, residuals
        self.converged[index] = converged
        self.done[index] = True


def _fingerprint(waypoints: Sequence[Waypoint], job: JobContext) -> str:
    """sha256 over epochs, names and values of all checkpoints."""
    digest = hashlib.sha256()
    for waypoint in waypoints:
        job.check()
        digest.update(f"{waypoint.epoch:g}|".encode())
        for name in sorted(waypoint.weights):
            array = np.ascontiguousarray(waypoint.weights[name])
            digest.update(f"{name}{array.shape}{array.dtype.name}".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()
