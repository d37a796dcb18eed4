"""What is large in a large session is read when it is asked for, and is the same then, or is said to be gone."""

import gc
import os
from pathlib import Path

import pytest

from core.errors import SessionError
from core.session import contents, source
from core.session.document import DatasetItem, Document, NetworkItem
from core.session.files import open_document, save_document
from core.spectrum.spectrum import Spectrum
from tests.core.session.large import blocks_are_small, large_document, nothing_is_small, parts_of, source_of
from tests.sameness import differences


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_is_small(monkeypatch)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks_are_small(monkeypatch)


@pytest.fixture
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A large session with its file open nowhere."""
    if "small_blocks" in request.fixturenames:
        request.getfixturevalue("small_blocks")
    place = tmp_path / "large.corrie.h5"
    save_document(large_document(), place, keep_previous=False)
    return place


def network(document: Document) -> NetworkItem:
    return document.networks[0]


def spectrum(document: Document) -> Spectrum:
    found = document.items["spectrum-0"]
    assert not isinstance(found, NetworkItem | DatasetItem)
    result = getattr(found, "result", None)
    assert isinstance(result, Spectrum)
    return result


def test_a_large_session_is_the_same_once_all_of_it_is_read(path: Path) -> None:
    assert differences(open_document(path), large_document()) == []


def test_arrays_that_are_read_part_by_part_are_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PART_BYTES", 5000)
    assert differences(open_document(path), large_document()) == []
    save_document(open_document(path).with_view({"again": True}), path)


def test_nothing_large_is_read_before_it_is_asked_for(path: Path) -> None:
    document = open_document(path)
    file = source_of(document)
    _ = [(item.name, item.created_utc) for item in document.items.values()]
    assert network(document).parameter_count == 32_200
    assert spectrum(document).vectors == 8
    assert document.datasets[0].data is not None
    assert document.datasets[0].data.input_bytes == 90 * 3072
    assert (
        document.results[0].result.directions.fingerprint == large_document().results[0].result.directions.fingerprint
    )
    assert document.results[0].result.directions.squared_lengths[0] == pytest.approx(32_200, rel=0.05)
    assert file.reads == 0
    assert not any(part.was_read for part in parts_of(document))
    _ = spectrum(document).eigenvectors
    assert file.reads == 1
    _ = network(document).weights["1.bias"], network(document).weights["1.bias"]
    assert file.reads == 2


def test_a_small_session_is_read_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert parts_of(open_document(path)) == []


def test_one_that_may_not_be_read_apart_is_read_at_once(path: Path) -> None:
    assert parts_of(open_document(path, apart=False)) == []


def test_what_another_installation_wrote_is_read_by_a_child_and_then_later(
    path: Path, children: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_document(path)
    assert children == []
    monkeypatch.setenv("CORRIE_SETTINGS_DIR", str(tmp_path / "ours"))
    document = open_document(path)
    assert children == [0]
    assert len(parts_of(document)) > 0
    assert source_of(document).reads == 0
    assert differences(document, large_document()) == []


def test_a_file_that_goes_away_or_is_exchanged_stays_readable(path: Path) -> None:
    if os.name == "nt":
        pytest.skip("an open file stays where it is")
    document = open_document(path)
    save_document(Document(), path, keep_previous=False)
    path.unlink()
    assert differences(document, large_document()) == []


def spoil(path: Path, document: Document) -> None:
    """Change one byte of the eigenvectors in their place."""
    file = source_of(document)
    packed = file.packed("spectra/spectrum-0/eigenvectors")
    assert packed is not None
    piece = next(file.pieces("spectra/spectrum-0/eigenvectors", packed))[1]
    content = bytearray(path.read_bytes())
    start, known = content.index(piece), contents.probed(len(content))
    inside = range(start, start + len(piece), 1000)
    at = next((at for at in inside[5:-5] if at // contents.BLOCK_BYTES not in known), start + 40)
    content[at] ^= 1
    with path.open("r+b") as file:
        file.write(content)


@pytest.mark.usefixtures("small_blocks")
def test_a_part_that_was_changed_after_the_opening_is_named_and_what_was_read_stays(path: Path) -> None:
    document, other = open_document(path), open_document(path)
    kept = network(document).weights["1.weight"]
    spoil(path, other)
    with pytest.raises(SessionError, match=r'"spectra/spectrum-0/eigenvectors".*changed since it was written') as told:
        _ = spectrum(document).eigenvectors
    assert str(told.value).startswith(f"{path}: ")
    assert network(document).weights["1.weight"] is kept


@pytest.mark.usefixtures("small_blocks")
def test_a_session_with_a_part_that_is_gone_is_not_saved_without_it(path: Path, tmp_path: Path) -> None:
    document = open_document(path)
    spoil(path, open_document(path))
    gc.collect()  # who has it in memory still could give it
    elsewhere = tmp_path / "elsewhere.corrie.h5"
    with pytest.raises(SessionError, match=r"cannot be read any more.*eigenvectors.*Nothing was saved"):
        save_document(document, elsewhere)
    assert sorted(place.name for place in tmp_path.iterdir() if place.is_file()) == ["large.corrie.h5"]
    without = document.without("spectrum-0")
    save_document(without, elsewhere)
    assert differences(open_document(elsewhere), without) == []


def test_an_own_large_file_that_was_changed_is_one_from_elsewhere(path: Path, children: list[int]) -> None:
    spoil(path, open_document(path))
    with pytest.raises(SessionError, match=r"damaged|not those that were saved"):
        open_document(path)
    assert children == [0]


@pytest.mark.usefixtures("small_blocks")
def test_a_change_in_a_block_that_nobody_looked_at_is_found_when_it_is_read(path: Path, children: list[int]) -> None:
    spoil(path, open_document(path))
    document = open_document(path)  # it is recognised: the blocks that were looked at are as they were
    assert children == []
    assert differences(network(document), network(large_document())) == []
    with pytest.raises(SessionError, match=r'"spectra/spectrum-0/eigenvectors".*changed'):
        differences(document, large_document())
