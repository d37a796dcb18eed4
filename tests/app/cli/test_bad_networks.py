"""Networks that cannot be used: one sentence each, naming file, reason and remedy, and nothing is left on the disk."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.networks.program import export_program
from tests.app.cli.conftest import Corrie
from tests.app.cli.house import JUDGE, READER, reader_weights, write_texts


def refused(corrie: Corrie, network: object, *options: object) -> str:
    """The sentence, after making sure that no session was written."""
    before = sorted(Path.cwd().iterdir())
    sentence = corrie("landscape", network, "digits", "--grid", 2, "--samples", 4, *options).sentence
    assert sorted(Path.cwd().iterdir()) == before
    return sentence


def test_a_missing_network_is_named(corrie: Corrie) -> None:
    for name in ("net.toml", "net.pt2", "net.safetensors", "net"):
        options = ("--architecture", "mlp:64-16-10") if name.endswith("safetensors") else ()
        sentence = refused(corrie, name, *options)
        assert sentence.startswith(f"{name}: There is no such file. Check the path")


def test_a_truncated_t7_is_refused_by_name(corrie: Corrie, own_folder: Path) -> None:
    torch.save({"state_dict": reader_weights()}, own_folder / "net.t7")
    whole = (own_folder / "net.t7").read_bytes()
    (own_folder / "net.t7").write_bytes(whole[: len(whole) // 2])
    sentence = refused(corrie, "net.t7", "--architecture", "mlp:64-16-10")
    assert "net.t7: It is truncated or damaged" in sentence
    assert "Copy it again" in sentence


def test_weights_of_another_architecture_are_refused_with_keys_and_shapes(corrie: Corrie, own_folder: Path) -> None:
    save_file(reader_weights(), own_folder / "net.safetensors")
    sentence = refused(corrie, "net.safetensors", "--architecture", "mlp:64-16-16-10")
    assert sentence.startswith("net.safetensors: ")
    assert "5.weight" in sentence
    sentence = refused(corrie, "net.safetensors", "--architecture", "mlp:64-20-10")
    assert "1.weight (16×64 in the file, 20×64 in the architecture)" in sentence
    assert "Choose the architecture" in sentence


def test_bare_weights_that_fit_nothing_need_an_architecture_and_a_card_forbids_one(
    corrie: Corrie, house: Path, own_folder: Path
) -> None:
    save_file({"strange": torch.zeros(3, 3)}, own_folder / "net.safetensors")
    assert "--architecture NAME" in refused(corrie, "net.safetensors")
    assert "Leave out the architecture" in refused(corrie, house / "reader.toml", "--architecture", "mlp:64-16-10")


def test_an_unknown_architecture_is_answered_with_what_there_is(corrie: Corrie, house: Path) -> None:
    sentence = refused(corrie, house / "reader.safetensors", "--architecture", "transformer")
    assert "transformer" in sentence
    assert "mlp" in sentence
    assert "resnet" in sentence


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("shape = [1, 8, 8]", "", "input.shape"),
        ("shape = [1, 8, 8]", 'shape = "8x8"', "input.shape"),
        ("shape = [1, 8, 8]", "shape = [1, 8, 9]", "(1, 8, 9) has 72"),
        ("mean = [4.9]", "mean = [1, 2]", "mean has 2 values"),
        ("std = [6.0]", "std = [0]", "std must be"),
        ("[input]", "colour = 1\n[input]", "colour"),
        ('name = "Small reader"', "name = ", "TOML"),
        ('architecture = "mlp:64-16-10"', "", "either an architecture"),
        ("reader.safetensors", "lost.safetensors", "lost.safetensors: There is no such file"),
        ("[input]", 'classes = ["a", "b"]\n[input]', "classes"),
    ],
)
def test_a_card_with_a_mistake_is_refused_and_the_field_named(
    corrie: Corrie, own_folder: Path, old: str, new: str, complaint: str
) -> None:
    save_file(reader_weights(), own_folder / "reader.safetensors")
    assert old in READER
    write_texts(own_folder, {"card.toml": READER.replace(old, new)})
    sentence = refused(corrie, "card.toml")
    assert complaint in sentence
    assert "card.toml" in sentence or "lost.safetensors" in sentence


def test_a_pt2_that_is_no_program_is_refused(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "net.pt2").write_text("hello")
    assert "net.pt2: It is not a .pt2 program" in refused(corrie, "net.pt2")
    torch.save(reader_weights(), own_folder / "weights.pt2")
    assert refused(corrie, "weights.pt2").startswith("weights.pt2: ")


def test_a_truncated_program_is_refused(corrie: Corrie, own_folder: Path) -> None:
    program = export_program(torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 10)).eval(), (1, 8, 8))
    (own_folder / "net.pt2").write_bytes(program[: len(program) * 2 // 3])
    assert refused(corrie, "net.pt2").startswith("net.pt2: ")


def test_a_picture_is_no_network(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "cat.png").write_bytes(b"\x89PNG")
    assert '".png" is no kind of network' in refused(corrie, "cat.png")


def test_weights_that_are_not_numbers_are_holes_that_the_summary_explains(corrie: Corrie, own_folder: Path) -> None:
    weights = reader_weights()
    weights["3.bias"][0] = float("nan")
    save_file(weights, own_folder / "reader.safetensors")
    write_texts(own_folder, {"card.toml": READER})
    ask = ("landscape", "card.toml", "digits", "--grid", 3, "--samples", 8)
    outcome = corrie(*ask)
    assert outcome.status == 0
    assert "not finite at the centre" in outcome.out
    assert "9 points without a finite loss: check the weights" in outcome.out
    values = corrie(*ask, "--json").values
    assert (values["holes"], values["centre_loss"], values["lowest_at"]) == (9, None, None)
    assert "finite" in corrie("spectrum", "card.toml", "digits", "--top", 1, "--samples", 8).sentence


def test_the_figure_of_a_surface_with_holes_counts_them(corrie: Corrie, house: Path, own_folder: Path) -> None:
    ask = ("landscape", house / "reader.toml", "digits", "--grid", 3, "--samples", 8, "-o", "s.corrie.h5")
    assert corrie(*ask, "--range", -1e30, 1e30).status == 0
    assert corrie("export", "s.corrie.h5", "Surface of Small reader", "--to", "s.svg").status == 0
    assert "8 holes" in (own_folder / "s.svg").read_text(encoding="utf-8")


def test_the_judge_cannot_read_digits_and_says_both_shapes(corrie: Corrie, house: Path) -> None:
    sentence = refused(corrie, house / "judge.toml")
    assert "8 × 8" in sentence
    assert "takes 6" in sentence
    assert load_file(house / "judge.safetensors")["1.weight"].shape == (3, 6)
    assert "shape = [6]" in JUDGE
