"""Two items that belong together in one picture: the difference of surfaces as a map, anything else as lines."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.render.plot.across.look import legend_entries
from app.render.plot.across.panel_view import PanelView
from app.render.plot.legend import Legend
from app.render.plot.planes.difference_view import DifferenceView
from app.render.plot.style import plot_colours
from app.views.made import named, text_label
from core.errors import CorrieError
from core.exchange.layouts.picture import Picture
from core.exchange.plane_words import axis_labels
from core.landscape.difference import difference
from core.landscape.surface import Surface
from core.review.comparison.pictures import pair_picture
from core.session.document import Item, ResultItem

NOTHING = "Choose an item of the table to see both together."
NO_PICTURE = "There is no picture of two of these: the table has all that differs."
ALONE = "It is in one of the two sessions only."
MOST_PANELS = 2  # beside one another; a report has all there are


class PairPicture(QWidget):
    """Shows one pair at a time."""

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("two_sessions.picture")
        self.words = text_label(NOTHING, "two_sessions.picture.words")
        self.words.setContentsMargins(16, 16, 16, 16)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.words)
        self._map: DifferenceView | None = None  # made when there is something to draw
        self._lines: QWidget | None = None
        self._legend = Legend(self)
        self.panels: list[PanelView] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def map(self) -> DifferenceView | None:
        """The map of a difference; None while there is none to be seen."""
        return self._map if self._map is not None and self._stack.currentWidget() is self._map else None

    @property
    def lines(self) -> list[PanelView]:
        """The panels that are to be seen."""
        return [panel for panel in self.panels if not panel.isHidden()] if self._shows_lines else []

    def show_pair(self, one: Item | None, other: Item | None) -> None:
        """Draw two items that belong together; say why where that cannot be."""
        if one is None or other is None:
            self.say(NOTHING if one is other else ALONE)
            return
        if isinstance(one, ResultItem) and isinstance(other, ResultItem):
            a, b = one.result, other.result
            if isinstance(a, Surface) and isinstance(b, Surface):
                self._show_difference(a, b)
                return
        picture = pair_picture(one, other)
        if picture is None:
            self.say(NO_PICTURE)
        else:
            self._show_lines(picture)

    def say(self, words: str) -> None:
        """Show a sentence instead of a picture."""
        self.words.setText(words)
        self._stack.setCurrentWidget(self.words)

    @property
    def _shows_lines(self) -> bool:
        return self._lines is not None and self._stack.currentWidget() is self._lines

    def _show_difference(self, a: Surface, b: Surface) -> None:
        limit = min(a.request.display_limit, b.request.display_limit)
        try:
            found = difference(a, b, logarithmic=True, limit=limit)
        except CorrieError as error:
            self.say(str(error))
            return
        if self._map is None:
            self._map = DifferenceView()
            self._map.hovered.connect(self.hovered)
            self._stack.addWidget(self._map)
        self._stack.setCurrentWidget(self._map)
        self._map.set_difference(found, ("A", "B"), axis_labels(a.request.directions), (a, b))

    def _show_lines(self, picture: Picture) -> None:
        if self._lines is None:
            self._lines = named(QWidget(), "two_sessions.picture.lines")
            column, beside = QVBoxLayout(self._lines), QHBoxLayout()
            column.setContentsMargins(0, 0, 0, 0)
            self.panels = [PanelView() for _ in range(MOST_PANELS)]
            for panel in self.panels:
                panel.hovered.connect(self.hovered)
                beside.addWidget(panel, 1)
            below = QHBoxLayout()
            below.setContentsMargins(10, 2, 10, 2)
            below.addWidget(self._legend)
            column.addLayout(beside, 1)
            column.addLayout(below)
            self._stack.addWidget(self._lines)
        shown = picture.panels[:MOST_PANELS]
        for place, view in enumerate(self.panels):
            view.setVisible(place < len(shown))
            if place < len(shown):
                view.show_panel(shown[place], picture)
        frame = plot_colours(self.palette())
        self._legend.set_entries(legend_entries(picture, frame), frame.text)
        self._stack.setCurrentWidget(self._lines)
