"""A row for each feature that may change: a slider with its numbers, or the levels of a category."""

import itertools
import math
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.actions.wording import tip
from app.render.plot.joint.range_slider import RangeSlider, SliderMarks
from app.render.plot.joint.span import Span
from app.render.plot.number_text import decimals_within
from app.views.inspector.fields import NumberField
from app.views.joint.level_chips import LevelChips
from app.views.made import text_label
from core.corrections.live.joint import BoxJudgement, stable_for
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory
from core.corrections.records.joint import JointBox, JointCorrection
from core.exchange.shown_names import shown

BESIDE = 620  # pixels of a row from which on the slider stands between the name and the numbers
NAME_WIDTH = 176  # pixels of the name beside a slider
FIELD_DIGITS = 9
SAME = 1e-6  # of the last decimal that is shown: less is rounding
MOST = 1e15
ANY_WIDTH = 16_777_215  # Qt's own word for no limit


class EndField(NumberField):
    """An end of the box, rounded into it: all between the numbers that are read is in the box that was proved."""

    def __init__(self, name: str, value: float, step: float, span: Span, *, low: bool) -> None:
        self._rounding, self._rounded = (math.ceil if low else math.floor), True
        self._decimals = decimals_within(span.width)
        super().__init__(name, -MOST, MOST, value, step=step)

    def inside(self, value: float) -> float:
        """The value with as many decimals as a hand can place, rounded into the box."""
        scale = 10.0**self._decimals
        nearest = round(value, self._decimals)
        return nearest if abs(value - nearest) * scale < SAME else self._rounding(value * scale) / scale

    def show_value(self, value: float, *, rounded: bool) -> None:
        """Show this; in full where the box is thinner than what is rounded."""
        self._rounded = rounded
        self.setValue(value)
        self.lineEdit().setText(f"{self.prefix()}{self.textFromValue(self.value())}{self.suffix()}")

    def textFromValue(self, value: float) -> str:
        return super().textFromValue(self.inside(value) if self._rounded else value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fusion's own frame is darker than the window, which cannot be seen on the ground of a plot in the dark."""
        super().paintEvent(event)
        if not self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
            painter.end()


class _Row(QWidget):
    """A name and what belongs to it: beside it where there is room, else below."""

    def __init__(self, name: str, unit: str, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = text_label(breakable(name) + (f" ({unit})" if unit else ""), f"joint.name.{place}")
        self.name.setToolTip(tip(name))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._beside: bool | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (beside := self.width() >= BESIDE) is not self._beside:
            self._lay(beside=beside)

    def _lay(self, *, beside: bool) -> None:
        """Take everything out of the grid; whoever has more than a name puts it in again."""
        self._beside = beside
        while self._grid.takeAt(0) is not None:
            pass
        self._narrow(self.name)
        self._grid.setColumnStretch(0, 0 if beside else 1)
        self._grid.setColumnStretch(1, 1 if beside else 0)

    def _narrow(self, label: QLabel) -> None:
        """Names beside one another begin and end at the same places."""
        label.setMinimumWidth(NAME_WIDTH if self._beside else 60)
        label.setMaximumWidth(NAME_WIDTH if self._beside else ANY_WIDTH)


class NumberRow(_Row):
    """Name, slider, and both ends as numbers."""

    changing = Signal(float, float)
    changed = Signal(float, float)
    dropped = Signal()
    menu_wanted = Signal(QPoint)  # on the screen

    def __init__(self, feature: FreeFeature, unit: str, place: int, parent: QWidget | None = None) -> None:
        super().__init__(feature.name, unit, str(place), parent)
        span = Span(feature.low, feature.high, feature.step)
        self.change = text_label(name=f"joint.change.{place}")
        self.change.setEnabled(False)
        self.slider = RangeSlider(span, unit)
        self.slider.setObjectName(f"joint.slider.{place}")
        self.slider.setAccessibleName(feature.name)
        self.low, self.high = (self._field(f"joint.{end}.{place}", feature, end) for end in ("low", "high"))
        self._dash = QLabel("–")
        for widget in (self.low, self._dash, self.high):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        self._lay(beside=False)
        self.slider.changing.connect(self._on_sliding)
        self.slider.changed.connect(self.changed)
        self.slider.dropped.connect(self._on_dropped)
        for field in (self.low, self.high):
            field.valueChanged.connect(self._on_typed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda place: self.menu_wanted.emit(self.mapToGlobal(place)))

    def set_change(self, before: float, after: float | None, half_width: float) -> None:
        """Where the input is, and the nearest stable correction."""
        self.slider.set_marks(SliderMarks(before, after, half_width))
        span = self.slider.span
        if after is None or span.text(after) == span.text(before):
            words = f"now {span.text(before)}" if after is None else f"stays at {span.text(before)}"
        else:
            words = f"{span.text(before)} → {span.text(after)}"
        self.change.setText(words + (f" ± {span.text(half_width)}" if half_width and after is not None else ""))

    def set_rejected(self, value: float | None) -> None:
        """Mark a rejected point of the box."""
        marks = self.slider.marks
        self.slider.set_marks(SliderMarks(marks.input, marks.correction, marks.half_width, value))

    def set_ends(self, low: float, high: float) -> None:
        """Show these, without a signal."""
        self.slider.set_ends(low, high)
        thin = self.low.inside(low) > self.high.inside(high)
        for field, value in ((self.low, low), (self.high, high)):
            with QSignalBlocker(field):
                field.show_value(value, rounded=not thin)

    def show_box(self, *, shown: bool) -> None:
        """Leave the box out where there is none; its room stays."""
        self.slider.show_box(shown=shown)
        for widget in (self.low, self._dash, self.high):
            widget.setVisible(shown)

    def _lay(self, *, beside: bool) -> None:
        """In one line where there is room, else the slider below name and numbers."""
        super()._lay(beside=beside)
        self._narrow(self.change)
        fields: list[tuple[int, QWidget]] = [(2, self.low), (3, self._dash), (4, self.high)]
        if beside:
            self._grid.addWidget(self.name, 0, 0, Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(self.change, 1, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self.slider, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            for column, field in fields:
                self._grid.addWidget(field, 0, column, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            self._grid.addWidget(self.name, 0, 0, 1, 5)
            self._grid.addWidget(self.change, 1, 0)
            for column, field in fields:
                self._grid.addWidget(field, 1, column)
            self._grid.addWidget(self.slider, 2, 0, 1, 5)

    def _field(self, name: str, feature: FreeFeature, end: str) -> "EndField":
        # A box may go beyond the range in a feature that a correction leaves alone; what is typed in may not.
        field = EndField(name, feature.low, self._step(feature), self.slider.span, low=end == "low")
        field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        field.setFixedWidth(field.fontMetrics().horizontalAdvance("0") * FIELD_DIGITS + 12)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        which = {"low": "Lowest", "high": "Highest"}[end]
        field.setAccessibleName(f"{which} {feature.name} of the box")
        field.setToolTip(tip(f"{which} value of the box; ↑ and ↓ go in steps"))
        return field

    @staticmethod
    def _step(feature: FreeFeature) -> float:
        return Span(feature.low, feature.high, feature.step).nudge

    def _on_sliding(self, low: float, high: float) -> None:
        self.set_ends(low, high)
        self.changing.emit(low, high)

    def _on_dropped(self) -> None:
        self.set_ends(*self.slider.ends)
        self.dropped.emit()

    def _on_typed(self) -> None:
        """An end that is typed in beyond the other one takes it along."""
        span, ends = self.slider.span, self.slider.ends
        if self.sender() is self.low:
            low, high = span.within(self.low.value()), ends[1]
            high = max(low, high)
        else:
            low, high = ends[0], span.within(self.high.value())
            low = min(low, high)
        self.set_ends(low, high)
        self.changed.emit(low, high)


class CategoryRow(_Row):
    """Name, and the levels to choose from."""

    chosen = Signal(int)

    def __init__(self, category: FreeCategory, place: int, parent: QWidget | None = None) -> None:
        super().__init__(category.name, "", f"category.{place}", parent)
        self.chips = LevelChips(f"joint.levels.{place}", category.levels, category.allowed)
        self.chips.setAccessibleName(category.name)
        self._grid.setContentsMargins(0, 2, 0, 4)
        self._grid.setVerticalSpacing(4)
        self._lay(beside=False)
        self.chips.chosen.connect(self.chosen)

    def _lay(self, *, beside: bool) -> None:
        super()._lay(beside=beside)
        self._grid.addWidget(self.name, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.chips, 0 if beside else 1, 1 if beside else 0)


class FeatureRows(QWidget):
    """All rows of one correction, which together are its box."""

    changing = Signal(object)  # JointBox, at every step of a drag
    changed = Signal(object)  # JointBox, once
    dropped = Signal()
    menu_wanted = Signal(int, QPoint)  # place of a number, place on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.numbers: list[NumberRow] = []
        self.categories: list[CategoryRow] = []
        self._joint: JointCorrection | None = None
        self._box: JointBox | None = None
        self._answer = "asking"

    @property
    def box(self) -> JointBox | None:
        """The box as it stands in the rows, with nothing said about its proof."""
        return self._box

    @property
    def held(self) -> bool:
        """Whether a hand or a key is on a slider."""
        return any(row.slider.held for row in self.numbers)

    def set_correction(self, joint: JointCorrection, unit: Callable[[str], str]) -> None:
        """Make the rows for a request, or keep them if it is the one before; show where the correction leads."""
        before, self._joint = self._joint, joint
        if before is None or before.request is not joint.request:
            self._make(joint, unit)
        found, half = joint.nearest, stable_for(joint, joint.nearest)
        for place, row in enumerate(self.numbers):
            after = None if found.point is None else float(found.point[place])
            row.set_change(float(joint.request.start[place]), after, float(half[place]))
        self._show_levels()

    def set_box(self, box: JointBox | None) -> None:
        """Show this box, without a signal."""
        self._box = box
        for place, row in enumerate(self.numbers):
            row.show_box(shown=box is not None)
            if box is not None:
                row.set_ends(float(box.low[place]), float(box.high[place]))
        self._show_levels()

    def set_judgement(self, answer: str, judged: BoxJudgement | None) -> None:
        """Colour the box by what is known of it, and mark a point of it that is rejected."""
        self._answer = answer
        rejected = None if judged is None else judged.rejected
        for place, row in enumerate(self.numbers):
            row.slider.set_answer(answer)
            row.set_rejected(None if rejected is None else float(rejected[place]))
        self._show_levels()

    def _make(self, joint: JointCorrection, unit: Callable[[str], str]) -> None:
        for row in (*self.numbers, *self.categories):
            self._column.removeWidget(row)
            row.deleteLater()
        freedom = joint.request.freedom
        self.numbers = [NumberRow(one, unit(one.name), place) for place, one in enumerate(freedom.numbers)]
        self.categories = [CategoryRow(one, place) for place, one in enumerate(freedom.categories)]
        for row in (*self.numbers, *self.categories):
            self._column.addWidget(row)
        self._order_tabs()
        for place, number in enumerate(self.numbers):
            number.changing.connect(self._ends_to(place, self.changing.emit))
            number.changed.connect(self._ends_to(place, self.changed.emit))
            number.dropped.connect(self.dropped)
            number.menu_wanted.connect(self._menu_of(place))
        for place, category in enumerate(self.categories):
            category.chosen.connect(self._level_of(place))

    def _order_tabs(self) -> None:
        """From row to row: slider, both numbers; then the levels."""
        stops: list[QWidget] = [widget for row in self.numbers for widget in (row.slider, row.low, row.high)]
        stops += [chip for row in self.categories for chip in row.chips.chips]
        for one, other in itertools.pairwise(stops):
            QWidget.setTabOrder(one, other)

    def _ends_to(self, place: int, told: Callable[[JointBox], None]) -> Callable[[float, float], None]:
        def tell(low: float, high: float) -> None:
            if self._box is None:
                return
            lows, highs = self._box.low.copy(), self._box.high.copy()
            lows[place], highs[place] = low, high
            self._box = JointBox(low=lows, high=highs, levels=self._box.levels)
            told(self._box)

        return tell

    def _menu_of(self, place: int) -> Callable[[QPoint], None]:
        return lambda where: self.menu_wanted.emit(place, where)

    def _level_of(self, place: int) -> Callable[[int], None]:
        def tell(level: int) -> None:
            if self._box is None or self._box.levels[place] == level:
                return
            levels = (*self._box.levels[:place], level, *self._box.levels[place + 1 :])
            self._box = JointBox(low=self._box.low, high=self._box.high, levels=levels)
            self.changed.emit(self._box)

        return tell

    def _show_levels(self) -> None:
        joint = self._joint
        if joint is None:
            return
        found = joint.nearest
        for place, row in enumerate(self.categories):
            corrected = found.levels[place] if found.levels else None
            at = None if self._box is None else self._box.levels[place]
            row.chips.show_levels(joint.request.present[place], corrected, at, self._answer)


def breakable(name: str) -> str:
    """A name that may break after its underscores, which Qt takes for letters."""
    return shown(name, 60).replace("_", "_\u200b")
