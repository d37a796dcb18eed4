"""Products of the Hessian of the mean loss with vectors, by differentiating the gradient (Pearlmutter 1994)."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import NumericalFailure, UnsupportedNetwork
from core.job import JobContext
from core.networks.loss import per_sample_loss
from core.networks.parameters import movable

# Spatial positions differentiated at once: 64 images of 32 × 32. Small images come in larger batches, because there the
# cost is that of starting each operation: 256 images of 8 × 8 at once took 0.14 s a product, 64 at a time 0.22 s.
MICRO_BATCH_POSITIONS = 64 * 32 * 32
MAX_MICRO_BATCH = 1024
RETAINED_BYTES = 3 * 2**30  # graphs of the gradient are kept for all products up to this much memory


class HessianVectorProduct:
    """``v ↦ H v`` with H the Hessian of the mean loss over fixed samples, in evaluation mode.

    The gradient's graph is kept between products where it fits into memory: a product then costs about 1.7 gradients
    instead of 3. Micro-batches are weighted by their samples, so a smaller last one counts for less. With `parameters`
    (some of the module's) it is the Hessian with respect to these; the others stand still.
    """

    def __init__(
        self,
        module: nn.Module,
        inputs: Tensor,
        labels: Tensor,
        job: JobContext,
        parameters: Sequence[Tensor] | None = None,
    ) -> None:
        self._module = module
        self._parameters = list(module.parameters() if parameters is None else parameters)
        size = micro_batch(inputs)
        self._batches = list(zip(torch.split(inputs, size), torch.split(labels, size), strict=True))
        self._samples = len(labels)
        self._job = job
        self._graphs: list[tuple[Tensor, ...]] = []
        self._keep = True
        self._bytes = 0
        self.products = 0

    @property
    def size(self) -> int:
        """Number of parameters P."""
        return sum(parameter.numel() for parameter in self._parameters)

    def __call__(self, vector: Tensor) -> Tensor:
        """H v as (P,) float32; `vector` is (P,) float32."""
        direction = self._split(vector)
        total = torch.zeros(self.size, dtype=torch.float64)
        for index, (batch, labels) in enumerate(self._batches):
            self._job.check()
            gradient = self._gradient(index, batch, labels)
            kept = index < len(self._graphs)
            product = torch.autograd.grad(
                gradient, self._parameters, direction, retain_graph=kept, allow_unused=True, materialize_grads=True
            )
            total += flatten(product).double()
        self.products += 1
        image = total.float()
        if not torch.isfinite(image).all():
            raise NumericalFailure("The Hessian is not finite. Is the loss itself finite for these weights and data?")
        return image

    def _gradient(self, index: int, batch: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
        """This micro-batch's share of the gradient, with its graph: kept from before, or formed anew."""
        if index < len(self._graphs):
            return self._graphs[index]
        counted: dict[int, int] = {}
        with torch.autograd.graph.saved_tensors_hooks(lambda t: self._asked(_count(t, counted)), self._asked):
            loss = per_sample_loss(self._module(batch), labels).sum() / self._samples
            try:
                gradient = torch.autograd.grad(
                    loss, self._parameters, create_graph=True, allow_unused=True, materialize_grads=True
                )
            except RuntimeError as error:
                raise UnsupportedNetwork(f"The network cannot be differentiated twice: {error}") from error
        self._bytes += sum(counted.values())
        self._keep = self._keep and index == len(self._graphs) and self._bytes <= RETAINED_BYTES
        if self._keep:
            self._graphs.append(gradient)
        return gradient

    def _asked(self, tensor: Tensor) -> Tensor:
        """Hand on a tensor that a derivative keeps or takes up again: so often one asks whether the job should stop.

        A micro-batch of a deep network takes a second, an operation of it some milliseconds.
        """
        self._job.check()
        return tensor

    def _split(self, vector: Tensor) -> list[Tensor]:
        pieces = torch.split(vector, [parameter.numel() for parameter in self._parameters])
        return [piece.reshape(parameter.shape) for piece, parameter in zip(pieces, self._parameters, strict=True)]


def micro_batch(inputs: Tensor) -> int:
    """How many samples of that shape are differentiated at once."""
    positions = math.prod(inputs.shape[2:])
    return max(1, min(MAX_MICRO_BATCH, MICRO_BATCH_POSITIONS // positions))


def _count(tensor: Tensor, counted: dict[int, int]) -> Tensor:
    counted[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
    return tensor


def flatten(tensors: tuple[Tensor, ...] | list[Tensor]) -> Tensor:
    """One vector of all entries, in order."""
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


@contextmanager
def hessian_vector_product(
    module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext
) -> Iterator[HessianVectorProduct]:
    """Give the operator for a module in evaluation mode, which is left with its weights, buffers and gradients."""
    gradients: list[Any] = [parameter.grad for parameter in module.parameters()]
    with movable(module):
        yield HessianVectorProduct(module, inputs, labels, job)
    for parameter, gradient in zip(module.parameters(), gradients, strict=True):
        parameter.grad = gradient
