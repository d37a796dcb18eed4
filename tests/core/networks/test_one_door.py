"""One door for every kind of network: what came in is kept as a program, and what was assumed is said."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from core.errors import InvalidRequest, UnreadableFile, WeightsMismatch
from core.job import JobContext
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.file_kinds import kind_of_file
from core.networks.loading import open_explained, open_network
from core.networks.options import CIFAR, OpeningOptions
from core.networks.program import export_program, load_program
from core.networks.storing import restore_network, store_network
from tests.core.networks.traps import members, with_model

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")

FACTORY = "from torch import nn\ninput_shape = 4\ndef make():\n    return nn.Sequential(nn.Linear(4, 3))\n"


def weights_file(folder: Path, architecture: str, shape: tuple[int, ...], classes: int) -> Path:
    path = folder / "net.safetensors"
    save_file(build_architecture(architecture, shape, classes).state_dict(), path)
    return path


def small() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3)).eval()


def test_weights_that_fit_one_architecture_need_no_name(tmp_path: Path) -> None:
    opened = open_explained(weights_file(tmp_path, "resnet8_w2", (3, 32, 32), 7), OpeningOptions(), JobContext())
    assert opened.kind == "weights"
    assert opened.network.card.architecture == "resnet8_w2"
    assert len(opened.network.card.classes) == 7
    assert [one.architecture for one in opened.suggestions] == ["resnet8_w2"]
    assert "fit resnet8_w2" in opened.notes[0]


def test_weights_that_fit_two_architectures_are_asked_about(tmp_path: Path) -> None:
    path = weights_file(tmp_path, "resnet8_noshort", (3, 32, 32), 10)
    with pytest.raises(InvalidRequest, match=r"resnet8_noshort and resnet8_pad.*--architecture NAME"):
        open_network(path)
    assert open_network(path, "resnet8_pad").card.architecture == "resnet8_pad"


def test_weights_of_another_architecture_are_refused_with_the_one_they_fit(tmp_path: Path) -> None:
    path = weights_file(tmp_path, "resnet8_w2", (3, 32, 32), 10)
    with pytest.raises(WeightsMismatch, match="They fit resnet8_w2"):
        open_network(path, "resnet14_w2")


def test_what_is_assumed_of_bare_weights_is_said_and_kept_in_the_card(tmp_path: Path) -> None:
    colour = open_network(weights_file(tmp_path, "resnet8_w2", (3, 32, 32), 10))
    assert colour.card.input == CIFAR
    assert "CIFAR-10 is assumed" in colour.card.description
    grey = open_network(weights_file(tmp_path, "m1_w4", (1, 28, 28), 10))
    assert grey.card.input == InputCard(shape=(1, 28, 28))
    assert "none is assumed (mean 0, std 1)" in grey.card.description


def test_an_input_card_and_class_names_take_the_place_of_assumptions(tmp_path: Path) -> None:
    inputs = InputCard(shape=(3, 16, 16), mean=(0.5,), std=(0.25,))
    path = weights_file(tmp_path, "resnet8_w2", (3, 32, 32), 3)
    network = open_network(path, input_card=inputs, classes=("a", "b", "c"))
    assert (network.card.input, network.card.classes) == (inputs, ("a", "b", "c"))
    assert "assumed" not in network.card.description


def test_torchscript_is_told_from_weights_whatever_it_is_called(tmp_path: Path) -> None:
    torch.jit.save(torch.jit.script(small()), tmp_path / "net.pt")
    torch.save(small().state_dict(), tmp_path / "weights.pt")
    (tmp_path / "program.pt").write_bytes(export_program(small(), (4,)))
    torch.jit.save(torch.jit.script(small()), tmp_path / "script.pt2")
    assert kind_of_file(tmp_path / "net.pt") == "TorchScript"
    assert kind_of_file(tmp_path / "weights.pt") == "weights"
    assert kind_of_file(tmp_path / "program.pt") == "program"
    assert kind_of_file(tmp_path / "script.pt2") == "TorchScript"


def test_torchscript_is_kept_as_a_program_that_needs_no_file(tmp_path: Path) -> None:
    module = small()
    torch.jit.save(torch.jit.script(module), tmp_path / "net.pt")
    opened = open_explained(tmp_path / "net.pt", OpeningOptions(), JobContext())
    (tmp_path / "net.pt").unlink()
    restored = restore_network(store_network(opened.network))
    samples = torch.randn(5, 4)
    with torch.no_grad():
        assert torch.allclose(restored.module(samples), module(samples), rtol=0, atol=1e-6)
    assert (opened.kind, restored.sha256) == ("TorchScript", opened.network.sha256)


def test_a_python_file_becomes_a_network_whose_card_names_no_code(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(FACTORY, encoding="utf-8")
    with pytest.raises(InvalidRequest, match="Name its function"):
        open_network(tmp_path / "model.py")
    network = open_network(tmp_path / "model.py", factory="make", agreed=True)
    assert network.card.file == "model.pt2"
    assert restore_network(store_network(network)).module(torch.zeros(2, 4)).shape == (2, 3)


def test_a_card_may_name_torchscript_but_never_code(tmp_path: Path) -> None:
    torch.jit.save(torch.jit.script(small()), tmp_path / "net.ts")
    (tmp_path / "model.py").write_text(FACTORY, encoding="utf-8")
    card = NetworkCard(name="Scripted", input=InputCard(shape=(4,), mean=(2.0,)), file="net.ts")
    write_network_card(card, tmp_path / "net.toml")
    network = open_network(tmp_path / "net.toml")
    assert network.card == card
    assert network.program is not None
    write_network_card(NetworkCard(name="Code", input=InputCard(shape=(4,)), file="model.py"), tmp_path / "code.toml")
    with pytest.raises(UnreadableFile, match=r"model\.py is no program"):
        open_network(tmp_path / "code.toml")


def test_a_program_of_another_torch_is_refused_with_both_versions(tmp_path: Path) -> None:
    content = with_model(
        export_program(small(), (4,)), lambda m: m.update(schema_version={"major": 99, "minor": 1}, torch_version="9.8")
    )
    ours = torch.__version__.partition("+")[0]
    with pytest.raises(UnreadableFile, match=rf"written by torch 9\.8 \(schema 99\.1\), and torch {ours}.*Export it"):
        load_program(content, "p.pt2")


def test_a_program_in_the_older_layout_is_refused_with_both_versions() -> None:
    model = json.loads(members(export_program(small(), (4,)))["models/model.json"])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("version", "5.1")
        old = {**model, "schema_version": {"major": 5, "minor": 1}, "torch_version": "2.3.1+cu121"}
        archive.writestr("serialized_exported_program.json", json.dumps(old))
    with pytest.raises(UnreadableFile, match=r"written by torch 2\.3\.1\+cu121 \(schema 5\.1\)"):
        load_program(content.getvalue(), "p.pt2")


@pytest.mark.parametrize("version", [None, [], {"major": "x"}, {"major": 1}, "9"])
def test_a_program_with_a_damaged_version_is_still_refused_in_one_sentence(version: object) -> None:
    content = with_model(export_program(small(), (4,)), lambda model: model.update(schema_version=version))
    with pytest.raises(UnreadableFile, match=r"p\.pt2"):
        load_program(content, "p.pt2")


def test_a_whole_model_is_refused_with_both_ways_out(tmp_path: Path) -> None:
    torch.save(nn.Linear(2, 2), tmp_path / "w.pt")
    with pytest.raises(UnreadableFile, match=r"state_dict.*factory"):
        open_network(tmp_path / "w.pt")
