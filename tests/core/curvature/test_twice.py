"""Convolutions and normalisations that are cheap to differentiate twice, against what torch makes of them."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.curvature import twice
from core.curvature.forms import FORMS
from core.curvature.slopes import CrossEntropySlope
from core.networks.architectures.registry import build_architecture


class InPlace(nn.Module):
    """Normalises what a convolution gave and ReLU has then written over."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm, self.last = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 5, 2)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.last(torch.tanh(self.norm(functional.relu_(self.first(x)))))
        return out.mean(dim=(2, 3))


class Overwritten(nn.Module):
    """Writes over what a convolution took before what it gave is normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm, self.last = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 5, 2)

    def forward(self, x: Tensor) -> Tensor:
        held = x * 1.0
        first = self.first(held)
        held.add_(1.0)
        out: Tensor = self.last(torch.tanh(self.norm(first)))
        return out.mean(dim=(2, 3)) + held.mean()


class Branching(nn.Module):
    """One convolution, with shared filters, normalised in two ways and used as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.bare = (
            nn.Conv2d(3, 3, 3, padding=1),
            nn.BatchNorm2d(3),
            nn.BatchNorm2d(3, affine=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv(x)
        both = torch.tanh(self.norm(out)) + torch.sigmoid(self.bare(out)) * out
        squares: Tensor = self.bare(self.conv(both)).square()
        return squares.mean(dim=(2, 3))


def classifier(*layers: nn.Module) -> nn.Module:
    return nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(4))


def between(axes: int) -> tuple[nn.Module, nn.Module]:
    return (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[axes - 1](4), nn.Tanh()


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "strides": (
        lambda: classifier(nn.Conv2d(3, 6, 3, stride=2, padding=(1, 0)), nn.Tanh(), nn.Conv2d(6, 4, (3, 2))),
        (3, 9, 8),
    ),
    "groups": (
        lambda: classifier(nn.Conv2d(4, 8, 3, groups=2), nn.Tanh(), nn.Conv2d(8, 8, 3, groups=8, bias=False)),
        (4, 9, 9),
    ),
    "holes": (lambda: classifier(nn.Conv2d(3, 4, 3, dilation=2), *between(2), nn.Conv2d(4, 3, 2)), (3, 8, 8)),
    "words": (lambda: classifier(nn.Conv2d(3, 4, 3, padding="same"), *between(2), nn.Conv2d(4, 3, 3)), (3, 5, 5)),
    "one axis": (lambda: classifier(nn.Conv1d(3, 4, 3), *between(1), nn.Conv1d(4, 3, 3)), (3, 9)),
    "three axes": (lambda: classifier(nn.Conv3d(2, 4, 2), *between(3), nn.Conv3d(4, 2, 2)), (2, 4, 5, 4)),
    "rows": (lambda: nn.Sequential(nn.Linear(5, 4), *between(1), nn.BatchNorm1d(4), nn.Linear(4, 4)), (5,)),
    "in place": (InPlace, (3, 6, 6)),
    "branching": (Branching, (3, 5, 5)),
    "C1": (lambda: build_architecture("c1_w4", (3, 16, 16), 4), (3, 16, 16)),
    "residual": (lambda: build_architecture("resnet8_w4", (3, 8, 8), 4), (3, 8, 8)),
}


@contextmanager
def left_to_torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as change:
        change.setattr(twice, "SPACE", {})
        change.setattr(twice, "OF_NORMALISATIONS", {})
        yield


def prepared(name: str) -> tuple[nn.Module, Tensor, Tensor]:
    """In float64, with running statistics and normalisation that are not those of the beginning."""
    built, shape = NETWORKS[name]
    torch.manual_seed(0)
    module, numbers = built().double(), torch.Generator().manual_seed(0)
    inputs = torch.randn(7, *shape, generator=numbers, dtype=torch.float64)
    module.eval()(inputs)  # what is lazy takes its shape
    with torch.no_grad():
        for tensor in itertools.chain(module.parameters(), module.buffers()):
            if tensor.is_floating_point():
                tensor.add_(0.3 * torch.rand(tensor.shape, generator=numbers, dtype=torch.float64))
    return module, inputs, torch.arange(7) % 3


def product_of(matrix: str, module: nn.Module, inputs: Tensor, labels: Tensor, varied: Sequence[Tensor]) -> Tensor:
    product, numbers = FORMS[matrix](module, inputs, labels, 9, varied), torch.Generator().manual_seed(1)
    vector = torch.randn(sum(tensor.numel() for tensor in varied), generator=numbers, dtype=torch.float64)
    product(vector, keep=True)
    return product(vector, keep=True)


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """What a function of the module is called with from now on."""
    calls: list[object] = []
    plain = getattr(twice, name)

    def counting(*given: object) -> object:
        calls.append(given)
        return plain(*given)

    monkeypatch.setattr(twice, name, counting)
    return calls


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("matrix", sorted(FORMS))
def test_products_are_those_of_torch(matrix: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, inputs, labels = prepared(name)
    every = list(module.parameters())
    weights, rest = [one for one in every if one.ndim > 1], [one for one in every if one.ndim == 1]
    for varied in (every, weights, rest or every, every[:1], every[-1:], every[2:3]):
        for parameter in every:
            parameter.requires_grad_(any(parameter is one for one in varied))
        found = product_of(matrix, module, inputs, labels, varied)
        with left_to_torch(monkeypatch):
            truth = product_of(matrix, module, inputs, labels, varied)
        assert (found - truth).abs().max() <= 1e-12 * max(1.0, float(truth.abs().max()))


@pytest.mark.parametrize("name", ["holes", "residual", "C1"])
def test_an_exported_program_is_differentiated_in_the_same_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, inputs, labels = prepared(name)
    program = torch.export.export(module, (inputs,)).module()
    applied = counted(monkeypatch, "_applied")
    found = product_of("hessian", program, inputs, labels, list(program.parameters()))
    assert applied
    assert torch.allclose(found, product_of("hessian", module, inputs, labels, list(module.parameters())), rtol=1e-12)


def test_only_what_nobody_wrote_into_is_multiplied_into_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    folded = counted(monkeypatch, "_folded")
    for name, count in (("in place", 0), ("holes", 1), ("branching", 2), ("residual", 9)):
        module, inputs, labels = prepared(name)
        folded.clear()
        product_of("hessian", module, inputs, labels, list(module.parameters()))
        assert len(folded) == count, name


def test_what_is_written_over_is_refused_as_torch_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module, inputs, labels = Overwritten().eval(), torch.randn(2, 3, 6, 6), torch.arange(2)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            FORMS["hessian"](module, inputs, labels, 2, list(module.parameters()))
        monkeypatch.setattr(twice, "SPACE", {})


def test_the_slope_of_the_cross_entropy_is_that_of_torch() -> None:
    logits = (30 * torch.randn(9, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))).requires_grad_()
    labels, along = torch.arange(9) % 5, torch.randn(9, 5, dtype=torch.float64)
    (truth,) = torch.autograd.grad(functional.cross_entropy(logits, labels, reduction="sum"), logits, create_graph=True)
    found = CrossEntropySlope.apply(logits, labels)  # type: ignore[no-untyped-call]
    assert torch.allclose(found, truth, rtol=0, atol=1e-14)
    second = [torch.autograd.grad(slope, logits, along, retain_graph=True)[0] for slope in (found, truth)]
    assert torch.allclose(second[0], second[1], rtol=0, atol=1e-14)


def test_nothing_is_held_of_a_network_that_was_differentiated() -> None:
    module, inputs, _ = prepared("branching")
    mode = twice.DifferentiatedTwice()
    with mode:
        module(inputs)
    assert mode._last is None
