"""One case of a table: the nearest stable correction of one row, and a proved box around it."""

import contextlib
import itertools
import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.proving import Proof, prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import FAILED, NONE_EXISTS, OPEN, PROVED
from core.corrections.records.correction import Norm
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.search.asking import question_of
from core.corrections.search.bracket import Bracket
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import TOLERANCE, Seeds, nearest_stable
from core.corrections.search.question import Question
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.nearest import nearest_between
from core.corrections.slices.regions import accepted_region
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
FINEST = 1 / 32  # of a range: so much a side of the proved box goes on at least
MOST_SLABS = 24  # that are added to it
SHARE_OF_SEARCH = 0.8  # of the time of a case; the box has what is left


@dataclass(frozen=True, kw_only=True, eq=False)
class CaseAnswer:
    """What a case needs. Levels are () and the numbers None where nothing stable is known."""

    proof: int = OPEN
    closed: bool = False
    distance: float = np.nan
    lower_bound: float = 0.0
    point: FloatArray | None = field(default=None, repr=False)  # (k,)
    levels: tuple[int, ...] = ()
    box: FloatArray | None = field(default=None, repr=False)  # (2, k)
    seconds: float = 0.0
    failure: str = ""


def failed(sentence: str) -> CaseAnswer:
    """Of a case about which nothing can be said."""
    return CaseAnswer(proof=FAILED, lower_bound=np.nan, failure=sentence)


@dataclass(frozen=True, kw_only=True)
class CaseQuestion:
    """What is asked of one row."""

    input: tuple[float, ...] = field(repr=False)
    freedom: Freedom
    goal: Goal  # about the outputs before the head of the network
    norm: Norm
    seconds: float

    @property
    def in_a_slice(self) -> bool:
        """Whether the exact region of a slice answers it: two numbers, each in a column of its own."""
        moves = self.freedom.moves
        return len(moves) == 2 and all(move.alone for move in moves) and not self.freedom.categories


def correct_case(asked: CaseQuestion, lowered: PiecewiseLinear, job: JobContext) -> CaseAnswer:
    """The nearest stable correction, exactly in a slice, else as far as the search comes in the time.

    Raises
    ------
    InvalidRequest
        If freedom, input and network do not fit.
    Cancelled
        From ``job.check``.
    """
    began = time.perf_counter()
    whole, limited = Limited(job, asked.seconds), Limited(job, SHARE_OF_SEARCH * asked.seconds)
    question = question_of(asked.input, asked.freedom, asked.goal, asked.norm)
    known, seeds = _in_slice(asked, lowered, limited) if asked.in_a_slice and lowered.has_pieces else (None, ())
    bracket = known or _searched(question, lowered, limited, seeds)
    codes = {"proved": PROVED, "none_exists": NONE_EXISTS, "unknown": OPEN}
    return CaseAnswer(
        proof=codes[bracket.proof],
        closed=bracket.closed,
        distance=np.nan if bracket.distance is None else bracket.distance,
        lower_bound=bracket.lower,
        point=None if bracket.point is None else bracket.point[: len(asked.freedom.numbers)],
        levels=bracket.levels,
        box=None if bracket.point is None else _box(question, bracket, lowered, whole),
        seconds=time.perf_counter() - began,
    )


def _in_slice(asked: CaseQuestion, lowered: PiecewiseLinear, job: Limited) -> tuple[Bracket | None, Seeds]:
    """What the exact slice says; a seed where only its last proof is missing, nothing where the time ran out."""
    (x, y), base = asked.freedom.numbers, np.array(asked.input)
    columns = asked.freedom.moves[0].columns[0], asked.freedom.moves[1].columns[0]
    half = np.array([x.half_width, y.half_width])
    try:
        cells = exact_slice(lowered, base, columns, (x.low, x.high), (y.low, y.high), job)
        region = accepted_region(cells, asked.goal, job)
        found = nearest_between(region, x, y, base[list(columns)], asked.norm)
        if found.proof == "none_exists":
            return _bracket(np.inf, None, None, cells.cells), ()
        if found.centre is None:
            return None, ()
        centre, restricted = np.array(found.centre), Restriction.of(lowered, cells.subspace)
        answer = prove_box(restricted, asked.goal, centre - half, centre + half, job)
    except OutOfTime:
        return None, ()
    if not isinstance(answer, Proof):
        return None, ((centre, ()),)
    return _bracket(found.lower_bound or 0.0, found.distance, centre, cells.cells), ()


def _bracket(lower: float, distance: float | None, point: FloatArray | None, cells: int) -> Bracket:
    """What is known after a slice was looked at as a whole."""
    return Bracket(
        lower=lower,
        distance=distance,
        point=point,
        levels=(),
        boxes=cells,
        closed=distance is None or lower >= distance * (1 - TOLERANCE),
        proof="none_exists" if distance is None else "proved",
    )


def _searched(question: Question, lowered: PiecewiseLinear, job: Limited, seeds: Seeds) -> Bracket:
    """The last bracket before the time is over."""
    last = Bracket(lower=0.0, distance=None, point=None, levels=(), boxes=0, closed=False, proof="unknown")
    with contextlib.suppress(OutOfTime):
        for last in nearest_stable(question, lowered, job, seeds=seeds):  # noqa: B007
            if job.left <= 0:
                break
    return last


def _box(question: Question, bracket: Bracket, lowered: PiecewiseLinear, job: Limited) -> FloatArray | None:
    """A proved box around the correction, the one that was asked for and what could be added to it."""
    if bracket.point is None or not question.subspace.directions.any():
        return None
    half = question.half_widths
    box = np.stack([bracket.point - half, bracket.point + half])
    # A value that was kept may lie beyond the last step of its range.
    low, high = np.minimum(question.ranges[0], box[0]), np.maximum(question.ranges[1], box[1])
    restricted, lane = question.restricted(lowered), question.lane_of[bracket.levels]
    grown = grown_box(
        restricted,
        question.goal,
        box[0],
        box[1],
        (low, high),
        job,
        lane=lane,
        lattice=question.lattice.about(*box),
        smallest=FINEST,
    )
    with contextlib.suppress(OutOfTime):
        for proved in itertools.islice(grown, MOST_SLABS):
            box = np.stack([proved.low, proved.high])
    return np.asarray(box)
