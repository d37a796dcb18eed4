"""What the import dialog shows of a network file, and the card that it writes."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core.errors import InvalidRequest, OutOfSpace, UnreadableFile
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard
from core.networks.loading import open_network
from core.networks.preview import card_paths, preview_network, write_card
from core.networks.program import export_program

INPUTS = InputCard(shape=(3, 16, 16), mean=(1.0, 2.0, 3.0), std=(4.0,))


def weights(folder: Path, architecture: str = "resnet8_w2") -> Path:
    torch.manual_seed(0)
    save_file(build_architecture(architecture, (3, 32, 32), 3).state_dict(), folder / "net.safetensors")
    return folder / "net.safetensors"


def program(folder: Path) -> Path:
    module = build_architecture("mlp:6-5-4", (6,), 4).eval()
    (folder / "net.pt2").write_bytes(export_program(module, (6,)))
    return folder / "net.pt2"


def test_a_preview_counts_what_is_in_the_file(tmp_path: Path) -> None:
    preview = preview_network(program(tmp_path))
    assert (preview.kind, preview.input_shape, preview.outputs) == ("program", (6,), 4)
    assert preview.parameters == 6 * 5 + 5 + 5 * 4 + 4
    assert preview.size_bytes == (tmp_path / "net.pt2").stat().st_size
    assert preview.notes == ("Nothing says the preprocessing: none is assumed (mean 0, std 1).",)


def test_a_preview_takes_the_first_of_several_architectures_and_says_so(tmp_path: Path) -> None:
    preview = preview_network(weights(tmp_path, "resnet8_noshort"))
    assert preview.network.card.architecture == "resnet8_noshort"
    assert [one.architecture for one in preview.suggestions] == ["resnet8_noshort", "resnet8_pad"]
    assert "resnet8_noshort is taken" in preview.notes[0]


def test_the_size_of_a_card_is_that_of_its_weights(tmp_path: Path) -> None:
    network = open_network(weights(tmp_path))
    card = write_card(network, tmp_path, name="My net", classes=(), input_card=INPUTS, description="")
    preview = preview_network(card)
    assert (preview.kind, preview.notes) == ("network card", ())
    assert preview.size_bytes == (tmp_path / "my-net.safetensors").stat().st_size


@pytest.mark.parametrize("make", [weights, program])
def test_a_card_that_was_written_opens_as_the_same_network(tmp_path: Path, make: object) -> None:
    network = open_network(make(tmp_path))  # type: ignore[operator]
    folder = tmp_path / "out"
    folder.mkdir()
    inputs = INPUTS if make is weights else InputCard(shape=(6,), mean=(0.5,))
    names = tuple("abc") if make is weights else ("ä", '"b"', "c\n", "d")
    path = write_card(network, folder, name="Réseau 1", classes=names, input_card=inputs, description="From the lab.")
    assert path.suffix == ".toml"
    written = open_network(path)
    assert (written.card.name, written.card.classes, written.card.input) == ("Réseau 1", names, inputs)
    assert written.card.description == "From the lab."
    assert written.sha256 == network.sha256
    samples = torch.from_numpy(np.random.default_rng(0).normal(size=(4, *inputs.shape)).astype(np.float32))
    with torch.no_grad():
        assert torch.equal(written.module(samples), network.module(samples))
    assert len(list(folder.iterdir())) == 2


def test_nothing_is_overwritten_unless_that_is_agreed(tmp_path: Path) -> None:
    network = open_network(weights(tmp_path))
    said = {"name": "net", "classes": (), "input_card": INPUTS, "description": ""}
    before = (tmp_path / "net.safetensors").read_bytes()
    with pytest.raises(InvalidRequest, match=r"net\.safetensors is there already"):
        write_card(network, tmp_path, **said)  # type: ignore[arg-type]
    assert (tmp_path / "net.safetensors").read_bytes() == before
    assert not (tmp_path / "net.toml").exists()
    path = write_card(network, tmp_path, overwrite=True, **said)  # type: ignore[arg-type]
    assert open_network(path).sha256 == network.sha256
    assert card_paths(network, tmp_path, "net") == (path, tmp_path / "net.safetensors")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    network = open_network(weights(tmp_path))
    with pytest.raises((UnreadableFile, OutOfSpace), match="net"):
        write_card(network, tmp_path / "lost", name="net", classes=(), input_card=INPUTS, description="")


def test_a_card_that_cannot_be_written_leaves_no_weights_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = open_network(weights(tmp_path))
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "net.toml").mkdir()  # a folder where the card should go
    with pytest.raises((UnreadableFile, OutOfSpace)):
        write_card(network, folder, name="net", classes=(), input_card=INPUTS, description="", overwrite=True)
    assert [path.name for path in folder.iterdir()] == ["net.toml"]


def test_a_name_without_letters_still_gets_a_file(tmp_path: Path) -> None:
    network = open_network(program(tmp_path))
    path = write_card(network, tmp_path, name="…", classes=(), input_card=InputCard(shape=(6,)), description="")
    assert path.name == "network.toml"
