"""The old file or the new one, whole, whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import pytest

from core.errors import OutOfSpace, SessionError, UnreadableFile
from core.session import atomic
from core.session.atomic import previous_of, replace_file, replace_with
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents

ROOT = Path(__file__).parents[3]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_previous_generation_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "session.corrie.h5"
    first, second, third = (Document().with_view({"generation": number}) for number in range(3))
    for document in (first, second, third):
        save_document(document, path)
    assert open_document(path).document_id == third.document_id
    assert open_document(previous_of(path)).document_id == second.document_id
    assert names(tmp_path) == ["session.corrie.h5", "session.corrie.h5.bak"]


# Saves a second document over the first, and is killed by the operating system's hardest signal as it reaches a stage.
KILLED = """
import os, signal, sys
from pathlib import Path
from core.session import atomic
from core.session.files import save_document
from tests import documents

stage, path = sys.argv[1], Path(sys.argv[2])
calls = {"fsync": 0, "replace": 0}

def die_at(event, arguments):
    if event == "open" and stage == "opened" and str(arguments[0]).endswith(".tmp"):
        os.kill(os.getpid(), signal.SIGKILL)
    if event == "os.link" and stage == "before link":
        os.kill(os.getpid(), signal.SIGKILL)
    if event == "os.rename":
        calls["replace"] += 1
        if stage == f"before rename {calls['replace']}":
            os.kill(os.getpid(), signal.SIGKILL)

if stage == "half written":
    from core.session.image import DiskImage
    put = DiskImage._put

    def half_written(self, start, whole):
        put(self, start, whole)
        if start > 30_000:
            os.kill(os.getpid(), signal.SIGKILL)

    DiskImage._put = half_written
sys.addaudithook(die_at)
save_document(documents.document().with_view({"generation": 2}), path)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("stage", ["opened", "half written", "before link", "before rename 1", "before rename 2"])
def test_a_save_that_is_killed_leaves_the_old_session_whole(tmp_path: Path, stage: str) -> None:
    path = tmp_path / "session.corrie.h5"
    save_document(documents.document().with_view({"generation": 1}), path)
    before = path.read_bytes()
    child = subprocess.run([sys.executable, "-c", KILLED, stage, str(path)], cwd=ROOT, check=False)
    assert child.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert open_document(path).view == {"generation": 1}
    save_document(documents.document().with_view({"generation": 3}), path)
    assert open_document(path).view == {"generation": 3}


@pytest.fixture
def file_size_limit() -> Iterator[None]:
    """No file may grow beyond 20 kB, as if the disk were full; the operating system answers EFBIG."""
    resource = pytest.importorskip("resource")  # not on Windows
    old_handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    old_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, old_limit[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, old_limit)
    signal.signal(signal.SIGXFSZ, old_handler)


@pytest.mark.usefixtures("file_size_limit")
def test_a_full_disk_leaves_the_old_session_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "session.corrie.h5"
    save_document(Document().with_view({"generation": 1}), path)
    with pytest.raises(OutOfSpace, match="disk is full"):
        save_document(documents.document(), path)
    assert open_document(path).view == {"generation": 1}
    assert names(tmp_path) == ["session.corrie.h5"]


def test_a_truly_full_device_is_reported_as_full(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")

    def onto_the_full_device(_: BinaryIO) -> None:
        with Path("/dev/full").open("wb") as device:
            device.write(bytes(100))

    with pytest.raises(OutOfSpace, match="disk is full"):
        replace_file(tmp_path / "a", onto_the_full_device)
    assert names(tmp_path) == []


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that this process may not write; root, who may write everywhere, becomes nobody for a while."""
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    folder = Path(tempfile.mkdtemp())  # not below tmp_path, which nobody may not even enter
    save_document(Document().with_view({"generation": 1}), folder / "session.corrie.h5")
    folder.chmod(0o555)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    yield folder
    if was_root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_is_named_and_nothing_in_it_changes(read_only_folder: Path) -> None:
    path = read_only_folder / "session.corrie.h5"
    with pytest.raises(OutOfSpace, match="may not be written"):
        save_document(documents.document(), path)
    assert open_document(path, apart=False).view == {"generation": 1}  # this user may start no interpreter of root's
    assert names(read_only_folder) == ["session.corrie.h5"]


def test_a_missing_folder_or_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="folder does not exist"):
        save_document(Document(), tmp_path / "nowhere" / "session.corrie.h5")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SessionError, match="It is a folder"):
        save_document(Document(), tmp_path / "folder")
    assert names(tmp_path) == ["folder"]


def test_a_document_that_cannot_be_saved_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "session.corrie.h5"
    save_document(Document().with_view({"generation": 1}), path)
    with pytest.raises(SessionError, match="of the kind set"):
        save_document(Document().with_view({"selection": {"a", "b"}}), path)
    assert open_document(path).view == {"generation": 1}
    assert names(tmp_path) == ["session.corrie.h5"]


def test_a_verification_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def refuse(_: Path) -> None:
        raise UnreadableFile(path, "It was not written well.", "Try again.")

    with pytest.raises(UnreadableFile, match="not written well"):
        replace_file(path, lambda file: file.write(b"new") and None, verify=refuse)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_symbolic_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    modes: list[int] = []

    def write(file: BinaryIO) -> None:
        modes.append(os.fstat(file.fileno()).st_mode & 0o777)  # nobody else reads it before it is there, either
        file.write(b"new")

    replace_file(link, write, keep_previous=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert previous_of(target).read_bytes() == b"old"
    assert [*modes, target.stat().st_mode & 0o777] == [0o640, 0o640]


def test_old_leftovers_of_killed_saves_are_removed_and_young_ones_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a[1]"
    old, young, other = tmp_path / ".a[1].1.ab.tmp", tmp_path / ".a[1].2.cd.tmp", tmp_path / ".b.1.ab.tmp"
    for left in (old, young, other):
        left.write_bytes(b"half")
    for left in (old, other):
        os.utime(left, (time.time() - 100_000,) * 2)
    replace_file(path, lambda file: file.write(b"new") and None)
    assert names(tmp_path) == [".a[1].2.cd.tmp", ".b.1.ab.tmp", "a[1]"]


class Held:
    """What Windows answers while another program has a file open: the first so many times for names with that end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, ending: str, times: int) -> None:
        self.asked: list[str] = []
        real = Path.replace

        def replace(source: Path, target: Path) -> Path:
            if target.name.endswith(ending) and len(self.asked) < times:
                self.asked.append(target.name)
                error = PermissionError(13, "The process cannot access the file", str(source), None, str(target))
                error.winerror = 32
                raise error
            return real(source, target)

        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr(atomic, "_WINDOWS", True)
        monkeypatch.setattr(atomic, "_PATIENCE", 0.5)


def test_a_file_that_another_program_holds_for_a_moment_is_replaced_when_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "session.corrie.h5"
    save_document(Document().with_view({"generation": 1}), path)
    held = Held(monkeypatch, ".h5", 3)
    save_document(Document().with_view({"generation": 2}), path)
    assert len(held.asked) == 3
    assert open_document(path).view == {"generation": 2}


@pytest.mark.parametrize(("ending", "named"), [(".h5", "“session.corrie.h5”"), (".bak", "the copy of the file before")])
def test_a_program_that_does_not_let_go_is_said_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, named: str
) -> None:
    path = tmp_path / "session.corrie.h5"
    for generation in (1, 2):
        save_document(Document().with_view({"generation": generation}), path)
    Held(monkeypatch, ending, 10**6)
    with pytest.raises(SessionError, match=f"Another program holds {named}"):
        save_document(Document().with_view({"generation": 3}), path)
    assert open_document(path).view == {"generation": 2}
    assert names(tmp_path) == ["session.corrie.h5", "session.corrie.h5.bak"]


def test_a_folder_that_may_not_be_written_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    began = time.monotonic()
    with pytest.raises(OutOfSpace, match="may not be written"):
        save_document(Document(), tmp_path / "a.corrie.h5")
    assert time.monotonic() - began < atomic._PATIENCE


def test_two_sessions_can_be_saved_at_the_same_time(tmp_path: Path) -> None:
    """A checkpoint may meet a save: HDF5 once took their images in memory for one file, and one of them failed."""
    document = documents.document()
    with ThreadPoolExecutor(2) as pool:
        saves = [pool.submit(save_document, document, tmp_path / f"{number}.corrie.h5") for number in range(8)]
    assert [save.result() for save in saves] == [None] * 8
    assert all(open_document(path).document_id == document.document_id for path in tmp_path.iterdir())


def test_content_that_is_all_there_is_written_as_it_is_and_only_if_it_is_found_good(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    replace_with(b"one\r\n\x00", path)

    def refused(_path: Path) -> None:
        raise ValueError("not good")

    with pytest.raises(ValueError, match="not good"):
        replace_with(b"two", path, verify=refused)
    assert path.read_bytes() == b"one\r\n\x00"
    assert list(tmp_path.iterdir()) == [path]
