"""What is on its way: how far it is, how long it will still take, and what was asked for."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.actions.computing import Pending
from app.actions.training import PendingRun
from app.jobs.estimate import progress_words
from app.jobs.job import JobState
from app.views.inspector.facts import Facts
from app.views.inspector.words import request_facts
from app.views.made import named, text_label, with_icon
from app.views.progress_bar import CalmProgressBar

WAITING = "This waits for its turn. What is there when you stop it is kept."
RUNNING = "This is being computed. What is there when you stop it is kept."
LOOK_MILLISECONDS = 250  # between two looks at the job


class PendingPanel(QWidget):
    """Follows one job for as long as it is shown."""

    stop_wanted = Signal()

    def __init__(self, pending: Pending | PendingRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pending_panel")
        self._job = pending.job
        self.state = text_label(name="pending.state")
        self.bar = named(CalmProgressBar(textVisible=False), "pending.bar")
        self.bar.setMaximumHeight(14)
        self.bar.setAccessibleName(f"Progress of {pending.name}")
        self.words = text_label(name="pending.words")
        stop = named(with_icon(QPushButton("Stop"), "stop"), "stop")
        stop.clicked.connect(self.stop_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.state, self.bar, self.words, stop):
            layout.addWidget(widget)
        if isinstance(pending, Pending) and (facts := request_facts(pending.request)):
            layout.addWidget(Facts(facts))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MILLISECONDS)
        self._look()

    def _look(self) -> None:
        waits, progress = self._job.state is JobState.QUEUED, self._job.progress
        self.state.setText(WAITING if waits else RUNNING)
        self.bar.setVisible(not waits)
        if progress is None or progress.total <= 0:
            self.bar.show_progress(0, 0)  # busy
            self.words.setText("" if progress is None else progress.text)
        else:
            self.bar.show_progress(progress.done, progress.total)
            self.words.setText(progress_words(progress.text, progress.seconds_left))
        self.words.setVisible(bool(self.words.text()))
