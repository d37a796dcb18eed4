"""Operations without a second derivative are named; what looks like one and has it is differentiated rightly."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional

from core.curvature.hessian import hessian_vector_product
from core.curvature.precise import precise_residuals
from core.errors import UnsupportedNetwork
from core.job import JobContext

INPUTS = torch.randn(5, 6, generator=torch.Generator().manual_seed(1))
LABELS = torch.tensor([0, 1, 2, 0, 1])


class Swish(Function):
    """Its author gave it a first derivative only."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.sigmoid() * x

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return slope * x.sigmoid() * (1 + x * (1 - x.sigmoid()))


class Middle(nn.Module):
    def __init__(self, middle: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.last, self.middle = nn.Linear(6, 16), nn.Linear(16, 3), middle

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.middle(self.first(x)))


def attention(h: Tensor) -> Tensor:
    words = h.reshape(-1, 1, 4, 4)
    return functional.scaled_dot_product_attention(words, words, words).reshape(-1, 16)


def distances(h: Tensor) -> Tensor:
    return torch.cdist(h[:, None], h[:, None] + 1).reshape(-1, 1) * h


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.TransformerEncoderLayer(6, 2, 12, batch_first=True)
        self.last = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.encoder(torch.stack([x, x.flip(1)], dim=1))[:, 0])


def product_and_truth(module: nn.Module) -> tuple[Tensor, Tensor]:
    """H v, and a difference quotient of the gradient in float64."""
    with hessian_vector_product(module.eval(), INPUTS, LABELS, JobContext()) as product:
        vector = torch.randn(product.size, generator=torch.Generator().manual_seed(2))
        image = product(vector)
    wide = copy.deepcopy(module).double()
    flat = nn.utils.parameters_to_vector(wide.parameters()).detach()

    def gradient(step: float) -> Tensor:
        nn.utils.vector_to_parameters(flat + step * vector.double(), wide.parameters())
        loss = functional.cross_entropy(wide(INPUTS.double()), LABELS)
        pieces = torch.autograd.grad(loss, list(wide.parameters()))
        return nn.utils.parameters_to_vector(pieces)

    return image, (gradient(1e-5) - gradient(-1e-5)) / 2e-5


@pytest.mark.parametrize("module", [Middle(attention), Encoder()], ids=["attention", "transformer"])
def test_attention_is_differentiated_twice_and_rightly(module: nn.Module) -> None:
    image, truth = product_and_truth(module)
    assert torch.allclose(image.double(), truth, rtol=1e-4, atol=1e-4 * float(truth.abs().max()))


def test_attention_in_float64_too() -> None:
    vectors = torch.eye(2, sum(parameter.numel() for parameter in Encoder().parameters()))
    assert precise_residuals(Encoder().eval(), INPUTS, LABELS, vectors, JobContext().check) is not None


def test_an_operation_of_its_own_with_one_derivative_is_named_instead_of_left_out() -> None:
    """Asked for parameters, torch passes by it without a word: the product would be that of another Hessian."""
    with pytest.raises(UnsupportedNetwork, match=r'differentiated twice: the operation "Swish" allows a first'):
        product_and_truth(Middle(Swish.apply))


def test_an_operation_of_torch_without_a_second_derivative_is_named() -> None:
    with pytest.raises(UnsupportedNetwork, match=r'the operation "cdist" has a first derivative but no second one'):
        product_and_truth(Middle(distances))


def test_layers_after_the_operation_can_be_looked_at_all_the_same() -> None:
    module = Middle(Swish.apply).eval()
    from core.curvature.hessian import HessianVectorProduct  # noqa: PLC0415

    product = HessianVectorProduct(module, INPUTS, LABELS, JobContext(), list(module.last.parameters()))
    hidden = module.middle(module.first(INPUTS)).detach()

    def loss(weight: Tensor, bias: Tensor) -> Tensor:
        return functional.cross_entropy(functional.linear(hidden, weight, bias), LABELS)

    blocks = torch.autograd.functional.hessian(loss, (module.last.weight.detach(), module.last.bias.detach()))
    assert torch.allclose(product(torch.eye(product.size)[0])[:48], blocks[0][0][0, 0].reshape(-1), atol=1e-6)


@pytest.mark.parametrize("middle", [torch.round, torch.detach], ids=["rounding", "detached"])
def test_what_has_no_slope_leaves_the_curvature_of_what_follows(middle: Callable[[Tensor], Tensor]) -> None:
    module = Middle(middle)
    with hessian_vector_product(module.eval(), INPUTS, LABELS, JobContext()) as product:
        image = product(torch.ones(product.size))
    first = sum(parameter.numel() for parameter in module.first.parameters())
    assert (image[:first] == 0).all()
    assert image[first:].abs().max() > 0
