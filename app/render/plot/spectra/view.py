"""Eigenvalues as signed bars by rank, each with its error and whether it is verified."""

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.render.plot.legend import Legend, LegendEntry
from app.render.plot.spectra.bars import (
    BarColours,
    Bars,
    SpectrumBars,
    paint_bar,
    paint_negative_mark,
    paint_tick,
    paint_whisker,
)
from app.render.plot.spectra.rank_axis import RankAxis
from app.render.plot.spectra.signed_scale import LinearScale, Scale, SignedLogScale, SteadyRange, log_scale_for
from app.render.plot.spectra.words import EMPTY, HINT, bar_words, caption_words, progress_words
from app.render.plot.style import (
    PlotColours,
    apply_style,
    changes_colours,
    chip_sheet,
    make_plot,
    set_axis_label,
)
from core.spectrum.spectrum import Spectrum

AXIS_LABEL = "eigenvalue of the Hessian of the mean loss"
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
}


class SpectrumView(QWidget):
    """Draws a spectrum. Given a newer one of the same request it moves the bars and leaves the axes alone."""

    hovered = Signal(str)  # words about the bar that is pointed at, "" when there is none any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("spectrumView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._spectrum: Spectrum | None = None
        self._scale: Scale = LinearScale()
        self._range = SteadyRange()
        self._build()
        self._restyle()
        self.set_spectrum(None)

    # ---- what is shown

    @property
    def spectrum(self) -> Spectrum | None:
        """The spectrum on screen."""
        return self._spectrum

    def set_spectrum(self, spectrum: Spectrum | None) -> None:
        """Show this spectrum, or the sentence that says what to do when there is none."""
        if spectrum is None or self._spectrum is None or spectrum.request != self._spectrum.request:
            self._range.reset()
            self._bars.point_at(-1)
            self._scale = SignedLogScale(1.0) if self._log.isChecked() else LinearScale()
        self._spectrum = spectrum
        self._pages.setCurrentIndex(0 if spectrum is None else 1)
        self._chip.setText("" if spectrum is None else progress_words(spectrum))
        self._chip.setVisible(bool(self._chip.text()))
        self._caption.setText("" if spectrum is None else caption_words(spectrum))
        self.setAccessibleDescription(EMPTY if spectrum is None else self._caption.text())
        self._place_bars()
        self._on_pointed_at(self._bars.index, announce=False)

    @property
    def logarithmic(self) -> bool:
        """Whether the values are on the signed logarithmic scale."""
        return self._log.isChecked()

    def set_logarithmic(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        """Choose the signed logarithmic scale, or the linear one."""
        self._log.setChecked(on)

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    # ---- putting it on screen

    def _place_bars(self) -> None:
        spectrum = self._spectrum
        if spectrum is None:
            self._bars.set_bars(Bars())
            return
        values, residuals = spectrum.eigenvalues, spectrum.residuals
        if self._log.isChecked():
            previous = self._scale if isinstance(self._scale, SignedLogScale) and self._range.high else None
            self._scale = log_scale_for(values, previous)
        bars = Bars(
            tops=self._scale.place(values),
            lower=self._scale.place(values - residuals),
            upper=self._scale.place(values + residuals),
            verified=spectrum.verified.astype(bool),
        )
        self._set_ranges(bars, max(spectrum.request.top, len(values)))
        self._bars.set_bars(bars)

    def _set_ranges(self, bars: Bars, ranks: int) -> None:
        # By the values alone: the wide whiskers of the first steps would squeeze the bars to nothing.
        finite = bars.tops[np.isfinite(bars.tops)]
        self._range.include(float(finite.min(initial=0.0)), float(finite.max(initial=0.0)), self._scale)
        low, high = self._range.low, self._range.high
        room = 0.07 * (high - low)  # for the marks beyond the ends of the bars
        low, high = low - (room if low < 0 else 0.0), high + room
        self._plot.setXRange(0.4, ranks + 0.6, padding=0)
        self._plot.setYRange(low, high, padding=0)
        ticks = self._scale.ticks(low, high)
        self._plot.getAxis("left").setTicks(None if ticks is None else [ticks, []])

    def _on_log_toggled(self) -> None:
        self._range.reset()
        if not self._log.isChecked():
            self._scale = LinearScale()
        self._place_bars()

    # ---- reading a bar

    def _on_pointed_at(self, index: int, *, announce: bool = True) -> None:
        words = bar_words(self._spectrum, index) if self._spectrum is not None and index >= 0 else ""
        self._reading.setText(words or HINT)
        self._bars.setToolTip(words)
        if announce:
            self.hovered.emit(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self._bars.bars.tops)
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and count:
            start = self._bars.index if self._bars.index >= 0 else (-1 if step > 0 else count)
            self._bars.point_at(min(max(start + step, 0), count - 1))
        elif event.key() == Qt.Key.Key_Escape and self._bars.index >= 0:
            self._bars.point_at(-1)
        else:
            super().keyPressEvent(event)

    # ---- the widget itself

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self):
            self._restyle()
        super().changeEvent(event)

    def _build(self) -> None:
        self._plot = make_plot(self, bottom=RankAxis())
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys step through the bars
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setMinimumHeight(150)
        set_axis_label(self._plot, "left", AXIS_LABEL, short="Hessian eigenvalue")
        set_axis_label(self._plot, "bottom", "rank by magnitude")
        self._bars = SpectrumBars(self._plot.getViewBox())
        self._bars.pointed_at.connect(self._on_pointed_at)
        self._log = QCheckBox("Logarithmic")
        self._log.setObjectName("logarithmicScale")
        self._log.setToolTip(
            "Logarithmic on both sides of zero, nearly linear around it: small and large magnitudes together."
        )
        self._log.toggled.connect(self._on_log_toggled)
        self._chip, self._reading, self._caption = QLabel(), QLabel(HINT), QLabel()
        for label, name in ((self._chip, "partial"), (self._reading, "reading"), (self._caption, "caption")):
            label.setObjectName(name)
            label.setWordWrap(name != "partial")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Two lines are kept for the reading: the plot must not jump when the pointer enters a bar.
        self._reading.setMinimumHeight(2 * self._reading.fontMetrics().lineSpacing())
        self._reading.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._legend = Legend()
        empty = QLabel(EMPTY)
        empty.setObjectName("empty")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setMargin(24)
        self._arrange(empty)

    def _arrange(self, empty: QLabel) -> None:
        header = QHBoxLayout()
        header.addWidget(self._chip)
        header.addStretch(1)
        header.addWidget(self._log)
        figure = QWidget()
        rows = QVBoxLayout(figure)
        rows.setContentsMargins(10, 8, 10, 8)
        rows.setSpacing(6)
        rows.addLayout(header)
        rows.addWidget(self._plot, 1)
        for widget in (self._legend, self._reading, self._caption):
            rows.addWidget(widget)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(figure)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _restyle(self) -> None:
        colours = apply_style(self._plot, self.palette())
        self._bars.set_colours(colours)
        self._legend.set_entries(_legend_entries(colours), colours.text)
        self._caption.setStyleSheet(f"color: {colours.muted.name()}")
        self._chip.setStyleSheet(chip_sheet(colours))


def _legend_entries(colours: PlotColours) -> list[LegendEntry]:
    bar = BarColours.on(colours)

    def negative(painter: QPainter, place: QRectF) -> None:
        paint_bar(painter, place.adjusted(0, 0, -11, 0), bar.negative, negative=True, verified=True)
        paint_negative_mark(painter, QPointF(place.right() - 4, place.center().y() + 3), bar.negative)

    def unverified(painter: QPainter, place: QRectF) -> None:
        paint_bar(painter, place, bar.positive, negative=False, verified=False)

    def whisker(painter: QPainter, place: QRectF) -> None:
        paint_whisker(painter, place.center().x(), (place.top(), place.bottom()), 4, bar.whisker)

    return [
        LegendEntry("positive", partial(_positive_swatch, bar)),
        LegendEntry("negative", negative),
        LegendEntry("verified", lambda painter, place: paint_tick(painter, place.center(), bar.tick)),
        LegendEntry("not verified", unverified),
        LegendEntry("± residual: a true eigenvalue lies within", whisker),
    ]


def _positive_swatch(bar: BarColours, painter: QPainter, place: QRectF) -> None:
    paint_bar(painter, place, bar.positive, negative=False, verified=True)
