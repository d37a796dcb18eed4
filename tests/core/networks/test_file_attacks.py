"""Network files that were made to be waited for, to exhaust memory, or to be taken for others."""

import os
import sys
import time
import zipfile
from pathlib import Path

import pytest
import torch
from torch import nn

from core.errors import CorrieError, UnreadableFile, WeightsMismatch
from core.networks.architectures.registry import build_architecture
from core.networks.foreign.exporting import export_from_python
from core.networks.loading import open_network
from core.networks.weights import apply_weights, read_weights
from core.training.presets import read_preset

ENDINGS = ("toml", "pt2", "onnx", "pt", "safetensors", "ts", "py")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no /proc")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes in folders")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"net.{ending}"
    os.mkfifo(path)
    with pytest.raises(UnreadableFile, match="pipe or a device"):
        open_network(path)


@pytest.mark.parametrize("ending", ["pt2", "onnx", "pt"])
def test_a_file_of_gigabytes_is_refused_without_being_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"net.{ending}"
    with path.open("wb") as file:
        file.truncate(60 * 2**30)  # takes no room on the disk
    begin = time.monotonic()
    with pytest.raises(UnreadableFile, match=r"larger than 2 GB|not a torch checkpoint"):
        open_network(path)
    assert time.monotonic() - begin < 60  # reading it would take minutes


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    card = tmp_path / "net.toml"
    card.write_text(f'name = "net"\nfile = "{"a" * 5000}.pt2"\n[input]\nshape = [4]\n')
    with pytest.raises(UnreadableFile, match="cannot be read"):
        open_network(card)


def test_weights_in_a_compressed_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("net/data.pkl", bytes(2**20))
    with pytest.raises(UnreadableFile, match="compressed"):
        read_weights(path)


@pytest.mark.parametrize("tensor", [torch.eye(3).to_sparse(), torch.empty(3, 3, device="meta")])
def test_tensors_without_a_number_for_each_place_are_refused(tmp_path: Path, tensor: torch.Tensor) -> None:
    torch.save({"layer.weight": tensor}, tmp_path / "net.pt")
    with pytest.raises(UnreadableFile, match=r'"layer\.weight" is a sparse, quantised or nested'):
        read_weights(tmp_path / "net.pt")


@pytest.mark.parametrize("kind", [torch.int8, torch.complex64])
def test_weights_that_are_no_real_numbers_are_not_taken_for_such(kind: torch.dtype) -> None:
    module = build_architecture("mlp:4-5x1-2", (4,), 2)
    weights = {name: value.to(kind) for name, value in module.state_dict().items()}
    with pytest.raises(WeightsMismatch, match="another kind of number"):
        apply_weights(module, weights, architecture="mlp:4-5x1-2")


def test_half_precision_weights_are_taken() -> None:
    module = build_architecture("mlp:4-5x1-2", (4,), 2)
    apply_weights(module, {n: v.half() for n, v in module.state_dict().items()}, architecture="mlp:4-5x1-2")
    assert all(value.dtype == torch.float32 for value in nn.Module.parameters(module))


DAEMON = """
import os, time
from torch import nn
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open("daemon", "w") as file:
            file.write(str(os.getpid()))
        for number in range(3):
            os.close(number)
        time.sleep(100)
    os._exit(0)
while not os.path.exists("daemon") or not open("daemon").read():
    pass
input_shape = 4
def make():
    return nn.Linear(4, 2)
"""


@linux
def test_a_process_that_left_the_group_of_the_child_does_not_outlive_it(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(DAEMON)
    export_from_python(path, "make", agreed=True)
    status = Path(f"/proc/{(tmp_path / 'daemon').read_text()}/status")
    begin = time.monotonic()
    while status.exists() and "\nState:\tZ" not in status.read_text():
        assert time.monotonic() - begin < 60, "it is still running"


@linux
def test_a_pipe_in_the_place_of_the_report_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("import os, sys\nos.mkfifo(os.path.join(sys.argv[1], 'report.json'))\nos._exit(0)\n")
    with pytest.raises(UnreadableFile, match="ended by itself with status 0"):
        export_from_python(path, "make", agreed=True)


@pytest.mark.parametrize("line", ["a = " + "[" * 5000, "a = " + "9" * 5000])
def test_a_card_that_breaks_its_reader_is_refused(tmp_path: Path, line: str) -> None:
    card = tmp_path / "net.toml"
    card.write_text(f"{line}\n")
    with pytest.raises(UnreadableFile, match="not valid TOML"):
        open_network(card)
    with pytest.raises(UnreadableFile, match="not valid TOML"):
        read_preset(card)


def test_a_card_of_gigabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    card = tmp_path / "net.toml"
    with card.open("wb") as file:
        file.truncate(60 * 2**30)
    with pytest.raises(UnreadableFile, match="far too large"):
        open_network(card)


@pytest.mark.parametrize("architecture", ["resnet20", f"mlp:{'9' * 5000}-5x1-2"])
def test_a_card_that_asks_for_more_than_there_is_memory_is_refused(tmp_path: Path, architecture: str) -> None:
    weights = build_architecture("resnet20", (3, 32, 32), 10).state_dict()
    torch.save(weights, tmp_path / "net.pt")
    card = tmp_path / "net.toml"
    card.write_text(
        f'name = "net"\narchitecture = "{architecture}"\nweights = "net.pt"\n[input]\nshape = [3, 1000000, 1000000]\n'
    )
    with pytest.raises(CorrieError):
        open_network(card)


def test_a_pickle_of_something_else_is_refused_as_one(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    the_function_print = "80049516000000000000008c086275696c74696e73948c057072696e749493942e"
    path.write_bytes(bytes.fromhex(the_function_print))
    with pytest.raises(UnreadableFile, match="could run code"):
        open_network(path)
