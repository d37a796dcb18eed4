"""Which surfaces are compared, and how they are laid out."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.views.choosing_column import ChoosingColumn
from app.views.comparison.layouts import WAY_WORDS, WAYS, Way
from core.session.document import ResultItem

NONE_YET = "The session has no surfaces yet. Select a network and compute some in the inspector."
TOO_FEW = (
    "The session has not two surfaces of residual networks that this layout could tell apart. Train or open networks "
    "with and without shortcuts, such as resnet20 and resnet20_noshort, and compute their surfaces."
)


class ChoicePanel(ChoosingColumn):
    """A list with a box to tick for every surface, and the layouts."""

    way_wanted = Signal(str)  # a layout was chosen by hand: it also chooses its surfaces

    def __init__(self, parent: QWidget | None = None) -> None:
        layouts = ((way, WAY_WORDS[way]) for way in WAYS)
        super().__init__("comparison", "way", layouts, "Surfaces to compare", parent)
        self.way_box = self._box
        self.way_box.activated.connect(lambda _index: self.way_wanted.emit(self.way))

    @property
    def way(self) -> Way:
        """The layout."""
        chosen: Way = self.way_box.currentData()
        return chosen

    def set_way(self, way: str) -> None:
        """Show that layout; another word changes nothing. Tells nobody."""
        if way in WAYS:
            self.way_box.setCurrentIndex(self.way_box.findData(way))

    def offer(self, surfaces: Sequence[ResultItem], chosen: Sequence[str]) -> None:
        """Fill the list, with these ticked. Tells nobody."""
        self._fill(((surface.id, surface.name) for surface in surfaces), chosen)
        if not surfaces:
            self.say(NONE_YET)
