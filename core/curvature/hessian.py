"""Products of the Hessian of the mean loss, or of a matrix like it, with vectors, in micro-batches (`forms.py`)."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from core.curvature.forms import BatchProduct, Form, hessian_form
from core.curvature.refusals import explained, is_lack_of_memory
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from core.memory import available_memory, give_back
from core.networks.parameters import movable
from core.networks.saving import SavedBytes, watched_saving

# Spatial positions differentiated at once: 24 images of 32 × 32. With 64 a product of ResNet-56 takes as long, and C1
# takes 130 MB more. Small images come in larger batches, because there the cost is that of starting each operation:
# 256 images of 8 × 8 at once took 0.14 s a product, 64 at a time 0.22 s.
MICRO_BATCH_POSITIONS = 24 * 32 * 32
MAX_MICRO_BATCH = 1024
RETAINED_BYTES = 3 * 2**30  # graphs of the gradient are kept for all products up to this much memory
RELEASED_BYTES = 64 * 2**20  # smaller graphs are kept while others need memory
LEFT_FREE = 512 * 2**20  # bytes that kept graphs leave to the rest of the machine, besides what is reserved


class MatrixProduct:
    """``v ↦ M v`` with M a mean over fixed samples, in evaluation mode.

    The graph of a micro-batch is kept between products while memory allows: a product with the Hessian then costs
    about 1.7 gradients instead of 3. Micro-batches are weighted by their samples, so a smaller last one counts for
    less. Where memory does not suffice for a micro-batch, smaller ones are taken.

    Parameters
    ----------
    module, inputs, labels
    job : JobContext
        Asked at every operation, so a product stops in its middle.
    parameters : sequence of Tensor, optional
        Some of the module's: the matrix is about these, the others stand still.
    form : Form
        Of the matrix.
    reserve : int
        Bytes of memory that kept graphs leave for others.
    """

    def __init__(
        self,
        module: nn.Module,
        inputs: Tensor,
        labels: Tensor,
        job: JobContext,
        parameters: Sequence[Tensor] | None = None,
        form: Form = hessian_form,
        reserve: int = 0,
    ) -> None:
        self._module, self._form, self._job, self._reserve = module, form, job, reserve
        self._parameters = list(module.parameters() if parameters is None else parameters)
        self._inputs, self._labels = inputs, labels
        self._batch_size, self._bytes, self._keep = 1, 0, True
        self._divide(micro_batch(inputs))
        self.products = 0

    @property
    def size(self) -> int:
        """Number of parameters P."""
        return sum(parameter.numel() for parameter in self._parameters)

    def __call__(self, vector: Tensor) -> Tensor:
        """M v as (P,) float32; `vector` is (P,) float32."""
        direction = shaped(vector, self._parameters)
        while True:
            try:
                image = self._sum(direction)
                break
            except (RuntimeError, MemoryError) as error:
                if not is_lack_of_memory(error):
                    raise explained(error, self._module, self._inputs[:1]) from error
                self._divide_further(error)
        self.products += 1
        if not math.isfinite(float(image.sum())) and not torch.isfinite(image).all():  # a sum alone may overflow
            raise NumericalFailure("The Hessian is not finite. Is the loss itself finite for these weights and data?")
        return image

    def _sum(self, direction: list[Tensor]) -> Tensor:
        total = torch.zeros(0)
        for index, (batch, labels) in enumerate(self._batches):
            self._job.check()
            product = self._product(index, batch, labels)
            kept = index < len(self._graphs)
            share = flatten(product(direction, keep=kept))
            total = share if index == 0 else total.double() + share
        return total.float()

    def _product(self, index: int, batch: Tensor, labels: Tensor) -> BatchProduct:
        """This micro-batch's share of the matrix, with its graph: kept from before, or formed anew."""
        if index < len(self._graphs):
            return self._graphs[index]
        count, check = SavedBytes(), self._job.check

        def saved(tensor: Tensor) -> None:  # holds nothing that holds the graph: it would never be freed
            count(tensor)
            check()

        with watched_saving(saved, check):
            product = self._form(self._module, batch, labels, len(self._labels), self._parameters)
        self._bytes += count.total
        self._keep = self._keep and index == len(self._graphs) and self._bytes <= RETAINED_BYTES
        self._keep = self._keep and available_memory() >= self._reserve + LEFT_FREE
        if self._keep:
            self._graphs.append(product)
        return product

    def release(self) -> None:
        """Give back the memory of the graphs that are kept, where it is much; the next product forms them anew."""
        if self._bytes > RELEASED_BYTES:
            self._divide(self._batch_size)
            give_back()

    def _divide(self, size: int) -> None:
        """Take so many samples at once, and forget the graphs of before."""
        self._batch_size = size
        self._batches = list(zip(torch.split(self._inputs, size), torch.split(self._labels, size), strict=True))
        self._graphs: list[BatchProduct] = []
        self._bytes = 0

    def _divide_further(self, error: Exception) -> None:
        size = min(self._batch_size, len(self._labels))
        if size == 1:
            raise InvalidRequest(
                "The second derivatives for a single sample do not fit into memory. Close other programs, or choose "
                "some layers instead of the whole network."
            ) from error
        self._divide(max(1, size // 2))
        self._keep = False


class HessianVectorProduct(MatrixProduct):
    """``v ↦ H v`` with H the Hessian (Pearlmutter 1994), of all parameters or of those given."""


def micro_batch(inputs: Tensor) -> int:
    """How many samples of that shape are differentiated at once."""
    positions = math.prod(inputs.shape[2:])
    return max(1, min(MAX_MICRO_BATCH, MICRO_BATCH_POSITIONS // positions))


def flatten(tensors: Sequence[Tensor]) -> Tensor:
    """One vector of all entries, in order."""
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def shaped(vector: Tensor, tensors: Sequence[Tensor]) -> list[Tensor]:
    """The entries of one vector in the shapes of some tensors, in order: the inverse of `flatten`."""
    pieces = vector.split_with_sizes([tensor.numel() for tensor in tensors])
    return [piece.view(tensor.shape) for piece, tensor in zip(pieces, tensors, strict=True)]


@contextmanager
def still(module: nn.Module, varied: Sequence[nn.Parameter]) -> Iterator[None]:
    """Evaluation mode, and only some parameters differentiated; weights, buffers, flags and gradients as before after.

    What is not varied costs no derivative. Whatever happens inside, all is put back.
    """
    before = [(parameter, parameter.requires_grad, parameter.grad) for parameter in module.parameters()]
    chosen = {id(parameter) for parameter in varied}
    with movable(module):
        try:
            for parameter, _, _ in before:
                parameter.requires_grad_(id(parameter) in chosen)
            yield
        finally:
            for parameter, differentiated, gradient in before:
                parameter.requires_grad_(differentiated)
                parameter.grad = gradient


@contextmanager
def matrix_product(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    job: JobContext,
    parameters: Sequence[nn.Parameter],
    form: Form,
    reserve: int = 0,
) -> Iterator[MatrixProduct]:
    """Give the operator of any matrix for some parameters of a module, which is left as it was (`still`)."""
    with still(module, parameters):
        yield MatrixProduct(module, inputs, labels, job, parameters, form, reserve)


@contextmanager
def hessian_vector_product(
    module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext
) -> Iterator[HessianVectorProduct]:
    """Give the Hessian's operator for all parameters of a module, which is left as it was (`still`)."""
    with still(module, list(module.parameters())):
        yield HessianVectorProduct(module, inputs, labels, job)
