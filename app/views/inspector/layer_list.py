"""Modules of a network to choose from, as a tree that can be ticked."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QWidget,
)

from app.actions.wording import tip
from core.exchange.words import whole

NAME = Qt.ItemDataRole.UserRole
ROWS = 8  # that are seen at once


class LayerList(QTreeWidget):
    """Every module with parameters; a ticked one takes all in it."""

    edited = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Layers")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(True)
        self.setIndentation(14)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumWidth(120)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_RoomyRows(self))
        self.itemChanged.connect(lambda _item, _column: self.edited.emit())
        for folded in (self.itemExpanded, self.itemCollapsed):
            folded.connect(self._fit)

    def offer(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Offer the modules of a network, by the names of its parameters."""
        with QSignalBlocker(self):
            self.clear()
            known: dict[str, QTreeWidgetItem] = {}
            for parameter, shape in shapes.items():
                count = 1
                for extent in shape:
                    count *= extent
                for module in modules_of(parameter):
                    item = known.get(module) or self._add(module, known)
                    known[module] = item
                    item.setData(1, NAME, (item.data(1, NAME) or 0) + count)
            for item in known.values():
                item.setText(1, whole(item.data(1, NAME)))
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the ticked modules; of one that is ticked as a whole only its own."""
        names: list[str] = []
        waiting = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        while waiting:
            item = waiting.pop(0)
            if item is None:
                continue
            if item.checkState(0) is Qt.CheckState.Checked:
                names.append(item.data(0, NAME))
            elif item.checkState(0) is Qt.CheckState.PartiallyChecked:
                waiting[:0] = [item.child(place) for place in range(item.childCount())]
        return tuple(names)

    def choose(self, names: Iterable[str]) -> None:
        """Tick exactly these, as far as they are offered."""
        wanted = set(names)
        with QSignalBlocker(self):
            items = list(self._items())
            for item in items:
                if not item.childCount():
                    item.setCheckState(0, Qt.CheckState.Unchecked)
            for item in items:
                if item.data(0, NAME) in wanted:
                    item.setCheckState(0, Qt.CheckState.Checked)
                    self._unfold_to(item)
        self.edited.emit()

    def _fit(self) -> None:
        """As high as the rows that are unfolded, up to `ROWS`: the form below stays near."""
        items = self._items()
        shown = sum(all(above.isExpanded() for above in _above(item)) for item in items)
        row = max(self.sizeHintForRow(0), self.fontMetrics().height())
        self.setFixedHeight(row * min(ROWS, max(2, shown)) + 2 * self.frameWidth())

    def _items(self) -> Iterable[QTreeWidgetItem]:
        walk = QTreeWidgetItemIterator(self)
        while (item := walk.value()) is not None:
            yield item
            walk += 1

    def _add(self, module: str, known: Mapping[str, QTreeWidgetItem]) -> QTreeWidgetItem:
        parent_name, _, own = module.rpartition(".")
        item = QTreeWidgetItem([own or module, ""])
        item.setData(0, NAME, module)
        item.setToolTip(0, tip(module))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
        item.setCheckState(0, Qt.CheckState.Unchecked)
        if (parent := known.get(parent_name)) is not None:
            parent.addChild(item)
        else:
            self.addTopLevelItem(item)
        return item

    @staticmethod
    def _unfold_to(item: QTreeWidgetItem) -> None:
        for above in _above(item):
            above.setExpanded(True)


class _RoomyRows(QStyledItemDelegate):
    """Rows so high that the boxes in them do not touch."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        return size.expandedTo(QSize(0, option.fontMetrics.height() + 6))


def _above(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """The modules that an item lies in, from the inside."""
    found: list[QTreeWidgetItem] = []
    above = item.parent()
    while above is not None:
        found.append(above)
        above = above.parent()
    return found


def modules_of(parameter: str) -> list[str]:
    """``layer1.0.conv1.weight`` lies in ``layer1``, ``layer1.0`` and ``layer1.0.conv1``; one on its own in itself."""
    parts = parameter.split(".")
    return [".".join(parts[: depth + 1]) for depth in range(len(parts) - 1)] or [parameter]


def parameters_within(shapes: Mapping[str, tuple[int, ...]], layers: Iterable[str], *, weights_only: bool) -> int:
    """How many numbers are varied; no layers: those of all."""
    chosen, total = tuple(layers), 0
    for name, shape in shapes.items():
        inside = not chosen or any(name == layer or name.startswith(f"{layer}.") for layer in chosen)
        if inside and not (weights_only and len(shape) < 2):
            count = 1
            for extent in shape:
                count *= extent
            total += count
    return total
