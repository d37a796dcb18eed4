"""Files from someone else: what a session must never do, and is refused by name."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import SessionError
from core.session import layout
from core.session.files import open_document, open_session, save_document
from core.session.manifest import array_digest
from core.session.write import session_image
from tests import documents

LOSS = "surfaces/surface-0/loss"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "session.corrie.h5"
    save_document(documents.document(), path)
    return path


def tampered(session: Path, change: Callable[[h5py.File], None]) -> str:
    """What is said when a session that was changed behind Corrie's back is opened."""
    with h5py.File(session, "r+") as file:
        change(file)
    with pytest.raises(SessionError) as refused:
        open_document(session, apart=False)
    assert str(session) in str(refused.value)
    return str(refused.value)


def instead_of_loss(make: Callable[[h5py.File], None]) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        del file[LOSS]
        make(file)

    return change


def test_a_dataset_that_takes_its_values_from_another_file_is_refused(session: Path) -> None:
    secret = session.with_name("secret")
    secret.write_bytes(b"\1" * 21 * 17 * 8)

    def external(file: h5py.File) -> None:
        file.create_dataset(LOSS, (17, 21), "<f8", external=[(str(secret), 0, 21 * 17 * 8)])

    assert f'"{LOSS}" has external storage' in tampered(session, instead_of_loss(external))


def test_a_virtual_dataset_is_refused(session: Path) -> None:
    def virtual(file: h5py.File) -> None:
        source = h5py.VirtualLayout((17, 21), "<f8")
        source[:] = h5py.VirtualSource("other.h5", "loss", (17, 21))
        file.create_virtual_dataset(LOSS, source)

    assert f'"{LOSS}" is a virtual dataset' in tampered(session, instead_of_loss(virtual))


def test_a_soft_link_is_refused_at_the_end_of_a_path(session: Path) -> None:
    def soft(file: h5py.File) -> None:
        file[LOSS] = h5py.SoftLink("/surfaces/surface-0/accuracy")

    assert f'"{LOSS}" is a soft link' in tampered(session, instead_of_loss(soft))


def test_a_link_to_another_file_is_refused_in_the_middle_of_a_path(session: Path) -> None:
    def external(file: h5py.File) -> None:
        del file["surfaces"]
        file["surfaces"] = h5py.ExternalLink("other.h5", "/surfaces")

    assert "\"surfaces\" is a link to another file ('other.h5')" in tampered(session, external)


def test_a_dataset_that_declares_eight_terabytes_is_refused_before_it_is_read(session: Path) -> None:
    def huge(file: h5py.File) -> None:
        file.create_dataset(LOSS, (2**20, 2**20), "<f8", chunks=(64, 64), compression="gzip")

    assert f'"{LOSS}" declares 8,796,093,022,208 bytes' in tampered(session, instead_of_loss(huge))


def test_a_dataset_that_was_never_written_is_refused(session: Path) -> None:
    def empty(file: h5py.File) -> None:
        file.create_dataset(LOSS, (4096, 4096), "<f8", chunks=(64, 64), compression="gzip")

    assert "but only 0 were written" in tampered(session, instead_of_loss(empty))


def test_many_datasets_are_refused_when_their_sum_is_too_large(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LARGEST_SESSION", 4000)  # bytes; each dataset of the session is smaller
    with pytest.raises(SessionError, match="in all"):
        open_document(session, apart=False)


def test_a_filter_that_would_need_a_plug_in_is_refused(session: Path) -> None:
    def lzf(file: h5py.File) -> None:
        file.create_dataset(LOSS, data=np.zeros((17, 21)), chunks=(17, 21), compression="lzf")

    assert f'"{LOSS}" is packed with filter 32000' in tampered(session, instead_of_loss(lzf))


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((17, 21), dtype=[("a", "<f8")]),
        np.zeros((17, 21), dtype="<c16"),
        np.full((17, 21), "text", dtype=object),
        np.zeros((17, 21), dtype="V8"),
        np.zeros((17, 21), dtype=">f8"),
        np.zeros((17, 21), dtype=bool),
    ],
    ids=["compound", "complex", "texts", "opaque", "big endian", "enumeration"],
)
def test_values_of_a_type_that_no_session_has_are_refused(session: Path, values: np.ndarray) -> None:
    def other(file: h5py.File) -> None:
        kind = h5py.string_dtype() if values.dtype == object else None
        file.create_dataset(LOSS, data=values, dtype=kind)

    assert f'"{LOSS}" holds values of a type that no session has' in tampered(session, instead_of_loss(other))


def test_object_references_are_refused(session: Path) -> None:
    def reference(file: h5py.File) -> None:
        file.create_dataset(LOSS, (17, 21), dtype=h5py.ref_dtype)

    assert "holds values of a type that no session has" in tampered(session, instead_of_loss(reference))


def test_an_attribute_that_is_no_text_and_no_number_is_refused(session: Path) -> None:
    def change(file: h5py.File) -> None:
        file["surfaces"].attrs["blob"] = np.zeros(100)

    assert 'The attribute "blob" of "surfaces"' in tampered(session, change)


def test_values_that_were_changed_later_are_refused_by_name(session: Path) -> None:
    def change(file: h5py.File) -> None:
        file[LOSS][3, 3] += 1e-9

    assert f'The values of "{LOSS}" are not those that were saved' in tampered(session, change)


def test_a_request_that_was_changed_later_is_refused_by_name(session: Path) -> None:
    def change(file: h5py.File) -> None:
        attributes = file["surfaces/surface-0"].attrs
        attributes["request"] = attributes["request"].replace("123", "124")

    assert 'The description of "surfaces/surface-0" is not the one that was saved' in tampered(session, change)


@pytest.mark.parametrize("path", [LOSS, "spectra/spectrum-0/eigenvectors", "corrections/correction-0/box", "manifest"])
def test_a_dataset_that_was_removed_is_missed(session: Path, path: str) -> None:
    def change(file: h5py.File) -> None:
        del file[path]

    assert f'"{path}" is missing' in tampered(session, change)


def test_an_item_that_was_removed_is_missed(session: Path) -> None:
    def change(file: h5py.File) -> None:
        del file["corrections/correction-0"]

    assert "is missing" in tampered(session, change)


def test_a_group_that_contains_itself_does_not_hang_the_reader(session: Path) -> None:
    def change(file: h5py.File) -> None:
        file["networks/loop"] = file["networks"]

    assert '"networks/loop" leads back to "networks", in which it lies: a loop of links' in tampered(session, change)


def newer_session(path: Path, monkeypatch: pytest.MonkeyPatch, *, schema: int, reader: int) -> None:
    with monkeypatch.context() as later:
        later.setattr(layout, "SCHEMA_VERSION", schema)
        later.setattr(layout, "MIN_READER_VERSION", reader)
        path.write_bytes(session_image(documents.document()))


def test_a_session_that_needs_a_newer_reader_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer_session(tmp_path / "new.corrie.h5", monkeypatch, schema=3, reader=3)
    with pytest.raises(SessionError, match=r"reader of version 3 of the format; this is version 2. .* or newer"):
        open_document(tmp_path / "new.corrie.h5", apart=False)


def test_a_newer_session_that_this_reader_understands_is_opened_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer_session(tmp_path / "new.corrie.h5", monkeypatch, schema=3, reader=1)
    opened = open_session(tmp_path / "new.corrie.h5", apart=False)
    assert opened.newer
    assert opened.schema_version == 3
    assert list(opened.document.items) == list(documents.document().items)


def test_parts_that_this_version_does_not_know_are_named(session: Path) -> None:
    with h5py.File(session, "r+") as file:
        file["portraits/c/x"] = np.arange(3.0)
        manifest = json.loads(file["manifest"][()])
        manifest["datasets"]["portraits/c/x"] = array_digest(np.arange(3.0))
        del file["manifest"]
        text = json.dumps(manifest).encode()
        file.create_dataset("manifest", data=text, dtype=h5py.string_dtype("utf-8", len(text)))
    assert open_session(session, apart=False).unknown == ("portraits/c/x",)


def test_hdf5_files_that_are_no_sessions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weather.h5"
    with h5py.File(path, "w") as file:
        file["temperature"] = np.arange(3)
    with pytest.raises(SessionError, match="not a session of Corrie"):
        open_document(path, apart=False)


def test_filter_plug_ins_are_switched_off() -> None:
    code = "import os, core.session.files; print(os.environ['HDF5_PLUGIN_PRELOAD'])"
    environment = {key: value for key, value in os.environ.items() if key != "HDF5_PLUGIN_PRELOAD"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "::"
