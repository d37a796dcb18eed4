"""Boxes, lines and tables on paper: nothing is cut, nothing overlaps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange.figures.rendering import house_style
from core.exchange.report.blocks import ColumnTable, FactTable, Listing, Section, Words
from core.exchange.report.pdf import paper
from core.exchange.report.pdf.boxes import Box, Page, on_pages, text_box
from core.exchange.report.pdf.flow import section_boxes
from core.exchange.report.pdf.lettering import BODY, CELL, HEAD, broken, fitting, width
from core.exchange.report.pdf.tables import column_boxes, fact_boxes

ROOM, TOP, BOTTOM = 480.0, 60.0, 780.0


def inside(pages: list[Page], room: float = ROOM) -> None:
    """Every box lies between the edges, below the one before, and no line leaves the page at the side."""
    for page in pages:
        y = TOP
        for placed in page:
            assert placed.top >= y - 1e-6
            y = placed.top + placed.box.height
            assert y <= BOTTOM + 1e-6
            for line in placed.box.lines:
                assert line.x + width(line.text, line.style) <= room + 1.0
                assert 0 < line.baseline <= placed.box.height


@given(st.text(max_size=300), st.floats(30, 400))
@settings(max_examples=60, deadline=None)
def test_no_line_is_wider_than_its_room_and_no_letter_is_lost(text: str, room: float) -> None:
    with house_style():
        lines = broken(text, BODY, room)
        assert all(width(line, BODY) <= room or len(line) == 1 for line in lines)
        kept = "".join(line.replace(" ", "") for line in lines)
        assert len(kept) == len(text.replace(" ", "").replace("\n", "").replace("\t", ""))
        assert width(fitting(text, BODY, room), BODY) <= room or len(fitting(text, BODY, room)) == 1


def test_bold_is_wider_and_twice_the_text_is_twice_as_wide() -> None:
    with house_style():
        assert width("eigenvalue", HEAD) > width("eigenvalue", CELL) > 0
        assert width("abab", CELL) == pytest.approx(2 * width("ab", CELL))


@pytest.mark.parametrize("columns", [2, 7, 25])
def test_a_table_of_any_size_is_never_cut_and_has_its_heads_on_every_page(columns: int) -> None:
    heads = tuple(f"head{place}" for place in range(columns))
    rows = tuple(tuple(f"cell {row} {column} of the table" for column in range(columns)) for row in range(90))
    with house_style():
        boxes = column_boxes(ColumnTable(caption="Many", heads=heads, rows=rows), ROOM)
        pages = on_pages(boxes, TOP, BOTTOM)
        inside(pages)
    said = [" ".join(line.text for placed in page for line in placed.box.lines) for page in pages]
    assert len(pages) > 1
    assert all("head0" in page for page in said)
    words = " ".join(said).split()
    for row in (0, 45, 89):
        for column in range(columns):
            assert f"{column}" in words
            assert f"head{column}" in words
            assert f"{row}" in words


def test_a_cell_longer_than_a_page_goes_on_on_the_next() -> None:
    with house_style():
        boxes = fact_boxes(FactTable(caption="Long", facts=[("input", "0.12345, " * 3000), ("b", "c")]), ROOM)
        pages = on_pages(boxes, TOP, BOTTOM)
        inside(pages)
    assert len(pages) > 3
    lines = [line.text for page in pages for placed in page for line in placed.box.lines]
    assert sum(text.count("0.12345") for text in lines) == 3000
    assert lines[-2:] == ["b", "c"]


def test_titles_captions_and_sentences_longer_than_a_page_go_on_on_the_next() -> None:
    long = "word " * 3000
    blocks = (
        Words(text=long, look="partial"),
        Listing(title=long, sentences=(long, "short")),
        FactTable(caption=long, facts=[("a", "b")]),
    )
    with house_style():
        boxes = section_boxes(Section(anchor="item-0", title=long, blocks=blocks), 1, lambda _picture: "none")
        pages = on_pages(boxes, TOP, BOTTOM)
        inside(pages, paper.ROOM)
    said = " ".join(line.text for page in pages for placed in page for line in placed.box.lines).split()
    assert said.count("word") == 5 * 3000
    assert pages[0][0].box.anchor == "item-0"


def test_a_small_table_stays_with_its_caption_on_one_page() -> None:
    with house_style():
        table = fact_boxes(FactTable(caption="Small", facts=[("a", "b")] * 5), ROOM)
        pages = on_pages([Box(height=BOTTOM - TOP - 60), *table], TOP, BOTTOM)
    assert [len(page) for page in pages] == [1, 6]


def test_a_heading_is_never_left_behind_and_a_new_page_begins_where_it_is_asked_for() -> None:
    boxes = [
        Box(height=600),
        text_box(["heading"], BODY, keep=True),
        Box(height=200),
        Box(height=10, new_page=True, before=24.0),
    ]
    pages = on_pages(boxes, TOP, BOTTOM)
    assert [len(page) for page in pages] == [1, 2, 1]
    assert pages[2][0].top == TOP  # no room above what begins a page
