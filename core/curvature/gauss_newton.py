"""Products of the Gauss–Newton matrix and of the empirical Fisher matrix with vectors, beside those of the Hessian."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from core.curvature.forms import BatchProduct, Form, fisher_form, gauss_newton_form
from core.curvature.hessian import RETAINED_BYTES, flatten, micro_batch
from core.errors import NumericalFailure, UnsupportedNetwork
from core.job import JobContext


class FormVectorProduct:
    """``v ↦ M v`` with M a mean over fixed samples, in evaluation mode; used like `HessianVectorProduct`.

    Graphs are kept between products where they fit into memory. Micro-batches are weighted by their samples. With
    `parameters` (some of the module's) the others stand still.

    Parameters
    ----------
    form : Form
        What M is.
    what : str
        The same in words, for messages.
    """

    def __init__(
        self,
        form: Form,
        what: str,
        module: nn.Module,
        inputs: Tensor,
        labels: Tensor,
        job: JobContext,
        parameters: Sequence[Tensor] | None = None,
    ) -> None:
        self._form, self._what, self._module, self._job = form, what, module, job
        self._parameters = list(module.parameters() if parameters is None else parameters)
        size = micro_batch(inputs)
        self._batches = list(zip(torch.split(inputs, size), torch.split(labels, size), strict=True))
        self._samples = len(labels)
        self._kept: list[BatchProduct] = []
        self._keep = True
        self._bytes = 0
        self.products = 0

    @property
    def size(self) -> int:
        """Number of parameters that move."""
        return sum(parameter.numel() for parameter in self._parameters)

    @property
    def bytes_held(self) -> int:
        """Memory of the graphs that were formed so far, kept or not."""
        return self._bytes

    def __call__(self, vector: Tensor) -> Tensor:
        """M v as (P,) float32; `vector` is (P,) float32."""
        pieces = torch.split(vector, [parameter.numel() for parameter in self._parameters])
        direction = [piece.reshape(parameter.shape) for piece, parameter in zip(pieces, self._parameters, strict=True)]
        total = torch.zeros(self.size, dtype=torch.float64)
        for index, (batch, labels) in enumerate(self._batches):
            self._job.check()
            product = self._product(index, batch, labels)
            total += flatten(product(direction, keep=index < len(self._kept))).double()
        self.products += 1
        image = total.float()
        if not torch.isfinite(image).all():
            raise NumericalFailure(
                f"The {self._what} is not finite. Is the loss itself finite for these weights and data?"
            )
        return image

    def _product(self, index: int, batch: Tensor, labels: Tensor) -> BatchProduct:
        """This micro-batch's share, with its graph: kept from before, or formed anew."""
        if index < len(self._kept):
            return self._kept[index]
        counted: dict[int, int] = {}

        def count(tensor: Tensor) -> Tensor:
            storage = tensor.untyped_storage()
            counted[storage.data_ptr()] = storage.nbytes()
            return self._asked(tensor)

        with torch.autograd.graph.saved_tensors_hooks(count, self._asked):
            try:
                product = self._form(self._module, batch, labels, self._samples, self._parameters)
            except RuntimeError as error:
                raise UnsupportedNetwork(f"The network cannot be differentiated twice: {error}") from error
        self._bytes += sum(counted.values())
        self._keep = self._keep and index == len(self._kept) and self._bytes <= RETAINED_BYTES
        if self._keep:
            self._kept.append(product)
        return product

    def _asked(self, tensor: Tensor) -> Tensor:
        """Hand on a tensor that a derivative keeps or takes up again: so often one asks whether the job should stop."""
        self._job.check()
        return tensor


class GaussNewtonProduct(FormVectorProduct):
    """``v ↦ G v`` with G the Gauss–Newton matrix of the mean loss (Schraudolph 2002)."""

    def __init__(
        self, module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext,
        parameters: Sequence[Tensor] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(gauss_newton_form, "Gauss–Newton matrix", module, inputs, labels, job, parameters)


class FisherProduct(FormVectorProduct):
    """``v ↦ F v`` with F the empirical Fisher matrix: the mean of gᵢ gᵢᵀ over the samples' own gradients."""

    def __init__(
        self, module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext,
        parameters: Sequence[Tensor] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(fisher_form, "empirical Fisher matrix", module, inputs, labels, job, parameters)
