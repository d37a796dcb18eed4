"""The widgets around the slice: buttons, legend, the numbers of the box, the answer in words."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.render.plot.figure_view import empty_label, figure_label, selectable, write_quietly
from app.render.plot.legend import Legend
from app.render.plot.slices.box_geometry import Limits
from app.render.plot.slices.correction_words import EMPTY, SliceWords
from app.render.plot.slices.simple_forms import RuleLine, forms_legend
from app.render.plot.slices.slice_layers import slice_legend
from app.render.plot.style import PlotColours, chip_sheet, make_plot
from core.corrections.records.correction import Correction
from core.exchange.rule_words import rule_words, triangle_words

ROOMY = (560, 500)  # width and height in pixels of the page that leave room for all words
TIGHT = 410  # pixels of height below which answer and rule are left to the inspector, if there is a box to look at
LOWEST = 180  # pixels of the plot
MARGIN = 0.03  # of the range, so that a marker on the rim is seen whole


class CorrectionPage:
    """Builds and fills the page of a `CorrectionView`; knows nothing of boxes being dragged."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._tight = self._found = False
        self.plot = make_plot(owner)
        self.plot.setMinimumHeight(LOWEST)
        self.plot.setObjectName("slice")
        self.plot.setAccessibleName("Slice with a movable box")
        self.snap = _button(
            "Snap to nearest stable", "snapToNearest", "Move the box to the stable correction nearest to the input"
        )
        self.place = _button("Place a box", "placeBox", "Start with a box around the input, to drag and resize")
        self.take = _button(
            "Take the largest box",
            "takeLargest",
            "Put the box where it is largest around the nearest stable correction",
        )
        self.largest = _switch(
            "Largest box", "showLargest", "Show the largest box around the nearest stable correction"
        )
        self.triangle = _switch("Triangle", "showTriangle", "Show the triangle that the paper's greedy search grows")
        self.largest.setChecked(True)
        self.rule = RuleLine()
        self.whole = _button("Whole slice", "wholeSlice", "Show both ranges in full again")
        self._texts = {
            self.take: ("Take the largest box", "Take it"),
            self.snap: ("Snap to nearest stable", "Snap"),
            self.whole: ("Whole slice", "Whole"),
        }
        self.partial = selectable(figure_label("partial", "partial"))
        self.partial.setWordWrap(False)
        self.reading, self.answer, self.caption = (
            selectable(figure_label(name)) for name in ("reading", "answer", "caption")
        )
        self.whole.hide()
        self._legend = Legend()
        self._empty = selectable(empty_label("empty", EMPTY))
        self._arrange()
        self.plot.getViewBox().sigRangeChanged.connect(self._on_range_changed)
        self._limits: Limits | None = None

    def show_figure(self, *, shown: bool) -> None:
        """The figure, or the sentence for an empty view."""
        self._pages.setCurrentIndex(1 if shown else 0)
        if not shown:
            self._owner.setAccessibleDescription(EMPTY)

    def describe(self, correction: Correction, words: SliceWords) -> None:
        """Write the answer, the rule and how it was obtained, and offer the forms that there are."""
        self.rule.show_rule(rule_words(correction, words.units), triangle_words(correction))
        self._found = correction.centre is not None
        self._make_room()
        self.largest.setVisible(correction.largest_box is not None)
        self.triangle.setVisible(correction.triangle is not None)
        self.partial.setVisible(correction.status == "partial")
        self.answer.setText(words.correction_sentence(correction))
        self.caption.setText(words.slice_sentence(correction))
        self._owner.setAccessibleDescription(f"{self.answer.text()} {self.caption.text()}")

    def read_out(self, text: str) -> None:
        """The numbers of the box, or what stands in the way of moving it."""
        self.reading.setText(text)
        self.reading.setVisible(bool(text))

    def fit(self, width: int, height: int) -> None:
        """Where there is little room, leave it to the slice: short buttons, the rule on one line, no caption.

        Where there is least, answer and rule give way as well; the inspector has them in other words. That nothing was
        found is said all the same: there is no box that shows it.
        """
        compact = width < ROOMY[0] or height < ROOMY[1]
        for button, (text, short) in self._texts.items():
            button.setText(short if width < ROOMY[0] else text)
        self.plot.setMinimumHeight(LOWEST - 40 if compact else LOWEST)
        self.caption.setVisible(not compact)
        self._tight = height < TIGHT
        self._make_room()
        self.rule.set_compact(compact=compact)

    def follow_box(self, *, present: bool, largest: bool = False) -> None:
        """Offer what can be done with a box, or to place one; `largest` where there is a larger one to be taken."""
        self.snap.setVisible(present)
        self.take.setVisible(largest)
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
        forms = forms_legend(
            colours,
            largest=self.largest.isChecked() and not self.largest.isHidden(),
            triangle=self.triangle.isChecked() and not self.triangle.isHidden(),
        )
        self._legend.set_entries([*slice_legend(colours), *forms], colours.text)
        write_quietly(colours, self.caption)
        self.partial.setStyleSheet(chip_sheet(colours))

    def _make_room(self) -> None:
        self.answer.setVisible(not (self._tight and self._found))
        self.rule.setVisible(bool(self.rule.rule) and not self._tight)

    def _on_range_changed(self) -> None:
        if self._limits is not None:
            (x_low, x_high), (y_low, y_high) = self.plot.getViewBox().viewRange()
            width, height = self._limits.extent
            self.whole.setVisible(x_high - x_low < width or y_high - y_low < height)

    def _arrange(self) -> None:
        header = QHBoxLayout()
        for beside in (self.partial, self.largest, self.triangle):
            header.addWidget(beside)
        header.addStretch(1)
        for button in (self.place, self.take, self.snap, self.whole):
            header.addWidget(button)
        figure = QWidget()
        rows = QVBoxLayout(figure)
        rows.setContentsMargins(10, 8, 10, 8)
        rows.setSpacing(6)
        rows.addLayout(header)
        rows.addWidget(self.plot, 1)
        for widget in (self._legend, self.reading, self.answer, self.rule, self.caption):
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


def _switch(text: str, name: str, tip: str) -> QPushButton:
    button = _button(text, name, tip)
    button.setCheckable(True)
    button.hide()
    return button
