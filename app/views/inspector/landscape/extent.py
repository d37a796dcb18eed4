"""Asks how far and how finely: points and ranges of the axes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QLabel

from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.landscape.kinds import Kind, What
from app.views.inspector.landscape.rows import Rows
from app.views.made import chooser, named
from core.landscape.plane import Range
from core.landscape.surfaces.extent import ALONE, INHABITED

RANGE_TIP = "How far to go, in multiples of the direction; the network itself is at 0"


class ExtentRows(QObject):
    """The part of the form that is about points and ranges."""

    changed = Signal()  # other rows apply

    def __init__(
        self, rows: Rows, what: Callable[[], What], directions: Callable[[], Kind | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._what, self._directions = what, directions
        self.columns = whole_number("surface.grid", 2, 2001, 51)
        self.rows = whole_number("surface.rows", 2, 2001, 51)
        self.coarse_columns = whole_number("convexity.grid", 2, 501, 13)
        self.coarse_rows = whole_number("convexity.rows", 2, 501, 13)
        self.points = whole_number("curve.points", 2, 100_001, 51)
        self.how_far = chooser("landscape.range")
        self.how_far.addItem("automatic", "automatic")
        self.how_far.addItem("from … to", "given")
        self.low, self.high = _end("surface.low", ALONE[0]), _end("surface.high", ALONE[1])
        self.y_low, self.y_high = _end("surface.y_low", ALONE[0]), _end("surface.y_high", ALONE[1])
        for field, words in (
            (self.high, "Range, end"),
            (self.y_high, "Range of y, end"),
            (self.rows, "Points down"),
            (self.coarse_rows, "Points down"),
        ):
            field.setAccessibleName(words)
        self.square = named(QCheckBox("Both axes alike"), "surface.square")
        self.square.setChecked(True)
        self._by, self._coarse_by = QLabel("×"), QLabel("×")
        self._add_rows(rows)
        self.how_far.currentIndexChanged.connect(self.changed)
        self.square.toggled.connect(self.changed)
        self.changed.connect(self.show_second_axis)
        self.show_second_axis()

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows."""
        columns, rows = (
            (self.columns, self.rows) if self._what() == "surface" else (self.coarse_columns, self.coarse_rows)
        )
        return columns.value(), columns.value() if self.square.isChecked() else rows.value()

    @property
    def x_range(self) -> Range | None:
        """None: as far as suits what lies in the plane."""
        return None if self._automatic() else (self.low.value(), self.high.value())

    @property
    def y_range(self) -> Range | None:
        """As `x_range`."""
        if self._automatic() or self.square.isChecked():
            return self.x_range
        return self.y_low.value(), self.y_high.value()

    def take_over(self, x: Range, y: Range) -> None:
        """Enter the ranges of another result."""
        self.square.setChecked(x == y)
        for field, value in zip((self.low, self.high, self.y_low, self.y_high), (*x, *y), strict=True):
            field.setValue(value)

    def show_second_axis(self) -> None:
        """Show a second number of points where the axes differ."""
        for widget in (self.rows, self._by, self.coarse_rows, self._coarse_by):
            widget.setVisible(not self.square.isChecked())

    def _automatic(self) -> bool:
        return self._directions() in INHABITED and self.how_far.currentData() == "automatic"

    def _add_rows(self, rows: Rows) -> None:
        def plane() -> bool:
            return self._what() in ("surface", "convexity")

        def ranged() -> bool:
            return (plane() or self._what() == "curve") and not self._automatic()

        side_tip = "Points a side; the centre is met exactly if the number is odd. Li et al. use 51"
        rows.add(
            "&Points a side", self.columns, self._by, self.rows, when=lambda: self._what() == "surface", tip=side_tip
        )
        rows.add(
            "&Points a side",
            self.coarse_columns,
            self._coarse_by,
            self.coarse_rows,
            when=lambda: self._what() == "convexity",
            tip="Points a side. Each takes dozens of Hessian-vector products, so few of them are usual",
        )
        rows.add("&Points", self.points, when=lambda: self._what() == "curve", tip="Points along the line or curve")
        rows.add(
            "Ran&ge",
            self.how_far,
            when=lambda: self._directions() in INHABITED and self._what() in ("surface", "curve", "convexity"),
            tip="Automatic: as far as the networks or checkpoints that lie there, with a margin",
        )
        rows.add("Ran&ge", self.low, QLabel("to"), self.high, when=ranged, tip=RANGE_TIP)
        rows.add(
            "Range of &y",
            self.y_low,
            QLabel("to"),
            self.y_high,
            when=lambda: ranged() and plane() and not self.square.isChecked(),
            tip=RANGE_TIP,
        )
        rows.add("", self.square, when=plane, more=True, tip="As many points and the same range along both directions")


def _end(name: str, value: float) -> NumberField:
    """One end of a range."""
    return NumberField(name, -1e6, 1e6, value)
