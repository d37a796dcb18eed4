import hashlib
import socket
import threading
import time
from pathlib import Path

import pytest

from core.data.public.catalogue import PublicFile, PublicSet
from core.data.public.downloads import (
    Arrived,
    bytes_there,
    data_folder,
    downloaded,
    fetch_set,
    recorded_sha256,
    state_of,
)
from core.errors import Cancelled, DownloadFailed, OutOfSpace
from core.job import ControlledJob, JobContext
from tests.core.data.public.origin import serving

IMAGES = bytes(range(256)) * 1200  # 307,200 bytes
LABELS = b"labels" * 100


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def made_up(*mirrors: str, published: bool = True, images: bytes = IMAGES) -> PublicSet:
    files = [("images.bin", images), ("labels.bin", LABELS)]
    return PublicSet(
        name="made-up",
        title="Made up",
        samples="three",
        homepage="http://127.0.0.1/",
        mirrors=mirrors,
        files=tuple(
            PublicFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
            if published
            else PublicFile(name=name)
            for name, content in files
        ),
        licence="none",
        citation="nobody",
        folder="made-up",
        parts=(("", "images.bin"), ("test", "labels.bin")),
    )


@pytest.fixture
def origin():
    with serving(files={"/made-up/images.bin": IMAGES, "/made-up/labels.bin": LABELS}) as origin:
        yield origin


class Watched(JobContext):
    """Remembers what it was told; stops at some number of bytes."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.reports: list[tuple[int, int, str]] = []
        self.snapshots: list[Arrived] = []
        self.stop_at = stop_at

    def check(self) -> None:
        if self.stop_at is not None and self.reports and self.reports[-1][0] >= self.stop_at:
            raise Cancelled("The job was stopped.")

    def progress(self, done: int, total: int, text: str = "") -> None:
        self.reports.append((done, total, text))

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, Arrived)
        self.snapshots.append(snapshot)


def test_a_set_arrives_whole_and_is_told_in_bytes(origin, tmp_path: Path) -> None:
    job = Watched()
    path = fetch_set(made_up(), job, tmp_path, origin.address)
    assert path == tmp_path / "made-up" / "images.bin"
    assert path.read_bytes() == IMAGES
    assert (path.parent / "labels.bin").read_bytes() == LABELS
    assert sorted(p.name for p in path.parent.iterdir()) == ["images.bin", "labels.bin"]
    assert job.reports[-1][:2] == (len(IMAGES) + len(LABELS),) * 2
    assert "images.bin, 0.3 of 0.3 MB" in {text for _, _, text in job.reports}
    assert [done for done, _, _ in job.reports] == sorted(done for done, _, _ in job.reports)


def test_what_is_there_is_checked_and_not_fetched_again(origin, tmp_path: Path) -> None:
    fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    asked = len(origin.asked)
    fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert len(origin.asked) == asked


def test_a_file_that_was_damaged_since_is_fetched_again(origin, tmp_path: Path) -> None:
    path = fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    path.write_bytes(b"x" + IMAGES[1:])
    assert fetch_set(made_up(), JobContext(), tmp_path, origin.address).read_bytes() == IMAGES


def test_the_state_tells_what_is_there(origin, tmp_path: Path) -> None:
    assert state_of(made_up(), tmp_path) == "absent"
    with pytest.raises(Cancelled):
        fetch_set(made_up(), Watched(stop_at=50_000), tmp_path, origin.address)
    assert state_of(made_up(), tmp_path) == "partly"
    assert 50_000 <= bytes_there(made_up(), tmp_path) < len(IMAGES)
    fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert state_of(made_up(), tmp_path) == "there"
    assert bytes_there(made_up(), tmp_path) == len(IMAGES) + len(LABELS)


def test_a_stopped_download_goes_on_where_it_stopped(origin, tmp_path: Path) -> None:
    job = Watched(stop_at=100_000)
    with pytest.raises(Cancelled):
        fetch_set(made_up(), job, tmp_path, origin.address)
    assert job.snapshots[-1].total == len(IMAGES) + len(LABELS)
    there = bytes_there(made_up(), tmp_path)
    path = fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert origin.asked[1] == ("/made-up/images.bin", f"bytes={there}-")
    assert path.read_bytes() == IMAGES


def test_a_connection_that_breaks_off_is_taken_up_again_at_once(origin, tmp_path: Path) -> None:
    origin.breaks_after = [100_000, 60_000]
    assert fetch_set(made_up(), JobContext(), tmp_path, origin.address).read_bytes() == IMAGES
    assert [wish for path, wish in origin.asked if path.endswith("images.bin")] == [
        "",
        "bytes=100000-",
        "bytes=160000-",
    ]


def test_a_connection_that_always_breaks_off_is_given_up_and_what_came_is_kept(origin, tmp_path: Path) -> None:
    origin.breaks_after = [1000, 1000, 0]
    with pytest.raises(
        DownloadFailed, match=r"broke off after 2,000 bytes .* Try again later: what has arrived is kept"
    ):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert bytes_there(made_up(), tmp_path) == 2000


def test_a_server_that_knows_no_ranges_begins_anew(origin, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        fetch_set(made_up(), Watched(stop_at=100_000), tmp_path, origin.address)
    origin.ranges = False
    assert fetch_set(made_up(), JobContext(), tmp_path, origin.address).read_bytes() == IMAGES


def test_a_file_that_changed_between_two_tries_is_not_stuck_together(origin, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        fetch_set(made_up(published=False), Watched(stop_at=100_000), tmp_path, origin.address)
    newer = bytes(reversed(IMAGES))
    origin.files["/made-up/images.bin"], origin.tag = newer, '"two"'
    assert fetch_set(made_up(published=False), JobContext(), tmp_path, origin.address).read_bytes() == newer


def test_without_a_checksum_and_a_version_nothing_is_appended(origin, tmp_path: Path) -> None:
    origin.tag = ""
    with pytest.raises(Cancelled):
        fetch_set(made_up(published=False), Watched(stop_at=100_000), tmp_path, origin.address)
    fetch_set(made_up(published=False), JobContext(), tmp_path, origin.address)
    assert [wish for path, wish in origin.asked if path.endswith("images.bin")] == ["", ""]


def test_wrong_bytes_are_deleted_and_said(origin, tmp_path: Path) -> None:
    origin.files["/made-up/images.bin"] = b"x" + IMAGES[1:]
    with pytest.raises(
        DownloadFailed, match=r"not the published images.bin of Made up: its checksum differs. It was del"
    ):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert list((tmp_path / "made-up").iterdir()) == []


def test_a_file_of_another_size_is_refused_before_it_is_fetched(origin, tmp_path: Path) -> None:
    origin.files["/made-up/images.bin"] = b"<html>Please log in</html>"
    with pytest.raises(DownloadFailed, match=r"offers 26 bytes instead of the published 307,200.*login page"):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert bytes_there(made_up(), tmp_path) == 0


def test_the_checksum_of_an_unpublished_file_is_recorded_and_held_against_the_next(origin, tmp_path: Path) -> None:
    wanted = made_up(published=False)
    path = fetch_set(wanted, JobContext(), tmp_path, origin.address)
    assert recorded_sha256(wanted, wanted.files[0], tmp_path) == hashlib.sha256(IMAGES).hexdigest()
    path.unlink()
    origin.files["/made-up/images.bin"] = IMAGES[1:]
    with pytest.raises(DownloadFailed, match=r"another file than at the first download.*images.bin.sha256"):
        fetch_set(wanted, JobContext(), tmp_path, origin.address)


def test_a_server_that_does_not_say_how_long_the_file_is_will_do(origin, tmp_path: Path) -> None:
    origin.says_length = False
    job = Watched()
    assert fetch_set(made_up(published=False), job, tmp_path, origin.address).read_bytes() == IMAGES
    assert {total for _, total, _ in job.reports} == {0}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "no longer has this file"),
        (403, "does not allow it"),
        (503, "out of order or busy"),
        (429, "busy"),
        (204, "which is no file"),
    ],
)
def test_a_refusal_of_the_server_is_a_sentence(origin, tmp_path: Path, status: int, words: str) -> None:
    origin.status = status
    with pytest.raises(DownloadFailed, match=words):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)


def test_a_redirect_is_followed(origin, tmp_path: Path) -> None:
    with serving(moved_to=f"{origin.address}/made-up/images.bin") as old:
        wanted = made_up(f"{old.address}/")
        only = PublicSet(**{**vars(wanted), "files": wanted.files[:1], "parts": (("", "images.bin"),)})
        assert fetch_set(only, JobContext(), tmp_path).read_bytes() == IMAGES


def test_redirects_without_end_are_a_sentence(origin, tmp_path: Path) -> None:
    origin.moved_to = f"{origin.address}/made-up/images.bin"
    with pytest.raises(DownloadFailed, match="from one address to the next without end"):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)


def test_a_machine_that_cannot_be_reached_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(DownloadFailed, match=r"127.0.0.1 cannot be reached. Check that this computer is online"):
        fetch_set(made_up(), JobContext(), tmp_path, address)


@pytest.mark.parametrize("address", ["nowhere", "file:///etc", "http://"])
def test_what_is_no_address_is_a_sentence(tmp_path: Path, address: str) -> None:
    with pytest.raises(DownloadFailed, match="no address that can be fetched"):
        fetch_set(made_up(), JobContext(), tmp_path, address)


def test_the_next_mirror_is_tried_and_the_troubles_of_all_are_told(origin, tmp_path: Path) -> None:
    with serving() as empty, serving(status=503) as busy:
        good = made_up(f"{empty.address}/", f"{origin.address}/made-up/")
        assert fetch_set(good, JobContext(), tmp_path / "a").read_bytes() == IMAGES
        bad = made_up(f"{empty.address}/", f"{busy.address}/")
        with pytest.raises(DownloadFailed, match=r"(?s)no longer has this file.*out of order or busy"):
            fetch_set(bad, JobContext(), tmp_path / "b")


def test_a_silent_server_can_be_stopped_at_once_and_what_came_is_kept(origin, tmp_path: Path) -> None:
    origin.stalls_after = 4 * 2**14
    job = ControlledJob()
    ends: list[BaseException] = []

    def fetch() -> None:
        try:
            fetch_set(made_up(), job, tmp_path, origin.address)
        except Cancelled as stopped:
            ends.append(stopped)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert origin.stalled.wait(60)
    while bytes_there(made_up(), tmp_path) == 0 and thread.is_alive() and not ends:
        threading.Event().wait(0.005)  # until the first piece is written
    before = time.monotonic()
    job.cancel()
    thread.join(60)
    assert ends
    assert time.monotonic() - before < 20  # the server would be silent for 30
    assert not [each for each in threading.enumerate() if each.name == "corrie-download" and not _ends(each)]


def _ends(thread: threading.Thread) -> bool:
    thread.join(30)
    return not thread.is_alive()


def test_a_server_that_stays_silent_is_given_up(origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.data.public.transfer.SILENCE_SECONDS", 0.2)
    origin.stalls_after = 2**14
    with pytest.raises(DownloadFailed, match=r"no byte came for 0.2 s"):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)


def test_a_full_disk_is_said_before_anything_is_fetched(
    origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.data.public.transfer.SPARE_BYTES", 2**60)
    with pytest.raises(OutOfSpace, match=r"MB free, and 0 MB are to come. Make room"):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert bytes_there(made_up(), tmp_path) == 0


def test_a_folder_that_cannot_be_made_is_a_sentence(origin, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutOfSpace, match="the folder cannot be made"):
        fetch_set(made_up(), JobContext(), tmp_path / "file", origin.address)


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORRIE_DATA", str(tmp_path / "elsewhere"))
    assert data_folder() == tmp_path / "elsewhere"
    assert downloaded("mnist") is None
    monkeypatch.delenv("CORRIE_DATA")
    assert data_folder().name == "data"


def test_a_part_longer_than_the_file_begins_anew(origin, tmp_path: Path) -> None:
    (tmp_path / "made-up").mkdir()
    (tmp_path / "made-up" / "images.bin.part").write_bytes(b"?" * (len(IMAGES) + 5))
    assert fetch_set(made_up(), JobContext(), tmp_path, origin.address).read_bytes() == IMAGES


def test_a_part_that_was_already_whole_is_not_fetched_again(origin, tmp_path: Path) -> None:
    (tmp_path / "made-up").mkdir()
    (tmp_path / "made-up" / "images.bin.part").write_bytes(IMAGES)
    assert fetch_set(made_up(), JobContext(), tmp_path, origin.address).read_bytes() == IMAGES
    assert not any(path.endswith("images.bin") for path, _ in origin.asked)


def test_two_that_fetch_the_same_file_do_not_write_into_one_another(origin, tmp_path: Path) -> None:
    origin.stalls_after = 4 * 2**14
    job = ControlledJob()
    ends: list[BaseException] = []

    def fetch() -> None:
        try:
            fetch_set(made_up(), job, tmp_path, origin.address)
        except Cancelled as stopped:
            ends.append(stopped)

    first = threading.Thread(target=fetch)
    first.start()
    assert origin.stalled.wait(60)
    asked = len(origin.asked)
    with pytest.raises(DownloadFailed, match="another Corrie is fetching this file"):
        fetch_set(made_up(), JobContext(), tmp_path, origin.address)
    assert len(origin.asked) == asked  # it does not touch what the first one writes, nor asks for it
    job.cancel()
    first.join(60)
    origin.stalls_after = None
    assert fetch_set(made_up(), JobContext(), tmp_path, origin.address).read_bytes() == IMAGES
