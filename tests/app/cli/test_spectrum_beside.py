"""`corrie spectrum` through a training and along eigenvectors, resumed after a stop and after a kill."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.cli.group import run
from core.session.document import ResultItem
from core.session.files import open_document, save_document
from core.spectrum.history import History
from tests.app.cli.conftest import Corrie

EPOCHS = 5


@pytest.fixture(scope="module")
def trained(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `corrie train` has trained a small network, all of its checkpoints kept."""
    folder = tmp_path_factory.mktemp("trained") / "runs"
    options = ("--epochs", str(EPOCHS), "--samples", "60", "--batch-size", "16", "--checkpoint-every", "1")
    assert run(["train", "mlp:64-12-10", str(house / "digits.npz"), *options, "-o", str(folder)]) == 0
    return folder


@pytest.fixture
def ask(trained: Path, house: Path) -> tuple[object, ...]:
    return ("spectrum", next(trained.glob("*.toml")), house / "digits.npz", "--samples", 40)


def partial(path: Path, known: int) -> History:
    """Leave only the first checkpoints of the history in a session, as if it had been stopped there."""
    document = open_document(path)
    (item,) = (one for one in document.results if isinstance(one.result, History))
    whole = item.result
    assert isinstance(whole, History)
    arrays = {name: getattr(whole, name).copy() for name in ("loss", "accuracy", "gradient_norm", "eigenvalues")}
    for array in arrays.values():
        array[known:] = np.nan
    part = replace(whole, status="partial", **arrays)
    save_document(document.with_item(replace(item, result=part)), path)
    return whole


def test_checkpoints_have_their_curvature_and_the_last_is_that_of_the_network(
    corrie: Corrie, ask, trained: Path, house: Path, own_folder: Path
) -> None:
    options = ("--checkpoints", trained, "--top", 2, "--test", house / "digits.npz", "-o", "s.corrie.h5", "--json")
    values = corrie(*ask, *options).values
    assert (values["kind"], values["status"]) == ("history", "complete")
    assert values["name"].startswith("Curvature through the training of ")
    assert values["epoch"] == list(range(EPOCHS + 1))
    assert np.array(values["eigenvalues"]).shape == (EPOCHS + 1, 2)
    assert all(values["converged"])
    alone = corrie(*ask, "--top", 2, "--json").values
    assert values["eigenvalues"][-1] == pytest.approx(alone["eigenvalues"], rel=1e-3)
    document = open_document(own_folder / "s.corrie.h5")
    item = document.items[values["item"]]
    assert isinstance(item, ResultItem)
    assert document.items[item.run_id].name
    assert item.test_id in document.items
    assert len(document.datasets) == 1  # the run, the history and its test are about the same


def test_a_stopped_history_is_gone_on_with(corrie: Corrie, ask, trained: Path, own_folder: Path) -> None:
    options = ("--checkpoints", trained, "-o", "s.corrie.h5")
    assert corrie(*ask, *options).status == 0
    whole = partial(own_folder / "s.corrie.h5", 2)
    values = corrie(*ask, "--checkpoints", trained, "--resume", "s.corrie.h5", "--json").values
    assert values["status"] == "complete"
    (result,) = (item.result for item in open_document(own_folder / "s.corrie.h5").results)
    assert isinstance(result, History)
    assert np.array_equal(result.eigenvalues, whole.eigenvalues)
    assert "is complete" in corrie(*ask, "--checkpoints", trained, "--resume", "s.corrie.h5").sentence


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_history_leaves_a_session_that_is_gone_on_with(
    corrie: Corrie, ask, trained: Path, own_folder: Path
) -> None:
    """Killed as soon as something is saved; what was saved is whole, and resuming completes it."""
    session = own_folder / "s.corrie.h5"
    options = ("--checkpoints", trained, "--top", "40", "--tolerance", "1e-6")
    command = [sys.executable, "-m", "app", *map(str, ask), *map(str, options), "-o", str(session)]
    root = Path(__file__).parents[3]
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"})
    try:
        end = time.monotonic() + 120
        while not session.exists() and child.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
    (item,) = open_document(session).results
    assert isinstance(item.result, History)
    if item.result.status == "partial":
        assert item.result.done.any()
        values = corrie(*ask, *options, "--resume", session, "--json").values
        assert values["item"] == item.id
    (item,) = open_document(session).results
    assert item.result.status == "complete"


def test_curves_along_eigenvectors_are_computed_with_the_spectrum_and_gone_on_with(
    corrie: Corrie, ask, house: Path, own_folder: Path
) -> None:
    options = ("--top", 3, "--test", house / "digits.npz", "--perturb-points", 7, "-o", "s.corrie.h5")
    values = corrie(*ask, *options, "--perturb", 2, "--json").values
    assert values["kind"] == "spectrum"
    names = [other["name"] for other in values["also"]]
    network = values["name"].removeprefix("Spectrum of ")
    for rank, (other, name) in enumerate(zip(values["also"], names, strict=True), start=1):
        assert name == f"Loss along eigenvector {rank} of {network} (λ = {values['eigenvalues'][rank - 1]:.4g})"
        assert other["kind"] == "curve"
        assert other["x"] == pytest.approx(np.linspace(-0.5, 0.5, 7))
        assert other["eigenvalues_of_directions"] == [values["eigenvalues"][rank - 1]]
        assert len(other["test_loss"][0]) == 7
    document = open_document(own_folder / "s.corrie.h5")
    assert document.items[values["item"]].test_id == ""
    assert all(document.items[other["item"]].test_id for other in values["also"])
    more = corrie(*ask, *options[:-2], "--perturb", 3, "--resume", "s.corrie.h5", "--json").values
    assert (more["kind"], more["name"][:25]) == ("curve", "Loss along eigenvector 3 ")
    assert "is complete" in corrie(*ask, *options[:-2], "--perturb", 3, "--resume", "s.corrie.h5").sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--perturb", 30), "add --top 30"),
        (("--test", "digits"), "add --perturb N or --checkpoints PATH"),
        (("--run", "a"), "--checkpoints PATH"),
        (("--checkpoints", ".", "--perturb", 1), "leave --checkpoints out"),
        (("--checkpoints", ".", "--density"), "leave --checkpoints out"),
    ],
)
def test_options_that_contradict_one_another_are_wrong_usage(
    corrie: Corrie, ask, trained: Path, options: tuple[object, ...], words: str
) -> None:
    outcome = corrie(*ask, *(trained if option == "." else option for option in options))
    assert outcome.status == 2
    assert words in outcome.err


def test_places_without_checkpoints_and_other_architectures_are_named(
    corrie: Corrie, ask, trained: Path, house: Path, own_folder: Path
) -> None:
    assert "There is no such folder or session" in corrie(*ask, "--checkpoints", "nowhere").sentence
    assert "It holds no checkpoint" in corrie(*ask, "--checkpoints", own_folder).sentence
    other = ("spectrum", house / "reader.toml", house / "digits.npz", "--checkpoints", trained)
    assert "has another architecture than" in corrie(*other).sentence
    assert "is empty" in corrie(*ask, "--top", 1, "--perturb", 1, "--perturb-range", 1, 1).sentence
    assert not list(own_folder.glob("*.h5"))  # said before anything is computed
