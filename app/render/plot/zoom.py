"""Which part of its plots a hand chose to look at, as plain numbers, and back again."""

import math

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

AXES = ("x", "y")
MOST = 1e100  # beyond, no plot has anything, and the arithmetic of a scene ends


def zooms_of(widget: QWidget) -> dict[str, dict[str, list[float]]]:
    """The ranges of all plots in a widget that are not simply as wide as what they show; by plot, by axis.

    A plot that no hand can move has none: it shows what it must.
    """
    found = {}
    for key, plot in _plots(widget).items():
        view = plot.getViewBox()
        follows, ranges = view.autoRangeEnabled(), view.state["targetRange"]
        movable = view.state["mouseEnabled"]
        chosen = {
            axis: [float(end) for end in ranges[place]]
            for place, axis in enumerate(AXES)
            if movable[place] and not follows[place]
        }
        if chosen:
            found[key] = chosen
    return found


def restore_zooms(widget: QWidget, zooms: object) -> None:
    """The inverse of `zooms_of`. What is no range, or of a plot that is not there, is passed over."""
    if not isinstance(zooms, dict):
        return
    for key, plot in _plots(widget).items():
        chosen = zooms.get(key)
        if not isinstance(chosen, dict):
            continue
        view = plot.getViewBox()
        for place, axis in enumerate(AXES):
            if view.state["mouseEnabled"][place] and (ends := _range(chosen.get(axis))) is not None:
                view.setRange(**{f"{axis}Range": ends}, padding=0)


def _plots(widget: QWidget) -> dict[str, pg.PlotWidget]:
    """By the kind of the view that each lies in, and its number among those."""
    found: dict[str, pg.PlotWidget] = {}
    for plot in widget.findChildren(pg.PlotWidget):
        owner = plot.parentWidget()
        while owner is not None and not type(owner).__module__.startswith("app."):
            owner = owner.parentWidget()
        kind = type(owner).__name__
        number = sum(key.startswith(f"{kind}.") for key in found)
        found[f"{kind}.{number}"] = plot
    return found


def _range(ends: object) -> tuple[float, float] | None:
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        return None
    if not all(isinstance(end, int | float) and not isinstance(end, bool) and abs(end) < MOST for end in ends):
        return None
    low, high = float(ends[0]), float(ends[1])
    apart = high - low > 1e-12 * max(abs(low), abs(high), 1e-100)
    return (low, high) if apart and math.isfinite(high - low) else None
