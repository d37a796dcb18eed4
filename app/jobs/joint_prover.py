"""Proves the box of a correction in several features while it is dragged, in a thread beside the window."""

import threading
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs.engines import import_analyses
from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from core.corrections.live.joint import BoxJudgement, KnownBoxes, same_place
from core.corrections.records.joint import JointBox, JointCorrection, JointRequest
from core.job import JobContext
from core.session.document import NetworkItem

if TYPE_CHECKING:  # this module is imported by the window, before torch
    from core.corrections.engines.joint.boxes import JointBoxes

SECONDS = 3.0  # for one answer; then it is undecided
GROWING_SECONDS = 60.0
PATIENCE = 150  # milliseconds that an answer is waited for while a newer box is asked about already


class JointProver(QObject):
    """Answers about the newest box. What is known already is said at once.

    A box that is asked about while another one is being proved waits a moment: what is found out there often decides
    it, and a hand that keeps moving would otherwise never get an answer.
    """

    judged = Signal(object)  # BoxJudgement, of the newest box
    grew = Signal(object)  # JointBox, at most 15 times a second
    grown = Signal(object)  # JointBox, in the end
    failed = Signal(str)  # why there will be no answer
    busy_changed = Signal()

    def __init__(self, network: NetworkItem, correction: JointCorrection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = _Reader(network, correction.request)
        self.known = KnownBoxes.of(correction)
        self._wanted: JointBox | None = None  # asked about while another one is being proved
        self._asked: JointBox | None = None  # that is being proved
        self._growth: _Growth | None = None
        self._work = LatestWork(self)
        self._work.busy_changed.connect(self.busy_changed)
        self._work.progressed.connect(self._on_progress)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self._go_on)

    @property
    def growing(self) -> bool:
        """Whether a box is being grown."""
        return self._growth is not None

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._work.busy

    def judge(self, box: JointBox) -> BoxJudgement | None:
        """What is known of a box; if that is nothing, `judged` tells it later. A growth ends."""
        if self._growth is not None:
            self.stop()
        if (answer := self.known.judge(box)) is not None:
            self._wanted = None
            self._patience.stop()
            self._work.stop()
            return answer
        if self._work.busy and self._asked is not None and same_place(self._asked, box):
            self._wanted = None  # its answer is on its way
            return None
        self._wanted = box
        if not self._work.busy:
            self._go_on()
        elif not self._patience.isActive():
            self._patience.start()
        return None

    def grow(self, box: JointBox) -> None:
        """Make a proved box as large as it can be proved."""
        self._wanted = self._asked = None
        self._patience.stop()
        self._growth = growth = _Growth(box)
        reader = self._reader

        def work(job: JobContext) -> JointBox:
            return growth.run(reader.opened(job), job)

        self._work.start("the largest box", work, self._on_grown, self._on_failed)

    def stop(self) -> JointBox | None:
        """Leave what is under way; the box as far as it has grown, if one was growing."""
        growth, self._growth = self._growth, None
        self._wanted = self._asked = None
        self._patience.stop()
        self._work.stop()
        return None if growth is None else growth.box

    def _go_on(self) -> None:
        """Prove what is wanted, instead of what is under way."""
        box, self._wanted = self._wanted, None
        if box is not None:
            self._asked = box
            self._work.start("a box", partial(_judge, self._reader, box, self.known), self._on_judged, self._on_failed)

    def _on_judged(self, answer: BoxJudgement) -> None:
        self._patience.stop()
        wanted, self._wanted = self._wanted, None
        if wanted is None or same_place(wanted, answer.box):
            self.judged.emit(answer)
        elif (now := self.judge(wanted)) is not None:
            self.judged.emit(now)

    def _on_progress(self) -> None:
        if self._growth is not None:
            self.grew.emit(self._growth.box)

    def _on_grown(self, box: JointBox) -> None:
        self._growth = None
        self.known.learn_proved(box)
        self.grown.emit(box)

    def _on_failed(self, failure: JobFailure) -> None:
        self._growth = self._wanted = None
        self._patience.stop()
        self.failed.emit(failure.message)


class _Reader:
    """Reads the network once, in whichever thread needs it first."""

    def __init__(self, network: NetworkItem, request: JointRequest) -> None:
        self._network, self._request = network, request
        self._lock = threading.Lock()
        self._boxes: JointBoxes | None = None

    def opened(self, job: JobContext) -> "JointBoxes":
        """The network on the features that may change."""
        with self._lock:
            job.check()  # it may have been stopped while it waited
            if self._boxes is None:
                import_analyses()
                from core.corrections.engines.joint.boxes import JointBoxes  # noqa: PLC0415  imports torch
                from core.networks.storing import restore_network  # noqa: PLC0415

                self._boxes = JointBoxes(self._request, restore_network(self._network))
            return self._boxes


class _Growth:
    """A box that grows in another thread."""

    def __init__(self, box: JointBox) -> None:
        self.box = box  # as it is now; replaced, never changed

    def run(self, boxes: "JointBoxes", job: JobContext) -> JointBox:
        """Until nothing more can be proved, or the time is over."""
        for count, box in enumerate(boxes.grown(self.box, job, GROWING_SECONDS)):
            self.box = box
            job.progress(count, 0, "the largest box")
        return self.box


def _judge(reader: _Reader, box: JointBox, known: KnownBoxes, job: JobContext) -> BoxJudgement:
    return reader.opened(job).judge(box, known, job, SECONDS)
