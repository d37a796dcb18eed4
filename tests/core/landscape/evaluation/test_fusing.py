"""Layers are fused where nothing else looks on, and only there."""

import pytest
import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from core.landscape.evaluation import fused_layers
from core.landscape.evaluation.fused_layers import FusedLayer
from core.landscape.evaluation.fusing import fused_network
from tests.core.landscape.evaluation.networks import plane, settled


class Sketch(nn.Module):
    """One convolution and normalisation, and what a test does with them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.other = nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Conv2d(2, 4, 1)


class SumOfTwo(Sketch):
    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.norm(self.conv(x)) + self.other(x)).mean((2, 3))


class NormUsedTwice(Sketch):
    def forward(self, x: Tensor) -> Tensor:
        out = self.norm(self.conv(x))
        return (functional.relu(out) - out).mean((2, 3))


class ConvolutionUsedTwice(Sketch):
    def forward(self, x: Tensor) -> Tensor:
        out = self.conv(x)
        return (self.norm(out) * out).mean((2, 3))


class OverwrittenSummand(Sketch):
    def forward(self, x: Tensor) -> Tensor:
        left = self.other(x)
        out = left.add_(self.norm(self.conv(x)))
        return (functional.relu(out) + left).mean((2, 3))


class BroadcastSummand(Sketch):
    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.norm(self.conv(x)) + self.other(x).mean((2, 3), keepdim=True)).mean((2, 3))


class Branching(Sketch):
    def forward(self, x: Tensor) -> Tensor:
        if x.sum() > 0:
            return self.conv(x).mean((2, 3))
        return self.other(x).mean((2, 3))


def fused_and_plain(module: nn.Module, shape: tuple[int, ...] = (2, 6, 6)) -> tuple[int, Tensor, Tensor]:
    """How many layers were fused, and the outputs in both ways after two points."""
    settled(module, shape)
    fused = fused_network(module)
    x = torch.randn(5, *shape).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        if fused is None:
            return 0, module(x), module(x)
        for _ in range(2):
            for parameter in module.parameters():
                parameter.data.mul_(1.1)
            fused.refresh()
            outputs = fused(x)
        return fused.layers, outputs, module(x)


@pytest.mark.parametrize("calls", ["one call", "several calls"])
@pytest.mark.parametrize(
    ("kind", "layers"),
    [(SumOfTwo, 1), (NormUsedTwice, 1), (ConvolutionUsedTwice, 0), (OverwrittenSummand, 1), (BroadcastSummand, 1)],
)
def test_what_others_look_at_is_left_as_it_was(
    kind: type[Sketch], layers: int, calls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if calls == "several calls":
        monkeypatch.setattr(fused_layers, "one_call_available", lambda: False)
    torch.manual_seed(0)
    count, outputs, truth = fused_and_plain(kind())
    assert count == layers
    assert torch.allclose(outputs, truth, rtol=1e-5, atol=1e-6)


def test_a_network_that_cannot_be_traced_is_left_to_its_module() -> None:
    assert fused_network(Branching().eval()) is None


def test_a_normalisation_by_the_batch_is_no_part_of_the_weights() -> None:
    module = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4, track_running_stats=False), nn.Flatten())
    assert fused_and_plain(module)[0] == 0


def test_other_paddings_than_zeros_are_left_alone() -> None:
    module = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1, padding_mode="reflect"), nn.BatchNorm2d(4), nn.Flatten())
    assert fused_and_plain(module)[0] == 0


def test_normalisations_without_scale_and_strided_dilated_grouped_convolutions_are_fused() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(
        nn.Conv2d(2, 4, 3, stride=2, padding=2, dilation=2, groups=2),
        nn.BatchNorm2d(4, affine=False, eps=0.1),
        nn.ReLU(inplace=True),
        nn.Conv2d(4, 4, (1, 3), padding=(0, 1), groups=4),
        nn.ReLU(),
        nn.Flatten(),
        nn.LazyLinear(3),
        nn.BatchNorm1d(3),
    )
    module(torch.zeros(2, 2, 6, 6))
    count, outputs, truth = fused_and_plain(module)
    assert count == 3
    assert torch.allclose(outputs, truth, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "layers"), [("resnet8_w3", 9), ("resnet8_w3_noshort", 7), ("resnet8_w3_pad", 7), ("vgg9_w2", 8)]
)
@pytest.mark.parametrize("form", ["module", "program"])
def test_every_convolution_of_the_papers_families_is_fused(name: str, layers: int, form: str) -> None:
    fused = fused_network(plane(name, program=form == "program").module)
    assert fused is not None
    assert fused.layers == layers
    left = [node for node in graph_of(fused).nodes if "norm" in str(node.target) or "relu" in str(node.target)]
    assert not left


def test_sums_and_relu_of_residual_blocks_go_into_the_convolution() -> None:
    fused = fused_network(plane("resnet8_w3").module)
    assert fused is not None
    sums = [node for node in graph_of(fused).nodes if len(node.args) == 2 and node.op == "call_module"]
    assert len(sums) == 3
    assert all(isinstance(fused._forward.get_submodule(str(node.target)), FusedLayer) for node in sums)


def graph_of(fused: object) -> fx.Graph:
    return fused._forward.graph  # type: ignore[attr-defined,no-any-return]
