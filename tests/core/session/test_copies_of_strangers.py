"""What somebody else's file says of arrays that nobody has looked at never gets into a file of one's own."""

import gc
import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import SessionError
from core.session.document import Document
from core.session.files import open_document, open_session, save_document
from tests import documents
from tests.core.session.large import large_document, network, nothing_is_small
from tests.sameness import differences

WEIGHTS = "networks/network-0/weights/1.weight"


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_is_small(monkeypatch)


def give_other_values(path: Path, place: str) -> None:
    """Add an array that no version knows, and let the manifest say that it has the values of the weights."""
    with h5py.File(path, "r+") as file:
        real = file[WEIGHTS]
        file.create_dataset(
            place,
            data=np.full(real.shape, np.nan, real.dtype),
            chunks=real.chunks,
            compression="gzip",
            compression_opts=real.compression_opts,
            shuffle=True,
            fletcher32=True,
        )
        manifest = json.loads(file["manifest"][()])
        manifest["datasets"][place] = manifest["datasets"][WEIGHTS]
        text = json.dumps(manifest)
        del file["manifest"]
        kind = h5py.string_dtype("utf-8", len(text))
        file.create_dataset("manifest", data=np.array(text.encode("ascii"), dtype=kind), dtype=kind)


@pytest.mark.parametrize("place", ["strange/1.weight", "networks/network-0/strange"])
def test_an_array_that_only_claims_to_have_ones_own_values_is_not_copied_in_their_place(
    tmp_path: Path, place: str
) -> None:
    stranger, own = tmp_path / "stranger.corrie.h5", tmp_path / "own.corrie.h5"
    save_document(large_document(), stranger, keep_previous=False)
    give_other_values(stranger, place)
    theirs = open_session(stranger)
    assert theirs.unknown == (place,)
    mine = Document(document_id="mine", created_utc=documents.CREATED).with_item(network())
    save_document(mine, own)
    save_document(theirs.document, stranger)
    del theirs
    gc.collect()
    assert differences(open_document(own, apart=False), mine) == []
    assert differences(open_document(stranger, apart=False), large_document()) == []


def test_an_array_that_hides_behind_another_spelling_of_a_name_is_refused(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.corrie.h5"
    save_document(large_document(), stranger, keep_previous=False)
    give_other_values(stranger, "networks/network-0/weights/%31.weight")
    with pytest.raises(SessionError, match=r'"networks/network-0/weights/%31.weight" is not written as the names'):
        open_session(stranger)
