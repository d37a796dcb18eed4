"""Which features are worth a try: what each one alone does for the goal, per unit of what it costs.

Zhang et al. 2018 let the user pick the features, or take those that a gradient method moves. Here every feature is
sampled over its whole range, because a gradient says nothing of what lies behind the next bend of the network.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.verdict import verdict_of
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.records.suggestion import Suggestion, SuggestionRequest
from core.corrections.search.asking import question_of
from core.corrections.search.question import Question
from core.job import JobContext
from core.networks.network import Network

FloatArray = npt.NDArray[np.float64]
SAMPLES = 48  # of a number's range
FREE = 1e-9  # a smaller cost counts as this one


def suggest_features(request: SuggestionRequest, network: Network, job: JobContext) -> tuple[Suggestion, ...]:
    """Rank the features of an input that the network rejects, the most promising first.

    Raises
    ------
    InvalidRequest
        If input, features and network do not fit, or the goal is reached already.
    UnsupportedNetwork
        If an operation of the network is neither piecewise linear nor one of the curves that are known.
    """
    lowered = lower(network, curved=True)
    verdict_of(request.input, request.goal, lowered, network)
    return ranked_features(request.input, request.freedom, lowered.head.before(request.goal), lowered, job)


def ranked_features(
    point: tuple[float, ...], freedom: Freedom, goal: Goal, network: PiecewiseLinear, job: JobContext
) -> tuple[Suggestion, ...]:
    """The same for a network that is lowered already, with a goal about its outputs before the head."""
    found = []
    for place in range(len(freedom.names)):
        job.check()
        alone = freedom.only((place,))
        # The present level is what others are compared with, whether it may be chosen or not.
        every = replace(alone, categories=tuple(replace(one, allowed=()) for one in alone.categories))
        found.append(_suggestion(question_of(point, every, goal), alone, network))
    return tuple(sorted(found, key=lambda one: (one.estimate, -one.gain)))


def _suggestion(question: Question, alone: Freedom, network: PiecewiseLinear) -> Suggestion:
    restricted, rows = question.restricted(network), Rows.of(question.goal, network.classes)
    now = np.array([question.lane_of[question.present]]) if question.choices else np.zeros(1, np.intp)
    lead = float(rows.leads(restricted.at(question.start[None], now))[0])
    if question.choices:
        may = alone.categories[0].allowed or range(len(alone.categories[0].levels))
        chosen = [level for level in may if level != question.present[0]]
        others = np.array([question.lane_of[level,] for level in chosen], dtype=np.intp)
        points, lanes = np.zeros((len(others), 1)), others
        costs = question.lane_costs[others]
    else:
        points = _samples(question)
        lanes = np.zeros(len(points), np.intp)
        costs = question.weights[0] * np.abs(points[:, 0] - question.start[0])
    leads = rows.leads(restricted.at(points, lanes))
    gains = (leads - lead) / np.maximum(costs, FREE)
    gradient = float(gains.max(initial=0.0)) if question.choices else _gradient(question, restricted, rows)
    gain = float(max(gains.max(initial=0.0), gradient))
    enough = costs[leads > 0]
    missing = -lead / gain if gain > 0 else np.inf
    return Suggestion(
        name=alone.names[0],
        gradient=gradient,
        gain=gain,
        reached=float(leads.max(initial=lead)),
        estimate=float(enough.min()) if len(enough) else float(missing),
    )


def _samples(question: Question) -> FloatArray:
    """(n, 1), over the room of the number that stability leaves, on its steps; without the input itself."""
    low, high = question.room
    if not low[0] <= high[0]:
        return np.zeros((0, 1))
    points = question.lattice.nearest(np.linspace(low[0], high[0], SAMPLES)[:, None])
    points = np.unique(np.clip(points, low, high), axis=0)
    return np.asarray(points[points[:, 0] != question.start[0]])


def _gradient(question: Question, network: Restriction, rows: Rows) -> float:
    """By how much the lead rises per unit of cost, to first order, in the direction that the range allows."""
    outputs, patterns = network.patterns(question.start[None])
    deciding = rows.deciding(rows.values(outputs))
    slope = float(network.gradients(patterns, rows.rows[deciding])[0, 0])
    (low,), (high,) = question.ranges
    start = question.start[0]
    allowed = (slope > 0 and start < high) or (slope < 0 and start > low)
    return abs(slope) / float(question.weights[0]) if allowed else 0.0
