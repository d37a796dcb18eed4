"""The review: notes are written, walked through and settled; list, pins and tree follow the document."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu

from app.actions.opening import explained
from app.actions.wording import literal, short
from app.commands.command import Command
from app.commands.notes import AddNote, EditNote, RemoveNote, ReopenNote, ResolveNote
from app.render.pins.pin import Pin
from app.views.review.note_rows import NoteRow, NoteRows, sentence
from app.views.review.pin_keeper import PinKeeper
from app.views.review.review_panel import ReviewPanel
from core.errors import CorrieError
from core.exchange.words import count
from core.review.note import LONGEST_TEXT, Anchor, WholeItem, clean_text
from core.review.places import in_words
from core.review.writing import new_note

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

DRAFT = "draft"  # id of the pin of a note that has no letter yet


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a note will be about, once something is typed."""

    item_id: str | None
    anchor: Anchor


class ReviewRoom(QObject):
    """Joins panel, pins, tree and document."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._rows_of = NoteRows()
        self._rows: tuple[NoteRow, ...] = ()
        self._draft: Draft | None = None
        self._fresh = ""  # note that is still being typed for the first time
        self.current = ""  # note that is read
        self.placing = False
        self.dock: QDockWidget | None = None
        self.panel = ReviewPanel()
        self.pins = PinKeeper(window.area)
        self._connect()
        self.panel.author.setText(window.settings.author)
        self.refresh()

    def _connect(self) -> None:
        state, panel, editor, pins = self._window.desk.state, self.panel, self.panel.editor, self.pins
        state.document_changed.connect(self.refresh)
        state.saveable_changed.connect(self.refresh)
        state.opened.connect(self._on_opened)
        panel.chosen.connect(self._on_chosen)
        panel.shown_wanted.connect(self.open)
        panel.remove_wanted.connect(self.remove)
        panel.add_wanted.connect(self.add)
        panel.walk_wanted.connect(self.walk)
        panel.author_changed.connect(self._on_author)
        editor.typed.connect(self._on_typed)
        editor.paused.connect(self._on_paused)
        editor.given_up.connect(self._on_given_up)
        editor.done.connect(lambda: panel.list.setFocus(Qt.FocusReason.OtherFocusReason))
        editor.resolve_wanted.connect(self.toggle_resolved)
        editor.remove_wanted.connect(lambda: self.remove(self.current))
        editor.show_wanted.connect(lambda: self.open(self.current))
        pins.opened.connect(self.open)
        pins.pointed.connect(self._on_pointed)
        pins.menu_wanted.connect(self._show_menu)

    # ---- what is there

    @property
    def read_only(self) -> bool:
        """Whether another window writes the session."""
        return self._window.desk.state.read_only

    @property
    def row(self) -> NoteRow | None:
        """The note that is read."""
        return next((row for row in self._rows if row.id == self.current), None)

    def refresh(self) -> None:
        """Let list, pins and tree show the notes as they are now."""
        document = self._window.desk.state.document
        self._rows = self._rows_of.of(document)
        if self.current and self.row is None:  # deleted, or undone
            self.current = self._fresh = ""
        self.panel.set_rows(self._rows, self.current, read_only=self.read_only)
        self._show_pins()
        counts: dict[str, int] = {}
        for row in self._rows:
            if not row.note.resolved and row.note.item_id is not None:
                counts[row.note.item_id] = counts.get(row.note.item_id, 0) + 1
        self._window.tree.set_open_notes(counts)
        if self.dock is not None:
            open_ones = sum(not row.note.resolved for row in self._rows)
            self.dock.setWindowTitle(f"Review · {open_ones} open" if open_ones else "Review")

    def _show_pins(self) -> None:
        pins: dict[str, list[Pin]] = {}
        for row in self._rows:
            if row.note.item_id is not None and not isinstance(row.note.anchor, WholeItem):
                pins.setdefault(row.note.item_id, []).append(row.pin)
        draft, current = self._draft, self.current
        if draft is not None and draft.item_id is not None and not isinstance(draft.anchor, WholeItem):
            pin = Pin(note_id=DRAFT, number=0, anchor=draft.anchor, tip="A new note", words="A new note")
            pins.setdefault(draft.item_id, []).append(pin)
            current = DRAFT
        self.pins.set_pins(pins, current)

    # ---- walking through

    def show_panel(self) -> None:
        """Bring the list to the front of its place."""
        if self.dock is not None:
            self.dock.show()
            self.dock.raise_()

    def open(self, note_id: str) -> None:
        """Read a note, and turn to the page and the place that it is about."""
        if self._draft is not None:
            self._drop_draft()
        self.show_panel()
        self.current = note_id
        self.panel.read(note_id)
        self._show_pins()
        self._window.actions_registry.refresh()
        row = self.row
        if row is None or row.note.item_id not in self._window.desk.state.document.items:
            return
        item_id = row.note.item_id or ""
        self._window.pages.open_page(item_id)
        self._window.desk.selection.select(item_id)
        self._window.tree.show_current()
        page = self._window.area.page(item_id)
        if page is not None:
            page.reveal(row.note.anchor)
            self.pins.refresh()

    def walk(self, step: int) -> None:
        """Go to the next note of the list, 1, or the one before, −1; behind the last comes the first."""
        rows = self.panel.listed()
        if not rows:
            self.show_panel()
            return
        place = next((place for place, row in enumerate(rows) if row.id == self.current), None)
        start = (-1 if step > 0 else len(rows)) if place is None else place
        self.open(rows[(start + step) % len(rows)].id)

    def _on_chosen(self, note_id: str) -> None:
        """Read a note where it stands in the list, without leaving the page."""
        if self._draft is not None:
            self._drop_draft()
        self.current = note_id
        self.panel.read(note_id)
        self._show_pins()
        self._window.actions_registry.refresh()

    # ---- writing

    def add(self) -> None:
        """Begin a note about what is pointed at or chosen on the page that is seen, or else the selected item."""
        page, selected = self._window.area.current_page(), self._window.desk.selection.current_id
        items = self._window.desk.state.document.items
        in_tree = self._window.tree.hasFocus()
        if page is not None and page.item_id in items and not (in_tree and selected in items):
            self.begin(page.item_id, page.pointed_anchor)
        else:
            self.begin(selected if selected in items else None)

    def add_on_item(self) -> None:
        """Begin a note about the selected item as a whole."""
        selected = self._window.desk.selection.current_id
        self.begin(selected if selected in self._window.desk.state.document.items else None)

    def begin(self, item_id: str | None, anchor: Anchor | None = None) -> None:
        """Let a note be written about an item or a place of it; it is in the session from its first letter on."""
        self.set_placing(False)
        if item_id is not None and item_id not in self._window.desk.state.document.items:
            self._window.say("It is still being computed: a note can be written as soon as it is in the session.")
            return
        self.show_panel()
        if self.read_only:
            return
        self._window.desk.history.end_gesture()
        self._draft = Draft(item_id=item_id, anchor=anchor or WholeItem())
        self.current = self._fresh = ""
        self._show_pins()
        self.panel.begin(self._about(self._draft), self._window.settings.author)

    def _about(self, draft: Draft) -> str:
        item = self._window.desk.state.document.items.get(draft.item_id or "")
        if item is None:
            return "the session"
        place = in_words(draft.anchor, item)
        return sentence(f"“{short(item.name)}”" + (f", {place}" if place else ""))

    def _on_typed(self, text: str) -> None:
        text = clean_text(text)[:LONGEST_TEXT].rstrip()
        if not text or self.read_only:
            return
        draft = self._draft
        if draft is None:
            if self.current:
                self._push(EditNote(self.current, text, typing=True, fresh=self._fresh == self.current))
            return
        note = new_note(text, self._window.settings.author, draft.item_id, draft.anchor)
        self._draft = None
        self.current = self._fresh = note.note_id
        if self._push(AddNote(note, typing=True)):
            self.panel.adopt(note.note_id)
            self._window.actions_registry.refresh()
        else:  # the item has gone meanwhile: what was typed stays there to be copied
            self._draft, self.current, self._fresh = draft, "", ""

    def _on_paused(self) -> None:
        """A typing has ended: what follows is a step of undo of its own."""
        self._window.desk.history.end_gesture()
        self._fresh = ""

    def _on_given_up(self) -> None:
        if self._draft is not None:
            self._drop_draft()
        self.panel.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_draft(self) -> None:
        self._draft = None
        self.panel.read(self.current)
        self._show_pins()

    def _on_author(self, name: str) -> None:
        self._window.settings.author = name
        self.panel.author.setText(self._window.settings.author)

    # ---- settling

    def toggle_resolved(self) -> None:
        """Say that the note that is read is settled, or open again."""
        row = self.row
        if row is None or self.read_only:
            return
        self._window.desk.history.end_gesture()
        if row.note.resolved:
            self._push(ReopenNote(row.id))
        else:
            self._push(ResolveNote(row.id, self._window.settings.author))

    def remove(self, note_id: str) -> None:
        """Delete a note; the one behind it in the list is read next."""
        if not note_id or self.read_only:
            return
        rows = self.panel.listed()
        place = next((place for place, row in enumerate(rows) if row.id == note_id), None)
        if place is not None and note_id == self.current:
            rest = [row for row in rows if row.id != note_id]
            self.current = rest[min(place, len(rest) - 1)].id if rest else ""
        self._window.desk.history.end_gesture()
        self._push(RemoveNote(note_id))

    def _push(self, command: Command) -> bool:
        try:
            self._window.desk.history.push(command)
        except CorrieError as error:
            self._window.on_failed(explained(error))
            return False
        return True

    # ---- the hand in a picture

    def set_placing(self, placing: bool) -> None:  # noqa: FBT001  a Qt slot
        """Whether the next click in a picture pins a note; Esc ends it."""
        placing = placing and not self.read_only
        if placing != self.placing:
            self.placing = placing
            self.pins.set_placing(placing)
            application = QCoreApplication.instance()
            if application is not None and placing:
                application.installEventFilter(self)
            elif application is not None:
                application.removeEventFilter(self)
            self._window.status.showMessage("Click the place that the note is about. Esc ends this." if placing else "")
            self._window.actions_registry.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only while a place is to be clicked."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.KeyPress:
                self.set_placing(False)
            return True
        return super().eventFilter(watched, event)

    def _on_pointed(self, item_id: str, anchor: Anchor) -> None:
        self.begin(item_id, anchor)

    def _show_menu(self, item_id: str, anchor: Anchor | None, place: QPoint) -> None:
        item = self._window.desk.state.document.items.get(item_id)
        if item is None:
            return  # still being computed: there is nothing to hold on to yet
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = in_words(anchor, item) if anchor is not None else ""
        if words:
            here = menu.addAction(f"Add note {literal(words)}…")
            here.triggered.connect(lambda: self.begin(item_id, anchor))
            here.setEnabled(not self.read_only)
        whole = menu.addAction(f"Add note on “{literal(short(item.name))}”…")
        whole.triggered.connect(lambda: self.begin(item_id))
        whole.setEnabled(not self.read_only)
        menu.popup(place)

    def _on_opened(self) -> None:
        self._draft, self.current, self._fresh = None, "", ""
        self.panel.search.clear()
        self.panel.show_only("open")
        self.refresh()
        if self._rows and self.dock is not None and self.dock.isHidden():
            front = QApplication.focusWidget()
            self.dock.show()
            self._window.raise_inspector()
            if front is not None:
                front.setFocus()
        if self._rows:
            open_ones = sum(not row.note.resolved for row in self._rows)
            self._window.say(f"The session holds {count(len(self._rows), 'note')}, {open_ones} of them open")
