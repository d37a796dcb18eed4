"""Proves boxes in several features one after another, for somebody who drags them: the network is read once."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.proving import Counterexample, prove_boxes
from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.live.joint import BoxJudgement, KnownBoxes
from core.corrections.network.lowering import lower
from core.corrections.records.joint import JointBox, JointRequest
from core.corrections.search.asking import question_of
from core.corrections.search.growth import grown_box
from core.job import JobContext
from core.networks.network import Network

FloatArray = npt.NDArray[np.float64]
MOST_BOXES = 200_000  # for one answer; the seconds are over before


class JointBoxes:
    """Answers about boxes of one request.

    Parameters
    ----------
    network : Network
        The one that the request was answered for; it is only read.

    Raises
    ------
    InvalidRequest, UnsupportedNetwork
        As the engine of joint corrections raises them.
    """

    def __init__(self, request: JointRequest, network: Network) -> None:
        lowered = lower(network, curved=True)
        self._goal = lowered.head.before(request.goal)
        self._question = question_of(request.input, request.freedom, self._goal, request.norm)
        self._network: Restriction = self._question.restricted(lowered)
        self._numbers = len(request.freedom.numbers)

    @cached_property
    def _rows(self) -> Rows:
        return Rows.of(self._goal, self._network.outputs)

    def judge(self, box: JointBox, known: KnownBoxes, job: JobContext, seconds: float) -> BoxJudgement:
        """Whether every point of a box is accepted, proved on what is new in it; the answer is remembered in `known`.

        Parameters
        ----------
        seconds : float
            After which it stays undecided.

        Raises
        ------
        Cancelled
            From ``job.check``; not when the seconds are over.
        """
        if (answer := known.judge(box)) is not None:
            return answer
        slabs = known.slabs(box)
        low, high = self._with_own_values(*(self._placed(ends) for ends in slabs))
        timed = Limited(job, seconds)
        lane = self._question.lane_of[box.levels]
        try:
            found = prove_boxes(self._network, self._rows, low, high, timed, MOST_BOXES, lane, self._question.lattice)
        except OutOfTime:
            return BoxJudgement(box=replace(box, proof="unknown"), answer="undecided", slabs=len(slabs[0]))
        if isinstance(found, Proved):
            judged = BoxJudgement(
                box=replace(box, proof="proved"), answer="proved", boxes=found.boxes, slabs=len(slabs[0])
            )
        elif isinstance(found, Counterexample):
            judged = BoxJudgement(
                box=replace(box, proof="unknown"),
                answer="refuted",
                rejected=np.array(found.point)[: self._numbers],
                lead=found.lead,
                boxes=found.boxes,
                slabs=len(slabs[0]),
            )
        else:
            judged = BoxJudgement(
                box=replace(box, proof="unknown"), answer="undecided", boxes=found.boxes, slabs=len(slabs[0])
            )
        known.learn(judged)
        return judged

    def grown(self, box: JointBox, job: JobContext, seconds: float) -> Iterator[JointBox]:
        """Larger and larger boxes around a proved one, each proved, for so many seconds at most; see `grown_box`."""
        ends_at = time.monotonic() + seconds
        lane, lattice = self._question.lane_of[box.levels], self._question.lattice
        placed = np.concatenate([self._placed(ends[None]) for ends in (box.low, box.high)])
        ranges = self._question.ranges
        kept = ~lattice.holds(placed).all(axis=0) & ~lattice.holds(self._question.start)
        # A value that was kept may lie beyond the last step of its range.
        low, high = np.where(kept, placed, np.clip(placed, *ranges))
        ranges = np.minimum(ranges[0], low), np.maximum(ranges[1], high)
        # The values that it holds: from there on whole steps lead to the ends. A value beside the steps stays itself.
        low, high = (part[0] for part in lattice.of_boxes(low[None], high[None]))
        about = lattice.about(low, high)
        for proved in grown_box(self._network, self._goal, low, high, ranges, job, lane=lane, lattice=about):
            sides = proved.low[: self._numbers], proved.high[: self._numbers]
            yield JointBox(low=sides[0], high=sides[1], levels=box.levels, proof="proved")
            if time.monotonic() >= ends_at:
                return

    def _with_own_values(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Boxes (n, k), and what of them keeps the input's own values beside the steps."""
        start = self._question.start
        for handle in np.flatnonzero(~self._question.lattice.holds(start)):
            kept = (low[:, handle] <= start[handle]) & (start[handle] <= high[:, handle])
            both = np.concatenate([low, low[kept]]), np.concatenate([high, high[kept]])
            for ends in both:
                ends[len(low) :, handle] = start[handle]
            low, high = both
        return low, high

    def _placed(self, points: FloatArray) -> FloatArray:
        """Points (n, numbers) as points (n, k) of the question, which may have a handle that nobody sees."""
        idle = self._question.start[self._numbers :]
        return np.concatenate([points, np.broadcast_to(idle, (len(points), len(idle)))], axis=1)
