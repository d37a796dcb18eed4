"""What this installation did not write is read by a child process first, and what happens there is told."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.child_processes.process import Limits
from core.errors import Cancelled, SessionError
from core.job import ControlledJob, JobContext
from core.session import files
from core.session.contents import Contents
from core.session.document import Document
from core.session.files import open_document, save_document
from core.session.stranger import rehearsal
from tests import documents
from tests.core.session.stranger.failing_child import WAY

ROOT = Path(__file__).parents[4]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc, or is about its system")


def own_file(folder: Path, generation: int = 0) -> Path:
    path = folder / "session.corrie.h5"
    document = Document().with_item(documents.network_item()).with_view({"generation": generation})
    save_document(document, path, keep_previous=False)
    return path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session, and an installation that did not write it."""
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "theirs"))
    path = own_file(tmp_path)
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "ours"))
    return path


def failing(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(rehearsal, "CHILD", "tests.core.session.stranger.failing_child")
    monkeypatch.setattr(
        rehearsal, "limits_for", lambda _: Limits(seconds=20.0, processor_seconds=1, memory_bytes=2**30)
    )
    monkeypatch.setenv(WAY, way)


def test_a_file_from_elsewhere_is_read_by_a_child_once_and_then_here(elsewhere: Path, children: list[int]) -> None:
    assert open_document(elsewhere).view == {"generation": 0}
    assert children == [0]
    assert open_document(elsewhere).view == {"generation": 0}
    assert children == [0]  # the same bytes came through before


def test_what_this_installation_wrote_needs_no_child(tmp_path: Path, children: list[int]) -> None:
    path = own_file(tmp_path)
    copy = tmp_path / "copy.corrie.h5"
    shutil.copy(path, copy)
    for one in (path, copy):  # the seal is about contents, not names
        open_document(one)
    assert children == []


def test_an_own_file_that_somebody_changed_is_one_from_elsewhere(tmp_path: Path, children: list[int]) -> None:
    path = own_file(tmp_path)
    path.write_bytes(path.read_bytes() + b"\0")  # behind its end nothing is read
    open_document(path)
    assert children == [0]


def test_a_refusal_of_the_child_is_told_as_it_is(elsewhere: Path, children: list[int]) -> None:
    content = elsewhere.read_bytes()
    elsewhere.write_bytes(content.replace(b"corrie-session", b"corrie-seasons"))
    with pytest.raises(SessionError, match=r"not a session of Corrie.*ends in \.corrie\.h5") as told:
        open_document(elsewhere)
    assert str(told.value).startswith(f"{elsewhere}: ")
    assert children == [0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("hang", "did not end within 1 s of processor time, so the process that tried it was ended"),
        ("crash", r"ended the process that tried it \(signal 11, invalid memory\)"),
        ("swell", "ended by itself with status 1 and the words .MemoryError"),
    ],
)
def test_what_a_file_does_to_the_child_is_told(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, way: str, said: str
) -> None:
    failing(monkeypatch, way)
    with pytest.raises(SessionError, match=said):
        open_document(elsewhere)


def test_the_clock_ends_a_child_that_waits(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "sleep")
    monkeypatch.setattr(rehearsal, "limits_for", lambda _: Limits(seconds=0.5, processor_seconds=60))
    started = time.monotonic()
    with pytest.raises(SessionError, match="did not end within"):
        open_document(elsewhere)
    assert time.monotonic() - started < 15


def test_a_stop_ends_the_child_at_once(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "sleep")
    job = ControlledJob()
    timer = threading.Timer(0.3, job.cancel)
    timer.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        open_document(elsewhere, job)
    timer.join()
    assert time.monotonic() - started < 15


@linux_only
def test_the_child_dies_with_its_parent(elsewhere: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from core.session.stranger import rehearsal;"
        "from core.session.files import open_document;"
        "rehearsal.CHILD = 'tests.core.session.stranger.failing_child'; open_document(Path(sys.argv[1]))"
    )
    marked = {"TMPDIR": str(tmp_path), WAY: "sleep"}
    parent = subprocess.Popen([sys.executable, "-c", code, str(elsewhere)], cwd=ROOT, env={**os.environ, **marked})
    child = within_seconds(lambda: children_of(parent.pid))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert child
    within_seconds(lambda: not any(Path(f"/proc/{one}").exists() for one in child))


def children_of(pid: int) -> list[int]:
    """Those that have begun to wait: their limits are set by then."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [int(one) for one in found if "nanosleep" in Path(f"/proc/{one}/wchan").read_text(encoding="ascii")]
    except OSError:
        return []


def within_seconds(holds: object) -> object:
    ends_at = time.monotonic() + 30
    while time.monotonic() < ends_at:
        if found := holds():  # type: ignore[operator]
            return found
        time.sleep(0.05)
    raise AssertionError("It did not come.")


def test_a_file_that_is_changed_at_every_look_is_refused(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Path] = []

    def then_changed(contents: Contents, path: Path, purpose: str, job: JobContext) -> None:
        del contents, purpose, job  # the child would find it damaged from the second look on
        looks.append(path)
        with path.open("r+b") as file:  # in place: the same file, other bytes
            file.seek(-200, os.SEEK_END)
            file.write(bytes([len(looks)]) * 100)

    monkeypatch.setattr(files, "rehearse", then_changed)
    with pytest.raises(SessionError, match="It was changed while it was read"):
        open_document(elsewhere)
    assert len(looks) == files.LOOKS


def test_a_file_that_is_exchanged_before_its_child_looks_is_looked_at_again(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.rehearse
    (tmp_path / "other").mkdir()
    waiting = [own_file(tmp_path / "other", generation=7)]

    def exchanged_first(contents: Contents, path: Path, purpose: str, job: JobContext) -> None:
        if waiting:
            waiting.pop(0).replace(path)
        real(contents, path, purpose, job)

    monkeypatch.setattr(files, "rehearse", exchanged_first)
    assert open_document(elsewhere).view == {"generation": 7}
    assert not waiting


def test_a_file_that_takes_the_place_of_the_checked_one_is_not_read(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.rehearse
    (tmp_path / "other").mkdir()
    other = own_file(tmp_path / "other", generation=7)

    def then_replaced(contents: Contents, path: Path, purpose: str, job: JobContext) -> None:
        real(contents, path, purpose, job)
        other.replace(path)

    monkeypatch.setattr(files, "rehearse", then_replaced)
    assert open_document(elsewhere).view == {"generation": 0}


def test_a_frozen_program_starts_itself_to_be_the_child(elsewhere: Path, tmp_path: Path) -> None:
    contents = Contents(elsewhere, JobContext())
    limits = rehearsal.limits_for(contents.length)
    bounds = {name: getattr(limits, name) for name in ("memory_bytes", "output_bytes", "processor_seconds")}
    request = {"path": str(elsewhere), "digest": contents.digest, "purpose": "session", "limits": bounds}
    contents.close()
    (tmp_path / "request.json").write_text(json.dumps(request), encoding="utf-8")
    command = [sys.executable, "-m", "app", "--child-process", rehearsal.CHILD, str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == {}
    refused = subprocess.run([*command[:4], "os", str(tmp_path)], cwd=ROOT, check=False, timeout=120)
    assert refused.returncode == 2
