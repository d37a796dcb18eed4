"""A review in unusual sessions: of others, of many notes, of long and foreign texts, and of items that are gone."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.commands.items import RemoveItem
from core.review.note import LONGEST_TEXT
from core.review.writing import new_note
from tests import documents
from tests.app.views.conftest import Driver
from tests.app.views.review.reviewing import SURFACE, add, editor, listed, marks, notes, point, room, write


def test_notes_outlive_their_item_and_say_so(session: Driver) -> None:
    note_id = add(session, "Wrong axis", SURFACE, point(session))
    session.window.history.push(RemoveItem(SURFACE))
    room(session).open(note_id)
    assert "no longer in the session" in session.window.review_room.panel.editor.about.text()
    assert not session.find(QPushButton, "review.show").isEnabled()


def test_a_session_that_another_window_has_is_read_and_not_written(session: Driver) -> None:
    note_id = add(session, "First", SURFACE, point(session))
    session.window.desk.state.set_read_only(True)
    room(session).open(note_id)
    assert editor(session).isReadOnly()
    assert room(session).panel.notice.isVisible()
    for name in ("review.add", "review.resolve", "review.delete"):
        assert not session.find(QPushButton, name).isEnabled()
    for action in ("review.add", "review.place", "review.resolve", "review.delete", "review.add_on_item"):
        assert not session.window.actions_registry.action(action).isEnabled()
    write(session, "x")
    room(session).remove(note_id)
    room(session).begin(SURFACE)
    assert [note.text for note in notes(session)] == ["First"]
    session.trigger("review.next")
    assert room(session).current == note_id


def test_long_and_right_to_left_and_marked_up_texts_are_shown_as_they_were_typed(session: Driver) -> None:
    texts = ["<b>bold?</b> & so on", "הגבול קרוב מדי", "word " * 900, "x" * 5000]
    ids = [add(session, text, SURFACE, point(session, 2, n)) for n, text in enumerate(texts)]
    width = session.window.width()
    for note_id, text in zip(ids, texts, strict=True):
        room(session).open(note_id)
        assert editor(session).toPlainText() == text.strip()
    assert not session.window.review_room.panel.grab().isNull()
    assert session.window.width() == width
    tips = [pin.tip for mark in marks(session, SURFACE) for pin in mark.pins]
    assert any("&lt;b&gt;bold?&lt;/b&gt; &amp; so on" in tip for tip in tips)


def test_more_than_a_note_can_hold_is_cut_off_with_a_word_and_an_emptied_one_keeps_its_text(session: Driver) -> None:
    session.trigger("review.add")
    editor(session).setPlainText("y" * (LONGEST_TEXT + 7))
    assert len(notes(session)[0].text) == LONGEST_TEXT
    assert "characters" in room(session).panel.editor.hint.text()
    editor(session).setPlainText("")
    assert len(notes(session)[0].text) == LONGEST_TEXT
    assert "needs some text" in room(session).panel.editor.hint.text()
    editor(session).left.emit()
    assert len(editor(session).toPlainText()) == LONGEST_TEXT


def test_a_session_with_notes_offers_its_review_without_covering_the_inspector(session: Driver) -> None:
    assert not room(session).dock.isVisible()
    document = documents.document().with_note(new_note("x", "Maria", SURFACE))
    session.window.desk.state.open(document, None)
    session.wait(lambda: not room(session).dock.isHidden())
    session.wait(lambda: not session.window.inspector.visibleRegion().isEmpty())
    assert room(session).dock.windowTitle() == "Review · 1 open"


def test_five_hundred_notes_are_listed_pinned_and_walked_through(session: Driver) -> None:
    document = session.document
    for number in range(500):
        document = document.with_note(
            new_note(f"Note {number}", "Maria", SURFACE, point(session, number % 17, number % 21))
        )
    session.window.desk.state.open(document, None)
    session.window.pages.open_page(SURFACE)
    session.wait(lambda: len(marks(session, SURFACE)) > 0)
    assert sum(len(mark.pins) for mark in marks(session, SURFACE)) == 500
    for _ in range(3):
        session.trigger("review.next")
    assert editor(session).toPlainText() == "Note 2"
    QTest.keyClicks(session.find(QLineEdit, "review.search"), "499")
    assert listed(session)[-1] == "Note 499"


def test_the_place_of_a_pin_is_not_the_pictures_place_on_the_screen(session: Driver) -> None:
    """The window is made smaller, and the pin is where the point is then."""
    add(session, "First", SURFACE, point(session))
    session.wait(lambda: len(marks(session, SURFACE)) == 1)
    session.window.resize(1100, 700)
    layer = room(session).pins.layers(session.window.area.page(SURFACE))[-1]

    def right() -> bool:
        spot = layer.ground.spot_of(point(session))
        return spot is not None and QPointF(layer.marks[0].tip_place - spot.point).manhattanLength() < 1

    session.wait(right)


def test_a_copied_picture_has_no_pins_and_the_page_keeps_them(session: Driver) -> None:
    def copied() -> QImage:
        session.trigger("edit.copy_picture")
        return QApplication.clipboard().image()

    before = copied()
    add(session, "First", SURFACE, point(session))
    session.wait(lambda: len(marks(session, SURFACE)) == 1)
    assert copied() == before
    assert marks(session, SURFACE)[0].isVisible()


def test_what_is_still_being_computed_takes_no_note_and_says_so(session: Driver) -> None:
    room(session).begin("surface-99")
    assert "still being computed" in session.window.status.currentMessage()
    assert not room(session).dock.isVisible()


def test_resetting_the_layout_puts_the_review_behind_the_inspector(session: Driver) -> None:
    add(session, "First")
    room(session).show_panel()
    session.wait(lambda: not room(session).panel.visibleRegion().isEmpty())
    session.trigger("view.reset_layout")
    session.wait(lambda: not session.window.inspector.visibleRegion().isEmpty())
    assert not room(session).dock.isHidden()
    assert room(session).panel.visibleRegion().isEmpty()
    room(session).show_panel()
    session.wait(lambda: not room(session).panel.visibleRegion().isEmpty())
