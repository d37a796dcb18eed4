"""The menu of a button from which a test set is chosen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.actions.wording import literal, sized
from app.views.made import named
from core.session.document import DatasetItem

NONE = "No test set"


class MenuOfTestSets(QMenu):
    """The data that there are when it opens; the first of them as long as nobody has chosen."""

    chosen = Signal()

    def __init__(self, name: str, offered: Callable[[], Sequence[DatasetItem]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self.setTitle("Test set")
        self.setToolTipsVisible(True)
        self._offered = offered
        self._wanted: str | None = None  # id; "" for none; None: nobody has chosen
        self._group = QActionGroup(self)
        self.aboutToShow.connect(self._fill)
        self._group.triggered.connect(self._on_chosen)

    @property
    def wanted(self) -> str | None:
        """What somebody has chosen: an id, "" for no test set; None if nobody has."""
        return self._wanted

    @property
    def test_set(self) -> DatasetItem | None:
        """What the loss is computed on as well."""
        offered = tuple(self._offered())
        if self._wanted == "":
            return None
        return next((item for item in offered if item.id == self._wanted), next(iter(offered), None))

    def choose(self, item_id: str) -> None:
        """Choose data by their id, or "" for none. What is not there any more counts as not chosen."""
        self._wanted = item_id

    def has_choice(self) -> bool:
        """Whether there are any data to test on."""
        return bool(self._offered())

    def _fill(self) -> None:
        self.clear()
        test_set = self.test_set
        for text, item_id in ((NONE, ""), *((sized(i), i.id) for i in self._offered())):
            action = QAction(literal(text), self)  # goes when the menu is cleared
            self._group.addAction(action)
            action.setData(item_id)
            action.setCheckable(True)
            action.setChecked(item_id == ("" if test_set is None else test_set.id))
            self.addAction(action)

    def _on_chosen(self, action: QAction) -> None:
        self.choose(str(action.data()))
        self.chosen.emit()


class ButtonWithMenu(QToolButton):
    """Its menu opens with the arrow at its side, and with the key ↓, for which Qt has nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        menu = self.menu()
        if menu is not None and event.key() == Qt.Key.Key_Down:
            menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        else:
            super().keyPressEvent(event)
