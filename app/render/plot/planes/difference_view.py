"""The difference of two surfaces as a signed map: red where the first is higher, blue where the second is."""

import numpy as np
from PySide6.QtWidgets import QWidget

from app.render.plot.planes.map_plot import MapPlot, PlaneMap
from app.render.scales import HeightScale
from core.exchange.words import number, signed
from core.landscape.difference import Difference
from core.landscape.surface import Surface

EMPTY = "Choose two surfaces over the same grid to see where they differ."
COLOURS = "coolwarm"  # lightest at zero


class DifferenceView(MapPlot):
    """The map with words about sign and size. The lines of equal loss are those of the first surface."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY, bar="first − second", parent=parent)
        self.setObjectName("differenceView")
        self.setAccessibleName("Difference of two surfaces")
        self._difference: Difference | None = None
        self._names = ("the first", "the second")
        self._surfaces: tuple[Surface, Surface] | None = None
        self.reader = self._read

    @property
    def difference(self) -> Difference | None:
        """What is on screen."""
        return self._difference

    def set_difference(
        self,
        difference: Difference | None,
        names: tuple[str, str] = ("the first", "the second"),
        axes: tuple[str, str] = ("first direction", "second direction"),
        surfaces: tuple[Surface, Surface] | None = None,
    ) -> None:
        """Show this difference of two surfaces with their names; None shows what to do."""
        self._difference, self._names, self._surfaces = difference, names, surfaces
        if difference is None:
            self.set_map(None)
            return
        self.set_bar("Δ ln(loss+0.1)" if difference.logarithmic else "Δ loss", _unit(difference))
        widest = float(np.abs(difference.known).max()) if len(difference.known) else 1.0
        widest = widest or 1.0
        self.set_map(
            PlaneMap(
                x=difference.x,
                y=difference.y,
                values=difference.values,
                scale=HeightScale(low=-widest, high=widest, kind="linear"),
                colours=COLOURS,
                axes=axes,
                caption=difference_words(difference, names),
            )
        )

    def _read(self, row: int, column: int) -> str:
        difference = self._difference
        if difference is None:
            return ""
        place = f"({number(float(difference.x[column]), 3)}, {number(float(difference.y[row]), 3)})"
        value = float(difference.values[row, column])
        if not np.isfinite(value):
            return f"{place}: one of the two has no finite loss here"
        losses = ""
        if self._surfaces is not None:
            pairs = zip(self._names, self._surfaces, strict=True)
            losses = " · ".join(f"{name} {number(float(surface.loss[row, column]))}" for name, surface in pairs)
            losses = f" · loss: {losses}"
        return f"{place}: {size_words(value, difference)}{losses}"


def size_words(value: float, difference: Difference) -> str:
    """How much higher the first surface is, as one would say it."""
    if not difference.logarithmic:
        return f"{signed(value)} {difference.loss_unit}"
    return f"{signed(value, 3)}, loss + 0.1 times {number(float(np.exp(value)), 3)}"


def difference_words(difference: Difference, names: tuple[str, str]) -> str:
    """Sign and size of the whole map, in one line."""
    known = difference.known
    if not len(known):
        return "The two have no point in common at which both losses are finite."
    higher = 100.0 * float((known > 0).mean())
    parts = [
        f"Red: {names[0]} is higher, at {number(higher, 3)} % of the points; blue: {names[1]}",
        f"median {size_words(float(np.median(known)), difference)}",
        f"from {signed(float(known.min()), 3)} to {signed(float(known.max()), 3)}",
    ]
    if np.isfinite(difference.limit):
        parts.append(f"both clipped at loss {number(difference.limit, 3)}")
    if missing := difference.values.size - len(known):
        parts.append(f"{missing:,} points where one of the two is not known")
    return " · ".join(parts)


def _unit(difference: Difference) -> str:
    return "" if difference.logarithmic else difference.loss_unit
