"""TorchScript graphs repeated operator by operator: the same numbers, names and free batch as the module itself."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.errors import InvalidRequest, UnsupportedNetwork
from core.networks.architectures.registry import build_architecture
from core.networks.foreign.attempts import export_module, export_script, in_float32, input_shape_of
from core.networks.foreign.script_graph import ScriptGraph
from core.networks.program import load_program

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")


class Small(nn.Module):
    """Convolution, batch normalisation, max-pooling, and a size that is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.5)
        self.linear = nn.Linear(4 * 16, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(torch.relu(self.norm(self.convolution(x))))
        return self.linear(self.dropout(x.view(x.size(0), -1)))


class Branching(nn.Module):
    """What only scripting keeps: a loop, a branch on a flag, lists, tuples and numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])
        self.last = nn.Linear(12, 4)
        self.scale = 0.5
        self.wide = True

    def forward(self, x: Tensor) -> Tensor:
        kept = [x]
        for layer in self.layers:
            x = functional.gelu(layer(x)) * self.scale
            kept.append(x)
        rows, columns = x.shape[0], x.shape[1]
        if self.wide and columns > 2:
            x = torch.cat([kept[0], kept[-1]], dim=1)
        return self.last(x.reshape(rows, -1)).to(torch.float32)


class Mixed(nn.Module):
    """Many layers in a row: strides, groups, average pools, instance and layer normalisation, softplus, padding."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(2, 8, 3, stride=2, padding=1, bias=False), nn.GroupNorm(2, 8), nn.ELU())
        self.second = nn.Sequential(nn.Conv2d(8, 8, 3, groups=4, dilation=2), nn.PReLU(8), nn.AvgPool2d(2))
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.last = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(4), nn.Linear(4, 3))

    def forward(self, x: Tensor) -> Tensor:
        x = self.second(self.first(functional.pad(x, (1, 1, 1, 1))))
        return self.last(functional.softplus(self.up(x)).clamp(min=0.1, max=2.0))


class Shared(nn.Module):
    """Two layers with one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Linear(6, 6)
        self.other = nn.Linear(6, 6)
        self.other.weight = self.one.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.other(torch.tanh(self.one(x)))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp": (lambda: build_architecture("mlp:6-9x3-4", (6,), 4), (6,)),
    "resnet20": (lambda: build_architecture("resnet20", (3, 32, 32), 10), (3, 32, 32)),
    "small": (Small, (3, 8, 8)),
    "branching": (Branching, (6,)),
    "mixed": (Mixed, (2, 17, 17)),
    "shared": (Shared, (6,)),
}


def network(kind: str) -> tuple[nn.Module, tuple[int, ...]]:
    torch.manual_seed(0)
    make, shape = NETWORKS[kind]
    module = make()
    module(torch.randn(16, *shape))  # running statistics that are not the initial ones
    return module.eval(), shape


def scripted(module: nn.Module, shape: tuple[int, ...], how: str) -> Any:
    """As it comes back from a file."""
    script = torch.jit.script(module) if how == "script" else torch.jit.trace(module, torch.zeros(2, *shape))
    content = io.BytesIO()
    torch.jit.save(script, content)
    return torch.jit.load(io.BytesIO(content.getvalue()))


def saved(program: torch.export.ExportedProgram) -> bytes:
    content = io.BytesIO()
    torch.export.save(program, content)
    return content.getvalue()


@pytest.mark.parametrize("how", ["script", "trace"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_a_program_from_torchscript_agrees_for_batches_of_any_size(kind: str, how: str) -> None:
    module, shape = network(kind)
    script = scripted(module, shape, how)
    program = load_program(saved(export_script(script, shape)), "p.pt2")
    for count in (1, 2, 7):
        samples = torch.randn(count, *shape)
        with torch.no_grad():
            truth = script(samples)
            assert torch.allclose(program(samples), truth, rtol=0, atol=1e-6 * float(truth.abs().max()))


@pytest.mark.parametrize("how", ["script", "trace"])
@pytest.mark.parametrize("kind", ["mlp", "resnet20", "small", "mixed"])
def test_parameters_of_torchscript_keep_their_names_and_values(kind: str, how: str) -> None:
    module, shape = network(kind)
    program = load_program(saved(export_script(scripted(module, shape, how), shape)), "p.pt2")
    kept = dict(program.named_parameters())
    assert list(kept) == [name for name, _ in module.named_parameters()]
    assert all(torch.equal(value, kept[name]) for name, value in module.named_parameters())


def test_layers_that_share_their_weights_still_do() -> None:
    module, shape = network("shared")
    graph = ScriptGraph(scripted(module, shape, "script"))
    assert graph.get_parameter("one.weight") is graph.get_parameter("other.weight")


def test_running_statistics_stay_buffers() -> None:
    module, shape = network("small")
    program = load_program(saved(export_script(scripted(module, shape, "script"), shape)), "p.pt2")
    names = {name for name, _ in program.named_buffers()}
    assert {"norm.running_mean", "norm.running_var"} <= names


class Several(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return x + y


class Writing(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        torch.save(x, "stolen.pt")
        return x


def test_a_network_of_several_inputs_is_refused() -> None:
    with pytest.raises(UnsupportedNetwork, match="takes 2 inputs"):
        ScriptGraph(torch.jit.script(Several()))


def test_an_operator_that_writes_files_is_refused_before_anything_runs(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnsupportedNetwork, match="aten::save"):
        ScriptGraph(torch.jit.script(Writing()))
    assert list(tmp_path.iterdir()) == []


class Eager(nn.Module):
    """Breaks the exporter's first way (a list made from numbers of a tensor), but traces."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        scale = float(self.linear.weight.detach().abs().max().numpy())
        return self.linear(x) / (1.0 if scale < 0 else 2.0)


def test_what_cannot_be_exported_directly_goes_another_way_and_says_so() -> None:
    module = Eager().eval()
    program, notes = export_module(module, (4,))
    assert notes
    samples = torch.randn(5, 4)
    assert torch.allclose(program.module()(samples), module(samples))


class FixedBatch(nn.Module):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.linear = nn.Linear(12, 2)
        self.count = count

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.view(self.count, 12))


def test_a_batch_of_one_size_only_is_refused_with_the_remedy() -> None:
    with pytest.raises(UnsupportedNetwork, match=r"one size only.*flatten"):
        export_module(FixedBatch(2).eval(), (3, 4))
    traced = torch.jit.trace(FixedBatch(2).eval(), torch.zeros(2, 3, 4))
    with pytest.raises(UnsupportedNetwork, match=r"one size only.*flatten"):
        export_script(traced, (3, 4))


@pytest.mark.parametrize("shape", [(3, 4), None])
def test_a_network_for_single_samples_is_refused_with_the_remedy(shape: tuple[int, ...] | None) -> None:
    module = nn.Sequential(FixedBatch(1), nn.Identity()) if shape else FixedBatch(1)
    with pytest.raises(UnsupportedNetwork, match=r"one size only.*flatten"):
        input_shape_of(module.eval(), shape)


def test_a_shape_that_fits_no_batch_is_refused_as_such() -> None:
    with pytest.raises(InvalidRequest, match="does not take an input of shape 5"):
        input_shape_of(nn.Linear(4, 2), (5,))


@pytest.mark.parametrize(("kind", "shape"), [("resnet20", (3, 32, 32)), ("mlp", (6,)), ("small", (3, 8, 8))])
def test_the_input_shape_is_told_from_the_first_weights(kind: str, shape: tuple[int, ...]) -> None:
    found, notes = input_shape_of(network(kind)[0], None)
    assert found == shape
    assert "Nothing says the input shape" in notes[0]


def test_weights_of_other_precision_become_float32_with_a_note() -> None:
    module = nn.Sequential(nn.Linear(3, 2)).double().train()
    assert in_float32(module) == ["Its weights were float64, and are float32 here."]
    assert module[0].weight.dtype == torch.float32
    assert not module.training
