"""The lower part of the training lab: the runs as a table, and what can be done with those that are selected."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.views.flow_row import FlowRow
from app.views.made import named, text_label, with_icon
from app.views.training.comparison import Comparison
from app.views.training.run_rows import RunRow, by_id
from app.views.training.runs_table import RunsTable

EMPTY = "Runs appear here: what was trained, how, and what came of it."


class RunsPanel(QWidget):
    """Table, filter and buttons; or two runs side by side."""

    selected = Signal(object)  # tuple of ids
    stop_wanted = Signal(str)  # id of a run
    stop_sweep_wanted = Signal(str)  # name of a sweep
    resume_wanted = Signal(object)  # tuple of ids
    comparing = Signal(bool)  # two runs are shown side by side now, or no longer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_panel")
        self._rows: dict[str, RunRow] = {}
        self._pair: tuple[str, str] | None = None
        self._samples = 0
        self.table = RunsTable()
        self.comparison = Comparison()
        self.filter = named(QLineEdit(), "training.filter")
        self.filter.setPlaceholderText("Filter runs")
        self.filter.setAccessibleName("Filter runs")
        self.filter.setClearButtonEnabled(True)
        self.left = named(QLabel(), "training.left")
        self.empty = text_label(EMPTY, "training.no_runs")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stop = self._button("Stop r&un", "stop", "training.stop", "Stop the selected run, or the one in training")
        self.stop_sweep = self._button("Stop s&weep", "stop", "training.stop_sweep", "Stop it with all that wait")
        self.resume = self._button("R&esume", "compute", "training.resume", "Go on with the selected partial runs")
        self.compare = self._button("&Compare", "contour", "training.compare", "Select two runs to compare them")
        self.copy = self._button("C&opy", "export", "training.copy", "Copy the table as CSV")
        self._build()
        self.filter.textChanged.connect(self.table.set_filter)
        self.table.selected.connect(self._on_selected)
        self.stop.clicked.connect(lambda: self.stop_wanted.emit(self._stoppable()))
        self.stop_sweep.clicked.connect(lambda: self.stop_sweep_wanted.emit(self._sweep()))
        self.resume.clicked.connect(lambda: self.resume_wanted.emit(self._resumable()))
        self.compare.clicked.connect(self._compare)
        self.copy.clicked.connect(self.table.copy_csv)
        self.comparison.back_wanted.connect(self.show_table)
        self.set_rows(())

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two runs that are compared; None while the table is seen."""
        return self._pair

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs."""
        self._rows = dict(by_id(list(rows)))
        self.table.set_rows(rows)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.filter.setEnabled(bool(rows))
        if self._pair is not None:
            self._show_pair()
        self._refresh()

    def set_samples(self, samples: int) -> None:
        """How many samples there are to compare the networks of the pair with."""
        self._samples = samples
        if self._pair is not None:
            self._show_pair()

    def show_left(self, text: str) -> None:
        """Say how long the runs under way will still take."""
        self.left.setText(text)
        self.left.setVisible(bool(text))

    def show_table(self) -> None:
        """Back from the comparison."""
        self._pair = None
        self._stack.setCurrentIndex(0)
        self.comparing.emit(False)  # noqa: FBT003  a signal

    def _compare(self) -> None:
        one, other = self.table.selected_ids
        self._pair = one, other
        self._stack.setCurrentIndex(1)
        self.comparing.emit(True)  # noqa: FBT003  a signal
        self._show_pair()

    def _show_pair(self) -> None:
        if self._pair is None or not all(run_id in self._rows for run_id in self._pair):
            self.show_table()
            return
        one, other = (self._rows[run_id] for run_id in self._pair)
        self.comparison.show_runs(one, other, samples=self._samples)

    def _on_selected(self, ids: tuple[str, ...]) -> None:
        self._refresh()
        self.selected.emit(ids)

    def _selected_rows(self) -> list[RunRow]:
        return [self._rows[run_id] for run_id in self.table.selected_ids if run_id in self._rows]

    def _stoppable(self) -> str:
        """The selected run that is on its way, or else the one being trained."""
        alive = [row for row in self._selected_rows() if row.status in ("training", "queued")]
        alive += [row for row in self._rows.values() if row.status == "training"]
        return alive[0].id if alive else ""

    def _sweep(self) -> str:
        alive = [row for row in self._selected_rows() if row.status in ("training", "queued") and row.sweep]
        alive += [row for row in self._rows.values() if row.status in ("training", "queued") and row.sweep]
        return alive[0].sweep if alive else ""

    def _resumable(self) -> tuple[str, ...]:
        return tuple(row.id for row in self._selected_rows() if row.status == "partial")

    def _refresh(self) -> None:
        self.stop.setEnabled(bool(self._stoppable()))
        self.stop_sweep.setEnabled(bool(self._sweep()))
        self.resume.setEnabled(bool(self._resumable()))
        self.compare.setEnabled(len(self.table.selected_ids) == 2)
        self.copy.setEnabled(bool(self._rows))

    def _button(self, text: str, icon_name: str, name: str, tooltip: str) -> QPushButton:
        button = named(with_icon(QPushButton(text), icon_name), name)
        button.setToolTip(tooltip)
        return button

    def _build(self) -> None:
        tools = FlowRow()
        for button in (self.stop, self.stop_sweep, self.resume, self.compare, self.copy):
            tools.addWidget(button)
        search = QHBoxLayout()
        search.addWidget(self.filter, 1)
        search.addWidget(self.left)
        seen = QWidget()
        column = QVBoxLayout(seen)
        column.setContentsMargins(10, 6, 10, 8)
        column.setSpacing(6)
        column.addLayout(tools)
        column.addLayout(search)
        column.addWidget(self.empty, 1)
        column.addWidget(self.table, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(seen)
        self._stack.addWidget(self.comparison)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
