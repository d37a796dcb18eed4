"""Jobs and log: what runs, how far it is, and what happened."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.wording import short, tip
from app.jobs.estimate import duration_text, progress_words
from app.jobs.job import Job, JobState
from app.jobs.manager import JobManager
from app.views.made import named
from app.views.progress_bar import CalmProgressBar

COLUMNS = ("Job", "Progress", "State", "")
LOG_LINES = 2000
ROW_HEIGHT = 26
MOST_ROWS = 200  # the oldest jobs that are over make room; the log still tells of them


class JobsPanel(QWidget):
    """A row per job with its bar and Stop, and the log beside it."""

    def __init__(self, jobs: JobManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs_panel")
        self._jobs = jobs
        self._rows: dict[str, QTableWidgetItem] = {}  # by job id, oldest first: the first cell of its row
        self._bars: dict[str, CalmProgressBar] = {}
        self.table = named(QTableWidget(0, len(COLUMNS)), "jobs_table")
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(1, 110)
        header.resizeSection(2, 172)
        header.resizeSection(3, 64)
        self.log = named(QPlainTextEdit(), "log")
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setPlaceholderText("What happens is written here.")
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(self.log)
        splitter.setSizes([620, 380])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        jobs.job_queued.connect(self._on_queued)
        jobs.job_started.connect(self._on_state)
        jobs.job_stopping.connect(self._on_state)
        jobs.job_progressed.connect(self._on_progressed)
        jobs.job_finished.connect(self._on_finished)

    def write(self, text: str) -> None:
        """Add a line with the time to the log."""
        self.log.appendPlainText(f"{datetime.now().astimezone():%H:%M:%S}  {text}")

    def _on_queued(self, job: Job[object]) -> None:
        self._forget_oldest()
        row = self.table.rowCount()
        self.table.insertRow(row)
        self._rows[job.id] = QTableWidgetItem(short(job.name))
        self.table.setItem(row, 0, self._rows[job.id])
        bar = CalmProgressBar(textVisible=False)
        bar.show_progress(0, 1)
        bar.setMaximumHeight(14)
        bar.setAccessibleName(f"Progress of {job.name}")
        self._bars[job.id] = bar
        self.table.setCellWidget(row, 1, _framed(bar))
        self.table.setItem(row, 2, QTableWidgetItem("queued"))
        stop = named(QPushButton("Stop", flat=True), f"stop.{job.id}")
        stop.clicked.connect(lambda: self._jobs.stop(job))
        self.table.setCellWidget(row, 3, stop)
        self.table.scrollToBottom()

    def _on_state(self, job: Job[object]) -> None:
        self._say(job, "stopping…" if job.state is JobState.STOPPING else str(job.state))
        self._stop_button(job).setEnabled(job.state is not JobState.STOPPING)
        if job.state is JobState.RUNNING:
            self._bar(job).show_progress(0, 0)  # busy, until the first unit of work is done

    def _on_progressed(self, job: Job[object], done: int, total: int, text: str, left: float | None) -> None:
        if total > 0:
            self._bar(job).show_progress(done, total)
        if job.state is JobState.RUNNING:
            self._say(job, progress_words(text, left))

    def _on_finished(self, job: Job[object]) -> None:
        self._bar(job).show_progress(int(job.state is JobState.DONE), 1)
        took = f" after {duration_text(job.seconds)}" if job.seconds >= 1 else ""
        self._say(job, f"{job.state}{took}")
        self.table.removeCellWidget(self._row(job.id), 3)
        why = job.failure.message if job.failure is not None else job.stop_reason
        self.write(f"{job.name}: {job.state}{took}" + (f". {why}" if why else ""))

    def _forget_oldest(self) -> None:
        alive = {job.id for job in self._jobs.jobs}
        for job_id in [job_id for job_id in self._rows if job_id not in alive]:
            if self.table.rowCount() < MOST_ROWS:
                break
            self.table.removeRow(self._row(job_id))
            del self._rows[job_id], self._bars[job_id]

    def _row(self, job_id: str) -> int:
        return self.table.row(self._rows[job_id])

    def _say(self, job: Job[object], text: str) -> None:
        item = self.table.item(self._row(job.id), 2)
        if item is not None:
            item.setText(text)
            item.setToolTip(tip(text))

    def _bar(self, job: Job[object]) -> CalmProgressBar:
        return self._bars[job.id]

    def _stop_button(self, job: Job[object]) -> QWidget:
        return self.table.cellWidget(self._row(job.id), 3)


def _framed(bar: QWidget) -> QWidget:
    """A bar with air around it, instead of filling its cell."""
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(4, 0, 4, 0)
    layout.addWidget(bar, 0, Qt.AlignmentFlag.AlignVCenter)
    return frame
