"""A review in the real window: notes are pinned, read one after the other, settled, and undone."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QToolButton

from app.commands.notes import ResolveNote
from app.state.settings import Settings
from app.views.session_tree import NOTES
from core.review.note import BarAnchor, PointAnchor, RegionAnchor, WholeItem
from tests.app.views.conftest import Driver
from tests.app.views.review.reviewing import (
    CORRECTION,
    SPECTRUM,
    SURFACE,
    add,
    click,
    editor,
    listed,
    marks,
    notes,
    point,
    popup,
    room,
    write,
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
    assert session.find(QPushButton, "review.resolve").text() == "Re&open"
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


def test_no_key_of_the_review_takes_one_from_the_menus(session: Driver) -> None:
    room(session).open(add(session, "First"))
    of_menus = {QKeySequence.mnemonic(action.text()) for action in session.window.menuBar().actions()}
    buttons = [button for button in room(session).panel.findChildren(QPushButton) if button.isVisible()]
    keys = [QKeySequence.mnemonic(button.text()) for button in buttons if "&" in button.text()]
    session.trigger("review.resolve")  # the button says something else now
    keys += [QKeySequence.mnemonic(session.find(QPushButton, "review.resolve").text())]
    assert len(keys) == 5
    assert not of_menus.intersection(keys)
