"""Nothing of a TorchScript file runs while it is loaded, however it hides that it would."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from core.errors import UnreadableFile, UnsupportedNetwork
from core.networks.foreign.exporting import export_torchscript
from core.networks.foreign.script_archive import without_side_effects

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
CALL = b"torch.save("


class Restoring(nn.Module):
    """Writes a file while it is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 2)
        self.values = torch.zeros(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)

    @torch.jit.export
    def __getstate__(self):
        return (self.values, self.training)

    @torch.jit.export
    def __setstate__(self, state: tuple[Tensor, bool]):
        self.values = state[0]
        self.training = state[1]
        torch.save(state[0], "stolen.pt")


def restoring(folder: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]]) -> Path:
    """A file that writes while it is loaded, with its members changed."""
    path = folder / "net.ts"
    torch.jit.save(torch.jit.script(nn.Sequential(Restoring())), path)
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    assert any(CALL in content for _, content in members)
    with zipfile.ZipFile(path, "w") as changed:
        for name, content in members:
            for other, written in change(name, content):
                changed.writestr(other, written)
    return path


@pytest.mark.parametrize("call", [CALL, b"torch . save(", b"ops.aten . save(", b"torch. \\\n save(", b"torch.sum("])
def test_code_that_would_run_while_it_is_loaded_is_refused_however_it_is_written(tmp_path: Path, call: bytes) -> None:
    path = restoring(tmp_path, lambda name, content: [(name, content.replace(CALL, call))])
    with pytest.raises(UnsupportedNetwork, match=r"reaches the disk|would run while it is loaded"):
        without_side_effects(path)


def test_code_in_a_member_that_only_torch_takes_for_code_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    path = restoring(tmp_path, lambda name, content: [(name.replace(".py", ".PY"), content)])
    with pytest.raises(UnsupportedNetwork, match=r"net\.ts: .*reaches the disk"):
        export_torchscript(path, (4,))
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.ts"]


@pytest.mark.parametrize("other", [str, str.upper])
def test_two_members_of_one_name_are_refused(tmp_path: Path, other: Callable[[str], str]) -> None:
    path = restoring(
        tmp_path, lambda name, content: [(name, content), (other(name), content.replace(CALL, b"torch.sum("))]
    )
    with pytest.raises((UnreadableFile, UnsupportedNetwork), match=r"two members|reaches the disk"):
        without_side_effects(path)


def test_objects_of_native_classes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.ts"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", b"\x80\x02c__torch__.torch.classes.some\nLoader\nq\x00.")
    with pytest.raises(UnsupportedNetwork, match=r"C\+\+ classes"):
        without_side_effects(path)


def test_a_plain_file_stays_what_it_was(tmp_path: Path) -> None:
    module = nn.Linear(4, 2).eval()
    torch.jit.save(torch.jit.script(module), tmp_path / "net.ts")
    again = torch.jit.load(without_side_effects(tmp_path / "net.ts"))
    samples = torch.randn(3, 4)
    assert torch.equal(again(samples), module(samples))
