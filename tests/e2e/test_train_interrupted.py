"""Trainings in real processes that are stopped, killed, or run out of disk: nothing that was learnt is lost."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("terminals and signals of Unix", allow_module_level=True)

from app.cli.group import run
from core.session.document import RunItem
from core.session.files import open_document
from core.training.checkpoints import CheckpointFolder
from tests.app.cli.children import CORRIE, run_command
from tests.app.cli.terminals import OnTerminal
from tests.threads import one_torch_thread

EPOCHS = 25
TRAIN = ("train", "mlp:64-32-10", "digits", "--epochs", EPOCHS, "--batch-size", 32, "--seed", "0,1", "-o", "runs")
STEMS = ("mlp-64-32-10-seed-0", "mlp-64-32-10-seed-1")
# The command itself, in a process where something is different.
BEFORE = "import sys; {before}\nfrom app.cli.group import run; sys.exit(run(sys.argv[1:]))"
SAVES_ALWAYS = "import core.training.engine as engine; engine.SAVE_SECONDS = 0"
SMALL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, resource.RLIM_INFINITY))"


Resume = Callable[[], str]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As many as the child processes have: sums over several threads may differ in their last bits."""
    with pytest.MonkeyPatch.context() as patch, one_torch_thread():
        patch.setenv("CORRIE_THREADS", "1")
        yield


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Path:
    """The folder of the same runs, trained without a stop."""
    work = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        assert run([str(word) for word in TRAIN]) == 0
    return work / "runs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    return work


@pytest.fixture
def resume(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Resume:
    """Go on in this process. Returns what was said on standard error."""

    def command() -> str:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        status = run(["train", "--resume", "runs", "--json"])
        said = capsys.readouterr().err
        assert status == 0, said
        return said

    return command


def runs_in(folder: Path) -> tuple[RunItem, ...]:
    return open_document(folder / "runs.corrie.h5").runs


def assert_same(folder: Path, undisturbed: Path) -> None:
    """The runs are complete, and every weight is what it would have been, to the last bit."""
    assert [item.run.status for item in runs_in(folder)] == ["complete", "complete"]
    for stem in STEMS:
        name = f"{stem}.safetensors"
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()
    for item, whole in zip(runs_in(folder), runs_in(undisturbed), strict=True):
        assert item.run.batch_loss.tolist() == whole.run.batch_loss.tolist()
    assert not (folder / "checkpoints").exists()


def test_ctrl_c_keeps_a_partial_run_that_goes_on_exactly(folder: Path, undisturbed: Path, resume: Resume) -> None:
    with OnTerminal([*CORRIE, *TRAIN], folder) as terminal:
        terminal.wait_for(rf"2 of 2, \S+ · seed 1: epoch \d+ of {EPOCHS}, loss \d\.\d+, train accuracy \d+\.\d %")
        terminal.press_ctrl_c()
        status, out = terminal.end()
    assert status == 130
    assert "Stopping; what is computed so far is kept" in terminal.shown
    assert re.search(r"\[\d\d:\d\d<", terminal.shown)  # time passed and time left
    assert "go on with  corrie train --resume runs\n" in out
    first, second = runs_in(folder / "runs")
    assert (first.run.status, second.run.status) == ("complete", "partial")
    assert second.run.last.epoch < EPOCHS

    assert "1 run, about" in resume()
    assert [item.id for item in runs_in(folder / "runs")] == [first.id, second.id]
    assert runs_in(folder / "runs")[0].created_utc == first.created_utc
    assert_same(folder / "runs", undisturbed)


def test_a_kill_costs_what_came_after_the_last_checkpoint(folder: Path, undisturbed: Path, resume: Resume) -> None:
    code = BEFORE.format(before=SAVES_ALWAYS)
    with OnTerminal([sys.executable, "-c", code, *TRAIN], folder) as terminal:
        terminal.wait_for(rf"1 of 2, \S+ · seed 0: epoch \d\d of {EPOCHS}, ")
        terminal.process.kill()
        terminal.end()
    assert not (folder / "runs/runs.corrie.h5").exists()
    kept = CheckpointFolder(folder / "runs/checkpoints" / STEMS[0]).read()
    assert kept is not None
    assert kept.last.epoch >= 5

    resume()
    assert_same(folder / "runs", undisturbed)


@pytest.mark.parametrize(("size", "trained"), [(6_000, False), (30_000, True)])
def test_a_full_disk_is_explained_and_the_runs_go_on_when_there_is_room(
    folder: Path, resume: Resume, size: int, *, trained: bool
) -> None:
    """The smaller disk has no room for the first checkpoint, the larger one none for the session."""
    short = ("train", "mlp:64-32-10", "digits", "--epochs", 2, "-o", "runs")
    code = BEFORE.format(before=SMALL_DISK.format(size=size))
    failed = run_command([sys.executable, "-c", code, *short], folder)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "is full" in failed.stderr.splitlines()[-1]
    assert "Traceback" not in failed.stderr
    assert not (folder / "runs/runs.corrie.h5").exists()
    assert not list((folder / "runs").rglob("*.tmp"))

    assert ("1 run, about" in resume()) is not trained  # what was trained is only saved
    (item,) = runs_in(folder / "runs")
    assert item.run.status == "complete"
