"""“Get data…”: the public data sets with what is known of them, fetched only when somebody presses the button."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.downloading import Arriving, Downloads
from app.jobs.estimate import duration_text
from app.jobs.failure import JobFailure
from app.theme.theme import Theme
from app.views.made import named, text_label, with_icon
from core.data.public.catalogue import SETS, PublicSet
from core.data.public.downloads import bytes_there, data_folder, state_of

HEADER = ("Data set", "Size", "Licence", "State")
BAR_STEPS = 1000
PART_WORDS = {"": "training set", "test": "test set"}


class GetDataDialog(QDialog):
    """A list of sets; below it, the chosen one in full, with its buttons. It may be closed while a set arrives."""

    open_wanted = Signal(str)  # a name for `open_dataset`

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        sets: Sequence[PublicSet] = SETS,
        base_address: str | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("get_data")
        self.setWindowTitle("Get data")
        self._theme = theme
        self._sets = tuple(sets)
        self.downloads = Downloads(self, base_address)
        self._failures: dict[str, str] = {}  # by name, until the next try
        self._make()
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_chosen)
        self.list.itemDoubleClicked.connect(self._act)
        self.downloads.changed.connect(self.refresh)
        self.downloads.failed.connect(self._on_failed)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.list.setCurrentItem(self._rows[0])
        self.list.setFocus()
        self.refresh()

    def _make(self) -> None:
        self.list = named(QTreeWidget(), "get_data.list")
        self.list.setHeaderLabels(HEADER)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setAccessibleName("Public data sets")
        self._rows = [QTreeWidgetItem([each.title, _size(each.size), each.licence, ""]) for each in self._sets]
        for row in self._rows:
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.list.addTopLevelItems(self._rows)
        self.list.setStyleSheet("QTreeView::item { padding: 3px 4px; }")
        self.list.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header = self.list.header()
        header.setStretchLastSection(False)
        for column in (0, 1, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.facts = {
            name: text_label(name=f"get_data.{name}") for name in ("samples", "origin", "cite", "checksum", "folder")
        }
        for label in self.facts.values():
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = named(QProgressBar(), "get_data.bar")
        self.bar.setTextVisible(False)
        self.progress = text_label(name="get_data.progress")
        self.complaint = text_label(name="get_data.complaint")
        self.fetch = named(with_icon(QPushButton("&Download"), "save"), "get_data.download")
        self.stop = named(with_icon(QPushButton("&Stop"), "stop"), "get_data.stop")
        self.part = named(QComboBox(), "get_data.part")
        self.part.setAccessibleName("Part of the data set to open")
        self.open_button = named(with_icon(QPushButton("&Open"), "open"), "get_data.open")
        self.close_button = named(QPushButton("&Close"), "get_data.close")
        self.fetch.clicked.connect(self._fetch)
        self.stop.clicked.connect(self._stop)
        self.open_button.clicked.connect(self._open)
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        words = text_label(
            "Nothing is fetched before you press Download. What arrives is checked against the published checksum."
        )
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        titles = {"samples": "Holds", "origin": "Origin", "cite": "To cite", "checksum": "Checked", "folder": "Kept in"}
        for name, title in titles.items():
            form.addRow(QLabel(title), self.facts[name])
        buttons = QHBoxLayout()
        for button in (self.fetch, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for widget in (self.part, self.open_button, self.close_button):
            buttons.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(words)
        column.addWidget(self.list, 1)
        column.addLayout(form)
        column.addWidget(self.bar)
        column.addWidget(self.progress)
        column.addWidget(self.complaint)
        column.addLayout(buttons)
        self.resize(760, 560)

    @property
    def chosen(self) -> PublicSet:
        """The set that is selected in the list."""
        return self._sets[max(0, self.list.currentIndex().row())]

    def choose(self, name: str) -> None:
        """Select the set of that name."""
        for row, wanted in zip(self._rows, self._sets, strict=True):
            if wanted.name == name:
                self.list.setCurrentItem(row)

    def refresh(self, _name: str = "") -> None:
        """Show states, progress and buttons as they are now."""
        for row, each in zip(self._rows, self._sets, strict=True):
            row.setText(3, self._state_words(each))
        wanted = self.chosen
        state, asked, arriving = state_of(wanted), self.downloads.is_asked_for(wanted), self.downloads.arriving(wanted)
        self._show_facts(wanted)
        self._show_progress(wanted, arriving)
        self.fetch.setText("&Go on" if state == "partly" else "&Download")
        self.fetch.setEnabled(state != "there" and not asked)
        self.stop.setEnabled(asked)
        self.open_button.setEnabled(state == "there")
        self.part.setEnabled(state == "there")
        (self.open_button if state == "there" else self.fetch).setDefault(True)
        complaint = "" if asked else self._failures.get(wanted.name, "")
        self.complaint.setText(complaint)
        self.complaint.setVisible(bool(complaint))

    def _show_facts(self, wanted: PublicSet) -> None:
        published = all(file.sha256 for file in wanted.files)
        texts = {
            "samples": wanted.samples,
            "origin": "\n".join((wanted.homepage, *wanted.mirrors)),
            "cite": wanted.citation,
            "checksum": "with the published SHA-256"
            if published
            else "not the first time: its origin publishes no checksum. The first download's is recorded.",
            "folder": str(data_folder() / wanted.folder),
        }
        for name, text in texts.items():
            if self.facts[name].text() != text:
                self.facts[name].setText(text)
        parts = [part for part, _ in wanted.parts]
        if [self.part.itemData(index) for index in range(self.part.count())] != parts:
            self.part.clear()
            for part in parts:
                self.part.addItem(PART_WORDS.get(part, part) if len(parts) > 1 else "all", part)
        self.part.setVisible(len(parts) > 1)

    def _show_progress(self, wanted: PublicSet, arriving: Arriving | None) -> None:
        there = bytes_there(wanted) if arriving is None else arriving.done
        total = wanted.size if arriving is None else arriving.total
        self.bar.setRange(0, 0 if arriving is not None and total is None else BAR_STEPS)
        self.bar.setValue(round(BAR_STEPS * min(1.0, there / total)) if total else 0)
        if arriving is not None:
            left = "" if arriving.seconds_left is None else f", about {duration_text(arriving.seconds_left)} left"
            text = f"{_progress(there, total)}{left}" + (
                f" ({arriving.text.partition(',')[0]})" if arriving.text else ""
            )
        elif self.downloads.is_asked_for(wanted):
            text = "Waits until the set before it has arrived."
        else:
            text = {"there": f"All of it is there: {_size(there)}.", "absent": "Nothing of it is there yet."}.get(
                state_of(wanted), f"{_progress(there, total)} are there; Go on fetches the rest."
            )
        self.progress.setText(text)

    def _state_words(self, wanted: PublicSet) -> str:
        arriving = self.downloads.arriving(wanted)
        if arriving is not None:
            return f"arriving, {100 * arriving.done // arriving.total} %" if arriving.total else "arriving"
        if self.downloads.is_asked_for(wanted):
            return "waits"
        if state_of(wanted) == "partly":
            return f"partly, {_size(bytes_there(wanted))}"
        return "there" if state_of(wanted) == "there" else "not there"

    def _fetch(self) -> None:
        self._failures.pop(self.chosen.name, None)
        self.downloads.start(self.chosen)

    def _stop(self) -> None:
        self.downloads.stop(self.chosen)

    def _on_chosen(self, *_items: object) -> None:
        self.refresh()

    def _open(self) -> None:
        part = self.part.currentData()
        self.open_wanted.emit(f"{self.chosen.name}:{part}" if part else self.chosen.name)
        self.close()

    def _act(self, *_place: object) -> None:
        """Enter or a double click on a row does what the default button does."""
        (self.open_button if self.open_button.isEnabled() else self.fetch).click()

    def _on_failed(self, wanted: PublicSet, failure: JobFailure) -> None:
        self._failures[wanted.name] = failure.message
        self.refresh()

    def _restyle(self) -> None:
        self.complaint.setStyleSheet(f"color: {self._theme.colours.bad};")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self._act()
        else:
            super().keyPressEvent(event)


def _size(size: int | None) -> str:
    return "told when it begins" if size is None else f"{size / 1e6:.1f} MB"


def _progress(there: int, total: int | None) -> str:
    return f"{there / 1e6:.1f} MB" if total is None else f"{there / 1e6:.1f} of {total / 1e6:.1f} MB"
