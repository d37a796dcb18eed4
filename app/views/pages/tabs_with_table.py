"""A plot over its table where a page is high enough for both; in a lower one the table has a tab of its own."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from app.views.made import named

HIGH = 36  # lines of text from which on a plot and its table can both be read


class TabsWithTable(QTabWidget):
    """The first tab is the plot with its table; a page adds its further tabs. A single tab needs no bar."""

    def __init__(
        self,
        name: str,
        plot: QWidget,
        title: str,
        table: QWidget,
        table_title: str,
        sizes: tuple[int, int] = (420, 220),
    ) -> None:
        super().__init__()
        named(self, name)
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self._table, self._table_title = table, table_title
        self._sizes = list(sizes)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        for part in (plot, table):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes(self._sizes)
        self.addTab(self._splitter, title)

    @property
    def apart(self) -> bool:
        """Whether the table has a tab of its own now."""
        return self.indexOf(self._table) >= 0

    @property
    def plot_tab(self) -> QWidget:
        """The tab of the plot."""
        return self._splitter

    @property
    def shown(self) -> QWidget:
        """The tab that is shown; for the table that of the plot, to which it belongs."""
        current = self.currentWidget()
        return self._splitter if current is None or current is self._table else current

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        high = self.height() >= HIGH * self.fontMetrics().lineSpacing()
        if high and self.apart:
            self._put_below()
        elif not high and not self.apart:
            self._put_apart()

    def _put_apart(self) -> None:
        if all(sizes := self._splitter.sizes()):
            self._sizes = sizes  # as they were chosen
        self.insertTab(1, self._table, self._table_title)

    def _put_below(self) -> None:
        was_shown = self.currentWidget() is self._table
        self.removeTab(self.indexOf(self._table))
        self._splitter.addWidget(self._table)
        self._splitter.setStretchFactor(1, 1)
        self._table.show()  # a tab that is not in front is hidden
        self._splitter.setSizes(self._sizes)
        if was_shown:
            self.setCurrentWidget(self._splitter)
