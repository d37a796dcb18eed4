"""Bytes that were hashed are the only ones that are read, and heaps that lead nowhere are not read at all."""

import os
from pathlib import Path

import pytest

from core.errors import Cancelled, SessionError
from core.job import ControlledJob, JobContext
from core.session.contents import BLOCK_BYTES, Contents
from core.session.document import Document
from core.session.files import open_document
from core.session.heaps import can_be_walked
from core.session.refusal import Refusal
from core.session.write import session_image
from tests import documents


@pytest.fixture(scope="module")
def image() -> bytes:
    return session_image(Document().with_item(documents.network_item()))


def test_any_part_is_read_as_it_stands_across_blocks(image: bytes, tmp_path: Path) -> None:
    content = image + os.urandom(3 * BLOCK_BYTES)
    path = tmp_path / "s.h5"
    path.write_bytes(content)
    contents = Contents(path, JobContext())
    reader = contents.reader()
    for start, size in ((0, 1), (BLOCK_BYTES - 3, 7), (BLOCK_BYTES // 2, 2 * BLOCK_BYTES), (len(content) - 5, 5)):
        reader.seek(start)
        target = bytearray(size)
        with reader.values_of(size):
            assert reader.readinto(target) == size
        assert bytes(target) == content[start : start + size]
    reader.seek(len(content) - 2)
    with pytest.raises(OSError):  # noqa: PT011  it has no words
        reader.readinto(bytearray(3))
    contents.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows says that there is no such file")
def test_what_the_system_cannot_read_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match=r"It cannot be read \(File name too long\)"):
        open_document(tmp_path / ("x" * 300 + ".corrie.h5"))


def test_every_byte_counts_for_the_digest(image: bytes, tmp_path: Path) -> None:
    digests = set()
    for number, content in enumerate((image, image + b"\0", bytes([*image[:-1], image[-1] ^ 1]))):
        path = tmp_path / f"{number}.h5"
        path.write_bytes(content)
        contents = Contents(path, JobContext())
        digests.add(contents.digest)
        contents.close()
    assert len(digests) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.corrie.h5")
    with pytest.raises(Refusal, match="not a file"):
        Contents(tmp_path / "pipe.corrie.h5", JobContext())


def test_hashing_can_be_stopped(image: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.h5"
    path.write_bytes(image)
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        Contents(path, job)


def test_a_heap_that_leads_back_to_itself_is_refused_at_once(image: bytes, tmp_path: Path) -> None:
    content = bytearray(image)
    at = content.index(b"GCOL")
    assert can_be_walked(bytes(content[at : at + int.from_bytes(content[at + 8 : at + 16], "little")]))
    content[at + 16 : at + 18] = bytes(2)  # the first text becomes room that is free,
    content[at + 24 : at + 32] = bytes(8)  # of no length: HDF5 would look at it for ever
    path = tmp_path / "s.h5"
    path.write_bytes(content)
    with pytest.raises(SessionError, match="damaged"):
        open_document(path, apart=False)


@pytest.mark.parametrize("length", [0, 8, 5000, 2**63, 2**64 - 16, 2**64 - 1])
def test_lengths_that_lead_nowhere_are_found(length: int) -> None:
    for index in (0, 1):
        head = b"GCOL\1\0\0\0" + (4096).to_bytes(8, "little")
        rest = 4096 - 16 - 24  # what is free behind an object of eight bytes, its own header counted
        behind = bytes(8) + bytes(8) + rest.to_bytes(8, "little") + bytes(rest - 16)
        heap = head + index.to_bytes(8, "little") + length.to_bytes(8, "little") + behind
        assert len(heap) == 4096
        walks = index == 1 and length == 8
        assert can_be_walked(heap) is walks
