"""The built-in example, made smaller: the same networks, data and steps with fewer points."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import platformdirs
import pytest

import core.example
from core.landscape.surface import EVALUATED, INTERPOLATED
from core.session.document import Document
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie


@pytest.fixture(autouse=True)
def smaller_example(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GRID": 3, "SAMPLES": 8, "TOP": 1}.items():
        assert getattr(core.example, name) > value
        monkeypatch.setattr(core.example, name, value)


def test_the_example_is_continued_where_it_was_stopped(corrie: Corrie, own_folder: Path) -> None:
    first = corrie("example", "-o", "e.corrie.h5", "--figures", "pictures", "--json")
    assert first.status == 0
    document = open_document(own_folder / "e.corrie.h5")
    kinds = [item.id.partition("-")[0] for item in document.results]
    assert kinds == ["surface", "correction", "spectrum", "surface"]
    assert [entry["item"] for entry in first.values["results"]] == [item.id for item in document.results]
    assert len(list((own_folder / "pictures").glob("*.png"))) == 4
    assert document.results[3].name in (own_folder / "pictures" / "report.html").read_text(encoding="utf-8")

    # One point of the first surface is there, as after a Ctrl-C in it; and the last step is missing.
    whole, second = document.results[0], document.results[0].result
    one = np.zeros(second.loss.shape, dtype=bool)
    one[0, 0] = True
    partial = replace(
        second,
        status="partial",
        loss=np.where(one, 77.0, np.nan),
        evaluated=np.where(one, EVALUATED, INTERPOLATED).astype(np.uint8),
    )
    document = document.without(document.results[3].id)
    save_document(document.with_item(replace(whole, result=partial)), own_folder / "e.corrie.h5")

    again = corrie("example", "--resume", "e.corrie.h5")
    assert again.status == 0
    results = open_document(own_folder / "e.corrie.h5").results
    assert [item.id for item in results[:3]] == [item.id for item in document.results]
    assert [item.result.status for item in results] == ["complete"] * 4
    assert results[0].result.loss[0, 0] == 77.0
    assert np.array_equal(results[0].result.loss[~one], second.loss[~one])
    assert (own_folder / "figures" / "report.html").exists()


def test_without_a_place_the_example_takes_that_of_the_one_before(
    corrie: Corrie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    session = platformdirs.user_documents_path() / "Corrie" / "example" / "example.corrie.h5"
    session.parent.mkdir(parents=True)
    save_document(older := Document(), session)
    values = corrie("example", "--json").values
    assert values["session"] == str(session)
    assert open_document(session).document_id != older.document_id
    assert len(open_document(session).results) == 4
