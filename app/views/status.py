"""The status line: what the pointer is on, and the running job with its bar and Stop."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar

from app.actions.wording import short
from app.jobs.estimate import left_words
from app.jobs.job import Job
from app.jobs.manager import JobManager
from app.views.made import named
from app.views.progress_bar import CalmProgressBar


class StatusLine(QStatusBar):
    """Messages at the left, the job at the right."""

    def __init__(self, jobs: JobManager) -> None:
        super().__init__()
        self.setObjectName("status")
        self._jobs = jobs
        self._hover = named(QLabel(textFormat=Qt.TextFormat.PlainText), "status.hover")
        self._job = named(QLabel(textFormat=Qt.TextFormat.PlainText), "status.job")
        self._bar = named(CalmProgressBar(), "status.progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(140, 12))
        self._bar.setAccessibleName("Progress of the running job")
        self._stop = named(QPushButton("Stop", flat=True), "status.stop")
        self._stop.clicked.connect(self._stop_current)
        self.addWidget(self._hover, 1)
        for widget in (self._job, self._bar, self._stop):
            self.addPermanentWidget(widget)
            widget.hide()
        jobs.job_started.connect(self._on_started)
        jobs.job_progressed.connect(self._on_progressed)
        jobs.job_stopping.connect(self._on_stopping)
        jobs.job_finished.connect(self._on_finished)

    def show_hover(self, text: str) -> None:
        """Say what the pointer is on."""
        self._hover.setText(text)

    def _on_started(self, job: Job[object]) -> None:
        self._job.setText(short(job.name))
        self._bar.show_progress(0, 0)
        self._stop.setEnabled(True)
        for widget in (self._job, self._bar, self._stop):
            widget.show()

    def _on_progressed(self, job: Job[object], done: int, total: int, text: str, left: float | None) -> None:
        if total > 0:
            self._bar.show_progress(done, total)
        self._job.setText(", ".join(part for part in (short(job.name), left_words(text, left)) if part))

    def _on_stopping(self, job: Job[object]) -> None:
        self._job.setText(f"{short(job.name)}: stopping…")
        self._stop.setEnabled(False)

    def _on_finished(self, _job: Job[object]) -> None:
        if self._jobs.current is None:
            for widget in (self._job, self._bar, self._stop):
                widget.hide()

    def _stop_current(self) -> None:
        if self._jobs.current is not None:
            self._jobs.stop(self._jobs.current)
