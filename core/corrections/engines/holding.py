"""Whether the corrections of one network hold under others: their boxes are proved there as well, or not."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.corrections.bounds.lattice import Lattice
from core.corrections.cases import FAILS, HOLDS, UNTRIED, Cases
from core.corrections.network.lowering import lower
from core.corrections.search.many import Crowd
from core.errors import InvalidRequest
from core.job import JobContext
from core.networks.network import Network


def held_under(cases: Cases, others: Mapping[str, Network], job: JobContext) -> Cases:
    """With what other networks say of the corrected points, and of the boxes of half-widths around them.

    Raises
    ------
    InvalidRequest
        If another network that the request names is not at hand, takes other inputs, or cannot reach the goal.
    UnsupportedNetwork
        If one is not piecewise linear.
    """
    asked = cases.request.others
    held, held_point = cases.held.copy(), cases.held_point.copy()
    for place, sha256 in enumerate(asked):
        if sha256 not in others:
            raise InvalidRequest(
                f"The corrections are to be tried on another network ({sha256[:12]}…), which is not at hand. "
                "Open it as well."
            )
        job.progress(len(cases.rows), len(cases.rows) + 1, f"under another network: {others[sha256].name}")
        held[place], held_point[place] = _under(cases, others[sha256], job)
    return replace(cases, held=held, held_point=held_point)


def _under(cases: Cases, network: Network, job: JobContext) -> tuple[np.ndarray, np.ndarray]:
    lowered = lower(network)
    if cases.inputs.shape[1] != lowered.inputs:
        raise InvalidRequest(
            f'"{network.name}" takes {lowered.inputs} columns, the rows have {cases.inputs.shape[1]}. The corrections '
            "can only be tried on networks of the same data."
        )
    goal = lowered.head.before(cases.request.goal)
    crowd = Crowd.of(lowered, goal, cases.inputs, cases.moves, cases.steps, cases.categories, cases.levels)
    held, points = (np.full(len(cases.rows), UNTRIED, np.uint8) for _ in range(2))
    which = np.flatnonzero(cases.corrected)
    if not len(which):
        return held, points
    half = Lattice(steps=cases.steps, origins=np.zeros(len(cases.steps))).whole(cases.half_widths)
    centre = cases.point[which]
    points[which] = np.where(crowd.leads(centre, which, job) > 0, HOLDS, FAILS)
    low, high = centre - half, centre + half
    inner_low, inner_high = crowd.allowed(low, high)
    single = (inner_low > inner_high).any(axis=1)  # the input's own value beside the steps, and nothing around it
    held[which] = np.where(single, points[which], crowd.judged(low, high, which, job))
    return held, points
