"""Tables of cases in a session file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.corrections.engines.cases.engine import compute_cases
from core.corrections.records.cases import Cases
from core.errors import SessionError
from core.job import JobContext
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents
from tests.core.corrections.case_examples import answered, judge, question, table
from tests.hostile import of_version_1
from tests.sameness import differences

PLACE = "cases/cases-0"


def saved(found: Cases, folder: Path) -> tuple[Document, Path]:
    path = folder / "session.corrie.h5"
    document = Document().with_item(documents.result_item(found, "cases-0", "Cases"))
    save_document(document, path)
    return document, path


def test_a_table_of_cases_comes_back_the_same(tmp_path: Path) -> None:
    document, path = saved(answered(), tmp_path)
    assert answered().failures
    assert len(answered().rule_box)
    assert differences(open_document(path), document) == []


def test_a_table_without_any_case_comes_back_the_same(tmp_path: Path) -> None:
    fine = [row for row in range(16) if row not in answered().rows]
    request = question("amount", "age", rows=tuple(fine))
    nothing = compute_cases(request, judge(), table(), JobContext())
    assert len(nothing.rows) == 0
    document, path = saved(nothing, tmp_path)
    assert differences(open_document(path), document) == []


def test_the_distances_are_a_nexus_plot_and_rows_say_where_they_are(tmp_path: Path) -> None:
    _, path = saved(answered(), tmp_path)
    with h5py.File(path) as file:
        group = file[PLACE]
        assert (group.attrs["NX_class"], group.attrs["signal"]) == ("NXdata", "distance")
        assert list(group.attrs["features"]) == ["amount", "age", "purpose"]
        assert np.array_equal(group["row"], answered().rows)
        assert group["stable_centre"].shape == (len(answered().rows), 2)
        assert "3 none exists" in group["proof"].attrs["meanings"]


def test_a_session_from_before_there_were_tables_of_cases_opens(tmp_path: Path) -> None:
    document = documents.document()
    path = tmp_path / "old.corrie.h5"
    save_document(document, path)
    path.write_bytes(of_version_1(path.read_bytes(), "cases"))
    assert differences(open_document(path), document) == []


@pytest.mark.parametrize("name", ["row", "proof", "rule_box", "held", "levels"])
def test_a_table_that_lacks_a_part_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    _, path = saved(answered(), tmp_path)
    with h5py.File(path, "r+") as file:
        del file[PLACE][name]
    with pytest.raises(SessionError):
        open_document(path)


WRONG: dict[str, Callable[[Cases], Cases]] = {
    "counts": lambda found: replace(found, accepted=3),
    "code": lambda found: replace(found, proof=np.full(len(found.rows), 9, np.uint8)),
    "level": lambda found: replace(found, levels=found.levels + 3),
    "failure": lambda found: replace(found, failures=((99, "no such case"),)),
    "rule": lambda found: replace(found, rule_levels=found.rule_levels - 5),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_table_that_contradicts_itself_is_refused_with_a_sentence(what: str, tmp_path: Path) -> None:
    with pytest.raises(SessionError):  # what is saved is read again before it takes the place of anything
        saved(WRONG[what](answered()), tmp_path)
