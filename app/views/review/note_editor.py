"""The note that is read, in full: its text to be changed, what it is about, and whether it is settled."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.views.made import named, text_label
from app.views.review.note_rows import NoteRow, local_time
from core.review.note import LONGEST_TEXT, clean_text

PLACEHOLDER = "What did you notice here?"
EMPTY = "A note needs some text. Delete it if it is of no use any more."
TOO_LONG = f"A note has room for {LONGEST_TEXT:,} characters: the rest was cut off."
LEAST_LINES = 4


class NoteText(QPlainTextEdit):
    """Plain text. Undo and redo are those of the session, so that the Edit menu tells what they do."""

    left = Signal()  # the keys go elsewhere
    given_up = Signal()  # Escape
    done = Signal()  # Ctrl+Enter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "review.text")
        self.setAccessibleName("Text of the note")
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.document().setDefaultTextOption(option)
        self.setMinimumHeight(LEAST_LINES * self.fontMetrics().lineSpacing() + 12)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            standard = QKeySequence.StandardKey
            if event.matches(standard.Undo) or event.matches(standard.Redo):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class NoteEditor(QWidget):
    """Shows a row, or a note that is being begun; says what is typed, and which button was pressed."""

    typed = Signal(str)  # the text as it stands now, by hand
    paused = Signal()  # a paragraph or the typing has ended: the next is a step of undo of its own
    given_up = Signal()  # Escape
    done = Signal()
    resolve_wanted = Signal()
    remove_wanted = Signal()
    show_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "review.editor")
        self.row: NoteRow | None = None
        self._filling = False
        self.about, self.signed = text_label(name="review.about"), text_label(name="review.signed")
        self.hint = text_label(name="review.hint")
        self.text = NoteText()
        self.text.setPlaceholderText(PLACEHOLDER)
        self.resolve = named(QPushButton("Res&olve"), "review.resolve")
        self.show_place = named(QPushButton("&Show"), "review.show")
        self.show_place.setToolTip("Turn to the page and the place that the note is about")
        self.remove = named(QPushButton("&Delete"), "review.delete")
        self.remove.setToolTip("Delete the note; undo brings it back")
        for button in (self.resolve, self.show_place, self.remove):
            button.setAutoDefault(False)
        self._lay()
        self.text.textChanged.connect(self._on_text)
        self.text.left.connect(self._on_left)
        self.text.given_up.connect(self.given_up)
        self.text.done.connect(self.done)
        self.resolve.clicked.connect(self.resolve_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.show_place.clicked.connect(self.show_wanted)

    def show_row(self, row: NoteRow | None, *, read_only: bool) -> None:
        """Show this note; what is being typed stays as it was typed."""
        same = self.row is not None and row is not None and row.id == self.row.id
        self.row = row
        self.setEnabled(row is not None)
        note = None if row is None else row.note
        self.about.setText("" if row is None else f"{row.number} · {row.about}")
        self.signed.setText("" if row is None else signature(row))
        self._fill("" if note is None else note.text, keep=same)
        self._offer(read_only=read_only)

    def begin(self, about: str, author: str) -> None:
        """An empty note about something, for somebody to write."""
        self.row = None
        self.setEnabled(True)
        self.about.setText(f"New note · {about}")
        self.signed.setText(f"{author or 'Unsigned'}, now. Ctrl+Enter ends it, Esc gives it up.")
        self._fill("", keep=False)
        self._offer(read_only=False)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def adopt(self, row: NoteRow) -> None:
        """What is being typed has become this note."""
        self.row = row
        self._say_hint()

    def _fill(self, text: str, *, keep: bool) -> None:
        if (clean_text(self.text.toPlainText()) == text and keep) or self.text.toPlainText() == text:
            self._say_hint()
            return
        self._put(text, min(self.text.textCursor().position(), len(text)) if keep else 0)  # undo leaves the cursor near
        self._say_hint()

    def _put(self, text: str, place: int) -> None:
        """Another text, which nobody has typed, with the cursor at that place."""
        self._filling = True
        self.text.setPlainText(text)
        cursor = self.text.textCursor()
        cursor.setPosition(place)
        self.text.setTextCursor(cursor)
        self._filling = False

    def _offer(self, *, read_only: bool) -> None:
        row = self.row
        self.text.setReadOnly(read_only)
        resolved = row is not None and row.note.resolved
        self.resolve.setText("Re&open" if resolved else "Res&olve")
        self.resolve.setToolTip("Say that it is not settled after all" if resolved else "Say that it is settled")
        for button in (self.resolve, self.remove):
            button.setEnabled(row is not None and not read_only)
        self.show_place.setEnabled(row is not None and row.note.item_id is not None and not row.note.item_name)

    def _on_text(self) -> None:
        if self._filling:
            return
        text = self.text.toPlainText()
        if len(text) > LONGEST_TEXT:
            text = text[:LONGEST_TEXT]
            self._put(text, min(self.text.textCursor().position(), LONGEST_TEXT))
        self._say_hint()
        self.typed.emit(text)
        if text.endswith("\n"):
            self.paused.emit()

    def _on_left(self) -> None:
        self.paused.emit()
        if self.row is not None and not clean_text(self.text.toPlainText()):
            self._fill(self.row.note.text, keep=False)

    def _say_hint(self) -> None:
        text = clean_text(self.text.toPlainText())
        words = TOO_LONG if len(text) >= LONGEST_TEXT else EMPTY if self.row is not None and not text else ""
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    def _lay(self) -> None:
        bold = self.about.font()
        bold.setBold(True)
        self.about.setFont(bold)
        for label in (self.signed, self.hint):
            label.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.signed.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.signed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.resolve)
        buttons.addWidget(self.show_place)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.about)
        column.addWidget(self.signed)
        column.addWidget(self.text, 1)
        column.addWidget(self.hint)
        column.addLayout(buttons)
        self.hint.hide()


def signature(row: NoteRow) -> str:
    """Who wrote it when, whether it was changed since, and who settled it."""
    note = row.note
    parts = [f"{row.signed}, {local_time(note.created_utc)}"]
    if note.changed_utc != note.created_utc:
        parts.append(f"changed {local_time(note.changed_utc)}")
    if note.resolved:
        parts.append(row.state[:1].lower() + row.state[1:])
    return " · ".join(parts)
