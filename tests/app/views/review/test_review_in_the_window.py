"""A review in the real window: notes are pinned, read one after the other, settled, and undone."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QToolButton

from app.commands.items import RemoveItem
from app.commands.notes import AddNote, ResolveNote
from app.state.settings import Settings
from app.views.session_tree import NOTES
from core.review.note import LONGEST_TEXT, BarAnchor, PointAnchor, RegionAnchor, WholeItem
from core.review.writing import new_note
from tests import documents
from tests.app.views.conftest import Driver

SURFACE, SPECTRUM, CORRECTION = "surface-0", "spectrum-0", "correction-0"


@pytest.fixture
def session(driver: Driver) -> Driver:
    """The window with a session of every kind, looking at its surface from above."""
    driver.window.desk.state.open(documents.document(), None)
    driver.window.pages.open_page(SURFACE)
    driver.window.area.page(SURFACE).set_mode("contour")
    driver.select(SURFACE)
    return driver


def room(driver):
    return driver.window.review_room


def editor(driver) -> QPlainTextEdit:
    return driver.find(QPlainTextEdit, "review.text")


def write(driver, text):
    QTest.keyClicks(editor(driver), text)


def click(driver, name):
    """Press a button once it has its place: the panel may have come to the front just now."""
    button = driver.find(QPushButton, name)
    driver.wait(lambda: not button.visibleRegion().isEmpty() and button.isEnabled())
    QApplication.processEvents()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def notes(driver):
    return list(driver.document.notes.values())


def add(driver, text, item_id=SURFACE, anchor=None, author="Maria"):
    note = new_note(text, author, item_id, anchor)
    driver.window.history.push(AddNote(note))
    return note.note_id


def marks(driver, item_id):
    page = driver.window.area.page(item_id)
    return [mark for layer in room(driver).pins.layers(page) for mark in layer.marks]


def listed(driver):
    return [row.note.text for row in room(driver).panel.listed()]


def popup(driver) -> QMenu:
    driver.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def point(driver, row=8, column=10):
    surface = driver.document.items[SURFACE].result
    loss = float(surface.loss[row, column])
    return PointAnchor(
        x=float(surface.x[column]), y=float(surface.y[row]), loss=None if not np.isfinite(loss) else loss
    )


def test_a_right_click_on_a_surface_and_some_typing_pin_a_note_there(session: Driver) -> None:
    page = session.window.area.page(SURFACE)
    ground = page.contour.pin_ground()
    wanted = point(session)
    layer = room(session).pins.layers(page)[-1]
    QTest.mouseClick(
        layer.ground.widget, Qt.MouseButton.RightButton, pos=ground.spot_of(wanted).point.toPoint() + QPoint(1, -1)
    )
    menu = popup(session)
    here = menu.actions()[0]
    assert here.text().startswith("Add note at (")
    here.trigger()
    menu.close()
    assert session.document.notes == {}  # nothing was said yet
    assert [mark.lead.number for mark in marks(session, SURFACE)] == [0]
    write(session, "Too steep?")
    (note,) = notes(session)
    assert (note.text, note.item_id, note.anchor) == ("Too steep?", SURFACE, wanted)
    assert note.author == session.window.settings.author
    assert [mark.lead.number for mark in marks(session, SURFACE)] == [1]
    assert "Too steep?" in marks(session, SURFACE)[0].toolTip()


def test_typing_is_one_step_of_undo_with_a_label_and_a_new_paragraph_another(session: Driver) -> None:
    session.trigger("review.add")
    write(session, "Look here")
    assert session.window.history.index == 1
    assert session.window.history.undo_text == "add note on “Around the minimum”"
    QTest.keyClick(editor(session), Qt.Key.Key_Return)
    write(session, "And there")
    assert session.window.history.index == 2
    assert session.window.history.undo_text == "edit note on “Around the minimum”"
    session.trigger("edit.undo")
    assert [note.text for note in notes(session)] == ["Look here"]
    assert editor(session).toPlainText() == "Look here"
    session.trigger("edit.undo")
    assert notes(session) == []
    session.trigger("edit.redo")
    session.trigger("edit.redo")
    assert [note.text for note in notes(session)] == ["Look here\nAnd there"]


def test_the_keys_of_undo_are_those_of_the_session_while_a_note_is_typed(session: Driver) -> None:
    session.trigger("review.add")
    write(session, "a")
    for standard in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo):
        keys = QKeySequence(standard)[0]
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, keys.key(), keys.keyboardModifiers())
        asked.ignore()
        QApplication.sendEvent(editor(session), asked)
        assert not asked.isAccepted()


def test_leaving_the_text_ends_the_step_and_a_new_note_without_a_letter_leaves_nothing(session: Driver) -> None:
    session.trigger("review.add")
    QTest.keyClick(editor(session), Qt.Key.Key_Escape)
    assert notes(session) == []
    assert session.window.history.index == 0
    assert marks(session, SURFACE) == []
    session.trigger("review.add")
    write(session, "One")
    QTest.keyClick(editor(session), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    editor(session).left.emit()  # as it does when the keys go elsewhere, where a window has them
    editor(session).moveCursor(editor(session).textCursor().MoveOperation.End)
    write(session, " two")
    assert session.window.history.index == 2
    assert notes(session)[0].text == "One two"


def test_the_shortcut_pins_to_what_is_pointed_at_or_chosen(session: Driver) -> None:
    page = session.window.area.page(SURFACE)
    page.set_pointed((0.0, 0.0))
    session.trigger("review.add")
    write(session, "a")
    session.window.pages.open_page(SPECTRUM)
    session.window.area.page(SPECTRUM).bars.choice.choose((2,))
    session.trigger("review.add")
    write(session, "b")
    session.window.pages.open_page(CORRECTION)
    session.trigger("review.add")
    write(session, "c")
    session.window.tree.setFocus()
    session.select("network-0")
    session.trigger("review.add_on_item")
    write(session, "d")
    found = [(note.item_id, type(note.anchor)) for note in notes(session)]
    correction = session.document.items[CORRECTION].result
    of_slice = RegionAnchor if correction.box is not None else WholeItem
    assert found == [(SURFACE, PointAnchor), (SPECTRUM, BarAnchor), (CORRECTION, of_slice), ("network-0", WholeItem)]
    assert notes(session)[1].anchor == BarAnchor(index=2)


def test_a_click_pins_in_the_mode_for_it_and_escape_ends_the_mode(session: Driver) -> None:
    page = session.window.area.page(SURFACE)
    layer = room(session).pins.layers(page)[-1]
    session.trigger("review.place")
    assert session.window.actions_registry.action("review.place").isChecked()
    QTest.keyClick(session.window, Qt.Key.Key_Escape)
    assert not room(session).placing
    session.trigger("review.place")
    place = layer.ground.spot_of(point(session)).point.toPoint()
    QTest.mouseClick(layer.ground.widget, Qt.MouseButton.LeftButton, pos=place)
    assert not room(session).placing
    write(session, "Here")
    assert notes(session)[0].anchor == point(session)


def test_next_and_previous_turn_to_page_and_place_and_mark_the_pin(session: Driver) -> None:
    first = add(session, "First", SURFACE, point(session))
    second = add(session, "Second", SPECTRUM, BarAnchor(index=1))
    third = add(session, "Third", "network-0")
    contour = session.window.area.page(SURFACE).contour
    contour._plot.setRange(xRange=(-0.9, -0.8), yRange=(-0.9, -0.8), padding=0)
    for action, note_id, item_id in (
        ("review.next", first, SURFACE),
        ("review.next", second, SPECTRUM),
        ("review.next", third, "network-0"),
        ("review.next", first, SURFACE),
        ("review.previous", third, "network-0"),
        ("review.previous", second, SPECTRUM),
    ):
        session.trigger(action)
        assert room(session).current == note_id
        assert session.window.desk.selection.current_id == item_id
        assert editor(session).toPlainText() == session.document.notes[note_id].text
        if item_id != "network-0":
            assert session.window.area.current_page().item_id == item_id
            session.wait(lambda item_id=item_id: [m.current for m in marks(session, item_id)] == [True])


def test_pressing_a_pin_reads_its_note_without_leaving_the_place(session: Driver) -> None:
    add(session, "First", SURFACE, point(session))
    second = add(session, "Second", SURFACE, point(session, 2, 3))
    session.wait(lambda: len(marks(session, SURFACE)) == 2)
    pressed = next(mark for mark in marks(session, SURFACE) if mark.lead.note_id == second)
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
    assert room(session).current == second
    assert room(session).dock.isVisible()
    assert editor(session).toPlainText() == "Second"


def test_resolving_and_reopening_follow_to_list_pins_and_tree_and_can_be_undone(session: Driver) -> None:
    note_id = add(session, "First", SURFACE, point(session))
    room(session).open(note_id)
    tree_row = session.window.tree._rows[SURFACE]
    assert tree_row.text(NOTES) == "1"
    assert tree_row.toolTip(NOTES) == "1 open note"
    click(session, "review.resolve")
    note = session.document.notes[note_id]
    assert (note.resolved, note.resolved_by) == (True, session.window.settings.author)
    assert tree_row.text(NOTES) == ""
    assert marks(session, SURFACE)[0].lead.resolved
    assert session.find(QPushButton, "review.resolved").text() == "Resolved 1"
    assert session.find(QPushButton, "review.resolve").text() == "&Reopen"
    session.trigger("review.resolve")
    assert not session.document.notes[note_id].resolved
    session.trigger("edit.undo")
    assert session.document.notes[note_id].resolved
    assert session.window.history.redo_text == "reopen note on “Around the minimum”"


def test_the_list_shows_open_all_or_resolved_ones_and_finds_words(session: Driver) -> None:
    for text in ("A wall", "A valley", "A ridge"):
        add(session, text, author="Maria" if text != "A ridge" else "Jo")
    session.window.history.push(ResolveNote(notes(session)[1].note_id, "Jo"))
    room(session).show_panel()
    assert listed(session) == ["A wall", "A ridge"]
    click(session, "review.all")
    assert listed(session) == ["A wall", "A ridge", "A valley"]  # what is open comes first
    click(session, "review.resolved")
    assert listed(session) == ["A valley"]
    click(session, "review.all")
    search = session.find(QLineEdit, "review.search")
    QTest.keyClicks(search, "jo")
    assert listed(session) == ["A ridge", "A valley"]  # its author, and who resolved the other
    search.setText("nothing like it")
    assert listed(session) == []
    assert room(session).panel.empty.isVisible()


def test_a_deleted_note_comes_back_by_undo_and_the_next_one_is_read(session: Driver) -> None:
    ids = [add(session, text) for text in ("One", "Two", "Three")]
    room(session).open(ids[1])
    click(session, "review.delete")
    assert list(session.document.notes) == [ids[0], ids[2]]
    assert room(session).current == ids[2]
    session.trigger("edit.undo")
    assert list(session.document.notes) == ids


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


def test_notes_are_signed_with_the_name_of_the_settings_which_can_be_changed_in_the_review(session: Driver) -> None:
    room(session).show_panel()
    field = session.find(QLineEdit, "review.author")
    assert field.text() == session.window.settings.author
    field.selectAll()
    QTest.keyClicks(field, "  Dana   Levi ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    session.trigger("review.add")
    write(session, "x")
    assert notes(session)[0].author == "Dana Levi"
    assert Settings().author == "Dana Levi"


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


def test_the_whole_review_can_be_done_with_keys(session: Driver) -> None:
    for text in ("One", "Two"):
        add(session, text)
    room(session).show_panel()
    notes_list = room(session).panel.list
    session.wait(lambda: not notes_list.visualRect(notes_list.notes.index(1)).isEmpty())
    QTest.keyClick(notes_list, Qt.Key.Key_Down)
    first = room(session).current
    QTest.keyClick(notes_list, Qt.Key.Key_Down)
    assert room(session).current != first
    QTest.keyClick(notes_list, Qt.Key.Key_Return)
    assert session.window.desk.selection.current_id == SURFACE
    QTest.keyClick(notes_list, Qt.Key.Key_Delete)
    assert [note.text for note in notes(session)] == ["One"]
    for kind, name in ((QPlainTextEdit, "review.text"), (QLineEdit, "review.search"), (QLineEdit, "review.author")):
        assert session.find(kind, name).accessibleName()
    for name in ("review.next", "review.previous"):
        assert session.find(QToolButton, name).accessibleName()
    assert notes_list.accessibleName()


def test_a_session_with_notes_offers_its_review_without_covering_the_inspector(session: Driver) -> None:
    assert not room(session).dock.isVisible()
    document = documents.document().with_note(new_note("x", "Maria", SURFACE))
    session.window.desk.state.open(document, None)
    session.wait(lambda: not room(session).dock.isHidden())
    session.wait(session.window.inspector.isVisible)
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
