"""What lies in a session file already is copied as it is packed; the new file is held to what it should be."""

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.deferred import unread
from core.errors import OutOfSpace, SessionError
from core.session import files
from core.session.copying import Copies
from core.session.document import Document
from core.session.files import open_document, save_document
from core.session.image import DiskImage
from tests import documents
from tests.core.session.large import blocks_are_small, large_document, network, nothing_is_small, parts_of, source_of
from tests.sameness import differences


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_is_small(monkeypatch)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Copies]:
    """What each save packed and copied."""
    found: list[Copies] = []
    real = files.copies_for

    def noted(path: Path) -> Copies:
        found.append(real(path))
        return found[-1]

    monkeypatch.setattr(files, "copies_for", noted)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "large.corrie.h5"
    save_document(large_document(), place)
    return place


def test_a_save_of_what_was_never_read_packs_nothing_and_reads_nothing_into_memory(
    path: Path, made: list[Copies]
) -> None:
    document = open_document(path)
    renamed = document.with_item(replace(network(), weights=document.networks[0].weights, name="Renamed"))
    save_document(renamed, path)
    assert made[-1].packed_bytes == 0
    assert made[-1].copied_bytes > 500_000
    assert not any(part.was_read and part.nbytes >= 2**16 for part in parts_of(renamed))
    assert differences(open_document(path), renamed) == []


def test_a_document_in_memory_is_copied_from_the_file_that_it_replaces(path: Path, made: list[Copies]) -> None:
    document = large_document()
    save_document(document, path)
    assert made[-1].packed_bytes == 0
    assert differences(open_document(path, apart=False), document) == []


def test_only_what_is_new_is_packed(path: Path, made: list[Copies], tmp_path: Path) -> None:
    document = open_document(path)
    x = np.random.default_rng(9).integers(0, 256, (30, 64, 64), dtype=np.uint8)
    data = replace(documents.table(), x=x, y=np.arange(30) % 2, features=None)
    item = replace(documents.dataset_item("dataset-new"), samples=30, shape=(64, 64), data=data, sha256=data.sha256)
    more = document.with_item(item)
    elsewhere = tmp_path / "elsewhere.corrie.h5"
    save_document(more, elsewhere)
    assert made[-1].packed_bytes == x.nbytes
    assert differences(open_document(elsewhere), large_document().with_item(item).with_view(more.view)) == []


def test_an_array_that_was_changed_in_memory_is_not_taken_from_the_file(path: Path, made: list[Copies]) -> None:
    document = open_document(path)
    values = document.networks[0].weights["1.weight"]
    values[0, 0] += 1  # nobody should; what is saved is what is in memory
    save_document(document, path)
    assert made[-1].packed_bytes == values.nbytes
    assert open_document(path).networks[0].weights["1.weight"][0, 0] == values[0, 0]


def test_a_spoilt_piece_in_the_file_that_is_replaced_is_packed_anew(
    tmp_path: Path, made: list[Copies], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks_are_small(monkeypatch)
    document, path = large_document(), tmp_path / "large.corrie.h5"
    save_document(document, path)
    source = source_of(open_document(path))
    packed = source.packed("networks/network-0/weights/1.weight")
    assert packed is not None
    piece = next(source.pieces("networks/network-0/weights/1.weight", packed))[1]
    content = bytearray(path.read_bytes())
    content[content.index(piece) + 40] ^= 1
    path.write_bytes(content)
    del source
    gc.collect()
    save_document(document, path)
    assert differences(open_document(path, apart=False), document) == []
    assert made[-1].packed_bytes > 0


def test_what_the_disk_lost_of_a_copy_is_found_before_the_exchange(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document, before = open_document(path), path.read_bytes()
    real = DiskImage.write

    def forgetful(self: DiskImage, content: object) -> int:
        whole = bytearray(memoryview(content).cast("B"))  # type: ignore[arg-type]
        if len(whole) > 60_000:  # a piece: a bit of it falls over
            whole[1000] ^= 4
        return real(self, whole)

    monkeypatch.setattr(DiskImage, "write", forgetful)
    with pytest.raises(SessionError, match=r"not what was to be saved|not those that|damaged"):
        save_document(document, path)
    monkeypatch.undo()
    assert path.read_bytes() == before


def test_a_disk_that_fills_up_in_the_middle_of_a_copy_leaves_the_old_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, before = open_document(path), path.read_bytes()
    real = DiskImage._put

    def full(self: DiskImage, start: int, whole: memoryview) -> None:
        if start > 300_000:
            raise OSError(28, "No space left on device")
        real(self, start, whole)

    monkeypatch.setattr(DiskImage, "_put", full)
    with pytest.raises(OutOfSpace, match="disk is full"):
        save_document(document, path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*.tmp"))
    assert unread(document.datasets[0].data, "x").was_read is False
    save_document(document, path)
    assert differences(open_document(path), large_document()) == []


def test_many_saves_one_after_the_other_lose_nothing(path: Path, made: list[Copies]) -> None:
    document = open_document(path)
    for generation in range(4):
        document = document.with_view({"generation": generation})
        save_document(document, path)
        assert made[-1].packed_bytes == 0
    back: Document = open_document(path)
    assert differences(back, large_document().with_view({"generation": 3})) == []
