"""Notes in a session file: what readers of the first version are told, and what nobody can have written."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from types import MappingProxyType
from typing import Any

import h5py
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SessionError
from core.review.note import (
    LARGEST_INDEX,
    LONGEST_TEXT,
    MOST_NOTES,
    BarAnchor,
    Note,
    PointAnchor,
    RegionAnchor,
    WholeItem,
    clean_name,
    clean_text,
)
from core.session import layout
from core.session.document import Document
from core.session.files import open_document, open_session, save_document
from core.session.write import session_image
from tests import documents
from tests.core.session.test_earlier_versions import notes
from tests.hostile import changed
from tests.sameness import differences


def noted() -> Document:
    document = documents.document()
    for note in notes():
        document = document.with_note(note)
    return document


def test_notes_come_back_the_same_and_in_their_order(tmp_path: Path) -> None:
    document = noted().without_note("note-3").with_note(noted().notes["note-3"])
    save_document(document, tmp_path / "s.corrie.h5")
    assert differences(open_document(tmp_path / "s.corrie.h5"), document) == []


TEXTS = st.text(st.characters() | st.sampled_from('\0/."%\n\u202e\U0001f30b'), min_size=1, max_size=40)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WHENS = st.datetimes(timezones=st.just(UTC)).map(lambda when: when.isoformat())
PLACES = st.one_of(
    st.builds(WholeItem),
    st.builds(PointAnchor, x=NUMBERS, y=st.none() | NUMBERS, loss=st.none() | NUMBERS),
    st.builds(BarAnchor, index=st.integers(0, LARGEST_INDEX)),
    st.builds(
        RegionAnchor,
        part=st.integers(0, LARGEST_INDEX),
        coordinates=st.none() | st.lists(NUMBERS, max_size=5).map(tuple),
    ),
)


@st.composite
def any_note(draw: st.DrawFn) -> Note:
    resolved = draw(st.booleans())
    settled = {"resolved_by": clean_name(draw(TEXTS)), "resolved_utc": draw(WHENS)} if resolved else {}
    return Note(
        note_id=clean_name(draw(TEXTS)) or "note",
        text=clean_text(draw(TEXTS)) or "?",
        author=clean_name(draw(TEXTS)),
        created_utc=draw(WHENS),
        changed_utc=draw(WHENS),
        item_id=clean_name(draw(TEXTS)),
        anchor=draw(PLACES),
        item_name=clean_name(draw(TEXTS)),
        resolved=resolved,
        **settled,
    )


@given(st.lists(any_note(), max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_notes_come_back_the_same(tmp_path: Path, some: list[Note]) -> None:
    document = Document()
    for note in some:
        document = document.with_note(note)
    save_document(document, tmp_path / "s.corrie.h5")
    assert differences(open_document(tmp_path / "s.corrie.h5"), document) == []


def test_the_longest_note_comes_back(tmp_path: Path) -> None:
    long = replace(notes()[0], text="\U0001f30b" * LONGEST_TEXT)  # 80,000 bytes, more than an attribute holds
    document = documents.document().with_note(long)
    save_document(document, tmp_path / "s.corrie.h5")
    assert open_document(tmp_path / "s.corrie.h5").notes["note-0"] == long


def test_a_note_can_be_read_in_any_viewer(tmp_path: Path) -> None:
    save_document(noted(), tmp_path / "s.corrie.h5")
    with h5py.File(tmp_path / "s.corrie.h5") as file:
        first, settled, about = (file[f"notes/note-{number}"].attrs for number in (0, 2, 6))
        assert (first["author"], first["item"], first["text"]) == ("Ada", "surface-0", notes()[0].text)
        assert json.loads(first["anchor"]) == {"kind": "point", "x": 0.25, "y": -0.5, "loss": 1.32}
        assert (settled["resolved_by"], settled["resolved_utc"]) == ("Bo", "2026-11-21T10:00:00+00:00")
        assert "resolved_utc" not in first
        assert "item" not in about


def test_only_a_session_with_notes_needs_a_reader_that_knows_them(tmp_path: Path) -> None:
    for document, needed in ((noted(), 2), (documents.document(), 1)):
        save_document(document, tmp_path / "s.corrie.h5")
        with h5py.File(tmp_path / "s.corrie.h5") as file:
            assert (file.attrs["schema_version"], file.attrs["min_reader_version"]) == (2, needed)


def test_a_file_without_its_notes_is_not_taken_for_one_that_nobody_noted_anything_in(tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"
    path.write_bytes(changed(session_image(noted()), lambda file: file.pop("notes")))
    with pytest.raises(SessionError, match='"notes"'):
        open_document(path, apart=False)


def test_an_item_that_is_gone_does_not_make_a_note_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"

    def change(file: h5py.File) -> None:
        file["notes/note-0"].attrs["item"] = "surface-that-never-was"

    path.write_bytes(changed(session_image(noted()), change))
    assert open_document(path, apart=False).notes["note-0"].item_id == "surface-that-never-was"


def test_a_place_that_its_item_does_not_have_does_not_make_a_note_refused(tmp_path: Path) -> None:
    # its result may have been computed again with fewer bars
    path = tmp_path / "s.corrie.h5"

    def change(file: h5py.File) -> None:
        file["notes/note-0"].attrs["anchor"] = '{"kind": "bar", "index": 99}'

    path.write_bytes(changed(session_image(noted()), change))
    assert open_document(path, apart=False).notes["note-0"].anchor.kind == "bar"


def put(name: str, value: object) -> Callable[[Any], None]:
    return lambda note: note.attrs.__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (put("text", ""), "needs some text"),
        (put("text", "x" * (LONGEST_TEXT + 1)), "has 20,001 characters"),
        (put("text", "\x1b[2J cleared"), "control characters"),
        (put("text", json.dumps("nul \x00 in it")), "control characters"),
        (put("text", json.dumps("\ud800")), "control characters"),
        (put("text", 5), "is no text"),
        (put("author", "two\nlines"), "control characters"),
        (put("author", "x" * 201), "at most 200"),
        (put("created_utc", "yesterday"), "time"),
        (put("resolved_utc", "yesterday"), "time"),
        (put("resolved_by", "Bo"), "open"),
        (put("item", "x" * 201), "at most 200"),
        (put("anchor", "{"), "not valid JSON"),
        (put("anchor", "[]"), "place of a note cannot be understood"),
        (put("anchor", '{"kind": "item", "x": ' + "[" * 100), "nested"),
        (put("anchor", '{"kind": "elsewhere"}'), "place of a note cannot be understood"),
        (put("anchor", '{"kind": "point", "x": {"$float": "NaN"}}'), "not finite"),
        (put("anchor", '{"kind": "point", "x": 1e999}'), "not finite"),
        (put("anchor", '{"kind": "point", "x": 0, "y": {"$float": "Infinity"}}'), "not finite"),
        (put("anchor", '{"kind": "bar", "index": -1}'), "counted from 0"),
        (put("anchor", '{"kind": "bar", "index": 1e400}'), "place of a note cannot be understood"),
        (put("anchor", f'{{"kind": "region", "part": 0, "coordinates": {[0.0] * 65}}}'), "at most 64"),
        (put("encoding-type", "corrie-poem"), "does not know"),
        (put("encoding-version", 2), "does not know"),
        (lambda note: note.attrs.__delitem__("anchor"), "anchor"),
        (lambda note: note.attrs.__delitem__("author"), "author"),
    ],
)
def test_a_note_that_nobody_can_have_written_is_refused_with_the_reason(
    change: Callable[[Any], None], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "s.corrie.h5"
    path.write_bytes(changed(session_image(noted()), lambda file: change(file["notes/note-0"])))
    with pytest.raises(SessionError, match=reason) as refused:
        open_document(path, apart=False)
    assert len(str(refused.value)) < 1000


def test_more_notes_than_any_review_has_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"

    def change(file: h5py.File) -> None:
        for number in range(MOST_NOTES + 1):
            file["notes"].create_group(f"more-{number}")

    path.write_bytes(changed(session_image(noted()), change))
    with pytest.raises(SessionError, match=r"holds 5,009 notes, and no session has over 5,000"):
        open_document(path, apart=False)


def test_more_notes_than_can_be_opened_again_are_not_saved(tmp_path: Path) -> None:
    note = notes()[6]
    many = Document(notes=MappingProxyType({str(n): note for n in range(MOST_NOTES + 1)}))
    with pytest.raises(SessionError, match="holds 5,001 notes"):
        save_document(many, tmp_path / "s.corrie.h5")


def test_a_note_filed_under_another_name_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="filed under"):
        save_document(Document(notes=MappingProxyType({"other": notes()[0]})), tmp_path / "s.corrie.h5")


@pytest.mark.parametrize("version", [0, -1, -(2**40)])
def test_a_version_that_there_never_was_is_refused(version: int, tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"

    def change(file: h5py.File) -> None:
        file.attrs["schema_version"] = version

    path.write_bytes(changed(session_image(noted()), change))
    with pytest.raises(SessionError, match=f"has version {version} of the format, which there never was"):
        open_document(path, apart=False)


def test_a_file_of_the_next_version_that_needs_its_reader_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"

    def change(file: h5py.File) -> None:
        file.attrs["schema_version"] = file.attrs["min_reader_version"] = layout.SCHEMA_VERSION + 1

    path.write_bytes(changed(session_image(noted()), change))
    with pytest.raises(SessionError, match=r"needs a reader of version 3 of the format; this is version 2"):
        open_session(path, apart=False)


@pytest.mark.slow
def test_a_hundred_thousand_notes_are_refused_by_their_number_or_by_the_time_they_take(tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        for number in range(100_000):
            h5py.h5g.create(file["notes"].id, b"many-%d" % number)

    path = tmp_path / "s.corrie.h5"
    path.write_bytes(changed(session_image(documents.document()), change, mend=False))
    with pytest.raises(SessionError, match=r"no session has over|did not end within"):
        open_document(path)
