"""What `corrie compare` prints and writes."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.job import JobContext
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents
from tests.app.cli.conftest import Corrie
from tests.core.exchange.test_export import Page
from tests.core.review.comparison.pairs_of_sessions import edited, with_result
from tests.pdf_text import PdfText


@pytest.fixture
def two(own_folder: Path) -> tuple[Path, Path]:
    """Last year's session, and today's with a proof that was lost, one result gone and one that is new."""
    before, after = own_folder / "last-year.corrie.h5", own_folder / "today.corrie.h5"
    session = documents.document()
    save_document(session, before)
    changed = edited(session, "correction-0", with_result(proof="unknown"))
    changed = changed.without("spectrum-0").with_item(
        documents.result_item(documents.whole_spectrum(), "spectrum-9", "New spectrum")
    )
    save_document(changed, after)
    return before, after


def test_two_sessions_are_told_apart_in_a_sentence_and_line_by_line(corrie: Corrie, two: tuple[Path, Path]) -> None:
    outcome = corrie("compare", *two)
    assert outcome.status == 0
    assert "Look first: Applicant 7: proof proved → not proved." in outcome.out
    assert "only in A" in outcome.out
    assert "only in B" in outcome.out
    assert "Around the minimum" not in outcome.out  # it is the same
    assert "Around the minimum" in corrie("compare", *two, "--all").out


def test_machines_get_every_line_with_its_numbers(corrie: Corrie, two: tuple[Path, Path]) -> None:
    values = corrie("compare", *two, "--json").values
    assert values["sessions"] == [str(path) for path in two]
    assert values["counts"] == {"differ": 1, "only in A": 1, "only in B": 1, "same": 4}
    assert not values["alike"]
    correction = next(item for item in values["items"] if item["kind"] == "correction")
    proof = next(row for row in correction["rows"] if row["what"] == "Proof")
    assert (proof["a"], proof["b"], proof["finding"], proof["loud"]) == ("proved", "not proved", "differ", True)


def test_the_exit_status_tells_only_when_it_is_asked_for(
    corrie: Corrie, two: tuple[Path, Path], own_folder: Path
) -> None:
    assert corrie("compare", *two).status == 0
    assert corrie("compare", *two, "--exit-code").status == 3
    shutil.copy(two[0], own_folder / "copy.corrie.h5")
    for other in (two[0], own_folder / "copy.corrie.h5"):
        outcome = corrie("compare", two[0], other, "--exit-code")
        assert outcome.status == 0
        assert "All 6 items are the same bit for bit." in outcome.out


def test_a_comparison_is_written_as_page_paper_and_table(
    corrie: Corrie, two: tuple[Path, Path], own_folder: Path
) -> None:
    for ending in ("html", "pdf", "csv"):
        assert corrie("compare", *two, "--to", f"review.{ending}", "--json").values["file"] == f"review.{ending}"
    said = " ".join(Page((own_folder / "review.html").read_text(encoding="utf-8")).words)
    assert "proof proved → not proved" in said
    assert "last-year.corrie.h5" in said
    assert "today.corrie.h5" in said
    assert "Applicant 7" in PdfText(own_folder / "review.pdf").bookmarks
    with (own_folder / "review.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["finding"] for row in rows if row["what"] == "Proof"] == ["differ"]
    assert {row["verdict"] for row in rows} == {"differ", "only in A", "only in B", "same"}


def test_names_that_are_markup_or_formulas_do_no_harm(corrie: Corrie, two: tuple[Path, Path], own_folder: Path) -> None:
    session = documents.document()
    evil = replace(session.items["correction-0"], name='=HYPERLINK("x")<script>alert(1)</script>')
    save_document(edited(session.with_item(evil), "correction-0", with_result(proof="unknown")), two[1])
    corrie("compare", *two, "--to", "r.html")
    assert "<script>" not in (own_folder / "r.html").read_text(encoding="utf-8")
    corrie("compare", two[1], two[1], "--to", "r.csv")
    assert "\n=HYPERLINK" not in (own_folder / "r.csv").read_text(encoding="utf-8")


def test_what_cannot_be_compared_is_one_sentence_and_leaves_everything_alone(
    corrie: Corrie, two: tuple[Path, Path], own_folder: Path
) -> None:
    damaged, cut = own_folder / "damaged.corrie.h5", own_folder / "cut.corrie.h5"
    content = bytearray(two[1].read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4000] = bytes(4000)
    damaged.write_bytes(content)
    cut.write_bytes(two[1].read_bytes()[:5000])
    (own_folder / "text.corrie.h5").write_text("no session")
    before = {path.name: path.read_bytes() for path in own_folder.iterdir()}
    for other in ("damaged.corrie.h5", "cut.corrie.h5", "text.corrie.h5", "gone.corrie.h5", "."):
        for pair in ((two[0], other), (other, two[0])):
            assert Path(other).name in corrie("compare", *pair, "--to", "r.html").sentence
    assert "The endings are .html, .pdf and .csv" in corrie("compare", *two, "--to", "r.docx").sentence
    assert "is one of the sessions" in corrie("compare", *two, "--to", two[0]).sentence
    assert "folder does not exist" in corrie("compare", *two, "--to", "nowhere/r.html").sentence
    assert {path.name: path.read_bytes() for path in own_folder.iterdir()} == before


def test_sessions_of_other_kinds_or_without_anything_are_compared_all_the_same(
    corrie: Corrie, own_folder: Path
) -> None:
    save_document(Document(), own_folder / "empty.corrie.h5")
    save_document(documents.document(), own_folder / "full.corrie.h5")
    assert "are only in B" in corrie("compare", "empty.corrie.h5", "full.corrie.h5").out
    assert "Both sessions are empty" in corrie("compare", "empty.corrie.h5", "empty.corrie.h5").out


def test_what_a_session_of_real_results_says_is_still_so_after_it_was_saved_again(
    corrie: Corrie, filled: Path, own_folder: Path
) -> None:
    again = own_folder / "again.corrie.h5"
    save_document(open_document(filled, JobContext()), again)
    outcome = corrie("compare", filled, again, "--exit-code")
    assert (outcome.status, "are the same bit for bit" in outcome.out) == (0, True)
