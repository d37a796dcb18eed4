"""The notes of a review in a report: which, in which order, and as pins in the figures."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.exchange.figures.pins import draw_pins, pinned, place_of
from core.exchange.forms import result_figure
from core.exchange.report.blocks import Section, Words
from core.exchange.report.composing import composed
from core.exchange.report.notes import numbered
from core.exchange.report.writing import write_report
from core.exchange.subject import Subject
from core.review.note import LONGEST_TEXT, Anchor, BarAnchor, Note, PointAnchor, RegionAnchor, WholeItem
from core.review.writing import new_note
from core.session.document import Document
from tests import documents
from tests.pdf_text import PdfText


def noted(*notes: tuple[str, str | None, Anchor], resolved: tuple[int, ...] = ()) -> Document:
    document = documents.document()
    for number, (text, item_id, anchor) in enumerate(notes, start=1):
        note = new_note(text, "Maria", item_id, anchor)
        if number in resolved:
            note = replace(note, resolved=True, resolved_by="Jo", resolved_utc=note.created_utc)
        document = document.with_note(note)
    return document


def usual() -> Document:
    return noted(
        ("Settled long ago", "surface-0", PointAnchor(x=0.1, y=0.2)),
        ("Why so steep?\nAnd here?", "surface-0", PointAnchor(x=-0.3, y=0.4, loss=1.5)),
        ("Unique?", "spectrum-0", BarAnchor(index=1)),
        ("For the safety case", None, WholeItem()),
        resolved=(1,),
    )


def section(document: Document, *wanted: str) -> Section | None:
    found = [one for one in composed(document, wanted=wanted).sections if one.anchor == "notes"]
    return found[0] if found else None


def words(part: Section) -> list[str]:
    return [block.text for block in part.blocks if isinstance(block, Words)]


def test_open_notes_stand_before_settled_ones_with_their_numbers_authors_and_places() -> None:
    part = section(usual())
    assert part is not None
    said = words(part)
    assert said[0].startswith("4 notes: 3 open, 1 resolved.")
    headings = [text for text in said[1:] if text[0].isdigit()]
    assert [text.partition(".")[0] for text in headings] == ["2", "3", "4", "1"]
    assert headings[0].startswith("2. “Around the minimum”, at (−0.3, 0.4), loss 1.5 nats. Maria, ")
    assert headings[0].endswith("; open.")
    assert "resolved by Jo" in headings[-1]
    assert said.index("Why so steep?") + 1 == said.index("And here?")


def test_a_session_without_notes_has_no_such_section() -> None:
    assert section(documents.document()) is None


def test_a_report_of_some_items_has_the_notes_on_these_alone_with_the_numbers_of_the_session() -> None:
    part = section(usual(), "spectrum-0")
    assert part is not None
    assert [text for text in words(part) if text[0].isdigit()][1].startswith("3. ")
    assert "For the safety case" not in words(part)
    assert section(usual(), "correction-0") is None


def test_the_section_of_an_item_says_which_notes_are_about_it() -> None:
    found = next(one for one in composed(usual()).sections if one.title == "Around the minimum")
    said = words(found)
    assert "Review notes on this item: 1, 2. Pins in the figure stand at what they are about" in said[1]


def test_notes_stand_in_the_page_and_on_paper_long_and_marked_up_and_right_to_left_ones_too(tmp_path: Path) -> None:
    document = noted(
        ("<script>alert(1)</script> & more", "surface-0", WholeItem()),
        ("הגבול קרוב מדי", "surface-0", WholeItem()),
        ("word " * (LONGEST_TEXT // 5 - 1), "surface-0", PointAnchor(x=0.0, y=0.0)),
    )
    for ending in ("html", "pdf"):
        write_report(document, tmp_path / f"r.{ending}", wanted=("surface-0",))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert '<p class="note" dir="auto">הגבול קרוב מדי</p>' in page
    paper = PdfText(tmp_path / "r.pdf")
    assert paper.text.count("word word word") > 100
    assert "Review notes" in paper.bookmarks or any("Review notes" in title for title in paper.bookmarks)


def test_pins_are_drawn_at_their_places_hollow_where_a_note_is_settled() -> None:
    document = usual()
    surface = document.items["surface-0"].result  # type: ignore[union-attr]
    figure = result_figure(surface, Subject(title="Around the minimum"))
    before = len(figure.axes[0].texts)
    limits = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    notes = [(number, note) for number, note in numbered(document) if note.item_id == "surface-0"]
    draw_pins(figure, surface, notes)
    drawn = figure.axes[0].texts[before:]
    assert [text.get_text() for text in drawn] == ["1", "2"]
    assert [text.xy for text in drawn] == [(0.1, 0.2), (-0.3, 0.4)]
    faces = [np.mean(text.get_bbox_patch().get_facecolor()[:3]) for text in drawn]
    assert faces[0] > 0.9
    assert faces[1] < 0.4
    assert (figure.axes[0].get_xlim(), figure.axes[0].get_ylim()) == limits


def test_a_place_beyond_the_axes_or_of_another_kind_has_no_pin() -> None:
    surface, spectrum = documents.surface(), documents.spectrum()
    figure = result_figure(surface, Subject(title="x"))
    before = len(figure.axes[0].texts)
    far = Note(
        note_id="note-1", text="x", author="", created_utc=documents.CREATED, changed_utc=documents.CREATED,
        item_id="surface-0", anchor=PointAnchor(x=99.0, y=0.0),
    )  # fmt: skip
    draw_pins(figure, surface, [(1, far)])
    assert len(figure.axes[0].texts) == before
    assert pinned([(1, replace(far, anchor=BarAnchor(index=1)))], surface) == ()
    assert place_of(BarAnchor(index=99), spectrum) is None
    assert place_of(RegionAnchor(part=99), documents.correction()) is None
    assert place_of(WholeItem(), surface) is None


def test_every_kind_of_picture_that_takes_pins_in_the_window_takes_them_on_paper() -> None:
    for result, anchor in (
        (documents.surface(), PointAnchor(x=0.0, y=0.0)),
        (documents.curve(10), PointAnchor(x=0.0)),
        (documents.trajectory(), PointAnchor(x=0.0, y=0.0)),
        (documents.convexity(), PointAnchor(x=0.0, y=0.0)),
        (documents.spectrum(), BarAnchor(index=0)),
        (documents.correction(), RegionAnchor(part=0)),
        (documents.robustness(), BarAnchor(index=1)),
    ):
        figure = result_figure(result, Subject(title="x"))
        before = len(figure.axes[0].texts)
        note = new_note("x", "Maria", "item", anchor)
        draw_pins(figure, result, [(7, note)])
        assert [text.get_text() for text in figure.axes[0].texts[before:]] == ["7"], result
