"""What a spectrum is of: a matrix, the parameters that it is about, and the samples that it is the mean over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from core.curvature.forms import FORMS, Form
from core.curvature.hessian import MatrixProduct, matrix_product, micro_batch
from core.curvature.precise import PreciseProducts, precise_batch, precise_products
from core.curvature.refusals import explained
from core.curvature.selection import Selection, select
from core.data.dataset import Dataset
from core.errors import InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.job import JobContext
from core.networks.loss import per_sample_loss
from core.networks.mean_loss import channels_last
from core.networks.network import Network
from core.networks.parameters import evaluation_mode
from core.spectrum.sampling import Spread, sample_groups
from core.spectrum.spectrum import SpectrumRequest


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """A matrix as an operator: cheap float32 products that search, and its float64 form that judges what they found."""

    request: SpectrumRequest
    network: Network
    data: Dataset  # the samples used
    at_hand: Dataset  # all there are, of which those used are the first
    inputs: Tensor = field(repr=False)
    labels: Tensor = field(repr=False)
    form: Form = field(repr=False)
    selection: Selection = field(repr=False)
    spread: Spread = field(repr=False, default_factory=Spread)  # what float64 products said of groups of samples

    @property
    def module(self) -> nn.Module:
        return self.network.module

    @property
    def size(self) -> int:
        """P, how many numbers are varied."""
        return self.selection.size

    @contextmanager
    def product(self, job: JobContext, reserve: int = 0) -> Iterator[MatrixProduct]:
        """The operator; `reserve` bytes of memory are left to others. The network is as before afterwards."""
        parameters = self.selection.of(self.module)
        with matrix_product(self.module, self.inputs, self.labels, job, parameters, self.form, reserve) as product:
            yield product

    def precise(self, vectors: Tensor, job: JobContext) -> tuple[Tensor, Tensor] | None:
        """Rayleigh quotients and ‖Mv − λv‖₂ of (k, P) vectors in float64; None if the network is bound to float32."""
        found = self.judged(vectors, None, job)
        return None if found is None else (found.quotients, found.residuals)

    def judged(
        self,
        vectors: Tensor,
        known: Tensor | None,
        job: JobContext,
        told: Callable[[float], None] = lambda _share: None,
    ) -> PreciseProducts | None:
        """What float64 says of (k, P) vectors, also together with known ones; None if bound to float32.

        For a deep network this takes as long as the search; `told` hears meanwhile what share of it is done.
        """
        groups = sample_groups(len(self.labels), precise_batch(self.inputs), self.request.seed)
        with evaluation_mode(self.module):
            found = precise_products(
                self.module,
                self.inputs,
                self.labels,
                vectors,
                groups,
                job.check,
                self.form,
                self.selection.places,
                known,
                told,
            )
        if found is not None:
            self.spread.remember(vectors, found.by_group, groups)
        return found

    def of_layers(self, *layers: str) -> "Subject":
        """The block that belongs to some layers, weights alone if the whole is about these."""
        selection = select(self.module, layers, weights_only=self.request.weights_only)
        return replace(self, selection=selection)


def open_subject(request: SpectrumRequest, network: Network, data: Dataset, job: JobContext) -> Subject:
    """Prepare the samples and choose the parameters, and refuse what has no spectrum.

    Raises
    ------
    DataError
        If the samples do not fit the network, or are fewer than asked for.
    InvalidRequest
        If a layer does not exist, or there are fewer parameters than eigenvalues asked for.
    UnsupportedNetwork
        If weights are not in float32.
    NumericalFailure
        If the loss of a sample is not finite.
    """
    refuse_other_types(network)
    used = data.first(request.samples)
    inputs, labels = network.prepare(used)
    if _small_filters(network.module):
        inputs = channels_last(inputs)  # ResNet-56: 0.56 s a product instead of 0.83
    selection = select(network.module, request.layers, weights_only=request.weights_only)
    if request.top > selection.size:
        what = "of these parameters" if len(selection.places) < len(list(network.module.parameters())) else "parameters"
        raise InvalidRequest(
            f'"{network.name}" has {selection.size} {what}, so {request.top} eigenvalues do not exist. Ask for '
            f"{selection.size} at most."
        )
    _refuse_loss(network, inputs, labels, job)
    return Subject(
        request=request,
        network=network,
        data=used,
        at_hand=data,
        inputs=inputs,
        labels=labels,
        form=FORMS[request.matrix],
        selection=selection,
    )


def _small_filters(module: nn.Module) -> bool:
    """Whether no filter is larger than 3 × 3: with 5 × 5 (C1) channels that come last cost half as much again."""
    return all(max(parameter.shape[2:]) <= 3 for parameter in module.parameters() if parameter.ndim == 4)


def refuse_other_types(network: Network) -> None:
    """Raise `UnsupportedNetwork` if weights are not in float32."""
    for name, parameter in network.module.named_parameters():
        if parameter.dtype != torch.float32:
            kind = str(parameter.dtype).removeprefix("torch.")
            raise UnsupportedNetwork(
                f'"{network.name}" holds weights in {kind} ("{name}"), and second derivatives need float32. Save the '
                "network in float32 and open it again."
            )


def _refuse_loss(network: Network, inputs: Tensor, labels: Tensor, job: JobContext) -> None:
    """Raise if the loss says nothing: because it is not finite, or is zero whatever the weights are."""
    bad, first, size = 0, -1, micro_batch(inputs)
    with evaluation_mode(network.module), torch.no_grad():
        for start in range(0, len(labels), size):
            job.check()
            try:
                outputs = network.module(inputs[start : start + size])
            except RuntimeError as error:
                raise explained(error, network.module, inputs[:1]) from error
            refuse_one_class(network, outputs, labels)
            wrong = (~torch.isfinite(per_sample_loss(outputs, labels[start : start + size]))).nonzero()
            first = start + int(wrong[0]) if len(wrong) and first < 0 else first
            bad += len(wrong)
    if bad:
        raise NumericalFailure(
            f"The loss is not finite for {bad} of {len(labels)} samples, the first of them sample {first}, so it has "
            "no curvature. Look for weights that are not finite or have grown too large, or leave these samples out."
        )


def refuse_one_class(network: Network, outputs: Tensor, labels: Tensor) -> None:
    """Raise `InvalidRequest` if there is nothing to be told apart."""
    if outputs.shape[1] == 1 and not labels.is_floating_point():
        raise InvalidRequest(
            f'"{network.name}" knows one class alone: the cross-entropy is zero whatever the weights are, and so is '
            "every eigenvalue. Choose a network with two outputs or more, or data with numbers."
        )
