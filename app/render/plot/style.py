"""The look that all plots share: colours from the palette, axes with units, fonts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.render.plot.number_text import plain_number

# pyqtgraph drops mouse moves above 100 per second, the last one too; a dragged box would then lag behind the hand.
# The library has this option only per process.
pg.setConfigOptions(mouseRateLimit=-1)

# Okabe & Ito 2008, "Color Universal Design": told apart with every common colour vision.
ORANGE = QColor("#E69F00")
SKY_BLUE = QColor("#56B4E9")
BLUISH_GREEN = QColor("#009E73")
YELLOW = QColor("#F0E442")
BLUE = QColor("#0072B2")
VERMILLION = QColor("#D55E00")
REDDISH_PURPLE = QColor("#CC79A7")

TEXT_CONTRAST = 4.5  # WCAG 2.1, success criterion 1.4.3
SHAPE_CONTRAST = 3.0  # WCAG 2.1, success criterion 1.4.11

Side = Literal["left", "bottom"]

_looks: WeakKeyDictionary[QWidget, tuple[QPalette, QFont]] = WeakKeyDictionary()  # see `changes_colours`


@dataclass(frozen=True)
class PlotColours:
    """The colours of a plot's frame, all taken from the application's palette."""

    background: QColor
    text: QColor
    muted: QColor  # captions and ticks: between text and background, yet of text contrast
    grid: QColor
    neutral: QColor  # calm fill for "nothing here"
    dark: bool


def plot_colours(palette: QPalette) -> PlotColours:
    """Derive a plot's colours from a palette, light or dark."""
    background = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Base)
    text = legible(palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text), background)
    return PlotColours(
        background=background,
        text=text,
        muted=legible(mixed(text, background, 0.30), background),
        grid=mixed(background, text, 0.16),
        neutral=mixed(background, text, 0.08),
        dark=luminance(background) < luminance(text),
    )


def luminance(colour: QColor) -> float:
    """Relative luminance of an opaque colour, 0 to 1 (WCAG 2.1, "relative luminance")."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.1, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with that share of `other`, 0 to 1, opaque."""
    keep = 1 - share
    return QColor.fromRgbF(
        keep * one.redF() + share * other.redF(),
        keep * one.greenF() + share * other.greenF(),
        keep * one.blueF() + share * other.blueF(),
    )


def faded(colour: QColor, alpha: float) -> QColor:
    """The same colour, that transparent: 0 invisible, 1 opaque."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def legible(colour: QColor, background: QColor, ratio: float = TEXT_CONTRAST) -> QColor:
    """The colour, moved towards black or white as little as the contrast on that background needs."""
    end = max((QColor("black"), QColor("white")), key=lambda extreme: contrast(extreme, background))
    steps = (mixed(colour, end, step / 20) for step in range(21))
    return next((shade for shade in steps if contrast(shade, background) >= ratio), end)


def line_pen(colour: QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width stays in pixels however the plot is zoomed."""
    pen = QPen(colour, width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    pen.setCosmetic(True)
    return pen


def with_unit(name: str, unit: str) -> str:
    """``name (unit)``, or the name alone where there is no unit."""
    return f"{name} ({unit})" if unit else name


class PlainAxis(pg.AxisItem):
    """An axis that writes numbers in full and shortens its label rather than overrun the plot."""

    def __init__(self, orientation: Side) -> None:
        self._labels: tuple[str, ...] = ("",)
        super().__init__(orientation)
        self.enableAutoSIPrefix(enable=False)  # "(x1e-05)" beside a label is misread

    def set_labels(self, labels: Sequence[str]) -> None:
        """Show the first of these that fits, the longest first; the longest is the tooltip."""
        self._labels = tuple(labels)
        self.setLabel(self._labels[0])
        self.label.setToolTip(self._labels[0])

    def reserve_text_space(self) -> None:
        """Keep room for numbers of six digits from the start: pyqtgraph widens the axis only after it was painted."""
        self.textWidth = QFontMetricsF(self.style["tickFont"] or self.label.font()).horizontalAdvance("−20\u202f000")
        self.setStyle(tickLength=-4, tickTextOffset=6, autoExpandTextSpace=True, autoReduceTextSpace=False)

    def labelString(self) -> str:
        return self._fitting().replace("&", "&amp;").replace("<", "&lt;")

    def resizeEvent(self, event: object = None) -> None:
        if self.label is not None and self.label.toPlainText() != self._fitting():
            self.label.setHtml(self.labelString())
        super().resizeEvent(event)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        step = spacing * scale
        least = max(0, math.ceil(-math.log10(step) - 1e-9))
        # A step such as 0.25 needs more decimals than its magnitude says.
        decimals = next((d for d in range(least, least + 3) if abs(round(step, d) - step) < 1e-6 * step), least)
        return [plain_number(value * scale, decimals) for value in values]

    def _fitting(self) -> str:
        room = (self.size().height() if self.orientation == "left" else self.size().width()) - 12
        metrics = QFontMetricsF(self.label.font())
        fits = next((text for text in self._labels if metrics.horizontalAdvance(text) <= room), None)
        if fits is not None or room <= 0:
            return fits or self._labels[-1]
        return metrics.elidedText(self._labels[-1], Qt.TextElideMode.ElideRight, room)


def make_plot(
    parent: QWidget | None = None, *, bottom: PlainAxis | None = None, left: PlainAxis | None = None
) -> pg.PlotWidget:
    """An empty plot with plain axes, without the library's own menu and buttons."""
    axes = {"left": left or PlainAxis("left"), "bottom": bottom or PlainAxis("bottom")}
    plot = pg.PlotWidget(parent, enableMenu=False, axisItems=axes)
    # This menu is made all the same, and would outlive the plot; without its flags it would show up inside the plot.
    menu = plot.getPlotItem().ctrlMenu
    menu.setParent(plot, menu.windowFlags())
    plot.hideButtons()
    plot.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
    plot.setAntialiasing(True)
    return plot


def apply_style(plot: pg.PlotWidget, palette: QPalette, *, grid: bool = True) -> PlotColours:
    """Give a plot of `make_plot` the palette's colours and its own widget's font. Returns the colours."""
    colours = plot_colours(palette)
    plot.setBackground(colours.background)
    font = plot.font()
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setPen(line_pen(colours.grid))
        axis.setTextPen(line_pen(colours.muted))
        axis.setTickPen(line_pen(colours.grid))
        axis.setTickFont(font)
        axis.reserve_text_space()
        axis.setGrid(90 if grid else False)
        axis.setZValue(-1000)  # grid lines are drawn by the axis, and belong behind what is measured by them
        axis.label.setFont(font)
        axis.label.setDefaultTextColor(colours.text)
        axis.resizeEvent()
    return colours


def set_axis_label(plot: pg.PlotWidget, side: Side, name: str, unit: str = "", *, short: str = "") -> None:
    """Label an axis of a plot of `make_plot`: ``name (unit)``, or the short form where that is too long."""
    texts = [with_unit(name, unit)] + ([with_unit(short, unit)] if short else []) + ([name] if unit else [])
    plot.getAxis(side).set_labels(texts)


def chip_sheet(colours: PlotColours) -> str:
    """Style sheet of a label that marks a figure as partial."""
    colour = legible(ORANGE, colours.background).name()
    return f"QLabel {{ color: {colour}; border: 1px solid {colour}; border-radius: 3px; padding: 1px 6px; }}"


def changes_colours(event: QEvent, widget: QWidget) -> bool:
    """Whether a `changeEvent` means that `apply_style` is due again.

    Qt sends several such events while a widget finds its place in a window, most of them about nothing new.
    """
    if event.type() not in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
        return False
    look = QPalette(widget.palette()), QFont(widget.font())
    if _looks.get(widget) == look:
        return False
    _looks[widget] = look
    return True
