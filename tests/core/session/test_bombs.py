"""Small files that would become much, and structure without end: refused by name, before any of it is in memory."""

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import SessionError
from core.session import layout
from core.session.document import Document
from core.session.files import open_document, save_document
from core.session.hdf5 import h5py
from core.session.json_text import from_json, to_json
from core.session.refusal import Refusal
from core.session.write import session_image
from tests import documents
from tests.hostile import changed

IMAGE = session_image(Document().with_item(documents.network_item()))
WEIGHTS = "networks/network-0/weights"


def refused(change: Callable[[h5py.File], object], folder: Path) -> str:
    path = folder / "bomb.corrie.h5"
    path.write_bytes(changed(IMAGE, change, mend=False))
    with pytest.raises(SessionError) as told:
        open_document(path, apart=False)
    return str(told.value)


def described(text: str) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        file["networks"].attrs["about"] = text

    return change


def test_a_giant_attribute_is_refused_before_it_is_read(tmp_path: Path) -> None:
    said = refused(described("x" * 64 * 2**20), tmp_path)
    assert 'An attribute of "networks" has more than 1,048,576 bytes' in said


def test_an_attribute_that_is_merely_too_long_is_named(tmp_path: Path) -> None:
    said = refused(described("x" * 100_000), tmp_path)
    assert 'The attribute "about" of "networks" is longer than an attribute may be' in said


def test_a_list_of_long_texts_is_refused_though_each_is_short_enough(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        for number in range(60):
            file["networks"].attrs[f"about {number}"] = ["x" * 1000] * 100

    assert 'The attributes of "networks" are longer in all' in refused(change, tmp_path)


def test_many_attributes_are_refused_by_their_number(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        for number in range(129):
            file["networks"].attrs[f"a{number}"] = number

    assert '"networks" has 129 attributes; 128 are the most' in refused(change, tmp_path)


def test_groups_in_groups_are_refused_by_their_depth_though_nobody_would_read_them(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        group = file
        for _ in range(2000):
            group = group.create_group("g")

    said = refused(change, tmp_path)
    assert '"g/g/g/g' in said
    assert "lies in 16 groups in one another" in said


@pytest.mark.parametrize(
    ("where", "target", "said"),
    [
        ("networks/again", "networks", '"networks/again" leads back to "networks", in which it lies: a loop of links'),
        ("networks/again", "/", '"networks/again" leads back to "/", in which it lies: a loop of links'),
        ("unknown/a/b", "networks", "are two names of one part"),
        ("unknown/view", "view", "are two names of one part"),
    ],
)
def test_links_that_lead_back_are_refused_by_name(where: str, target: str, said: str, tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        file[where] = file[target]

    assert said in refused(change, tmp_path)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (h5py.SoftLink("/view"), '"unknown/a" is a soft link'),
        (h5py.ExternalLink("other.h5", "/"), "\"unknown/a\" is a link to another file ('other.h5')"),
    ],
)
def test_links_that_leave_are_refused_where_nobody_would_follow_them(link: object, said: str, tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        file["unknown/a"] = link

    assert said in refused(change, tmp_path)


def test_a_type_among_the_members_is_refused_by_name(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        file["networks/kind"] = np.dtype("<f8")

    assert '"networks/kind" is neither a group nor a dataset' in refused(change, tmp_path)


def zeros(file: h5py.File) -> None:
    """2 GB of zeros in 2 MB, written without ever being in memory."""
    piece = 8 * 2**20
    packed = zlib.compress(bytes(piece * 8), 9)
    for number in range(4):
        shape, chunk = (8 * piece,), (piece,)
        dataset = file[WEIGHTS].create_dataset(f"z{number}", shape, "<f8", chunks=chunk, compression="gzip")
        for at in range(0, shape[0], piece):
            dataset.id.write_direct_chunk((at,), packed)


def test_a_bomb_of_zeros_is_refused_by_what_all_of_it_unpacks_to(tmp_path: Path) -> None:
    said = refused(zeros, tmp_path)
    assert (tmp_path / "bomb.corrie.h5").stat().st_size < 4 * 2**20
    assert "Its arrays unpack to more than" in said
    assert f'"{WEIGHTS}/z' in said


def test_what_packs_that_well_honestly_is_saved_unpacked_and_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "FREELY_UNPACKED", 0)
    flat = documents.surface(700, 500, hole=False)
    flat.loss.flags.writeable = True
    flat.loss[:] = 1.0
    flat.accuracy.flags.writeable = True
    flat.accuracy[:] = 0.5
    path = tmp_path / "flat.corrie.h5"
    save_document(Document().with_item(documents.result_item(flat, "surface-0", "Flat")), path)
    assert path.stat().st_size > flat.loss.nbytes
    np.testing.assert_array_equal(open_document(path).items["surface-0"].result.loss, flat.loss)


def json_instead(text: bytes) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        del file["view"]
        file.create_dataset("view", data=text, dtype=h5py.string_dtype("utf-8", len(text)))

    return change


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a":[' + b"[]," * 2_000_000 + b"[]]}", "settings of more than 1,000,000 values"),
        (b'{"a":' + b"[" * 65 + b"]" * 65 + b"}", "nested in more than 64 lists and tables"),
        (b"[" * 100_000, "nested in more than 64 lists and tables"),
        (b'["' + b'","' * 7_000_000 + b'"]', "settings of more than 3,000,000 texts"),
    ],
    ids=["much", "deep", "open", "texts"],
)
def test_json_that_would_become_much_is_refused_before_it_is_read(text: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.corrie.h5"
    path.write_bytes(changed(IMAGE, json_instead(text)))  # the manifest says that this is what was saved
    with pytest.raises(SessionError, match=said):
        open_document(path, apart=False)


def test_signs_within_texts_do_not_count() -> None:
    for text in ("," * 1_500_000, "[" * 200, '\\"[' * 100 + '"', "\\" * 401, '[{"' * 300):
        assert from_json(to_json({"note": text})) == {"note": text}


def test_what_could_not_be_read_again_is_not_written() -> None:
    deep: list[object] = []
    for _ in range(70):
        deep = [deep]
    with pytest.raises(Refusal, match="nested in more than 64"):
        to_json(deep)
