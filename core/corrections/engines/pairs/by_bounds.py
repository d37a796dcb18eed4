"""A pair of features by bounds alone, where there are no exact regions or they take too long."""

from contextlib import suppress

import numpy as np

from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.engines.pairs.answer import PairAnswer
from core.corrections.engines.proof import proof_of_box
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import Proof
from core.corrections.search.bracket import Bracket
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Question
from core.job import JobContext


def searched_answer(question: Question, lowered: PiecewiseLinear, seconds: float, job: JobContext) -> PairAnswer:
    """What a search knows when its time is over. The question has its goal about the outputs before the head."""
    known: Bracket | None = None
    with suppress(OutOfTime):  # the last bracket stays true
        for bracket in nearest_stable(question, lowered, Limited(job, seconds)):
            known = bracket
    return PairAnswer() if known is None else _bracketed(question, known, lowered, seconds, job)


def _bracketed(
    question: Question, bracket: Bracket, lowered: PiecewiseLinear, seconds: float, job: JobContext
) -> PairAnswer:
    """What a search knows of the answer, which has to be stable between the steps of a feature as well.

    The search asks for less, the values of the steps alone, so that its lower bound holds; but a value of the input
    beside the steps, at which a feature may stay, is none that it looked at.
    """
    start = question.start
    bound = bracket.lower if (question.lattice.nearest(start[None])[0] == start).all() else 0.0
    if bracket.point is not None:
        half = np.array([handle.half_width for handle in question.handles])
        ends = np.array([(handle.low, handle.high) for handle in question.handles])
        room = (bracket.point - half >= ends[:, 0]) & (bracket.point + half <= ends[:, 1])
        point: tuple[float, ...] = tuple(bracket.point.tolist())
        proof: Proof = bracket.proof
        if question.lattice.any and room.all():  # else the search has proved just this
            lane, network = question.lane_of[bracket.levels], question.restricted(lowered)
            proof = proof_of_box(network, question.goal, point, tuple(half.tolist()), Limited(job, seconds), lane)
        if room.all() and proof == "proved":
            values = [*point, *map(float, bracket.levels)]
            distance = bracket.distance if bracket.distance is not None else np.inf
            return PairAnswer(
                centre=(values[0], values[-1]), distance=distance, lower_bound=min(bound, distance), proof=proof
            )
    return PairAnswer(lower_bound=bound, proof="none_exists" if bound == np.inf else "unknown")
