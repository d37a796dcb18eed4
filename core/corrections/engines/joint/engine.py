"""The engine of corrections in several features: one request in, a bracket that closes, with all that was found on it.

The search for the nearest stable correction comes first. What follows it makes the answer richer and never takes
anything back, so that it may be stopped at any moment.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_FLOOR, Context

import numpy as np
import numpy.typing as npt

from core.corrections.engines.joint.parts_clock import Clock
from core.corrections.engines.joint.seeds import pair_seeds
from core.corrections.engines.suggesting import ranked_features
from core.corrections.engines.verdict import made_by, verdict_of
from core.corrections.live.joint import box_around
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.joint import FoundChange, JointCorrection, JointRequest
from core.corrections.search.asking import question_of
from core.corrections.search.bracket import Bracket
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import Seeds
from core.corrections.search.stability_curve import SCALES, CurvePoint, stability_curve
from core.corrections.search.subsets import changed_features
from core.corrections.search.ways import Ways
from core.job import JobContext, Stage
from core.networks.network import Network
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
SLICE_SHARE = 0.1  # of the time of a search, for one slice that only tells where to begin


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
        A partial answer to the same request of the same network, which is gone on from: what is proved stays so, what
        was found is where the search begins.

    Returns
    -------
    JointCorrection
        The search ends when the bracket closes or its time is over. Every snapshot of it goes to ``job.partial``.

    Raises
    ------
    InvalidRequest
        If the input does not fit the network, or the goal is reached already.
    UnsupportedNetwork
        If an operation of the network is neither piecewise linear nor one of the curves that can be bounded.
    """
    fits = resume is not None and resume.request == request and resume.provenance.network_sha256 == network.sha256
    return _Engine(request, network, data_sha256, job, resume if fits else None).answer()


class _Engine:
    """One computation, and what is known of it so far."""

    def __init__(
        self,
        request: JointRequest,
        network: Network,
        data_sha256: str,
        job: JobContext,
        resume: JointCorrection | None,
    ) -> None:
        self._started = time.perf_counter()
        self._request, self._job = request, job
        job.progress(0, 1, "reading the network")
        self._lowered: PiecewiseLinear = lower(network, curved=True)
        verdict, value = verdict_of(request.input, request.goal, self._lowered, network)
        self._goal = self._lowered.head.before(request.goal)
        question = question_of(request.input, request.freedom, self._goal, request.norm)
        self._order = self._promising()
        self._ways = Ways(question, request.most_changed, self._order)
        self._question = self._ways.base
        parts = 2 + request.different + bool(question.half_widths.any())
        self._clock = Clock(job, request.seconds, parts)
        self._provenance = made_by(network, data_sha256, self._started)
        self._earlier = () if resume is None else (resume.nearest, *resume.others)
        if resume is not None:
            self._started -= resume.provenance.seconds
            self.found = replace(resume, status="partial")
            return
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
            provenance=self._provenance,
        )

    def answer(self) -> JointCorrection:
        """Run to the end."""
        self._search()
        self._grow()
        self._search_others()
        if self._put_in_order():
            self._grow()
        self._trace()
        self._job.progress(1, 1)
        return replace(self.found, status="complete", provenance=self._made())

    def _promising(self) -> list[int]:
        """The places of the features, the most promising first."""
        request = self._request
        place = {name: index for index, name in enumerate(request.freedom.names)}
        ranked = ranked_features(request.input, request.freedom, self._goal, self._lowered, self._job)
        return [place[one.name] for one in ranked]

    def _tell(self, **known: object) -> None:
        """Add to what is known, and say so."""
        self.found = replace(self.found, provenance=self._made(), **known)  # type: ignore[arg-type]
        self._job.partial(self.found)

    def _made(self) -> Provenance:
        return replace(self._provenance, seconds=time.perf_counter() - self._started)

    def _search(self) -> None:
        before, request = self.found, self._request
        if before.nearest.closed:
            return
        self._clock.begin("nearest")
        rows, boxes = before.course.tolist(), before.boxes
        earlier = rows[-1][0] if rows else 0.0
        for bracket in self._brackets(self._ways, before.nearest.lower_bound):
            nearest = better(before.nearest, self._change(self._ways, bracket), request.tolerance)
            distance = np.inf if nearest.distance is None else nearest.distance
            if not rows or [bracket.lower, distance] != rows[-1][1:]:
                rows.append([earlier + self._clock.seconds, bracket.lower, distance])
            self._clock.tell(stands(nearest))
            self._tell(
                nearest=nearest, boxes=boxes + bracket.boxes, course=np.array(rows), box=box_around(before, nearest)
            )
        if rows:  # how long nothing became better
            rows.append([earlier + self._clock.seconds, *rows[-1][1:]])
            self.found = replace(self.found, course=np.array(rows))

    def _brackets(self, ways: Ways, lower: float = 0.0) -> Iterator[Bracket]:
        """Of what is nearest on any of the ways, for as long as a search may take; `lower` is known already."""
        stage = Stage(self._job, "nearest", relay_partial=False)
        question, tolerance = self._question, self._request.tolerance
        later = pair_seeds(question, self._order, self._lowered, self._job, SLICE_SHARE * self._request.seconds)
        for bracket in ways.brackets(
            self._lowered, stage, tolerance=tolerance, seeds=self._seeds(), later=later, least=lower
        ):
            yield bracket
            if bracket.closed or self._clock.over:
                return

    def _seeds(self) -> Seeds:
        """What was found so far, as centres to begin with."""
        known = (self.found.nearest, *self.found.others, *self._earlier)
        return [(self._placed(one.point), one.levels) for one in known if one.point is not None]

    def _placed(self, point: FloatArray) -> FloatArray:
        """A point of the free numbers as one of the question, which may have a handle that nobody sees."""
        return np.append(point, self._question.start[len(point) :])

    def _change(self, ways: Ways, bracket: Bracket) -> FoundChange:
        """What a bracket says, in the features of the request."""
        numbers = len(self._request.freedom.numbers)
        found = bracket.point is not None
        return FoundChange(
            point=bracket.point[:numbers] if bracket.point is not None else None,
            levels=bracket.levels,
            distance=bracket.distance,
            lower_bound=bracket.lower,
            proof=bracket.proof,
            closed=bracket.closed,
            half_width=ways.half_widths(bracket)[:numbers] if found else None,
        )

    def _grow(self) -> None:
        """The largest box around the nearest correction that can be proved in the time, in the numbers it changes."""
        box, nearest, numbers = self.found.box, self.found.nearest, len(self._request.freedom.numbers)
        if box is None or box.proof != "proved" or not numbers or nearest.point is None:
            return
        self._clock.begin("largest box")
        question, stage = self._question, Stage(self._job, "largest box", relay_partial=False)
        low, high = (self._placed(ends) for ends in (box.low, box.high))
        ranges = np.minimum(question.ranges[0], low), np.maximum(question.ranges[1], high)
        extent = np.maximum(ranges[1] - ranges[0], np.finfo(np.float64).tiny)
        still = self._request.limited & (self._placed(nearest.point) == question.start)
        grown = grown_box(
            question.restricted(self._lowered),
            self._goal,
            low,
            high,
            ranges,
            stage,
            lane=question.lane_of[box.levels],
            lattice=question.lattice.about(low, high),
            weights=np.where(still, 0.0, 1.0 / extent),
        )
        for proved in grown:
            self._tell(box=replace(box, low=proved.low[:numbers], high=proved.high[:numbers]))
            self._clock.tell("so far proved")
            if self._clock.over:
                return

    def _search_others(self) -> None:
        """Further corrections, each of which changes another set of features."""
        kept = self._further()
        if [id(one) for one in kept] != [id(one) for one in self.found.others]:
            self._tell(others=tuple(kept))

    def _further(self) -> list[FoundChange]:
        """Of an earlier answer they are taken over as long as those before them change the same features as then."""
        kept: list[FoundChange] = []
        earlier, last = iter(self._earlier), self.found.nearest
        same = self._alike(last, next(earlier, None))
        for place in range(self._request.different):
            if last.point is None:
                break
            self._ways.exclude(self._placed(last.point), last.levels, last.lower_bound)
            if not self._ways.any:
                break
            known = next(earlier, None) if same else None
            change = known if known is not None and known.closed else self._another(place, kept) or known
            if change is None:
                break
            same = same and self._alike(change, known)
            kept.append(change)
            last = change
        return kept

    def _another(self, place: int, kept: list[FoundChange]) -> FoundChange | None:
        """The nearest correction on the ways that are left; None if none was found."""
        self._clock.begin(f"another way, {place + 1} of {self._request.different}")
        found: FoundChange | None = None
        for bracket in self._brackets(self._ways):
            change = self._change(self._ways, bracket)
            self._clock.tell(stands(change))
            if change.point is not None:
                found = change
                self._tell(others=(*kept, change))
        return found

    def _alike(self, one: FoundChange, other: FoundChange | None) -> bool:
        """Whether two corrections change the same features."""
        if other is None or one.point is None or other.point is None:
            return False
        before = changed_features(self._question, self._placed(other.point), other.levels)
        return changed_features(self._question, self._placed(one.point), one.levels) == before

    def _put_in_order(self) -> bool:
        """Where a search ran out of time, a later one may have found what is nearer. Whether it is now the nearest."""
        found = self.found
        first, *rest = sorted(
            (found.nearest, *found.others), key=lambda one: np.inf if one.distance is None else one.distance
        )
        if first is found.nearest or first.distance is None:
            return False
        lower = min(found.nearest.lower_bound, first.distance)
        closed = lower >= first.distance * (1 - self._request.tolerance)
        nearest = replace(first, lower_bound=lower, closed=closed)
        others = tuple(replace(one, lower_bound=lower) if one is found.nearest else one for one in rest)
        course = np.append(found.course, [[*found.course[-1, :1], lower, first.distance]], axis=0)
        self._tell(nearest=nearest, others=others, course=course, box=box_around(found, nearest))
        return True

    def _trace(self) -> None:
        """What it costs to be more stable, and what would be saved by being less so."""
        question, request = self._question, self._request
        if not question.half_widths.any():
            return
        self._clock.begin("minimal against stable")
        stage = Stage(self._job, "minimal against stable", relay_partial=False)
        nearest = self.found.nearest
        asked = Bracket(
            lower=nearest.lower_bound,
            distance=nearest.distance,
            point=None if nearest.point is None else self._placed(nearest.point),
            levels=nearest.levels,
            boxes=0,
            closed=nearest.closed,
            proof="proved" if nearest.point is not None else "none_exists" if nearest.closed else "unknown",
        )
        curve = stability_curve(
            question,
            self._lowered,
            stage,
            seconds=request.seconds / len(SCALES),
            tolerance=request.tolerance,
            most_changed=request.most_changed,
            order=self._order,
            known={1.0: asked},
        )
        for points in curve:
            rows = [
                (one.scale, one.bracket.lower, np.inf if one.bracket.distance is None else one.bracket.distance)
                for one in points
            ]
            self._tell(tradeoff=np.array(rows), along=tuple(self._along(one) for one in points))
            self._clock.tell(f"{len(points)} of {len(SCALES)} stabilities")

    def _along(self, place: CurvePoint) -> FoundChange:
        """A place of the curve, in the features of the request."""
        bracket, numbers = place.bracket, len(self._request.freedom.numbers)
        # What was asked for is not searched again: its half-widths are those that were found with it.
        half = self.found.nearest.half_width if place.half_width is None else place.half_width[:numbers]
        return FoundChange(
            point=None if bracket.point is None else bracket.point[:numbers],
            levels=bracket.levels,
            distance=bracket.distance,
            lower_bound=bracket.lower,
            proof="none_exists" if bracket.point is None and bracket.lower == np.inf else bracket.proof,
            closed=bracket.closed or bracket.lower == np.inf,
            half_width=None if bracket.point is None else half,
        )


def nothing_yet() -> FoundChange:
    """Before anything is known."""
    return FoundChange(point=None, levels=(), distance=None, lower_bound=0.0, proof="unknown", closed=False)


def better(before: FoundChange, now: FoundChange, tolerance: float) -> FoundChange:
    """What is known now, with the correction that was known before where it is the nearer one."""
    if before.distance is None or (now.distance is not None and now.distance <= before.distance):
        return now
    lower = min(now.lower_bound, before.distance)
    return replace(before, lower_bound=lower, closed=lower >= before.distance * (1 - tolerance))


def stands(change: FoundChange) -> str:
    """Such as ``0.3174 found, at least 0.289``; what is proved is rounded down, so that it stays true."""
    bound = float(Context(prec=3, rounding=ROUND_FLOOR).create_decimal_from_float(change.lower_bound))
    if change.distance is None:
        return "none found yet" if bound == 0 else f"none found yet, none nearer than {bound:.3g}"
    return f"{change.distance:.4g} found, at least {bound:.3g}"
