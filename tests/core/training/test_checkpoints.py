"""A run on disk: it comes back as it was, whenever the process was killed, the disk was full, or a file was damaged."""

import json
import signal
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import Cancelled, OutOfSpace, UnreadableFile
from core.job import JobContext
from core.training.checkpoints import CheckpointFolder
from core.training.engine import train_run
from core.training.recipe import AdaptiveBatch, RobustTraining
from core.training.run import Run
from tests.core.training.problems import IMAGES, TABLE, Collecting, clouds, stripes

resource = pytest.importorskip("resource", reason="this system sets no limit to the size of files")
ROOT = Path(__file__).resolve().parents[3]
KILLS = 20
SAVER = """
import sys
sys.path.insert(0, {root!r})
from dataclasses import replace
from pathlib import Path
import numpy as np
from core.training.checkpoints import CheckpointFolder
folder = CheckpointFolder(Path({folder!r}))
run = folder.read()
print("ready", flush=True)
number = int(run.step[-1])
while True:
    number += 1
    weights = {{name: np.full((200, 300), number, dtype=np.float32) for name in ("a", "b")}}
    last = replace(run.last, step=number, weights=weights)
    folder.save(replace(run, checkpoints=(run.checkpoints[0], last), step=np.full_like(run.step, number)))
    print(number, flush=True)
"""


def partial() -> Run:
    request = replace(
        IMAGES,
        epochs=4,
        checkpoint_every=1,
        robust=RobustTraining(),
        adaptive=AdaptiveBatch(),
        optimizer="adam",
    )
    job = Collecting(stop_at=1, epoch=2)
    with pytest.raises(Cancelled):
        train_run(request, stripes(), stripes(), job)
    return job.runs[-1]


def assert_same(one: Run, other: Run) -> None:
    for field in fields(Run):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == theirs.dtype
            assert np.array_equal(mine, theirs, equal_nan=True), field.name
        elif field.name not in ("checkpoints", "state"):
            assert mine == theirs, field.name
    pairs = [(a.weights, b.weights) for a, b in zip(one.checkpoints, other.checkpoints, strict=True)]
    assert [(c.epoch, c.step) for c in one.checkpoints] == [(c.epoch, c.step) for c in other.checkpoints]
    assert (one.state is None) == (other.state is None)
    if one.state is not None and other.state is not None:
        assert one.state.numbers == other.state.numbers
        pairs.append((one.state.arrays, other.state.arrays))
    for arrays, others in pairs:
        assert arrays.keys() == others.keys()
        for name, array in arrays.items():
            assert array.dtype == others[name].dtype
            assert array.shape == others[name].shape
            assert np.array_equal(array, others[name])


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "deep" / "run")
    assert folder.read() is None
    run = partial()
    folder.save(run)
    back = CheckpointFolder(tmp_path / "deep" / "run").read()
    assert back is not None
    assert_same(run, back)


def test_only_what_belongs_to_the_run_stays(tmp_path: Path) -> None:
    folder, run = CheckpointFolder(tmp_path / "run"), partial()
    folder.save(run)
    first = {path.name for path in (tmp_path / "run").iterdir()}
    assert len(first) == 2 + len(run.checkpoints)
    folder.save(replace(run, checkpoints=run.checkpoints[:1]))
    assert len(list((tmp_path / "run").iterdir())) == 3
    (tmp_path / "run" / "notes.txt").write_text("mine")
    folder.remove()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["notes.txt"]
    (tmp_path / "run" / "notes.txt").unlink()
    folder.remove()
    assert not (tmp_path / "run").exists()
    folder.remove()  # again does no harm


def test_a_finished_training_is_on_disk(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "run")
    run = train_run(TABLE, clouds(), None, JobContext(), keeper=folder)
    back = folder.read()
    assert back is not None
    assert back.status == "complete"
    assert back.provenance.network_sha256 == run.provenance.network_sha256


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_saves_leaves_the_old_or_the_new_run(tmp_path: Path) -> None:
    place = tmp_path / "run"
    CheckpointFolder(place).save(partial())
    numbers = np.random.default_rng(0)
    program = SAVER.format(root=str(ROOT), folder=str(place))
    done = int(partial().step[-1])
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            for _ in range(int(numbers.integers(0, 3))):  # some saves, and then anywhere within the next
                done = int(child.stdout.readline())
            spin(int(numbers.integers(0, 200_000)))
            child.send_signal(signal.SIGKILL)
            done = max([done, *(int(line) for line in child.stdout.read().split() if line.isdigit())])
        run = CheckpointFolder(place).read()
        assert run is not None
        assert int(run.step[-1]) in (done, done + 1)
        values = {float(value) for array in run.last.weights.values() for value in np.unique(array)}
        assert values == {float(run.last.step)} or len(run.last.weights) > 2  # one save, or still the first
    CheckpointFolder(place).save(partial())  # what the killed ones left behind is cleared away
    assert len(list(place.glob("*.safetensors"))) == 1 + len(partial().checkpoints)


def spin(steps: int) -> None:
    for _ in range(steps):
        pass


def full_disk(tmp_path: Path, at: int, code: str) -> subprocess.CompletedProcess[str]:
    """Run a program that may write no file longer than so many bytes."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n" + code.format(folder=str(tmp_path / "run"))
    limit = (at, at)
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )


TRAINING = """
from pathlib import Path
from dataclasses import replace
from core.errors import OutOfSpace
from core.training import engine
from core.training.checkpoints import CheckpointFolder
from tests.core.training.problems import TABLE, Collecting, clouds
engine.SAVE_SECONDS = 0.0
job = Collecting()
try:
    engine.train_run(
        replace(TABLE, epochs=500), clouds(), None, job, keeper=CheckpointFolder(Path({folder!r}))
    )
except OutOfSpace as error:
    print(error)
    print(job.runs[-1].epochs_done)
"""


@pytest.mark.slow
def test_a_full_disk_stops_training_and_keeps_what_was_saved_and_what_is_in_memory(tmp_path: Path) -> None:
    """The curves grow until they do not fit any more."""
    child = full_disk(tmp_path, 20_000, TRAINING)
    assert child.returncode == 0, child.stderr
    sentence, in_memory = child.stdout.strip().splitlines()
    assert "the disk is full" in sentence
    run = CheckpointFolder(tmp_path / "run").read()
    assert run is not None
    assert run.state is not None
    assert 0 < run.epochs_done < int(in_memory) <= run.epochs_done + 2
    assert not list((tmp_path / "run").glob(".*.tmp"))


def test_a_folder_that_may_not_be_written_is_out_of_space_with_the_run_in_memory(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where the folder should be")
    job = Collecting()
    with pytest.raises((OutOfSpace, UnreadableFile), match="run"):
        train_run(TABLE, clouds(), None, job, keeper=CheckpointFolder(tmp_path / "run"))
    assert job.runs


@pytest.mark.parametrize("which", ["run.json", "curves-*", "checkpoint-*"])
@pytest.mark.parametrize("harm", ["truncated", "empty", "removed", "noise"])
def test_a_damaged_folder_is_refused_with_the_name_of_the_file(which: str, harm: str, tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path)
    folder.save(partial())
    path = next(iter(tmp_path.glob(which)))
    content = path.read_bytes()
    if harm == "removed":
        path.unlink()
        if which == "run.json":
            assert folder.read() is None
            return
    else:
        path.write_bytes({"truncated": content[: len(content) // 2], "empty": b"", "noise": b"\xff" * 200}[harm])
    with pytest.raises(UnreadableFile, match="Delete the folder"):
        folder.read()


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"status": "odd"},
        {"request": {}},
        {"checkpoints": []},
        {"checkpoints": [{"epoch": "x"}]},
        {"curves": "../elsewhere.safetensors"},
        {"numbers": 3},
        {"provenance": None},
    ],
)
def test_an_index_that_makes_no_sense_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path)
    folder.save(partial())
    index = tmp_path / "run.json"
    index.write_text(json.dumps(json.loads(index.read_text()) | change))
    with pytest.raises(UnreadableFile):
        folder.read()


def test_another_file_under_the_name_of_a_checkpoint_is_refused(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "run")
    folder.save(partial())
    first, last = sorted((tmp_path / "run").glob("checkpoint-*.safetensors"))[:2]
    last.write_bytes(first.read_bytes())  # whole, but the weights of another epoch
    with pytest.raises(UnreadableFile, match="something else than was saved"):
        folder.read()


def test_an_epoch_beyond_all_numbers_is_refused(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "run")
    folder.save(partial())
    index = tmp_path / "run" / "run.json"
    table = json.loads(index.read_text())
    index.write_text(index.read_text().replace(f'"epoch":{table["checkpoints"][-1]["epoch"]}', '"epoch":1e999'))
    with pytest.raises(UnreadableFile, match="does not describe a run"):
        folder.read()
