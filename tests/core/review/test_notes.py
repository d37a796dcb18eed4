"""A note is a bounded value, knows its place in words, and survives the removal of what it is about."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.errors import InvalidRequest
from core.review.note import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Anchor,
    BarAnchor,
    Note,
    PointAnchor,
    RegionAnchor,
    WholeItem,
    clean_name,
    clean_text,
)
from core.review.places import about_in_words, check_place, in_words
from core.review.tables import anchor_from_table, anchor_to_table, note_from_table, note_to_table
from core.review.writing import new_note
from core.session.document import Document, Item, Result
from tests.core.corrections.case_examples import answered
from tests.documents import document, explained_correction, landscape_document, result_item
from tests.joints import joint
from tests.pairs import pairs_result

WHEN = "2026-11-20T09:00:00+00:00"
ANCHORS = [
    WholeItem(),
    PointAnchor(x=0.25, y=-0.5, loss=1.32),
    PointAnchor(x=0.1),
    BarAnchor(index=2),
    RegionAnchor(part=1),
    RegionAnchor(part=0, coordinates=(31.0, 5000.0)),
]


def note(text: str = "Is this a second minimum?", **changes: object) -> Note:
    fields: dict[str, object] = {"note_id": "note-1", "text": text, "author": "Ada", "item_id": "surface-0"}
    return Note(**fields | {"created_utc": WHEN, "changed_utc": WHEN} | changes)  # type: ignore[arg-type]


def item(item_id: str) -> Item:
    return landscape_document().items[item_id]


def test_notes_with_equal_fields_are_the_same_note() -> None:
    assert note(anchor=PointAnchor(x=1.0, y=2.0)) == note(anchor=PointAnchor(x=1.0, y=2.0))
    assert note(anchor=PointAnchor(x=1.0, y=2.0)) != note(anchor=PointAnchor(x=1.0, y=2.5))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": " \n "}, "needs some text"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "has 20,001 characters"),
        ({"text": "escape \x1b[2J"}, "control characters"),
        ({"text": "half a character \ud800"}, "control characters"),
        ({"text": "turned \u202e around"}, "control characters"),
        ({"author": "x" * (LONGEST_NAME + 1)}, "at most 200"),
        ({"author": "two\nlines"}, "control characters"),
        ({"note_id": ""}, "no identifier"),
        ({"created_utc": "yesterday"}, "which is none"),
        ({"changed_utc": "2026-11-20T09:00:00"}, "which is none with a time zone"),
        ({"resolved": True}, "which is none"),
        ({"resolved_by": "Bo"}, "open"),
        ({"item_id": None, "anchor": BarAnchor(index=0)}, "the session as a whole"),
    ],
)
def test_a_note_that_cannot_be_shown_is_refused_with_the_reason(change: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        note(**change)


@pytest.mark.parametrize(
    "place",
    [
        lambda: PointAnchor(x=float("nan")),
        lambda: PointAnchor(x=0.0, y=float("inf")),
        lambda: PointAnchor(x=0.0, loss=float("nan")),
        lambda: RegionAnchor(part=0, coordinates=(float("nan"),)),
        lambda: RegionAnchor(part=0, coordinates=(0.0,) * 65),
        lambda: RegionAnchor(part=-1),
        lambda: BarAnchor(index=-1),
        lambda: BarAnchor(index=2**60),
    ],
)
def test_a_place_that_cannot_be_is_refused(place: Callable[[], Anchor]) -> None:
    with pytest.raises(InvalidRequest):
        place()


def test_pasted_text_is_cleaned_before_it_becomes_a_note() -> None:
    assert clean_text("  one\r\ntwo\x00\x1b\tthree \n") == "one\ntwo\tthree"
    assert new_note("a\x00b", " Ada \n Byron ").author == "Ada Byron"
    assert clean_name("x" * 300) == "x" * 199 + "…"


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_note_comes_back_from_plain_values(anchor: Anchor) -> None:
    settled = note(anchor=anchor, resolved=True, resolved_by="Bo", resolved_utc=WHEN)
    assert note_from_table(note_to_table(settled)) == settled
    assert anchor_from_table(anchor_to_table(anchor)) == anchor


@pytest.mark.parametrize(
    "table",
    [
        None,
        [],
        {},
        {"kind": "point"},
        {"kind": "point", "x": float("nan")},
        {"kind": "point", "x": 10**400},
        {"kind": "bar", "index": 1.5},
        {"kind": "bar", "index": 10**400},
        {"kind": "elsewhere", "x": 1.0},
        {"kind": "region", "part": 0, "coordinates": "many"},
    ],
)
def test_plain_values_that_are_no_place_are_refused_in_words(table: object) -> None:
    with pytest.raises(InvalidRequest, match=r"place of a note cannot be understood"):
        anchor_from_table(table)


@pytest.mark.parametrize(
    ("item_id", "anchor", "words"),
    [
        ("surface-0", WholeItem(), ""),
        ("surface-0", PointAnchor(x=0.25, y=-0.5, loss=1.32), "at (0.25, −0.5), loss 1.32\u00a0nats"),
        ("curve-0", PointAnchor(x=0.25, loss=1.32), "at 0.25, loss 1.32\u00a0nats"),
        ("trajectory-0", PointAnchor(x=0.25, y=1.0), "at (0.25, 1)"),
        ("convexity-0", PointAnchor(x=0.25, y=1.0), "at (0.25, 1)"),
        ("history-0", PointAnchor(x=2.0, loss=7.5), "at epoch 2, height 7.5"),
        ("spectrum-0", BarAnchor(index=1), "eigenvalue 2 (25.42)"),
        ("robustness-0", BarAnchor(index=2), "strength 0.2"),
        ("initialisations-0", BarAnchor(index=0), "initialisation with seed 0"),
        ("complexity-0", BarAnchor(index=3), "bar 4"),
        ("correction-0", RegionAnchor(part=1), "region 2"),
        (
            "correction-0",
            RegionAnchor(part=0, coordinates=(31.0, 5000.0)),
            "region 1, at Duration 31, Amount 5000",
        ),
        ("correction-0", PointAnchor(x=60.0, y=900.5), "at Duration 60, Amount 900.5"),
    ],
)
def test_a_place_is_called_as_its_picture_calls_it(item_id: str, anchor: Anchor, words: str) -> None:
    check_place(anchor, item(item_id))
    assert in_words(anchor, item(item_id)) == words


@pytest.mark.parametrize(
    ("item_id", "anchor"),
    [
        ("surface-0", PointAnchor(x=0.25)),
        ("surface-0", BarAnchor(index=0)),
        ("curve-0", PointAnchor(x=0.25, y=0.1)),
        ("spectrum-0", BarAnchor(index=8)),
        ("robustness-0", BarAnchor(index=3)),
        ("correction-0", RegionAnchor(part=2)),
        ("correction-0", RegionAnchor(part=0, coordinates=(1.0,))),
        ("network-0", BarAnchor(index=0)),
        ("dataset-0", PointAnchor(x=0.0)),
        ("network-0", RegionAnchor(part=0)),
    ],
)
def test_a_place_that_the_item_does_not_have_is_refused_and_still_has_words(item_id: str, anchor: Anchor) -> None:
    with pytest.raises(InvalidRequest, match="has no place"):
        check_place(anchor, item(item_id))
    assert in_words(anchor, item(item_id))


def test_a_correction_with_everything_takes_notes_in_its_regions() -> None:
    explained = result_item(explained_correction(), "correction-1", "Explained")
    check_place(RegionAnchor(part=1, coordinates=(65.0, 17000.0)), explained)


@pytest.mark.parametrize(
    ("result", "anchor", "words"),
    [
        (joint(), RegionAnchor(part=1), "correction 2"),
        (joint(), RegionAnchor(part=0, coordinates=(36.0, 9000.0)), "correction 1, at Duration 36, Amount 9000"),
        (pairs_result(), RegionAnchor(part=1), "Duration with Amount"),
        (pairs_result(), RegionAnchor(part=8), "Housing alone"),
    ],
)
def test_a_place_among_several_features_is_called_by_their_names(result: Result, anchor: Anchor, words: str) -> None:
    one = result_item(result, "correction-1", "In several features")
    check_place(anchor, one)
    assert in_words(anchor, one) == words
    with pytest.raises(InvalidRequest, match="has no place"):
        check_place(replace(anchor, part=9, coordinates=None), one)


def test_a_case_is_called_by_its_row_of_the_data() -> None:
    cases = result_item(answered(), "cases-0", "Cases")
    row = int(answered().rows[-1])
    check_place(RegionAnchor(part=row), cases)
    assert in_words(RegionAnchor(part=row), cases) == f"row {row}"
    with pytest.raises(InvalidRequest, match="has no place"):
        check_place(RegionAnchor(part=99_999), cases)


def noted() -> Document:
    first = note(anchor=PointAnchor(x=0.25, y=-0.5))
    second = replace(note("Check the data."), note_id="note-2", item_id="dataset-0")
    third = replace(note("Good session."), note_id="note-3", item_id=None)
    return document().with_note(first).with_note(second).with_note(third)


def test_notes_are_kept_in_the_order_they_were_written() -> None:
    edited = noted().with_note(replace(noted().notes["note-1"], text="No."))
    assert list(edited.notes) == ["note-1", "note-2", "note-3"]
    assert edited.notes["note-1"].text == "No."
    assert noted().notes["note-1"].text == "Is this a second minimum?"


def test_the_notes_on_an_item_and_on_the_session_can_be_told_apart() -> None:
    assert [one.note_id for one in noted().notes_on("dataset-0")] == ["note-2"]
    assert [one.note_id for one in noted().notes_on(None)] == ["note-3"]


def test_a_note_that_is_not_there_is_removed_without_a_trace() -> None:
    before = noted()
    assert before.without_note("note-9") is before
    assert list(before.without_note("note-2").notes) == ["note-1", "note-3"]


def test_a_note_outlives_its_item_and_remembers_its_name() -> None:
    # the data go, and with them the surface that was computed from them
    left = noted().without("dataset-0")
    assert "surface-0" not in left.items
    assert about_in_words(left.notes["note-1"], left) == (
        "“Around the minimum”, at (0.25, −0.5); it is no longer in the session"
    )
    assert about_in_words(left.notes["note-2"], left) == "“Loan applications”, which is no longer in the session"
    assert about_in_words(left.notes["note-3"], left) == "the session"


def test_the_removal_of_something_else_leaves_the_notes_the_very_same() -> None:
    before = noted()
    assert before.without("network-1").notes is before.notes


def test_a_note_on_an_item_is_named_after_it_as_it_is_called_now() -> None:
    renamed = noted().with_item(replace(noted().items["surface-0"], name="Valley"))
    assert about_in_words(renamed.notes["note-1"], renamed) == "“Valley”, at (0.25, −0.5)"


def test_the_name_of_a_removed_item_is_remembered_whatever_it_holds() -> None:
    strange = noted().with_item(replace(noted().items["surface-0"], name="\x1b\n" + "long " * 100))
    assert len(strange.without("surface-0").notes["note-1"].item_name) <= LONGEST_NAME
