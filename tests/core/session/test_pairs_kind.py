"""All pairs of features in a session file."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.pairs import MOST_FEATURES, Pairs
from core.errors import SessionError
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents
from tests.hostile import of_version_1
from tests.pairs import pairs_result
from tests.sameness import differences


def saved(found: Pairs, folder: Path) -> tuple[Document, Path]:
    path = folder / "session.corrie.h5"
    document = Document().with_item(documents.result_item(found, "pairs-0", "All pairs"))
    save_document(document, path)
    return document, path


@pytest.mark.parametrize(
    "found",
    [
        pairs_result(),
        pairs_result("partial"),
        replace(pairs_result(), lanes=(), tables=()),
        replace(pairs_result(), value=2.5),
    ],
    ids=["complete", "partial", "no categories", "value"],
)
def test_pairs_come_back_the_same(found: Pairs, tmp_path: Path) -> None:
    document, path = saved(found, tmp_path)
    assert differences(open_document(path), document) == []


def test_the_distances_are_a_nexus_plot_beside_the_names_of_the_features(tmp_path: Path) -> None:
    _, path = saved(pairs_result(), tmp_path)
    with h5py.File(path) as file:
        group = file["pairs/pairs-0"]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "distance")
        assert group["distance"].shape == (3, 3)
        assert group.attrs["features"].tolist() == ["Duration", "Amount", "Housing"]
        np.testing.assert_array_equal(group["input"][()], pairs_result().request.input)


def test_sixty_features_have_room(tmp_path: Path) -> None:
    pairs = pairs_result()
    names = [f"feature {place}" for place in range(MOST_FEATURES)]
    numbers = tuple(FreeFeature(name=name, low=0.0, high=1.0) for name in names)
    moves = tuple(Move(columns=(place,)) for place in range(MOST_FEATURES))
    request = replace(pairs.request, input=(0.5,) * MOST_FEATURES, freedom=Freedom(numbers=numbers, moves=moves))
    nothing = np.full((MOST_FEATURES, MOST_FEATURES), np.nan)
    matrices = {
        "distance": nothing,
        "lower_bound": nothing,
        "seconds": nothing,
        "proof": np.zeros_like(nothing, np.uint8),
    }
    found = replace(pairs, request=request, lanes=(), tables=(), centres=np.stack([nothing] * 2, axis=-1), **matrices)
    document, path = saved(found, tmp_path)
    assert differences(open_document(path), document) == []


def test_a_session_from_before_there_were_pairs_opens(tmp_path: Path) -> None:
    document = documents.document()
    path = tmp_path / "old.corrie.h5"
    save_document(document, path)
    path.write_bytes(of_version_1(path.read_bytes(), "pairs"))
    assert differences(open_document(path), document) == []


@pytest.mark.parametrize("where", ["proof", "order", "lanes/place", "tables/0/judged"])
def test_numbers_that_fit_nothing_are_refused(where: str, tmp_path: Path) -> None:
    _, path = saved(pairs_result(), tmp_path)
    with h5py.File(path, "r+") as file:
        dataset = file[f"pairs/pairs-0/{where}"]
        values = dataset[()]
        values.flat[-1] = 99
        dataset[...] = values
    with pytest.raises(SessionError):
        open_document(path)
