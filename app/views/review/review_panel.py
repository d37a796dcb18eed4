"""The review: all notes in a list to walk through, and the one that is read below it."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.views.made import named, text_label, with_icon
from app.views.review.note_card import NoteCard
from app.views.review.note_editor import NoteEditor
from app.views.review.note_model import ROW, NoteModel
from app.views.review.note_rows import NoteRow, Shown, listed
from core.review.note import LONGEST_NAME

KINDS: tuple[tuple[Shown, str], ...] = (("open", "Open"), ("all", "All"), ("resolved", "Resolved"))
NOTHING = (
    "No notes yet. Click a picture with the right button where you notice something, or press “Add note”: it is pinned "
    "to what is pointed at or chosen."
)
NO_MATCH = "No note like that. Choose “All” or empty the search to see the others."
NONE_OPEN = "No note is open: everything is settled."
NONE_RESOLVED = "No note is resolved yet."
READ_ONLY = (
    "Read only: another window has this session open. Notes can be read and walked through here; to write some, save "
    "the session under another name."
)


class NoteList(QListView):
    """The cards. Enter or a click shows the place of a note; Delete deletes it."""

    shown_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "review.list")
        self.setAccessibleName("Notes")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setItemDelegate(NoteCard(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.notes = NoteModel(self)
        self.setModel(self.notes)
        self.clicked.connect(self._ask_for)

    def _ask_for(self, index: QModelIndex) -> None:
        if index.isValid():
            self.shown_wanted.emit(index.data(ROW).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._ask_for(index)
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.remove_wanted.emit(index.data(ROW).id)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # cards are as high as their text is wide


class ReviewPanel(QWidget):
    """Shows rows; says what is wanted. What happens then, the `ReviewRoom` knows."""

    chosen = Signal(str)  # another note is read
    shown_wanted = Signal(str)  # turn to the place of this one
    remove_wanted = Signal(str)
    add_wanted = Signal()
    walk_wanted = Signal(int)  # 1 or −1
    author_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "review_panel")
        self._rows: tuple[NoteRow, ...] = ()
        self._current = ""
        self._read_only = self._beginning = False
        self.shown: Shown = "open"
        self.notice = text_label(READ_ONLY, "review.notice")
        self.add = named(with_icon(QPushButton("&Add note"), "note"), "review.add")
        self.add.setToolTip("Pin a note to what is pointed at or chosen, or to the selected item")
        self.place = text_label(name="review.place")
        self.place.setWordWrap(False)
        self.previous = self._arrow("review.previous", Qt.ArrowType.UpArrow, "Previous note", -1)
        self.following = self._arrow("review.next", Qt.ArrowType.DownArrow, "Next note", 1)
        self.kinds = QButtonGroup(self)
        self.search = named(QLineEdit(), "review.search")
        self.search.setPlaceholderText("Search notes")
        self.search.setAccessibleName("Search notes")
        self.search.setClearButtonEnabled(True)
        self.list = NoteList()
        self.empty = text_label(NOTHING, "review.empty")
        self.editor = NoteEditor()
        self.author = named(QLineEdit(), "review.author")
        self.author.setMaxLength(LONGEST_NAME)
        self.author.setAccessibleName("Your name on notes")
        self.author.setPlaceholderText("Unsigned")
        self._lay()
        self.add.clicked.connect(self.add_wanted)
        self.search.textChanged.connect(self._list_again)
        self.kinds.buttonClicked.connect(lambda button: self.show_only(button.property("shown")))
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.shown_wanted.connect(self.shown_wanted)
        self.list.remove_wanted.connect(self.remove_wanted)
        self.author.editingFinished.connect(lambda: self.author_changed.emit(self.author.text()))
        self.set_rows((), "", read_only=False)

    # ---- what is shown

    def set_rows(self, rows: Sequence[NoteRow], current: str, *, read_only: bool) -> None:
        """Show these, and read one of them; "" reads none."""
        self._rows, self._current, self._read_only = tuple(rows), current, read_only
        open_ones = sum(not row.note.resolved for row in rows)
        counts = {"open": open_ones, "all": len(rows), "resolved": len(rows) - open_ones}
        for button, (kind, title) in zip(self.kinds.buttons(), KINDS, strict=True):
            button.setText(f"{title} {counts[kind]}")
        self.notice.setVisible(read_only)
        self.add.setEnabled(not read_only)
        self._list_again()

    def show_only(self, shown: Shown) -> None:
        """List the open ones, the resolved ones or all."""
        self.shown = shown
        for button in self.kinds.buttons():
            button.setChecked(button.property("shown") == shown)
        self._list_again()

    def listed(self) -> tuple[NoteRow, ...]:
        """Those that are in the list, in its order."""
        return self.list.notes.rows

    def read(self, note_id: str) -> None:
        """Read this note; where the list leaves it out, the list shows all."""
        self._current, self._beginning = note_id, False
        if note_id and all(row.id != note_id for row in self.listed()):
            self.search.clear()
            if all(row.id != note_id for row in self.listed()):
                self.show_only("all")
        self._list_again()

    def begin(self, about: str, author: str) -> None:
        """Let somebody write a new note."""
        self._beginning = True
        self.list.selectionModel().clear()
        self.place.clear()
        self.editor.begin(about, author)
        self.editor.show()

    def adopt(self, note_id: str) -> None:
        """What is being written is in the session now, as this note."""
        self._current, self._beginning = note_id, False
        if (row := self._row(note_id)) is not None:
            self.editor.adopt(row)
        self._list_again()

    def _row(self, note_id: str) -> NoteRow | None:
        return next((row for row in self._rows if row.id == note_id), None)

    def _list_again(self) -> None:
        rows = listed(self._rows, self.shown, self.search.text())
        current = self._row(self._current)
        if current is not None and current not in rows and not self.search.text():
            rows = tuple(sorted((*rows, current), key=lambda row: (row.note.resolved, row.number)))  # it is being read
        self.list.notes.set_rows(rows)
        place = self.list.notes.place_of(self._current)
        model = self.list.selectionModel()
        if place is None:
            model.clear()
        elif self.list.currentIndex().row() != place or not model.isRowSelected(place, QModelIndex()):
            index = self.list.notes.index(place)
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
        self._middle.setCurrentIndex(1 if rows else 0)
        self.empty.setText(self._why_empty())
        if not self._beginning:
            self.editor.show_row(current, read_only=self._read_only)
            self.editor.setVisible(current is not None)
        self.place.setText(f"{place + 1} of {len(rows)}" if place is not None else "")
        for button in (self.previous, self.following):
            button.setEnabled(bool(rows))

    def _why_empty(self) -> str:
        if not self._rows:
            return NOTHING
        if self.search.text():
            return NO_MATCH
        return NONE_RESOLVED if self.shown == "resolved" else NONE_OPEN

    def _on_current(self, index: QModelIndex) -> None:
        note_id = index.data(ROW).id if index.isValid() else ""
        if note_id and note_id != self._current:
            self.chosen.emit(note_id)

    def sizeHint(self) -> QSize:
        return QSize(320, 600)

    # ---- the widget itself

    def _arrow(self, name: str, arrow: Qt.ArrowType, words: str, step: int) -> QToolButton:
        button = named(QToolButton(), name)
        button.setArrowType(arrow)
        button.setAutoRaise(True)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.clicked.connect(lambda: self.walk_wanted.emit(step))
        return button

    def _head(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setContentsMargins(10, 8, 6, 4)
        top.addWidget(self.add)
        top.addStretch(1)
        for widget in (self.place, self.previous, self.following):
            top.addWidget(widget)
        return top

    def _choice(self) -> QHBoxLayout:
        choice = QHBoxLayout()
        choice.setContentsMargins(10, 0, 10, 2)
        choice.setSpacing(0)
        for kind, title in KINDS:
            button = named(QPushButton(title), f"review.{kind}")
            button.setCheckable(True)
            button.setChecked(kind == self.shown)
            button.setAutoDefault(False)
            button.setProperty("shown", kind)
            button.toggled.connect(lambda checked, button=button: _stand_out(button, checked))
            _stand_out(button, button.isChecked())
            self.kinds.addButton(button)
            choice.addWidget(button, 1)
        return choice

    def _lay(self) -> None:
        sought = QHBoxLayout()
        sought.setContentsMargins(10, 2, 10, 6)
        sought.addWidget(self.search)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(24)
        self.empty.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.empty)
        self._middle.addWidget(self.list)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._middle)
        split.addWidget(self.editor)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([400, 250])
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 4, 10, 8)
        foot.setSpacing(8)
        label = text_label("Your name", "review.author.label")
        label.setWordWrap(False)
        label.setBuddy(self.author)
        foot.addWidget(label)
        foot.addWidget(self.author, 1)
        self.notice.setContentsMargins(10, 8, 10, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addLayout(self._head())
        column.addLayout(self._choice())
        column.addLayout(sought)
        column.addWidget(split, 1)
        column.addLayout(foot)


def _stand_out(button: QPushButton, chosen: bool) -> None:  # noqa: FBT001  as the signal has it
    """Bold as well as pressed: in the dark a pressed button looks much like the ones beside it."""
    font = button.font()
    font.setBold(chosen)
    button.setFont(font)
