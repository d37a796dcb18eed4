"""Networks without a card on the command line: what is said and assumed of them, and code that runs if agreed."""

from pathlib import Path

import pytest
import torch

from core.networks.program import export_program
from core.networks.storing import restore_network
from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.app.cli.test_bad_networks import refused

MODEL = """
from torch import nn
def make():
    open("ran", "w").close()
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
"""
SMALL = ("--grid", 2, "--samples", 4)


def test_weights_without_a_card_are_recognised_and_the_assumptions_said(corrie: Corrie, house: Path) -> None:
    outcome = corrie("landscape", house / "reader.safetensors", "digits", *SMALL, "--input-shape", "1x8x8")
    assert outcome.status == 0
    assert "reader.safetensors: The weights fit mlp:64-16-10" in outcome.err
    assert "reader.safetensors: Nothing says the preprocessing" in outcome.err


def test_mean_and_std_change_the_loss_and_leave_nothing_to_assume(corrie: Corrie, house: Path) -> None:
    ask = ("landscape", house / "reader.safetensors", "digits", *SMALL, "--input-shape", "1x8x8", "--json")
    given = corrie(*ask, "--mean", "4.9", "--std", "6")
    carded = corrie("landscape", house / "reader.toml", "digits", *SMALL, "--json")
    assert "preprocessing" not in given.err
    assert given.values["centre_loss"] == carded.values["centre_loss"]
    assert given.values["centre_loss"] != corrie(*ask).values["centre_loss"]


def test_a_card_may_be_overruled(corrie: Corrie, house: Path) -> None:
    ask = ("landscape", house / "reader.toml", "digits", *SMALL, "--json")
    assert corrie(*ask).values["centre_loss"] != corrie(*ask, "--mean", "0").values["centre_loss"]


def test_python_code_runs_only_where_it_is_agreed_to(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "model.py").write_text(MODEL, encoding="utf-8")
    assert "--factory NAME" in refused(corrie, "model.py")
    assert "--yes-run-code" in refused(corrie, "model.py", "--factory", "make")
    assert not (own_folder / "ran").exists()
    outcome = corrie(
        *("landscape", "model.py", "digits", *SMALL, "--factory", "make", "--yes-run-code"),
        *("--input-shape", "1x8x8", "--json"),
    )
    assert outcome.status == 0
    assert (own_folder / "ran").exists()


def test_a_session_computes_further_without_the_code(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "model.py").write_text(MODEL, encoding="utf-8")
    words = ("--factory", "make", "--yes-run-code", "--input-shape", "1x8x8")
    assert corrie("landscape", "model.py", "digits", *SMALL, *words, "-o", "s.corrie.h5").status == 0
    (own_folder / "model.py").unlink()
    (item,) = open_document(own_folder / "s.corrie.h5").networks
    assert restore_network(item).module(torch.zeros(3, 1, 8, 8)).shape == (3, 10)
    assert item.program is not None


def test_a_factory_for_another_kind_of_file_is_refused(corrie: Corrie, own_folder: Path) -> None:
    program = export_program(torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 10)).eval(), (1, 8, 8))
    (own_folder / "net.pt2").write_bytes(program)
    assert "no Python file" in refused(corrie, "net.pt2", "--factory", "make")


@pytest.mark.parametrize(
    "option", [("--input-shape", "big"), ("--input-shape", "3x0"), ("--mean", "a"), ("--std", "1;2")]
)
def test_shapes_and_numbers_that_are_none_are_wrong_usage(corrie: Corrie, house: Path, option: tuple[str, str]) -> None:
    outcome = corrie("landscape", house / "reader.safetensors", "digits", *option)
    assert outcome.status == 2
    assert option[0] in outcome.err
