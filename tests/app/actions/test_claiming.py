"""One file, two windows: the first writes, the second reads, until the first is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.actions import claiming
from app.actions.claiming import Claims, FileClaim, Owner
from app.jobs.background import wait_for_background
from app.state.document_state import DocumentState
from core.session.document import Document

ROOT = Path(__file__).parents[3]
HOLDS = """
import sys
from pathlib import Path
from app.actions.claiming import FileClaim
claim = FileClaim(Path(sys.argv[1]))
print(claim.take(), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_file_is_held_by_a_living_process_and_taken_over_from_a_killed_one(tmp_path: Path) -> None:
    path = tmp_path / "review.corrie.h5"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(path)], cwd=ROOT, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        mine = FileClaim(path)
        assert not mine.take()
        owner = mine.owner()
        assert owner is not None
        assert (owner.process, owner.gone) == (process.pid, False)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == [tmp_path / ".review.corrie.h5.lock"]
    assert mine.take()
    mine.release()
    assert list(tmp_path.iterdir()) == []


def test_a_window_on_another_machine_that_gives_no_sign_of_life_can_be_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "review.corrie.h5"
    place = tmp_path / ".review.corrie.h5.lock"
    place.write_text("4711\ncorrie\nlab-3\n\n\n", encoding="utf-8")
    claim = FileClaim(path)
    assert not claim.take()
    owner = claim.owner()
    assert owner is not None
    assert owner.words == "another Corrie window (process 4711 on lab-3)"
    assert not owner.gone
    old = time.time() - 2 * claiming.GONE_SECONDS
    os.utime(place, (old, old))
    assert not claim.take()  # nobody takes it unasked
    owner = claim.owner()
    assert owner is not None
    assert owner.gone
    assert claim.seize()
    claim.release()


def test_a_folder_where_no_lock_can_be_made_does_not_stand_in_the_way(tmp_path: Path) -> None:
    assert FileClaim(tmp_path / "nowhere" / "review.corrie.h5").take()


def test_a_lock_that_was_left_on_a_medium_that_cannot_be_written_does_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".review.corrie.h5.lock").write_text("4711\ncorrie\nlab-3\n\n\n", encoding="utf-8")
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("whoever runs this may write everywhere")
        assert FileClaim(tmp_path / "review.corrie.h5").take()
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.usefixtures("qapp")
def test_a_session_that_is_opened_while_another_ones_file_is_looked_at_is_held_at_once(tmp_path: Path) -> None:
    (tmp_path / ".held.corrie.h5.lock").write_text("4711\ncorrie\nlab-3\n\n\n", encoding="utf-8")
    state = DocumentState()
    claims = Claims(state)
    state.open(Document(), tmp_path / "held.corrie.h5")
    read_only = [state.read_only]
    claims.look()  # under way until the event loop is reached
    state.open(Document(), tmp_path / "own.corrie.h5")
    read_only.append(state.read_only)
    assert (tmp_path / ".own.corrie.h5.lock").exists()
    assert wait_for_background(10_000)
    assert [*read_only, state.read_only] == [True, False, False]
    claims.release()


@pytest.mark.usefixtures("qapp")
def test_a_window_that_slept_while_another_took_its_file_becomes_read_only_and_leaves_the_other_its_lock(
    tmp_path: Path,
) -> None:
    state, place = DocumentState(), tmp_path / ".slept.corrie.h5.lock"
    claims = Claims(state)
    owners: list[object] = []
    claims.taken.connect(owners.append)
    state.open(Document(), tmp_path / "slept.corrie.h5")
    read_only = [state.read_only]
    place.unlink()  # as another window does with a lock that gave no sign of life
    theirs = "4711\ncorrie\nlab-3\n\n\n"
    place.write_text(theirs, encoding="utf-8")
    claims.give_sign()
    assert wait_for_background(10_000)
    assert [*read_only, state.read_only] == [False, True]
    assert [owner.machine for owner in owners if isinstance(owner, Owner)] == ["lab-3"]
    claims.release()
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == [theirs]


def test_a_lock_that_another_window_took_is_left_to_it_on_closing(tmp_path: Path) -> None:
    place = tmp_path / ".review.corrie.h5.lock"
    claim = FileClaim(tmp_path / "review.corrie.h5")
    assert claim.take()
    place.unlink()
    place.write_text("4711\ncorrie\nlab-3\n\n\n", encoding="utf-8")
    claim.release()
    assert place.read_text(encoding="utf-8").startswith("4711")
