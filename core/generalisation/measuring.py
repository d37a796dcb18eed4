"""The engine of size and sharpness: norms, margins, and how the loss rises around a minimum."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from torch import Tensor

from core.curvature.measuring import recomputed, top_pairs
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.generalisation.complexity import Complexity, ComplexityRequest, FloatArray, LayerNorms, Status
from core.generalisation.linear_maps import linear_maps
from core.generalisation.margins import Answers, answers
from core.generalisation.norms import layer_norms
from core.generalisation.path_norm import path_norm
from core.generalisation.sharpness import move_filters
from core.job import JobContext
from core.networks.mean_loss import channels_last, mean_loss
from core.networks.network import Network
from core.networks.parameters import evaluation_mode, movable
from core.origin import Origin, refuse_foreign

EIGENVALUE_TOLERANCE = 1e-2  # of the residual, relative; the error is about its square over the gap to the next
MOST_PRODUCTS = 200
# What the steps take, in passes over the samples, for the progress.
_NORMS, _PRODUCT = 2, 4
_PRODUCTS = 16  # that most networks need


def compute_complexity(
    request: ComplexityRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Complexity | None = None,
    test: Dataset | None = None,
) -> Complexity:
    """Measure the size of a network and how sharp its minimum is (Neyshabur et al. 2017).

    Parameters
    ----------
    request : ComplexityRequest
    network : Network
        In evaluation mode; unchanged afterwards.
    data : Dataset
        Margins, loss and sharpness are over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Complexity` after every step.
    resume : Complexity, optional
        A partial result of the same request, network and data: what is in it is not measured again.
    test : Dataset, optional
        The test set, of which the first `request.samples` are used as well, or all where there are fewer.

    Raises
    ------
    InvalidRequest
        If a test set is asked for and there is none, or `resume` belongs to something else.
    """
    used = data.first(request.samples)
    test = test if request.test else None
    if test is not None and request.samples is not None:
        test = test.first(min(request.samples, len(test)))
    if request.test and test is None:
        raise InvalidRequest("The test set that is asked for is not at hand. Choose one, or measure without.")
    measuring = _Measuring(request, network, used, test)
    measuring.take_over(resume)
    try:
        measuring.run(job)
    except Cancelled:
        job.partial(measuring.snapshot("partial"))
        raise
    return measuring.snapshot("complete")


@dataclass
class _Known:
    """What has been measured so far."""

    layers: tuple[LayerNorms, ...] = ()
    unlisted: tuple[str, ...] = ()
    path_norm: float = math.nan
    path_reason: str = ""
    train: Answers | None = None
    test: Answers | None = None
    rises: list[float] = field(default_factory=list)
    top_eigenvalue: float = math.nan
    top_residual: float = math.nan
    eigenvalue_reason: str = ""


class _Measuring:
    def __init__(self, request: ComplexityRequest, network: Network, data: Dataset, test: Dataset | None) -> None:
        self._request, self._network, self._data, self._test = request, network, data, test
        self._known = _Known()
        self._origin = Origin(network, data, test)
        self._done = 0

    @property
    def _steps(self) -> int:
        request = self._request
        return _NORMS + 1 + (self._test is not None) + request.draws + _PRODUCT * _PRODUCTS * request.eigenvalue

    def take_over(self, resume: Complexity | None) -> None:
        """Go on from a partial result. Raises `InvalidRequest` if it belongs to something else."""
        if resume is None:
            return
        refuse_foreign(resume, self._request, self._network, self._data, "measurement", test=self._test)
        known = self._known
        known.layers, known.unlisted = resume.layers, resume.unlisted
        known.path_norm, known.path_reason = resume.path_norm, resume.path_reason
        if not math.isnan(resume.train_loss):
            known.train = Answers(loss=resume.train_loss, accuracy=resume.train_accuracy, margins=resume.margins)
        if not math.isnan(resume.test_loss):
            known.test = Answers(loss=resume.test_loss, accuracy=resume.test_accuracy, margins=np.empty(0))
        known.rises = resume.rises.tolist()
        self._origin.take_over(resume)

    def run(self, job: JobContext) -> None:
        """Measure everything that is not known yet, the quick things first."""
        module = self._network.module
        inputs, labels = self._prepared(self._data)
        tested = None if self._test is None else self._prepared(self._test)
        known = self._known
        if not known.layers:
            self._measure_norms(inputs[:1], job)
        self._tell(job, _NORMS, "norms")
        with evaluation_mode(module):
            if known.train is None:
                known.train = answers(module, inputs, labels, job)
            self._tell(job, 1, "margins")
            if tested is not None:
                if known.test is None:
                    known.test = answers(module, *tested, job)
                self._tell(job, 1, "test set")
        self._measure_sharpness(inputs, labels, known.train.loss, job)
        if self._request.eigenvalue:
            self._measure_eigenvalue(inputs, labels, job)
        self._tell(job, self._steps, "measured")

    def _prepared(self, data: Dataset) -> tuple[Tensor, Tensor]:
        inputs, labels = self._network.prepare(data)
        return channels_last(inputs), labels

    def _tell(self, job: JobContext, steps: int, text: str) -> None:
        self._done = min(self._done + steps, self._steps)
        job.progress(self._done, self._steps, text)
        job.partial(self.snapshot("partial"))

    def _measure_norms(self, sample: Tensor, job: JobContext) -> None:
        known, module = self._known, self._network.module
        maps, known.unlisted = linear_maps(module, sample, job)
        layers = [layer_norms(one, self._request.seed, job) for one in maps]
        try:
            known.path_norm = path_norm(module, sample, job)
        except UnsupportedNetwork as error:
            known.path_reason = str(error)
        known.layers = tuple(layers)

    def _measure_sharpness(self, inputs: Tensor, labels: Tensor, centre: float, job: JobContext) -> None:
        request, module, rises = self._request, self._network.module, self._known.rises
        self._done += len(rises)
        with movable(module) as parameters:
            kept = [parameter.clone() for parameter in parameters]
            for draw in range(len(rises), request.draws):
                move_filters(module, kept, request.radius, request.seed, draw, job)
                rises.append(mean_loss(module, inputs, labels, job)[0] - centre)
                self._tell(job, 1, f"sharpness, {len(rises)} of {request.draws} directions")

    def _measure_eigenvalue(self, inputs: Tensor, labels: Tensor, job: JobContext) -> None:
        known, module = self._known, self._network.module

        def told(products: int) -> None:
            self._tell(job, _PRODUCT, f"top eigenvalue, product {products}")

        try:
            pairs = top_pairs(
                module,
                inputs,
                labels,
                job,
                relative=EIGENVALUE_TOLERANCE,
                most_products=MOST_PRODUCTS,
                seed=self._request.seed % 2**63,
                told=told,
            )
            pairs, _ = recomputed(pairs, module, inputs, labels, job)
        except (NumericalFailure, UnsupportedNetwork) as error:
            known.eigenvalue_reason = str(error)
            return
        known.top_eigenvalue, known.top_residual = float(pairs.values[0]), float(pairs.residuals[0])

    def snapshot(self, status: Status) -> Complexity:
        """What is known now."""
        known, train, test = self._known, self._known.train, self._known.test
        rises = _frozen(np.array(known.rises, dtype=np.float64))
        count = len(rises)
        with np.errstate(invalid="ignore"):
            error = float(rises.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
        return Complexity(
            request=self._request,
            status=status,
            layers=known.layers,
            unlisted=known.unlisted,
            path_norm=known.path_norm,
            path_reason=known.path_reason,
            margins=_frozen(np.empty(0) if train is None else train.margins),
            train_loss=math.nan if train is None else train.loss,
            train_accuracy=math.nan if train is None else train.accuracy,
            test_loss=math.nan if test is None else test.loss,
            test_accuracy=math.nan if test is None else test.accuracy,
            test_samples=0 if self._test is None else len(self._test),
            sharpness=float(rises.mean()) if count else math.nan,
            sharpness_error=error,
            worst_rise=float(rises.max()) if count else math.nan,
            rises=rises,
            top_eigenvalue=known.top_eigenvalue,
            top_residual=known.top_residual,
            eigenvalue_reason=known.eigenvalue_reason,
            parameters=sum(parameter.numel() for parameter in self._network.module.parameters()),
            loss_unit=self._data.loss_unit,
            provenance=replace(self._origin.provenance(), dtype="float32, norms float64"),
        )


def _frozen(array: FloatArray) -> FloatArray:
    """The array itself, which nobody can write to any more."""
    array.setflags(write=False)
    return array
