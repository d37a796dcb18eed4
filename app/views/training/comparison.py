"""Two runs side by side: where their recipes differ, what came of them, and what can be computed of both."""

import math
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.wording import short, tip
from app.views.flow_row import FlowRow
from app.views.inspector.fields import whole_number
from app.views.made import named, text_label, with_icon
from app.views.training.run_rows import RunRow
from core.exchange.run_words import recipe_facts
from core.exchange.words import duration, number
from core.landscape.plane import RandomDirections
from core.landscape.surface import SurfaceRequest
from core.spectrum.spectrum import SpectrumRequest, product_limit

Line = tuple[str, str, str, str]  # what, of the one, of the other, the difference
TITLES = ("", "", "", "Difference")
LEAST_LINES = 6  # of the table that are seen in any window
NO_NETWORK = "Surfaces and spectra need the networks of both runs: they are there once a run has ended or was stopped."


def recipe_lines(one: RunRow, other: RunRow) -> list[Line]:
    """Where the recipes differ; what only one of them has is “—” in the other."""
    facts = [
        {
            "Architecture": row.request.architecture,
            **dict(recipe_facts(row.request)),
            "Epochs asked for": str(row.request.epochs),
            "Training samples": "all" if row.request.samples is None else f"the first {row.request.samples:,}",
        }
        for row in (one, other)
    ]
    names = list(dict.fromkeys([*facts[0], *facts[1]]))
    lines = [(name, facts[0].get(name, "—"), facts[1].get(name, "—"), "") for name in names]
    return [line for line in lines if line[1] != line[2]]


def result_lines(one: RunRow, other: RunRow) -> list[Line]:
    """What came of the two, as far as it is known."""
    lines = []
    for name, measure, words in _MEASURES:
        values = measure(one), measure(other)
        if any(map(math.isfinite, values)):
            texts = [words(value) if math.isfinite(value) else "—" for value in values]
            change = values[1] - values[0]
            lines.append((name, texts[0], texts[1], f"{'+' if change > 0 else ''}{words(change)}"))
            if not math.isfinite(change):
                lines[-1] = (*lines[-1][:3], "")
    return lines


def _share(value: float) -> str:
    return f"{number(100 * value, 4)} %"


def _time(value: float) -> str:
    return duration(value) if value >= 0 else f"−{duration(-value)}"


def _last(curve: str) -> Callable[[RunRow], float]:
    return lambda row: row.last(curve)


_MEASURES: tuple[tuple[str, Callable[[RunRow], float], Callable[[float], str]], ...] = (
    ("Parameters", lambda row: math.nan if row.parameters is None else float(row.parameters), lambda v: number(v, 9)),
    ("Epochs done", lambda row: math.nan if row.run is None else float(row.run.epochs_done), lambda v: number(v, 6)),
    ("Steps", _last("step"), lambda v: number(v, 9)),
    ("Train loss", _last("train_loss"), number),
    ("Test loss", _last("test_loss"), number),
    ("Train accuracy", _last("train_accuracy"), _share),
    ("Test accuracy", _last("test_accuracy"), _share),
    ("Generalisation gap", lambda row: math.nan if row.run is None else row.run.generalisation_gap, _share),
    ("Gradient norm", _last("gradient_norm"), number),
    ("Top eigenvalue", _last("top_eigenvalue"), number),
    ("Training time", _last("seconds"), _time),
)


class Comparison(QWidget):
    """The table of the two, and the ways to compare their surfaces and spectra with the same settings."""

    surfaces_wanted = Signal(object)  # SurfaceRequest
    spectra_wanted = Signal(object)  # SpectrumRequest
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self.table = named(QTableWidget(0, len(TITLES)), "comparison.table")
        self.table.setAccessibleName("Two runs side by side")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.table.setMinimumHeight(LEAST_LINES * self.table.verticalHeader().defaultSectionSize())
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.points = whole_number("comparison.points", 2, 501, 25, "Points a side of both surfaces")
        self.eigenvalues = whole_number("comparison.eigenvalues", 1, 1000, 10, "Of largest magnitude")
        self.samples = whole_number("comparison.samples", 1, 2**31 - 1, 256, "The first so many of the training data")
        self.surfaces = named(with_icon(QPushButton("S&urfaces of both"), "surface"), "comparison.surfaces")
        self.spectra = named(with_icon(QPushButton("S&pectra of both"), "spectrum"), "comparison.spectra")
        self.reason = text_label(NO_NETWORK, "comparison.reason")
        back = named(QPushButton("&Back to the table"), "comparison.back")
        back.clicked.connect(self.back_wanted)
        self.surfaces.clicked.connect(lambda: self.surfaces_wanted.emit(self._surface_request()))
        self.spectra.clicked.connect(lambda: self.spectra_wanted.emit(self._spectrum_request()))
        self._arrange(back)

    def show_runs(self, one: RunRow, other: RunRow, *, samples: int) -> None:
        """Compare these two; `samples` is how many there are to compute with."""
        names = distinct_parts(one.name, other.name)
        for column, (row, name) in enumerate(zip((one, other), names, strict=True), start=1):
            heading = QTableWidgetItem(short(name))
            heading.setToolTip(tip(row.name))
            self.table.setHorizontalHeaderItem(column, heading)
        self.table.setHorizontalHeaderItem(0, QTableWidgetItem(""))
        self.table.setHorizontalHeaderItem(3, QTableWidgetItem(TITLES[3]))
        recipe = recipe_lines(one, other) or [("Recipe", "the same", "the same", "")]
        lines = [*recipe, *result_lines(one, other)]
        self.table.setRowCount(len(lines))
        for place, line in enumerate(lines):
            for column, text in enumerate(line):
                cell = QTableWidgetItem(text)
                cell.setToolTip(tip(text))
                if column > 0 and place >= len(recipe):
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(place, column, cell)
        self.samples.setMaximum(max(1, samples))
        ready = bool(one.network_id and other.network_id and samples)
        for widget in (self.surfaces, self.spectra):
            widget.setEnabled(ready)
        self.reason.setVisible(not ready)

    def _surface_request(self) -> SurfaceRequest:
        points = self.points.value()
        return SurfaceRequest(
            columns=points, rows=points, directions=RandomDirections(seed=123), samples=self.samples.value()
        )

    def _spectrum_request(self) -> SpectrumRequest:
        top = self.eigenvalues.value()
        return SpectrumRequest(top=top, samples=self.samples.value(), max_products=product_limit(top))

    def _arrange(self, back: QPushButton) -> None:
        settings = FlowRow()
        for text, field in (
            ("P&oints a side", self.points),
            ("&Eigenvalues", self.eigenvalues),
            ("Sa&mples", self.samples),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            pair = QWidget()
            beside = QHBoxLayout(pair)
            beside.setContentsMargins(0, 0, 6, 0)
            beside.addWidget(label)
            beside.addWidget(field)
            settings.addWidget(pair)
        buttons = FlowRow()
        for button in (self.surfaces, self.spectra, back):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(6)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.reason)
        layout.addLayout(settings)
        layout.addLayout(buttons)


def distinct_parts(one: str, other: str) -> tuple[str, str]:
    """The names without the parts that both begin with: ``batch 64`` and ``batch 256`` of runs of one sweep."""
    parts = one.split(" · "), other.split(" · ")
    shared = 0
    while shared < min(map(len, parts)) - 1 and parts[0][shared] == parts[1][shared]:
        shared += 1
    return " · ".join(parts[0][shared:]), " · ".join(parts[1][shared:])
