"""The engine of corrections in several features: one request in, a bracket that closes, with all that was found on it.

The search for the nearest stable correction comes first. What follows it makes the answer richer and never takes
anything back, so that it may be stopped at any moment.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.engines.verdict import made_by, verdict_of
from core.corrections.joint import FoundChange, JointBox, JointCorrection, JointRequest
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.search.asking import question_of
from core.corrections.search.bracket import Bracket
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import Seeds, nearest_stable
from core.corrections.search.question import Question
from core.job import JobContext, Stage
from core.networks.network import Network

FloatArray = npt.NDArray[np.float64]


def compute_joint(
    request: JointRequest,
    network: Network,
    data_sha256: str,
    job: JobContext,
    resume: JointCorrection | None = None,
) -> JointCorrection:
    """The nearest stable correction in several features, between a proved bound and the best that was found.

    Parameters
    ----------
    data_sha256 : str
        Fingerprint of the data the input came from, for the provenance; "" if it was typed in.
    resume : JointCorrection, optional
        A partial answer to the same request: its best is where the search goes on.

    Returns
    -------
    JointCorrection
        The search ends when the bracket closes or its time is over. Every snapshot of it goes to ``job.partial``.

    Raises
    ------
    InvalidRequest
        If the input does not fit the network, or the goal is reached already.
    UnsupportedNetwork
        If the network is not piecewise linear.
    """
    return _Engine(request, network, data_sha256, job).answer(resume)


class _Engine:
    """One computation, and what is known of it so far."""

    def __init__(self, request: JointRequest, network: Network, data_sha256: str, job: JobContext) -> None:
        self._started = time.perf_counter()
        self._request, self._network, self._data_sha256, self._job = request, network, data_sha256, job
        job.progress(0, 1, "reading the network")
        self._lowered: PiecewiseLinear = lower(network)
        verdict, value = verdict_of(request.input, request.goal, self._lowered, network)
        self._goal = self._lowered.head.before(request.goal)
        self._question = question_of(request.input, request.freedom, self._goal, request.norm)
        self.found = JointCorrection(
            request=request,
            status="partial",
            verdict=verdict,
            value=value,
            nearest=nothing_yet(),
            boxes=0,
            course=np.zeros((0, 3)),
            box=None,
            tradeoff=np.zeros((0, 3)),
            provenance=made_by(network, data_sha256, self._started),
        )

    def answer(self, resume: JointCorrection | None) -> JointCorrection:
        """Run to the end."""
        self._search(resume)
        self._grow()
        self._job.progress(1, 1)
        return replace(
            self.found, status="complete", provenance=made_by(self._network, self._data_sha256, self._started)
        )

    def _tell(self, **known: object) -> None:
        """Add to what is known, and say so."""
        made = made_by(self._network, self._data_sha256, self._started)
        self.found = replace(self.found, provenance=made, **known)  # type: ignore[arg-type]
        self._job.partial(self.found)

    def _search(self, resume: JointCorrection | None) -> None:
        began = time.monotonic()
        rows: list[tuple[float, float, float]] = []
        for bracket in self._brackets(self._question, seeds_of(resume)):
            seconds = time.monotonic() - began
            distance = np.inf if bracket.distance is None else bracket.distance
            if not rows or (bracket.lower, distance) != rows[-1][1:]:
                rows.append((seconds, bracket.lower, distance))
            self._job.progress(round(10 * seconds), round(10 * self._request.seconds), _stands(bracket))
            nearest = found_change(bracket, self._request)
            self._tell(nearest=nearest, boxes=bracket.boxes, course=np.array(rows), box=self._asked_box(nearest))

    def _brackets(self, question: Question, seeds: Seeds) -> Iterator[Bracket]:
        """Of one question, for as long as a search may take."""
        began, stage = time.monotonic(), Stage(self._job, "nearest", relay_partial=False)
        tolerance = self._request.tolerance
        for bracket in nearest_stable(question, self._lowered, stage, tolerance=tolerance, seeds=seeds):
            yield bracket
            if time.monotonic() - began > self._request.seconds:
                return

    def _asked_box(self, nearest: FoundChange) -> JointBox | None:
        """The box of half-widths around the nearest correction."""
        if nearest.point is None:
            return None
        half = self._question.half_widths[: len(nearest.point)]
        return JointBox(low=nearest.point - half, high=nearest.point + half, levels=nearest.levels, proof=nearest.proof)

    def _grow(self) -> None:
        """The largest box around the nearest correction that can be proved in the time."""
        box, question = self.found.box, self._question
        if box is None or box.proof != "proved" or not len(box.low):
            return
        began, stage = time.monotonic(), Stage(self._job, "largest box", relay_partial=False)
        low, high = question.ranges
        grown = grown_box(
            question.restricted(self._lowered),
            self._goal,
            np.clip(box.low, low, high),
            np.clip(box.high, low, high),
            (low, high),
            stage,
            lane=question.lane_of[box.levels],
            lattice=question.lattice,
        )
        for proved in grown:
            self._tell(box=replace(box, low=proved.low, high=proved.high))
            seconds = time.monotonic() - began
            self._job.progress(round(10 * seconds), round(10 * self._request.seconds), "the largest box")
            if seconds > self._request.seconds:
                return


def nothing_yet() -> FoundChange:
    """Before anything is known."""
    return FoundChange(point=None, levels=(), distance=None, lower_bound=0.0, proof="unknown", closed=False)


def found_change(bracket: Bracket, request: JointRequest) -> FoundChange:
    """What a bracket says, in the features of the request."""
    numbers = len(request.freedom.numbers)
    return FoundChange(
        point=None if bracket.point is None else bracket.point[:numbers],
        levels=bracket.levels,
        distance=bracket.distance,
        lower_bound=bracket.lower,
        proof=bracket.proof,
        closed=bracket.closed,
    )


def seeds_of(resume: JointCorrection | None) -> Seeds:
    """What was found before, as centres to begin with."""
    if resume is None:
        return ()
    known = (resume.nearest, *resume.others)
    return [(one.point, one.levels) for one in known if one.point is not None]


def _stands(bracket: Bracket) -> str:
    if bracket.distance is None:
        return "none found yet" if bracket.lower == 0 else f"none found yet, none nearer than {bracket.lower:.3g}"
    return f"{bracket.distance:.4g} found, at least {bracket.lower:.3g}"
