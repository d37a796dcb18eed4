"""TorchScript files are translated in a child process, and refused there when they cannot be."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from core.errors import InvalidRequest, UnreadableFile, UnsupportedNetwork
from core.networks.foreign.attempts import _compare
from core.networks.foreign.exporting import export_torchscript
from core.networks.program import load_program

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")


def test_a_file_becomes_a_program_that_agrees(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 169, 3)).eval()
    torch.jit.save(torch.jit.script(module), tmp_path / "net.ts")
    exported = export_torchscript(tmp_path / "net.ts")
    assert exported.input_shape == (1, 28, 28)
    samples = torch.randn(5, 1, 28, 28)
    with torch.no_grad():
        ours = load_program(exported.program, "p.pt2")(samples)
        assert torch.allclose(ours, module(samples), rtol=0, atol=1e-6)


class Writing(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        torch.save(x, "stolen.pt")
        return x


def test_a_file_that_would_write_files_is_refused_and_writes_none(tmp_path: Path) -> None:
    torch.jit.save(torch.jit.script(Writing()), tmp_path / "net.ts")
    with pytest.raises(UnsupportedNetwork, match=r"net\.ts: .*aten::save"):
        export_torchscript(tmp_path / "net.ts", (4,))
    assert [path.name for path in tmp_path.iterdir()] == ["net.ts"]


def test_a_shape_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    torch.jit.save(torch.jit.script(nn.Linear(4, 2)), tmp_path / "net.ts")
    with pytest.raises(InvalidRequest, match=r"net\.ts: .*shape 5.*Give the shape"):
        export_torchscript(tmp_path / "net.ts", (5,))


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_a_truncated_file_is_refused_with_its_name(tmp_path: Path, part: float) -> None:
    torch.jit.save(torch.jit.script(nn.Linear(4, 2)), tmp_path / "net.ts")
    whole = (tmp_path / "net.ts").read_bytes()
    (tmp_path / "net.ts").write_bytes(whole[: int(part * len(whole))])
    with pytest.raises(UnreadableFile, match=r"net\.ts: .*cannot load this TorchScript"):
        export_torchscript(tmp_path / "net.ts", (4,))


class Torn(nn.Module):
    """Gives NaN wherever its argument says so."""

    def __init__(self, where: float) -> None:
        super().__init__()
        self.where = where

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > self.where, torch.full_like(x, float("nan")), x)


def test_a_program_that_gives_nan_elsewhere_is_not_taken_for_the_same() -> None:
    with pytest.raises(UnsupportedNetwork, match="differs from the network"):
        _compare(Torn(1e9), Torn(0.0), (4,))
    _compare(Torn(0.0), Torn(0.0), (4,))
