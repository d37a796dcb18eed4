"""The features of a table to tick, and below them how the one that is pointed at may change."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.actions.wording import tip
from app.views.inspector.freedom.details import Details
from app.views.inspector.freedom.settings import Settings, freedom_of, settings_of
from app.views.made import named
from core.corrections.records.freedom import Freedom
from core.data.dataset import Dataset
from core.data.tables.features import FeatureCard
from core.errors import InvalidRequest

NAME = Qt.ItemDataRole.UserRole
ROWS = 8  # that are seen at once
HEADS = ("May change", "Into")
Entry = tuple[tuple[str, ...], str, Mapping[str, Settings]]


class FreedomChoice(QWidget):
    """Numbers, categories and groups of one table. Its fields are named after the form that they are part of."""

    edited = Signal()

    def __init__(self, form: str, data: Dataset, card: FeatureCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{form}.freedom")
        self._data = data
        self._defaults = settings_of(data, card)
        self._settings = dict(self._defaults)
        self._row = 0
        self.list = named(QTreeWidget(), f"{form}.may_change")
        self.list.setAccessibleName("Features that may change")
        self.list.setColumnCount(len(HEADS))
        self.list.setHeaderLabels(HEADS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.details = Details(form)
        self._items: dict[str, QTreeWidgetItem] = {}
        for name in self._settings:
            self._add(name)
        self.set_row(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.list)
        layout.addWidget(self.details)
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().height() + 6)
        frame = header.sizeHint().height() + 2 * self.list.frameWidth()
        self.list.setFixedHeight(row * min(ROWS, max(3, len(self._items))) + frame)
        self.list.itemChanged.connect(self._on_ticked)
        self.list.currentItemChanged.connect(self._on_current)
        self.details.edited.connect(self._on_edited)
        self.list.setCurrentItem(next(iter(self._items.values())))

    @property
    def names(self) -> tuple[str, ...]:
        """What is ticked, in the order of the card."""
        return tuple(name for name, item in self._items.items() if item.checkState(0) is Qt.CheckState.Checked)

    @property
    def changeable(self) -> tuple[str, ...]:
        """What may be ticked."""
        return tuple(name for name, one in self._settings.items() if one.change != "fixed")

    def settings(self, name: str) -> Settings:
        """How a feature may change."""
        return self._settings[name]

    def freedom(self, row: int) -> Freedom:
        """What may change of a row. Raises `InvalidRequest` if the entries contradict each other."""
        return freedom_of(self._data, row, {name: self._settings[name] for name in self.names})

    def all_freedom(self, row: int) -> Freedom:
        """All features of a row that may change and have something to choose; groups apart, whose features they are.

        Raises `InvalidRequest` if there are none.
        """
        chosen: dict[str, Settings] = {}
        for name in self.changeable:
            with contextlib.suppress(InvalidRequest):
                if self._settings[name].sort != "group" and freedom_of(self._data, row, {name: self._settings[name]}):
                    chosen[name] = self._settings[name]
        return freedom_of(self._data, row, chosen)

    def choose(self, names: Iterable[str]) -> None:
        """Tick exactly these, as far as they may change; the first one is pointed at."""
        wanted = [name for name in names if name in self.changeable]
        with QSignalBlocker(self.list):
            for name, item in self._items.items():
                if self._settings[name].change != "fixed":
                    item.setCheckState(0, Qt.CheckState.Checked if name in wanted else Qt.CheckState.Unchecked)
        if wanted:
            self.list.setCurrentItem(self._items[wanted[0]])
            self.list.scrollToItem(self._items[wanted[0]])
        self.edited.emit()

    def set_stability(self, name: str, half_width: float) -> None:
        """Ask for this much stability of a number."""
        self._settings[name] = replace(self._settings[name], half_width=half_width)
        self._describe(name)
        self._on_current()

    def set_row(self, row: int) -> None:
        """Show what the features are in this row."""
        self._row = row
        self.list.setColumnWidth(1, self.fontMetrics().horizontalAdvance("00000–00000 ±"))
        with QSignalBlocker(self.list):
            for name, item in self._items.items():
                item.setToolTip(0, tip(self._sentence(name)))
        self._on_current()

    def entry(self) -> Entry:
        """What is entered, for `enter`: what is ticked and pointed at, and what is not as on the card."""
        changed = {name: one for name, one in self._settings.items() if one != self._defaults[name]}
        return self.names, self._current(), changed

    def enter(self, entry: object) -> None:
        """Put back what was entered before; the card may be another one by now."""
        if not isinstance(entry, tuple) or len(entry) != 3:
            return
        names, current, changed = entry
        for name, one in changed.items():
            default = self._defaults.get(name)
            if default is not None and (default.sort, default.levels) == (one.sort, one.levels):
                self._settings[name] = replace(one, column=default.column)
        for name in self._items:
            self._describe(name)
        self.choose(names)
        if current in self._items:
            self.list.setCurrentItem(self._items[current])
        self._on_current()

    def _add(self, name: str) -> None:
        one = self._settings[name]
        item = QTreeWidgetItem(self.list, [name])
        item.setData(0, NAME, name)
        if one.change == "fixed":
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Unchecked)
        self._items[name] = item
        self._describe(name)

    def _describe(self, name: str) -> None:
        """What it may become, in few letters."""
        one, item = self._settings[name], self._items[name]
        if one.change == "fixed":
            text = "fixed"
        elif one.sort == "category":
            text = "any" if len(one.allowed) == len(one.levels) else f"{len(one.allowed)} of {len(one.levels)}"
        else:
            way = {"up": "↑ ", "down": "↓ "}.get(one.change, "")
            stable = f" ± {one.half_width:g}" if one.half_width else ""
            text = f"{way}{one.low:.6g}–{one.high:.6g}{stable}".replace("-", "−")
        with QSignalBlocker(self.list):
            item.setText(1, text)
            item.setToolTip(1, tip(f"{text} {one.unit}".rstrip()))

    def _sentence(self, name: str) -> str:
        """The whole name, and what the feature is in the row."""
        one = self._settings[name]
        now = self._now(name)
        return f"{name}: now {now}" + (", fixed on the feature card" if one.change == "fixed" else "")

    def _now(self, name: str) -> str:
        one = self._settings[name]
        if one.sort == "group":
            return f"0 {one.unit}".rstrip()
        values = self._data.x[self._row, one.column : one.column + max(1, len(one.levels))]
        if one.sort == "category":
            return one.levels[int(values.argmax())]
        return f"{float(values[0]):.6g} {one.unit}".rstrip()

    def _current(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else item.data(0, NAME)

    def _on_current(self) -> None:
        if (name := self._current()) and self._settings[name].change != "fixed":
            self.details.show_settings(self._settings[name], self._defaults[name].change)
            self.details.now.setText(self._sentence(name))

    def _on_ticked(self, item: QTreeWidgetItem) -> None:
        self.list.setCurrentItem(item)
        self.edited.emit()

    def _on_edited(self, settings: Settings) -> None:
        if name := self._current():
            self._settings[name] = settings
            self._describe(name)
            self.edited.emit()
