"""The same facts stand in the page and on paper, and both carry everything that they need."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from core.exchange.report.blocks import ColumnTable, FactTable, Listing, Report, Words
from core.exchange.report.composing import composed
from core.exchange.report.html import report_html
from core.exchange.report.source import source_of
from core.exchange.report.writing import write_report
from core.job import JobContext
from core.session.document import Document
from core.session.files import save_document
from tests import documents
from tests.core.exchange.test_export import Page
from tests.pdf_text import PdfText

DOCUMENT = documents.document()


def bare(text: str) -> str:
    """Without any space: lines break elsewhere on paper."""
    return "".join(text.split())


def said(report: Report) -> list[str]:
    """Every text of a report but its date."""
    texts = [part for fact in report.facts for part in fact]
    for section in report.sections:
        texts.append(section.title)
        for block in section.blocks:
            if isinstance(block, Words):
                texts.append(block.text)
            elif isinstance(block, FactTable):
                texts += [block.caption, *(part for fact in block.facts for part in fact)]
            elif isinstance(block, ColumnTable):
                texts += [block.caption, *(cell for row in (block.heads, *block.rows) for cell in row)]
            elif isinstance(block, Listing):
                texts += [block.title, *block.sentences]
    return texts


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Page, PdfText]:
    place = tmp_path_factory.mktemp("report")
    save_document(DOCUMENT, place / "s.corrie.h5")
    for ending in ("html", "pdf"):
        write_report(DOCUMENT, place / f"r.{ending}", title="For the review", session=place / "s.corrie.h5")
    report = composed(DOCUMENT, title="For the review", source=source_of(place / "s.corrie.h5", JobContext()))
    page = Page((place / "r.html").read_text(encoding="utf-8"))
    return report, page, PdfText(place / "r.pdf")


def test_every_fact_stands_in_both(written: tuple[Report, Page, PdfText]) -> None:
    report, page, paper = written
    texts = {bare(text) for text in said(report)}
    assert len(texts) > 300
    on_page, on_paper = bare(" ".join(page.words)), bare(paper.text)
    assert {text for text in texts if text not in on_page} == set()
    assert {text for text in texts if text not in on_paper} == set()


def test_the_page_is_whole_and_loads_nothing(written: tuple[Report, Page, PdfText]) -> None:
    report, page, _ = written
    assert page.open == []
    assert all(address.startswith(("data:image/svg+xml;base64,", "#")) for address in page.loaded)
    assert not {"script", "link", "iframe", "object", "base"} & set(page.tags)
    assert page.tags.count("img") == len(report.pictures) == len(DOCUMENT.results)
    links = [address.removeprefix("#") for address in page.loaded if address.startswith("#")]
    assert links == [section.anchor for section in report.sections]


def test_contents_and_bookmarks_of_the_paper_lead_to_the_pages_that_they_name(
    written: tuple[Report, Page, PdfText],
) -> None:
    report, _, paper = written
    assert list(paper.bookmarks) == [section.title for section in report.sections]
    assert paper.links(0) == list(paper.bookmarks.values())
    front = paper.pages[0][paper.pages[0].index("Contents") + 1 :]
    for number, (title, page) in enumerate(paper.bookmarks.items(), start=1):
        assert f"{number}   {title}" in paper.pages[page]
        assert front[2 * number - 2 : 2 * number] == [f"{number}   {title}", str(page + 1)]


def test_every_page_has_its_number_and_all_but_the_first_the_title_and_the_date(
    written: tuple[Report, Page, PdfText],
) -> None:
    _, _, paper = written
    total = len(paper.pages)
    for number, page in enumerate(paper.pages, start=1):
        assert page[-1] == f"Page {number} of {total}"
        if number > 1:
            assert page[-4] == "For the review"
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", page[-3])


def test_figures_on_paper_are_vectors_with_text_to_select(written: tuple[Report, Page, PdfText]) -> None:
    _, _, paper = written
    assert paper.pictures == 0
    for words in ("multiples of direction δ (filter-normalised)", "Duration (months)", "lowest point, loss 0.04"):
        assert words in paper.text


NAMES = (
    *("a " * 400, "x" * 700, "名前 и имя עם שם 😀", "line\none\ttwo\0", "\udcff<b>&amp;</b>", "(\\) Tj /F1 ["),
    *("turned \u202eround", "proved"),
)


def named_document() -> Document:
    """A network of each name."""
    document = Document()
    for place, name in enumerate(NAMES):
        item = documents.network_item(name=name)
        document = document.with_item(replace(item, id=f"network-{place}"))
    return document


def test_no_name_breaks_the_page_or_looks_like_a_proof() -> None:
    text = report_html(named_document(), title=NAMES[6])
    assert Page(text).open == []
    assert "turned \ufffdround" in text
    assert "\u202e" not in text
    assert '<td class="' not in text


def test_no_name_breaks_the_paper(tmp_path: Path) -> None:
    document = named_document()
    write_report(document, tmp_path / "r.pdf", title=NAMES[2])
    paper = PdfText(tmp_path / "r.pdf")
    assert len(paper.bookmarks) == len(NAMES) + 1
    assert bare(NAMES[1]) in bare(paper.text)
    assert list(paper.bookmarks)[5] == NAMES[5]
    assert "<b>&amp;</b>" in paper.text
