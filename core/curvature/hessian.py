"""Products of the Hessian of the mean loss, or of a matrix like it, with vectors, in micro-batches (`forms.py`)."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from core.curvature.chains import chain_product
from core.curvature.forms import BatchProduct, Form, hessian_form
from core.curvature.refusals import explained, is_lack_of_memory
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from core.memory import available_memory, give_back
from core.networks.parameters import movable
from core.networks.saving import SavedBytes, watched_saving

# Spatial positions differentiated at once, at first: 24 images of 32 × 32. With 64 a product of ResNet-56 takes as
# long, and C1 takes 130 MB more. What keeps less memory comes in larger batches, as there the cost is that of starting
# each operation: ResNet-20 a quarter as wide takes 383 ms with 384 images at once, 645 with 24 at a time.
MICRO_BATCH_POSITIONS = 24 * 32 * 32
MAX_MICRO_BATCH = 1024
BATCH_BYTES = 64 * 2**20  # kept for a micro-batch, where more of them than the first has fit into that
QUICK_BYTES = 8 * 2**20  # where so little is kept, all operations together take milliseconds
RETAINED_BYTES = 3 * 2**30  # graphs of the gradient are kept for all products up to this much memory
RELEASED_BYTES = 64 * 2**20  # smaller graphs are kept while others need memory
LEFT_FREE = 512 * 2**20  # bytes that kept graphs leave to the rest of the machine, besides what is reserved


class MatrixProduct:
    """``v ↦ M v`` with M a mean over fixed samples, in evaluation mode.

    The graph of a micro-batch is kept between products while memory allows: a product with the Hessian then costs
    1.2 to 1.8 gradients instead of 3, and less than one in a chain of linear layers (`chains.py`). Micro-batches are
    weighted by their samples, so a smaller last one counts for less. Where memory does not suffice for a micro-batch,
    smaller ones are taken.

    Parameters
    ----------
    module, inputs, labels
    job : JobContext
        Asked at every operation, so a product stops in its middle; once a micro-batch where it takes milliseconds.
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
        self._batch_size, self._bytes, self._keep, self._fitted = 1, 0, True, False
        self._own_bytes = 0  # that the graph formed last keeps besides the weights
        self._chained = form is hessian_form  # as long as the network may be a chain of linear layers
        self._divide(micro_batch(inputs))
        self.products = 0

    @property
    def size(self) -> int:
        """Number of parameters P."""
        return sum(parameter.numel() for parameter in self._parameters)

    def __call__(self, vector: Tensor) -> Tensor:
        """M v as (P,) float32; `vector` is (P,) float32."""
        while True:
            try:
                image = self._sum(vector)
                break
            except (RuntimeError, MemoryError) as error:
                if not is_lack_of_memory(error):
                    raise explained(error, self._module, self._inputs[:1]) from error
                self._divide_further(error)
        self.products += 1
        if not math.isfinite(float(image.sum())) and not torch.isfinite(image).all():  # a sum alone may overflow
            raise NumericalFailure("The Hessian is not finite. Is the loss itself finite for these weights and data?")
        return image

    def _sum(self, vector: Tensor) -> Tensor:
        self._fit()
        total = torch.zeros(0)
        for index, (batch, labels) in enumerate(self._batches):
            self._job.check()
            product = self._product(index, batch, labels)
            kept = index < len(self._graphs)
            share = product(vector, keep=kept)
            total = share if index == 0 else total.double() + share
        return total.float()

    def _fit(self) -> None:
        """Take more samples at once than at first, if the first few keep little memory."""
        if self._fitted or len(self._batches) == 1:
            return
        self._fitted = True
        self._product(0, *self._batches[0])
        size = fitting(self._batch_size, self._own_bytes // self._batch_size, len(self._labels))
        if size > self._batch_size:
            self._divide(size)

    def _product(self, index: int, batch: Tensor, labels: Tensor) -> BatchProduct:
        """This micro-batch's share of the matrix, with its graph: kept from before, or formed anew."""
        if index < len(self._graphs):
            return self._graphs[index]
        product, quick = self._chain(batch, labels), False
        if product is None:
            product, quick = self._watched(batch, labels)
        self._keep = self._keep and index == len(self._graphs) and self._bytes <= RETAINED_BYTES
        self._keep = self._keep and available_memory() >= self._reserve + LEFT_FREE
        if self._keep:
            if quick:  # nobody watches then: that takes a third of a small network's product
                product = self._form(self._module, batch, labels, len(self._labels), self._parameters)
            self._graphs.append(product)
        return product

    def _chain(self, batch: Tensor, labels: Tensor) -> BatchProduct | None:
        """Of a chain of linear layers, written out (`chains.py`); None where the network is something else."""
        if not self._chained:
            return None
        product = chain_product(self._module, batch, labels, len(self._labels), self._parameters, self._job.check)
        self._chained = product is not None
        if product is not None:
            self._own_bytes = product.kept_bytes
            self._bytes += self._own_bytes
        return product

    def _watched(self, batch: Tensor, labels: Tensor) -> tuple[BatchProduct, bool]:
        """By automatic differentiation, and whether its operations take milliseconds."""
        count, check = SavedBytes(), self._job.check

        def saved(tensor: Tensor) -> None:  # holds nothing that holds the graph: it would never be freed
            count(tensor)
            check()

        with watched_saving(saved, check):
            product = self._form(self._module, batch, labels, len(self._labels), self._parameters)
        self._bytes += count.total
        self._own_bytes = count.besides(self._module.parameters())
        return product, count.total <= QUICK_BYTES

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
    """How many samples of that shape are differentiated at once, at first."""
    positions = math.prod(inputs.shape[2:])
    return max(1, min(MAX_MICRO_BATCH, MICRO_BATCH_POSITIONS // positions))


def fitting(size: int, of_a_sample: int, samples: int) -> int:
    """How many are differentiated at once after all, of so many that keep so many bytes each: `size` or more."""
    most = min(MAX_MICRO_BATCH, max(size, BATCH_BYTES // max(1, of_a_sample)))
    return max(min(size, samples), math.ceil(samples / math.ceil(samples / most)))  # batches of about the same size


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
