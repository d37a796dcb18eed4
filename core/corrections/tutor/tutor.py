"""The tutor: completes a drawing so that it is recognised, and proves where the lines of what it adds may end.

Zhang et al. 2018 free the coordinates of one missing stroke and grow a box around its completion. Here the completion
is a stroke of the canonical drawing itself, and every proof goes through all orders of the lines that occur in a box.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.proving import Proof as Proved
from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.network.lowering import lower
from core.corrections.records.goal import Goal
from core.corrections.search.growth import SLAB_BUDGET, grown_box
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.corrections.tutor.ends import around, boxes_of, count_orders, ends_of, holds, proved_radii
from core.corrections.tutor.examples import CANONICAL
from core.corrections.tutor.finding import Repair, find_repair
from core.corrections.tutor.lesson import EndBox, Lesson, LessonRequest
from core.corrections.tutor.placing import MOST_FREE, Placing, Spot
from core.corrections.tutor.proving import PlacementProver
from core.data.drawings.strokes import LARGEST, FloatArray, Strokes, line_count, line_slots
from core.errors import InvalidRequest
from core.job import JobContext
from core.networks.network import Network

AT_A_TIME = 64  # drawings that are judged together
WIDEST_SEARCH = 16  # pixels around the seed within which a stable placement is looked for
SHARES = (0.3, 0.35)  # of the seconds: for equal boxes of all ends, and for the boxes of single ends
REACHES = (3.0, 6.0, 12.0, 24.0, 48.0, LARGEST)  # pixels that boxes grow to around their ends, one after the other
IN_THE_GOAL = Goal(classes=(CANONICAL,))


class Tutor:
    """Answers for one recogniser, which is read once. Reading takes a moment, judging a drawing about a millisecond.

    Parameters
    ----------
    network : Network
        Takes drawings as `strokes.line_slots` has them; its class 1 is the canonical drawing.

    Raises
    ------
    UnsupportedNetwork
        If it is not piecewise linear.
    """

    def __init__(self, network: Network) -> None:
        self._network = lower(network)
        self._rows = Rows.of(IN_THE_GOAL, self._network.classes)

    def leads(self, drawings: list[Strokes]) -> FloatArray:
        """By how much each drawing (n,) is recognised, in logits: not positive where it is not."""
        inputs = [line_slots(one).reshape(-1).astype(np.float64) for one in drawings]
        found = [
            self._rows.leads(self._network.forward(np.stack(inputs[start : start + AT_A_TIME])))
            for start in range(0, len(inputs), AT_A_TIME)
        ]
        return np.concatenate(found) if found else np.zeros(0)

    def lesson(self, request: LessonRequest, job: JobContext) -> Lesson:
        """A suggestion with its boxes, as far as they can be proved in the time.

        Every snapshot goes to ``job.partial``: first the suggestion, then boxes that only grow.

        Raises
        ------
        InvalidRequest
            If the drawing is recognised already and no stroke of it was chosen, or nothing helps.
        """
        return _Teaching(self, request, job).lesson()

    def prover(self, placing: Placing) -> PlacementProver:
        """For proofs about one drawing."""
        return PlacementProver(self._network, IN_THE_GOAL, placing)

    def nearest(self, placing: Placing, stability: int, job: JobContext) -> FloatArray | None:
        """The stable placement (k,) nearest to the present one, as far as the order of the lines stays the same.

        None if there is none, or none was found in time.
        """
        low, high = placing.one_order(WIDEST_SEARCH)
        question = Question(
            subspace=placing.subspace(placing.present),
            start=placing.start,
            handles=tuple(
                Handle(low=float(least), high=float(most), half_width=float(stability), step=1.0)
                for least, most in zip(low, high, strict=True)
            ),
            goal=IN_THE_GOAL,
        )
        found = None
        with suppress(OutOfTime):
            for bracket in nearest_stable(question, self._network, job):
                found = bracket.point
        return found


class _Teaching:
    """One lesson in the making, and what is known of it so far."""

    def __init__(self, tutor: Tutor, request: LessonRequest, job: JobContext) -> None:
        self._tutor, self._request, self._job = tutor, request, job
        self._began = time.perf_counter()
        job.progress(0, 3, "what is missing")
        self._known = self._suggested()

    def lesson(self) -> Lesson:
        """Run to the end, or to the end of the time."""
        self._tell()
        if self._known.free:
            seconds = self._request.seconds
            with suppress(OutOfTime):
                part = Limited(self._job, SHARES[0] * seconds)
                self._make_stable(part)
                self._widen_all(part)
            if self._known.joint:
                prover = self._prover()
                self._grow_alone(prover, SHARES[1] * seconds)
                self._grow_jointly(prover, (1 - sum(SHARES)) * seconds)
                stable = self._known.stable or holds(self._known, self._request.stability)
                self._tell(stable=stable, parts=count_orders(self._known, prover, self._job))
        self._job.progress(3, 3)
        self._tell(status="complete")
        return self._known

    def _tell(self, **known: object) -> None:
        """Add to what is known, and say so."""
        self._known = replace(self._known, seconds=time.perf_counter() - self._began, **known)  # type: ignore[arg-type]
        self._job.partial(self._known)

    def _prover(self) -> PlacementProver:
        return self._tutor.prover(self._known.placing)

    def _suggested(self) -> Lesson:
        """The drawing with what was missing, and its free ends."""
        request = self._request
        lead = float(self._tutor.leads([request.drawing])[0]) if line_count(request.drawing) else -np.inf
        repair = Repair(kept=tuple(range(len(request.drawing))), put_in=(), drawing=request.drawing, lead=lead)
        if lead > 0 and request.stroke is None:
            raise InvalidRequest("This drawing is recognised already, so there is nothing to correct.")
        if lead <= 0:
            repair = find_repair(request.drawing, request.canonical, self._tutor.leads, self._job, request.stroke)
        if repair.lead <= 0:
            raise InvalidRequest(
                "No stroke of the canonical drawing makes this one recognised. Choose another stroke, or train the "
                "recogniser for longer."
            )
        chosen = (request.stroke,) if lead > 0 and request.stroke is not None else repair.added
        return Lesson(
            request=request,
            status="partial",
            lead=lead,
            drawing=repair.drawing,
            added=repair.added,
            dropped=tuple(place for place in range(len(request.drawing)) if place not in repair.kept),
            free=free_spots(repair.drawing, chosen),
            suggested_lead=repair.lead,
            stable=False,
            joint=(),
            alone=(),
            parts=0,
            seconds=0.0,
        )

    def _make_stable(self, job: JobContext) -> None:
        """The seed itself if it is stable, else the stable placement nearest to it if there is one."""
        prover, home, stability = self._prover(), self._known.placing.start, self._request.stability
        for radius in (0, stability):
            if not isinstance(prover.prove(*around(home, radius), job, SLAB_BUDGET), Proved):
                break
            self._tell(stable=radius == stability, joint=boxes_of(*around(home, radius)))
        if self._known.stable:
            return
        moved = self._tutor.nearest(self._known.placing, stability, job)
        if moved is not None:
            drawing = self._known.placing.at(moved)
            joint = boxes_of(*around(moved, stability))
            lead = float(self._tutor.leads([drawing])[0])
            self._tell(drawing=drawing, suggested_lead=lead, stable=True, joint=joint)

    def _widen_all(self, job: JobContext) -> None:
        """Boxes of one size for all ends, as large as they can be proved together."""
        if not self._known.joint:
            return
        self._job.progress(1, 3, "boxes of all ends together")
        home, begin = self._known.placing.start, self._request.stability if self._known.stable else 0
        for radius in proved_radii(self._prover(), home, begin, job):
            self._tell(joint=boxes_of(*around(home, radius)))

    def _grow_alone(self, prover: PlacementProver, seconds: float) -> None:
        """Grow a box for every end while the others stay."""
        home, count = self._known.placing.start, len(self._known.free)
        for end in range(count):
            self._job.progress(1, 3, f"end {end + 1} of {count} alone")
            own, box = slice(2 * end, 2 * end + 2), self._known.joint[end]
            begin, widest = (home.copy(), home.copy()), (home.copy(), home.copy())
            begin[0][own], begin[1][own] = box.low, box.high
            widest[0][own], widest[1][own] = 0.0, LARGEST
            *_, (low, high) = self._grown(prover, begin, widest, seconds / count)
            grown = EndBox(low=low[own], high=high[own], proof="proved")
            self._tell(alone=(*self._known.alone, grown))

    def _grow_jointly(self, prover: PlacementProver, seconds: float) -> None:
        """Grow the boxes that hold together; none of them can be larger than what its end may do alone."""
        begin, alone = ends_of(self._known.joint), ends_of(self._known.alone)
        widest = np.minimum(alone[0], begin[0]), np.maximum(alone[1], begin[1])
        for grown in self._grown(prover, begin, widest, seconds):
            self._job.progress(2, 3, "boxes of all ends together")
            self._tell(joint=boxes_of(*grown))

    def _grown(
        self,
        prover: PlacementProver,
        begin: tuple[FloatArray, FloatArray],
        widest: tuple[FloatArray, FloatArray],
        seconds: float,
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Larger and larger proved boxes, for so many seconds.

        Everywhere near first: one side that goes far at once would leave no room to the others.
        """
        yield begin
        part, home = Limited(self._job, seconds), self._known.placing.start
        some, lattice = prover.any_restriction(), prover.lattice
        with suppress(OutOfTime):
            for reach in REACHES:
                low, high = around(home, reach)
                ranges = (
                    np.minimum(np.maximum(low, widest[0]), begin[0]),
                    np.maximum(np.minimum(high, widest[1]), begin[1]),
                )
                for box in grown_box(some, IN_THE_GOAL, *begin, ranges, part, lattice=lattice, prove=prover.prove):
                    begin = box.low, box.high
                    yield begin


def free_spots(drawing: Strokes, strokes: tuple[int, ...]) -> tuple[Spot, ...]:
    """Which points of some strokes are free: all of them if they are few, else of the first stroke those that matter.

    Its two ends, and points spread evenly between them.
    """
    every = [(stroke, point) for stroke in strokes for point in range(drawing[stroke].shape[1])]
    if len(every) <= MOST_FREE or not strokes:
        return tuple(every)
    first = strokes[0]
    spread = np.linspace(0, drawing[first].shape[1] - 1, min(MOST_FREE, drawing[first].shape[1]))
    return tuple((first, int(point)) for point in np.unique(np.round(spread)))
