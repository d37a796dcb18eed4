"""Asks for a surface."""

from typing import get_args

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.made import named
from core.landscape.surface import Norm, RandomDirections, SurfaceRequest

NORMS = {
    "filter": "by filter (Li et al. 2018)",
    "layer": "by layer",
    "weight": "by weight",
    "dfilter": "unit filters",
    "dlayer": "unit layers",
    "none": "not normalised",
}


class LandscapeForm(RequestForm):
    """Grid, range, directions and samples."""

    def __init__(self, samples: int, parent: QWidget | None = None) -> None:
        super().__init__("Compute surface", "surface", parent)
        self.grid = whole_number("surface.grid", 2, 2001, 51, "Points a side; Li et al. use 51")
        self.low = NumberField("surface.low", -1e6, 1e6, -1.0)
        self.high = NumberField("surface.high", -1e6, 1e6, 1.0)
        self.norm = named(QComboBox(), "surface.norm")
        for norm in get_args(Norm):
            self.norm.addItem(NORMS[norm], norm)
        self.ignore = named(QComboBox(), "surface.ignore")
        self.ignore.addItem("stay still", "biasbn")
        self.ignore.addItem("move along", "none")
        self.seed = whole_number("surface.seed", 0, 2**31 - 1, 123)
        self.samples = whole_number("surface.samples", 1, max(1, samples), min(samples, 256), "The first so many")
        self.limit = NumberField("surface.limit", 1e-9, 1e12, 10.0, step=1.0)
        self.limit.setToolTip("Loss at which the picture is clipped")
        extent = QHBoxLayout()
        for widget in (self.low, QLabel("to"), self.high):
            extent.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
        self.fields.addRow("&Points a side", self.grid)
        self.add_row("Ra&nge", extent, self.low)
        for text, field in (
            ("&Directions", self.norm),
            ("&Biases and norms", self.ignore),
            ("&Seed", self.seed),
            ("Sa&mples", self.samples),
            ("Loss shown &up to", self.limit),
        ):
            self.fields.addRow(text, field)

    def request(self) -> SurfaceRequest:
        extent = self.low.value(), self.high.value()
        return SurfaceRequest(
            columns=self.grid.value(),
            rows=self.grid.value(),
            x_range=extent,
            y_range=extent,
            directions=RandomDirections(
                norm=self.norm.currentData(), ignore=self.ignore.currentData(), seed=self.seed.value()
            ),
            samples=self.samples.value(),
            display_limit=self.limit.value(),
        )
