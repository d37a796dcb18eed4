"""Eigenvalues as signed bars by rank, each with its errors and whether it is verified; the density below them."""

import html

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.render.pins.ground import PinGround
from app.render.plot.figure_view import empty_label, figure_label, reading_label, selectable, write_quietly
from app.render.plot.legend import Legend
from app.render.plot.pin_ground import PlotGround
from app.render.plot.spectra.bars import Bars, SpectrumBars
from app.render.plot.spectra.choosing import Choice
from app.render.plot.spectra.density_panel import DensityPanel
from app.render.plot.spectra.legend_entries import legend_entries
from app.render.plot.spectra.rank_axis import RankAxis
from app.render.plot.spectra.signed_scale import LinearScale, Scale, SignedLogScale, SteadyRange, log_scale_for
from app.render.plot.spectra.words import (
    EMPTY,
    HINT,
    axis_words,
    bar_lines,
    bar_words,
    caption_words,
    progress_words,
    unit_words,
)
from app.render.plot.style import (
    apply_style,
    changes_colours,
    chip_sheet,
    make_plot,
    plot_colours,
    set_axis_label,
    with_unit,
)
from core.exchange.spectrum_words import rank_words
from core.review.note import Anchor, BarAnchor
from core.spectrum.spectrum import FloatArray, Spectrum

LOWEST_PLOT = 168  # pixels that the bars need with their axes
LEGEND_FROM = 540  # pixels of a view that has room for a legend between two plots
SMALL, NARROW, LOW = 480, 820, 640  # pixels of a view whose caption leaves out what can be read elsewhere


class SpectrumView(QWidget):
    """Draws a spectrum. Given a newer one of the same request it moves the bars and leaves the axes alone."""

    hovered = Signal(str)  # words about what is pointed at, "" when there is none any more
    chosen_changed = Signal()  # other bars are chosen
    view_changed = Signal()  # another scale is worth keeping

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("spectrumView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._spectrum: Spectrum | None = None
        self._scale: Scale = LinearScale()
        self._range = SteadyRange()
        self.choice = Choice(self)
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
            self.choice.choose(())
            self._scale = SignedLogScale(1.0) if self._log.isChecked() else LinearScale()
        elif spectrum.status != self._spectrum.status:
            self._range.reset()  # what is complete looks the same when it is opened again
        self._spectrum = spectrum
        self._pages.setCurrentIndex(0 if spectrum is None else 1)
        self._chip.setText("" if spectrum is None else progress_words(spectrum))
        self._chip.setVisible(bool(self._chip.text()))
        self._caption_again()
        self.setAccessibleDescription(EMPTY if spectrum is None else caption_words(spectrum, density=True))
        if spectrum is not None:
            name, short = axis_words(spectrum.request)
            unit = unit_words(spectrum)
            self._plot.getAxis("left").set_labels([with_unit(name, unit), with_unit(short, unit), short, "eigenvalue"])
            set_axis_label(self._plot, "bottom", rank_words(spectrum.request))
        self._place_bars()
        self.density.set_spectrum(spectrum)
        self.choice.keep_below(0 if spectrum is None else len(spectrum.eigenvalues))
        self._legend.set_entries(
            legend_entries(spectrum, plot_colours(self.palette())), plot_colours(self.palette()).text
        )
        self._fit_legend()
        self._on_pointed_at(self._bars.index, announce=False)

    @property
    def logarithmic(self) -> bool:
        """Whether the values are on the signed logarithmic scale."""
        return self._log.isChecked()

    def set_logarithmic(self, on: bool) -> None:  # noqa: FBT001  a Qt slot
        """Choose the signed logarithmic scale, or the linear one."""
        self._log.setChecked(on)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Bars that are chosen, in the order in which they were."""
        return self.choice.indices

    def add_to_header(self, widget: QWidget) -> None:
        """Put a button before the switch of the scale."""
        self._header.insertWidget(self._header.count() - 1, widget)

    def add_below(self, widget: QWidget) -> None:
        """Put a panel beside the density."""
        self.below.addWidget(widget)
        self.below.setStretchFactor(0, 2)
        self.below.setStretchFactor(1, 3)
        self.below.setSizes([300, 560])

    def set_lower_shown(self) -> None:
        """Make room below the bars if any of the panels there is to be seen."""
        panels = [self.below.widget(place) for place in range(self.below.count())]
        self.below.setVisible(any(panel is not None and not panel.isHidden() for panel in panels))
        self._caption_again()
        self._fit_legend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the caption says less."""
        super().resizeEvent(event)
        self._caption_again()
        self._fit_legend()

    def _fit_legend(self) -> None:
        """A splitter does not ask how high a legend must be; two plots in a low view have no room for it."""
        self._legend.setVisible(self.below.isHidden() or self.height() >= LEGEND_FROM)
        legend = 0 if self._legend.isHidden() else self._legend.heightForWidth(self.width() - 20) + 6
        self._upper.setMinimumHeight(LOWEST_PLOT + legend)

    def tell(self, words: str) -> None:
        """Say something about another panel, until a bar is read."""
        if self._bars.index < 0:
            self._reading.setText(words or HINT)

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def _caption_again(self) -> None:
        spectrum, seen, crowded = self._spectrum, not self.density.isHidden(), not self.below.isHidden()
        small = self.width() < SMALL and self.height() < LEGEND_FROM
        brief, least = crowded and self.width() < NARROW, small or (crowded and self.height() < LOW)
        words = "" if spectrum is None else caption_words(spectrum, density=seen, brief=brief, least=least)
        self._caption.setText(words)
        self._caption.setToolTip("" if spectrum is None or not (brief or least) else self._whole_caption(spectrum))

    @staticmethod
    def _whole_caption(spectrum: Spectrum) -> str:
        words = caption_words(spectrum, density=True)
        return f'<span style="white-space: pre-wrap">{html.escape(words)}</span>'

    # ---- putting it on screen

    def _place_bars(self) -> None:
        spectrum = self._spectrum
        if spectrum is None:
            self._bars.set_bars(Bars())
            return
        values, residuals, sampling = spectrum.eigenvalues, spectrum.residuals, spectrum.sampling
        if self._log.isChecked():
            previous = self._scale if isinstance(self._scale, SignedLogScale) and self._range.high else None
            self._scale = log_scale_for(values, previous)
        place, none = self._scale.place, np.zeros(0)
        spread: FloatArray | None = None if sampling is None else sampling.standard_error
        over = None if sampling is None else sampling.over_population
        bars = Bars(
            tops=place(values),
            lower=place(values - residuals),
            upper=place(values + residuals),
            verified=spectrum.verified.astype(bool),
            sampled_lower=none if spread is None else place(values - spread),
            sampled_upper=none if spread is None else place(values + spread),
            over_all=none if over is None else place(over),
        )
        self._set_ranges(bars, max(spectrum.request.top, len(values)))
        self._bars.set_bars(bars)

    def _set_ranges(self, bars: Bars, ranks: int) -> None:
        # Not by the solver's whiskers: those of the first steps are wide and would squeeze the bars to nothing.
        seen = np.concatenate([bars.tops, bars.sampled_lower, bars.sampled_upper, bars.over_all])
        finite = seen[np.isfinite(seen)]
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
        self.view_changed.emit()

    # ---- reading and choosing a bar

    def _on_pointed_at(self, index: int, *, announce: bool = True) -> None:
        spectrum = self._spectrum
        words = bar_words(spectrum, index) if spectrum is not None and index >= 0 else ""
        self._bars.setToolTip("\n".join(bar_lines(spectrum, index)) if words and spectrum is not None else "")
        self.density.bars.mark(index, self.choice.indices)
        last = self.choice.last
        self._reading.setText(words or (bar_words(spectrum, last) if spectrum is not None and last >= 0 else HINT))
        if announce:
            self.hovered.emit(words)

    def _on_read(self, words: str) -> None:
        """A place of the density where no bar is."""
        if self._bars.index < 0:
            self.tell(words)
            self.hovered.emit(words)

    def _on_clicked(self, index: int, more: bool) -> None:  # noqa: FBT001  a Qt slot
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.choice.click(index, more=more)

    def _on_chosen(self) -> None:
        self._bars.set_chosen(self.choice.indices)
        self._on_pointed_at(self._bars.index, announce=False)
        self.chosen_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count, pointed = len(self._bars.bars.tops), self._bars.index
        if self.choice.take_key(event, pointed, count):
            self._bars.point_at(self.choice.last)
        else:
            super().keyPressEvent(event)

    # ---- pins

    def pin_ground(self) -> PinGround:
        """A new ground for pins on the bars. Whoever keeps it asks once."""
        return PlotGround(self._plot, self._pin_place, self._pin_anchor)

    @property
    def pointed_anchor(self) -> BarAnchor | None:
        """What a note about the bar that is read, or was chosen last, would be pinned to."""
        index = self._bars.index if self._bars.index >= 0 else self.choice.last
        return BarAnchor(index=index) if index >= 0 else None

    def _pin_place(self, anchor: Anchor) -> tuple[float, float] | None:
        tops = self._bars.bars.tops
        if self._spectrum is None or not isinstance(anchor, BarAnchor) or anchor.index >= len(tops):
            return None
        return anchor.index + 1.0, float(np.nan_to_num(max(tops[anchor.index], 0.0)))

    def _pin_anchor(self, rank: float, _value: float) -> Anchor | None:
        index = round(rank) - 1
        there = self._spectrum is not None and 0 <= index < len(self._bars.bars.tops)
        return BarAnchor(index=index) if there else None

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
        self._bars = SpectrumBars(self._plot.getViewBox())
        self._bars.pointed_at.connect(self._on_pointed_at)
        self._bars.clicked.connect(self._on_clicked)
        self.choice.changed.connect(self._on_chosen)
        self.density = DensityPanel()
        self.density.bars.pointed_at.connect(self._bars.point_at)
        self.density.bars.clicked.connect(self._on_clicked)
        self.density.read.connect(self._on_read)
        self._log = QCheckBox("Lo&garithmic")
        self._log.setObjectName("logarithmicScale")
        self._log.setToolTip(
            "Logarithmic on both sides of zero, nearly linear around it: small and large magnitudes together."
        )
        self._log.toggled.connect(self._on_log_toggled)
        self._chip, self._caption = selectable(figure_label("partial")), selectable(figure_label("caption"))
        self._chip.setWordWrap(False)
        self._reading = selectable(reading_label("reading", HINT))
        self._legend = Legend()
        self._arrange()

    def _arrange(self) -> None:
        self._header = QHBoxLayout()
        self._header.setSpacing(4)
        self._header.addWidget(self._chip)
        self._header.addStretch(1)
        self._header.addWidget(self._log)
        upper = self._upper = QWidget()
        bars = QVBoxLayout(upper)
        bars.setContentsMargins(0, 0, 0, 0)
        bars.setSpacing(6)
        bars.addWidget(self._plot, 1)
        bars.addWidget(self._legend)
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.setChildrenCollapsible(False)
        self.below.addWidget(self.density)
        self.below.setHandleWidth(12)
        self.below.hide()
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(8)
        self._split.addWidget(upper)
        self._split.addWidget(self.below)
        self._split.setStretchFactor(0, 4)
        self._split.setStretchFactor(1, 3)
        self._split.setSizes([400, 300])
        figure = QWidget()
        rows = QVBoxLayout(figure)
        rows.setContentsMargins(10, 8, 10, 8)
        rows.setSpacing(6)
        rows.addLayout(self._header)
        rows.addWidget(self._split, 1)
        rows.addWidget(self._reading)
        rows.addWidget(self._caption)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty_label("empty", EMPTY))
        self._pages.addWidget(figure)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _restyle(self) -> None:
        colours = apply_style(self._plot, self.palette())
        self._bars.set_colours(colours)
        self._legend.set_entries(legend_entries(self._spectrum, colours), colours.text)
        write_quietly(colours, self._caption)
        self._chip.setStyleSheet(chip_sheet(colours))
