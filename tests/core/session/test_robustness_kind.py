"""Robustness in a session file: all of it comes back, names are those of the format, and nonsense is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import SessionError
from core.robustness.robustness import Robustness
from core.session.document import Document
from core.session.files import open_document, save_document
from core.session.hdf5 import h5py
from tests import documents
from tests.hostile import changed, of_version_1
from tests.sameness import differences


def alone(found: Robustness) -> Document:
    return Document().with_item(documents.result_item(found, "robustness-0", "Under attack"))


def reopened(document: Document, folder: Path) -> Document:
    save_document(document, folder / "session.corrie.h5")
    return open_document(folder / "session.corrie.h5")


def without_verdicts() -> Robustness:
    """Numbers are predicted: no class is right or wrong."""
    found = documents.robustness()
    assert found.examples is not None
    count, cells = len(found.examples.row), found.accuracy.shape
    examples = replace(
        found.examples,
        label=np.full(count, -1, dtype=np.int64),
        target=np.ones((count, 2)),
        clean_prediction=np.zeros((count, 2)),
        prediction=np.full((*cells, count, 2), 0.5),
    )
    return replace(
        found, right=None, clean_right=None, clean_accuracy=np.nan, accuracy=np.full(cells, np.nan), examples=examples
    )


@pytest.mark.parametrize(
    "found",
    [
        documents.robustness(),
        documents.robustness(status="partial"),
        replace(documents.robustness(), examples=None, input_eigenvalues=None, made_on="Twin"),
        without_verdicts(),
    ],
    ids=["complete", "partial", "bare", "regression"],
)
def test_robustness_comes_back_the_same(found: Robustness, tmp_path: Path) -> None:
    document = alone(found)
    assert differences(reopened(document, tmp_path), document) == []


def test_the_file_has_the_names_of_the_format_and_a_plot_for_other_viewers(tmp_path: Path) -> None:
    save_document(alone(documents.robustness()), tmp_path / "s.corrie.h5")
    with h5py.File(tmp_path / "s.corrie.h5") as file:
        group = file["robustness/robustness-0"]
        assert group["epsilon"].shape == (3,)
        assert group["accuracy"].shape == (3, 3)
        assert list(group.attrs["attacks"]) == ["fgsm", "l2grad", "fhsm"]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "accuracy")
        assert list(group.attrs["axes"]) == [".", "epsilon"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accuracy", np.full((3, 3), 1.5)),
        ("accuracy", np.zeros((2, 3))),
        ("epsilon", np.array([0.1, 0.2, 0.3])),
        ("right", np.full((3, 3, 200), 7, dtype=np.uint8)),
        ("right", np.zeros((3, 3, 199), dtype=np.uint8)),
        ("examples/verdict", np.zeros((3, 3, 5), dtype=np.int64)),
        ("examples/row", np.full(4, -1, dtype=np.int64)),
        ("range_low", np.full(6, 99.0)),
        ("range_high", np.full(6, np.inf)),
        ("range_low", np.zeros(0)),
    ],
)
def test_values_that_cannot_be_are_refused(name: str, value: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"
    save_document(alone(documents.robustness()), path)

    def change(file: h5py.File) -> None:
        group = file["robustness/robustness-0"]
        del group[name]
        group[name] = value

    path.write_bytes(changed(path.read_bytes(), change))
    with pytest.raises(SessionError):
        open_document(path)


def test_a_session_from_before_there_was_robustness_opens(tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"
    save_document(documents.document(), path)

    path.write_bytes(of_version_1(path.read_bytes(), "robustness"))
    assert len(open_document(path).results) == 3
