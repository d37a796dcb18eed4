"""The widgets around the slice: buttons, legend, the numbers of the box, the answer in words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.render.plot.legend import Legend
from app.render.plot.slices.box_geometry import Limits
from app.render.plot.slices.correction_words import EMPTY, SliceWords
from app.render.plot.slices.slice_layers import slice_legend
from app.render.plot.style import PlotColours, chip_sheet, make_plot
from core.corrections.correction import Correction

MARGIN = 0.03  # of the range, so that a marker on the rim is seen whole


class CorrectionPage:
    """Builds and fills the page of a `CorrectionView`; knows nothing of boxes being dragged."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self.plot = make_plot(owner)
        self.plot.setMinimumHeight(180)
        self.plot.setObjectName("slice")
        self.plot.setAccessibleName("Slice with a movable box")
        self.snap = _button(
            "Snap to nearest stable", "snapToNearest", "Move the box to the stable correction nearest to the input"
        )
        self.place = _button("Place a box", "placeBox", "Start with a box around the input, to drag and resize")
        self.whole = _button("Whole slice", "wholeSlice", "Show both ranges in full again")
        self.partial, self.reading = _label("partial"), _label("reading", wrap=True)
        self.answer, self.caption = _label("answer", wrap=True), _label("caption", wrap=True)
        self.partial.setText("partial")
        self.whole.hide()
        self._legend = Legend()
        self._empty = _label("empty", wrap=True)
        self._empty.setText(EMPTY)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(24)
        self._arrange()
        self.plot.getViewBox().sigRangeChanged.connect(self._on_range_changed)
        self._limits: Limits | None = None

    def show_figure(self, *, shown: bool) -> None:
        """The figure, or the sentence for an empty view."""
        self._pages.setCurrentIndex(1 if shown else 0)
        if not shown:
            self._owner.setAccessibleDescription(EMPTY)

    def describe(self, correction: Correction, words: SliceWords) -> None:
        """Write the answer and how it was obtained."""
        self.partial.setVisible(correction.status == "partial")
        self.answer.setText(words.correction_sentence(correction))
        self.caption.setText(words.slice_sentence(correction))
        self._owner.setAccessibleDescription(f"{self.answer.text()} {self.caption.text()}")

    def read_out(self, text: str) -> None:
        """The numbers of the box, or what stands in the way of moving it."""
        self.reading.setText(text)
        self.reading.setVisible(bool(text))

    def follow_box(self, *, present: bool) -> None:
        """Offer what can be done with a box, or to place one."""
        self.snap.setVisible(present)
        self.place.setVisible(not present)

    def show_whole_slice(self, limits: Limits) -> None:
        """Zoom out to both ranges."""
        self._limits = limits
        view = self.plot.getViewBox()
        x, y = (
            (low - MARGIN * extent, high + MARGIN * extent)
            for low, high, extent in zip(limits.low, limits.high, limits.extent, strict=True)
        )
        view.setLimits(xMin=x[0], xMax=x[1], yMin=y[0], yMax=y[1])
        view.setRange(xRange=x, yRange=y, padding=0)

    def set_colours(self, colours: PlotColours) -> None:
        """Follow the palette."""
        self._legend.set_entries(slice_legend(colours), colours.text)
        self.caption.setStyleSheet(f"color: {colours.muted.name()}")
        self.partial.setStyleSheet(chip_sheet(colours))

    def _on_range_changed(self) -> None:
        if self._limits is not None:
            (x_low, x_high), (y_low, y_high) = self.plot.getViewBox().viewRange()
            width, height = self._limits.extent
            self.whole.setVisible(x_high - x_low < width or y_high - y_low < height)

    def _arrange(self) -> None:
        header = QHBoxLayout()
        header.addWidget(self.partial)
        header.addStretch(1)
        for button in (self.place, self.snap, self.whole):
            header.addWidget(button)
        figure = QWidget()
        rows = QVBoxLayout(figure)
        rows.setContentsMargins(10, 8, 10, 8)
        rows.setSpacing(6)
        rows.addLayout(header)
        rows.addWidget(self.plot, 1)
        for widget in (self._legend, self.reading, self.answer, self.caption):
            rows.addWidget(widget)
        self._pages = QStackedLayout(self._owner)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(figure)
        self._owner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)


def _button(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def _label(name: str, *, wrap: bool = False) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(wrap)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label
