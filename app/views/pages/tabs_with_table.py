"""A plot over its table where a page is high enough for both; in a lower one the table has a tab of its own."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from app.views.made import named

HIGH = 36  # lines of text from which on a plot and its table can both be read
NEVER = 10_000
BESIDE = (600, 380)  # shares of plot and table that lie beside one another


class TabsWithTable(QTabWidget):
    """The first tab is the plot with its table; a page adds its further tabs. A single tab needs no bar.

    Parameters
    ----------
    high, wide : int
        Lines of text from which on the table lies below the plot, and letters from which on it lies beside it in a page
        that is not so high.
    """

    def __init__(
        self,
        name: str,
        plot: QWidget,
        title: str,
        table: QWidget,
        table_title: str,
        sizes: tuple[int, int] = (420, 220),
        *,
        high: int = HIGH,
        wide: int = NEVER,
    ) -> None:
        super().__init__()
        named(self, name)
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self._table, self._table_title = table, table_title
        self._sizes = list(sizes)
        self._offered = True
        self._high, self._wide = high, wide
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        for part in (plot, table):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes(self._sizes)
        self._splitter.splitterMoved.connect(self._keep_sizes)
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

    def show_table(self) -> None:
        """Turn to where the table is."""
        self.setCurrentWidget(self._table if self.apart else self._splitter)

    def offer_table(self, *, offered: bool) -> None:
        """Leave the table out while there is nothing in it."""
        self._offered = offered
        if self.apart:
            self.setTabVisible(self.indexOf(self._table), offered)
        else:
            self._table.setVisible(offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        high = self.height() >= self._high * self.fontMetrics().lineSpacing()
        wide = self.width() >= self._wide * self.fontMetrics().averageCharWidth()
        beside = wide and not high
        if self.apart:
            if high or wide:
                self._put_together(beside=beside)
            return
        if beside is not self._beside:
            self._lay(beside=beside)
        if not (high or wide):
            self._put_apart()

    @property
    def _beside(self) -> bool:
        return self._splitter.orientation() is Qt.Orientation.Horizontal

    def _lay(self, *, beside: bool) -> None:
        """Below the plot, or beside it."""
        self._splitter.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        self._splitter.setSizes(list(BESIDE) if beside else self._sizes)

    def _keep_sizes(self) -> None:
        """As a hand chose them: those that a low page squeezed the parts to say nothing of a higher one."""
        if not self._beside:
            self._sizes = self._splitter.sizes()

    def _put_apart(self) -> None:
        self.setTabVisible(self.insertTab(1, self._table, self._table_title), self._offered)

    def _put_together(self, *, beside: bool) -> None:
        was_shown = self.currentWidget() is self._table
        self.removeTab(self.indexOf(self._table))
        self._splitter.addWidget(self._table)
        self._splitter.setStretchFactor(1, 1)
        self._table.setVisible(self._offered)  # a tab that is not in front is hidden
        self._lay(beside=beside)
        if was_shown:
            self.setCurrentWidget(self._splitter)
