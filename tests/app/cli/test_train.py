"""`corrie train` on real digits: what it writes, what it says, and what it refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLockFile

from app.cli.training_plan import read_plan
from core.networks.card import read_network_card
from core.networks.loading import open_network
from core.session.files import open_document, save_document
from core.training.checkpoints import CheckpointFolder
from tests.app.cli.conftest import Corrie

MLP = "mlp:64-16-10"
QUICK = ("--epochs", 2, "--batch-size", 20, "--samples", 600)
SWEEP = ("train", f"{MLP},mlp:64-8-10", "digits", "--epochs", 1, "--samples", 200, "--seed", "0,1", "-o", "runs")


def test_a_network_is_trained_and_its_card_weights_and_session_are_written(corrie: Corrie, own_folder: Path) -> None:
    outcome = corrie("train", MLP, "digits", "--test", "digits", *QUICK, "-o", "runs")
    assert outcome.status == 0, outcome
    names = sorted(path.name for path in (own_folder / "runs").iterdir())
    assert names == ["mlp-64-16-10.safetensors", "mlp-64-16-10.toml", "runs.corrie.h5", "training.json"]
    document = open_document(own_folder / "runs/runs.corrie.h5")
    (item,), (network,), (data,) = document.runs, document.networks, document.datasets
    assert (item.network_id, item.dataset_id, item.test_id) == (network.id, data.id, data.id)
    assert (item.name, network.name, item.sweep) == (MLP, MLP, "")
    assert item.run.status == "complete"
    assert item.run.train_accuracy[-1] > 0.5 > item.run.train_accuracy[0]
    opened = open_network(own_folder / "runs/mlp-64-16-10.toml")
    assert opened.sha256 == network.sha256 == item.run.provenance.network_sha256
    assert opened.card == network.card
    for name, value in opened.module.state_dict().items():
        assert np.array_equal(value.numpy(), item.run.last.weights[name])


def test_the_summary_says_what_came_of_it_and_the_estimate_came_before(corrie: Corrie) -> None:
    outcome = corrie("train", MLP, "digits", *QUICK, "-o", "runs")
    assert "status         complete\n" in outcome.out
    assert "network        runs/mlp-64-16-10.toml\n" in outcome.out
    assert outcome.out.endswith("session        runs/runs.corrie.h5\n")
    fed, expected = outcome.err.splitlines()
    assert fed.startswith("corrie: The networks are fed (value − 4.9")
    assert "mean and std of the data themselves" in fed
    assert "1 run, about " in expected
    assert "1,210 parameters" in expected


def test_machines_get_every_number(corrie: Corrie) -> None:
    values = corrie("train", MLP, "digits", *QUICK, "-o", "runs", "--json").values
    (run,) = values["runs"]
    assert (values["session"], run["card"]) == ("runs/runs.corrie.h5", "runs/mlp-64-16-10.toml")
    assert (run["kind"], run["status"], run["epoch"]) == ("run", "complete", [0, 1, 2])
    assert run["train_loss"][-1] < run["train_loss"][0]
    assert run["test_loss"] == [None, None, None]


def test_a_surface_of_the_trained_network_joins_the_same_session(corrie: Corrie, own_folder: Path) -> None:
    assert corrie("train", MLP, "digits", *QUICK, "-o", "runs").status == 0
    session = own_folder / "runs/runs.corrie.h5"
    ask = ("landscape", "runs/mlp-64-16-10.toml", "digits", "--grid", 3, "--samples", 600, "-o", session)
    assert corrie(*ask).status == 0
    document = open_document(session)
    (network,), (data,) = document.networks, document.datasets
    (item,) = document.results
    assert (item.network_id, item.dataset_id) == (network.id, data.id)
    assert item.result.centre_loss == pytest.approx(document.runs[0].run.train_loss[-1], rel=1e-4)


def test_a_sweep_of_two_by_two_is_four_runs_that_can_be_compared(corrie: Corrie, own_folder: Path) -> None:
    outcome = corrie(*SWEEP)
    assert outcome.status == 0, outcome
    document = open_document(own_folder / "runs/runs.corrie.h5")
    names = [f"{MLP} · seed 0", f"{MLP} · seed 1", "mlp:64-8-10 · seed 0", "mlp:64-8-10 · seed 1"]
    assert [item.name for item in document.runs] == names
    assert {item.sweep for item in document.runs} == {f"{MLP}, mlp:64-8-10"}
    assert len({item.network_id for item in document.runs}) == len(document.networks) == 4
    assert [line.split("  ")[0].strip() for line in outcome.out.splitlines()[1:5]] == [""] * 4
    assert all(name in outcome.out for name in names)
    cards = [read_network_card(path) for path in sorted((own_folder / "runs").glob("mlp*.toml"))]
    assert sorted(card.name for card in cards) == sorted(names)
    assert "4 runs, about" in outcome.err
    info = corrie("info", "runs/runs.corrie.h5").out
    assert all(f"{item.id}  {item.name}\n" in info for item in document.runs)
    assert f"sweep          {MLP}, mlp:64-8-10\n" in info


def test_plain_and_robust_twins_are_trained_with_their_curvature(corrie: Corrie, own_folder: Path) -> None:
    options = ("--robust", "none,fgsm", "--epsilon", 0.1, "--track-curvature", 32, "--augment", "crop")
    outcome = corrie("train", MLP, "digits", "--epochs", 1, "--samples", 128, *options, "-o", "runs")
    assert outcome.status == 0, outcome
    plain, robust = (item.run for item in open_document(own_folder / "runs/runs.corrie.h5").runs)
    assert (plain.request.robust, robust.request.robust.attack) == (None, "fgsm")
    assert np.isfinite(plain.top_eigenvalue).all()
    assert np.isfinite(robust.gradient_norm).all()
    assert not np.array_equal(plain.last.weights["1.weight"], robust.last.weights["1.weight"])


def test_mean_and_std_are_those_that_were_given(corrie: Corrie, own_folder: Path) -> None:
    assert corrie("train", MLP, "digits", *QUICK, "--mean", 8, "--std", 4, "-o", "runs").status == 0
    card = read_network_card(own_folder / "runs/mlp-64-16-10.toml")
    assert (card.input.mean, card.input.std) == ((8.0,), (4.0,))


def test_a_preset_needs_no_architecture(corrie: Corrie, own_folder: Path) -> None:
    outcome = corrie("train", "--preset", "quick-start", "digits", "--epochs", 1, "--samples", 64)
    assert outcome.status == 0, outcome
    (item,) = open_document(own_folder / "small-c1/runs.corrie.h5").runs
    assert (item.run.request.architecture, item.run.request.batch_size) == ("c1_w8", 64)
    assert "Quick: a small C1" in read_network_card(own_folder / "small-c1/small-c1.toml").description


def test_without_a_place_every_command_gets_a_folder_of_its_own(corrie: Corrie, own_folder: Path) -> None:
    ask = ("train", MLP, "digits", *QUICK, "--json")
    assert [corrie(*ask).values["folder"] for _ in range(2)] == ["mlp-64-16-10", "mlp-64-16-10-2"]


def test_another_training_joins_the_session_of_a_folder_and_touches_nothing_in_it(
    corrie: Corrie, own_folder: Path
) -> None:
    ask = ("train", MLP, "digits", *QUICK, "-o", "runs")
    assert corrie(*ask).status == 0
    before = (own_folder / "runs/mlp-64-16-10.safetensors").read_bytes()
    assert corrie(*ask, "--seed", 5).status == 0
    assert (own_folder / "runs/mlp-64-16-10.safetensors").read_bytes() == before
    assert (own_folder / "runs/mlp-64-16-10-2.toml").exists()
    document = open_document(own_folder / "runs/runs.corrie.h5")
    assert [item.name for item in document.runs] == [MLP, f"{MLP} (2)"]
    assert len(document.datasets) == 1


def test_a_run_that_diverges_is_explained_and_the_others_are_trained(corrie: Corrie, own_folder: Path) -> None:
    outcome = corrie("train", MLP, "digits", "--epochs", 3, "--learning-rate", 1e6, "--seed", "0,1", "-o", "runs")
    assert outcome.status == 1
    said = [line for line in outcome.err.splitlines() if "ended early" in line]
    assert len(said) == 2
    assert "in epoch 1" in said[0]
    assert "smaller learning rate" in said[0]
    assert outcome.out.count("diverged") == 2
    runs = [item.run for item in open_document(own_folder / "runs/runs.corrie.h5").runs]
    assert [(run.status, run.last.epoch) for run in runs] == [("partial", 0)] * 2
    assert all(np.isfinite(array).all() for run in runs for array in run.last.weights.values())
    assert "nothing to resume" in corrie("train", "--resume", "runs").sentence


def test_what_is_left_of_a_sweep_is_trained_and_nothing_twice(corrie: Corrie, own_folder: Path) -> None:
    whole = corrie(*SWEEP, "--json").values["runs"]
    session = own_folder / "runs/runs.corrie.h5"
    document = open_document(session)
    lost = document.runs[2]
    save_document(document.without(lost.id), session)  # as if it had been stopped before
    assert "holds runs that are not complete" in corrie(*SWEEP).sentence
    outcome = corrie("train", "--resume", "runs", "--json")
    assert outcome.status == 0, outcome
    assert "1 run, about" in outcome.err
    again = outcome.values["runs"]
    assert [run["item"] for run in again] == [run["item"] for run in whole]
    kept = [index for index in range(4) if index != 2]
    assert [again[index]["seconds"] for index in kept] == [whole[index]["seconds"] for index in kept]
    assert again[2]["network_sha256"] == whole[2]["network_sha256"]


def test_checkpoints_of_a_run_that_is_saved_are_cleared_away(corrie: Corrie, own_folder: Path) -> None:
    assert corrie(*SWEEP).status == 0
    session, kept = own_folder / "runs/runs.corrie.h5", own_folder / "runs/checkpoints/mlp-64-16-10-seed-0"
    document = open_document(session)
    CheckpointFolder(kept).save(document.runs[0].run)  # as if a kill had come just before
    save_document(document.without(document.runs[3].id), session)
    assert corrie("train", "--resume", "runs").status == 0
    assert not kept.parent.exists()


def test_all_options_may_be_given_again_but_no_others(corrie: Corrie, own_folder: Path) -> None:
    assert corrie(*SWEEP).status == 0
    session = own_folder / "runs/runs.corrie.h5"
    document = open_document(session)
    save_document(document.without(document.runs[0].id), session)
    options = SWEEP[:-2]
    assert "holds other runs" in corrie(*options, "--momentum", 0.5, "--resume", "runs").sentence
    assert "holds other runs" in corrie(*options, "--test", "digits", "--resume", "runs").sentence
    assert corrie(*options, "--resume", session).status == 0
    assert "nothing to resume" in corrie(*options, "--resume", session).sentence


def test_runs_are_not_resumed_with_data_that_have_changed(corrie: Corrie, house: Path, own_folder: Path) -> None:
    with np.load(house / "digits.npz") as file:
        x, y = file["x"], file["y"]
    np.savez(own_folder / "mine.npz", x=x, y=y)
    assert corrie("train", MLP, "mine.npz", "--epochs", 1, "-o", "runs").status == 0
    np.savez(own_folder / "mine.npz", x=x[::-1], y=y[::-1])
    assert "no longer what the runs" in corrie("train", "--resume", "runs").sentence


def test_a_folder_in_which_another_training_runs_is_left_alone(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "runs").mkdir()
    lock = QLockFile(str(own_folder / "runs/training.lock"))
    assert lock.tryLock(0)
    outcome = corrie("train", MLP, "digits", *QUICK, "-o", "runs")
    lock.unlock()
    assert outcome.status == 1
    assert "another corrie is training in this folder" in outcome.err
    assert read_plan(own_folder / "runs") is None


def test_memory_that_would_not_suffice_is_refused_before_anything_is_written(
    corrie: Corrie, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.estimate.available_memory", lambda: 10_000)
    assert "only 10 kB are free" in corrie("train", MLP, "digits", *QUICK).sentence
    assert list(own_folder.iterdir()) == []


def test_a_session_that_is_damaged_is_not_overwritten(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "runs").mkdir()
    session = own_folder / "runs/runs.corrie.h5"
    session.write_text("a thesis")
    assert "not an HDF5 file" in corrie("train", MLP, "digits", *QUICK, "-o", "runs").sentence
    assert session.read_text() == "a thesis"


def test_a_damaged_plan_is_refused_with_its_name(corrie: Corrie, own_folder: Path) -> None:
    (own_folder / "runs").mkdir()
    (own_folder / "runs/training.json").write_text("{}")
    assert "runs/training.json: It is no plan" in corrie("train", "--resume", "runs").sentence


def test_checkpoints_of_another_recipe_are_not_gone_on_with(corrie: Corrie, own_folder: Path) -> None:
    assert corrie("train", MLP, "digits", *QUICK, "-o", "runs").status == 0
    session = own_folder / "runs/runs.corrie.h5"
    document = open_document(session)
    (item,) = document.runs
    other = replace(item.run, request=replace(item.run.request, seed=9))
    save_document(document.with_item(replace(item, run=other)), session)
    assert corrie("train", "--resume", "runs").status == 0
    (again,) = open_document(session).runs
    assert (again.id, again.run.request) == (item.id, item.run.request)
    assert again.run.provenance.network_sha256 == item.run.provenance.network_sha256


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing", "digits"), 'There is no architecture "nothing"'),
        ((f"{MLP},nothing", "digits"), 'The run "nothing" cannot be trained'),
        (("mlp:64-16-11", "digits"), "11 outputs, but there are 10 classes"),
        (("c1", "german-credit"), "takes images"),
        ((MLP, "missing.npz"), "missing.npz: There is no such file"),
        ((MLP, "digits", "--test", "german-credit"), "german-credit: The samples have shape 61"),
        ((MLP, "digits", "--samples", 5000), "only 1797 samples"),
        ((MLP, "digits", "--mean", "1,2"), "1 channels or columns, but mean has 2 values"),
        ((MLP, "digits", "--std", "0"), "finite number above zero"),
        ((MLP, "digits", "-o", "missing/runs"), "The folder does not exist"),
        (("--resume", "missing"), "There is no such folder or session"),
        (("--resume", "."), "was not written by `corrie train`"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_sentence_and_nothing_is_written(
    corrie: Corrie, own_folder: Path, arguments: tuple[object, ...], words: str
) -> None:
    assert words in corrie("train", *arguments).sentence
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (MLP,),
        (MLP, "digits", "more"),
        (f"{MLP},,c1", "digits"),
        (MLP, "digits", "--epochs", 0),
        (MLP, "digits", "--batch-size", "8,x"),
        (MLP, "digits", "--batch-size", "8,8"),
        (MLP, "digits", "--batch-size", "0"),
        (MLP, "digits", "--robust", "magic"),
        (MLP, "digits", "--epsilon", 0.1),
        (MLP, "digits", "--robust", "fgsm", "--epsilon", -1),
        (MLP, "digits", "--optimizer", "lion"),
        (MLP, "digits", "--learning-rate", 0),
        (MLP, "digits", "--learning-rate", "nan"),
        (MLP, "digits", "--momentum", 1),
        (MLP, "digits", "--decay", 2),
        (MLP, "digits", "--milestones", "half"),
        (MLP, "digits", "--mean", "x"),
        (MLP, "digits", "--preset", "nothing"),
        (MLP, "digits", "--track-curvature=-1"),
        ("--resume", "runs", "--epochs", 3),
        ("--resume", "runs", "-o", "others"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_opened(
    corrie: Corrie, own_folder: Path, arguments: tuple[object, ...]
) -> None:
    outcome = corrie("train", *arguments)
    assert (outcome.status, outcome.out) == (2, ""), outcome
    assert "Error: " in outcome.err
    assert list(own_folder.iterdir()) == []
