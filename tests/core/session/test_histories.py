"""Curvature through a training in a session file."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.errors import SessionError
from core.session.document import Document
from core.session.files import open_document, save_document
from core.spectrum.history import History
from tests import documents
from tests.histories import history
from tests.hostile import of_version_1
from tests.sameness import differences


def saved(result: History, folder: Path) -> tuple[Path, Document]:
    document = Document().with_item(documents.result_item(result, "history-0", "Curvature through the training of A"))
    path = folder / "session.corrie.h5"
    save_document(document, path)
    return path, document


@pytest.mark.parametrize(
    "result",
    [history(), history(1, 1, tested=False), history(status="partial"), replace(history(), learning_rate=None)],
    ids=["complete", "one checkpoint", "partial", "rates unknown"],
)
def test_a_history_comes_back_the_same(result: History, tmp_path: Path) -> None:
    path, document = saved(result, tmp_path)
    assert differences(open_document(path), document) == []


def test_a_history_is_a_nexus_plot_over_the_epoch(tmp_path: Path) -> None:
    path, _ = saved(history(), tmp_path)
    with h5py.File(path) as file:
        group = file["histories/history-0"]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "eigenvalues")
        assert list(group.attrs["axes"]) == ["epoch", "."]
        assert group["eigenvalues"].shape == (9, 3)


def test_a_session_from_before_there_were_histories_opens(tmp_path: Path) -> None:
    path = tmp_path / "old.corrie.h5"
    save_document(documents.document(), path)
    path.write_bytes(of_version_1(path.read_bytes(), "histories"))
    assert len(open_document(path).results) == len(documents.document().results)


def test_eigenvalues_of_another_count_than_was_asked_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match=r"eigenvalues.* shape \(9, 3\)"):
        saved(replace(history(), request=replace(history().request, top=2)), tmp_path)


def test_what_is_done_is_seen_from_the_numbers() -> None:
    part = history(status="partial")
    assert part.done.tolist() == [True] * 6 + [False] * 3
    assert part.rate_drops == (4,)
    assert np.isnan(part.eigenvalues[6:]).all()
