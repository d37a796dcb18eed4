"""Two categories, or one: every combination of levels, each with bounds of its own."""

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows, boxes_at_a_time
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.pairs.answer import PairAnswer
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.pairs import ACCEPTED, DOUBTFUL, REJECTED, Table
from core.corrections.search.question import Question
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]


def levels_answer(question: Question, lowered: PiecewiseLinear, first: int, second: int, job: JobContext) -> PairAnswer:
    """The cheapest combination that is accepted, and the table of all.

    Parameters
    ----------
    question : Question
        About categories only, with its goal about the outputs before the head of the network.
    first, second : int
        Places of the categories among the features, first ≤ second; the same of one alone.
    """
    judged, leads, verdicts = _judged(question, question.restricted(lowered), job)
    sizes = [len(choice.columns) for choice in question.choices]
    shape = (sizes[0], sizes[1] if len(sizes) > 1 else 1)
    table = Table(
        first=first,
        second=second,
        judged=np.full(shape, DOUBTFUL, np.uint8),
        leads=np.full(shape, np.nan),
        verdicts=np.full(shape, -1, np.intp),
    )
    places = np.array([(*lane.levels, 0)[:2] for lane in question.lanes])
    for values, known in ((table.judged, judged), (table.leads, leads), (table.verdicts, verdicts)):
        values[places[:, 0], places[:, 1]] = known
    costs = question.lane_costs
    possible = costs[judged != REJECTED]
    bound = float(possible.min()) if len(possible) else np.inf
    if not (judged == ACCEPTED).any():
        return PairAnswer(lower_bound=bound, proof="unknown" if len(possible) else "none_exists", table=table)
    best = int(np.where(judged == ACCEPTED, costs, np.inf).argmin())
    levels = question.lanes[best].levels
    return PairAnswer(
        centre=(float(levels[0]), float(levels[-1])),
        distance=float(costs[best]),
        lower_bound=min(bound, float(costs[best])),
        proof="proved",
        table=table,
    )


def _judged(
    question: Question, network: Restriction, job: JobContext
) -> tuple[npt.NDArray[np.uint8], FloatArray, npt.NDArray[np.intp]]:
    """What the network says in each lane (n,), how sure that is by outward-rounded bounds, and the class."""
    rows, count = Rows.of(question.goal, network.outputs), len(question.lanes)
    judged, leads = np.full(count, DOUBTFUL, np.uint8), np.zeros(count)
    verdicts = np.full(count, -1, np.intp)
    size = boxes_at_a_time(network)
    for begin in range(0, count, size):
        job.check()
        lanes = np.arange(begin, min(begin + size, count))
        still = np.zeros((len(lanes), network.handles))
        boxes = Boxes.between(still, still, lanes)
        judged[lanes[rows.of_rows(rows.below(network, boxes).lowest()) > 0]] = ACCEPTED
        judged[lanes[rows.of_rows(-rows.above(network, boxes).lowest()) <= 0]] = REJECTED
        outputs = network.at(still, lanes)
        leads[lanes] = rows.leads(outputs)
        if not question.goal.by_value:
            verdicts[lanes] = outputs.argmax(axis=1)
    return judged, leads, verdicts
