"""Whether the corrections of one network hold under others: their boxes are proved there as well, or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.corrections.bounds.lattice import Lattice
from core.corrections.engines.cases.rows import goal_of
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import FAILS, HOLDS, UNTRIED, Cases, CasesRequest, Flags
from core.corrections.records.goal import Goal
from core.corrections.search.many import Crowd
from core.errors import InvalidRequest
from core.job import JobContext
from core.networks.network import Network


@dataclass(frozen=True, kw_only=True, eq=False)
class Other:
    """Another network, ready to judge."""

    name: str
    lowered: PiecewiseLinear = field(repr=False)
    goal: Goal  # about its outputs before the head


def opened_others(request: CasesRequest, networks: Mapping[str, Network], columns: int) -> list[Other]:
    """The other networks that a request names, in its order; before any work is done in vain.

    Raises
    ------
    InvalidRequest
        If one is not at hand, takes other inputs, or cannot reach the goal.
    UnsupportedNetwork
        If one has an operation that can be neither taken apart nor bounded.
    """
    found = []
    for sha256 in request.others:
        if sha256 not in networks:
            raise InvalidRequest(
                f"The corrections are to be tried on another network ({sha256[:12]}…), which is not at hand. "
                "Open it as well."
            )
        network = networks[sha256]
        lowered = lower(network, curved=True)
        if lowered.inputs != columns:
            raise InvalidRequest(
                f'"{network.name}" takes {lowered.inputs} columns, the rows have {columns}. Corrections can only be '
                "tried on networks of the same data."
            )
        found.append(Other(name=network.name, lowered=lowered, goal=goal_of(request, lowered)))
    return found


def held_under(cases: Cases, others: Sequence[Other], job: JobContext) -> Cases:
    """With what other networks say of the corrected points, and of the boxes of half-widths around them."""
    held, held_point = cases.held.copy(), cases.held_point.copy()
    for place, other in enumerate(others):
        job.progress(len(cases.rows), len(cases.rows) + 1, f"under another network: {other.name}")
        held[place], held_point[place] = _under(cases, other, job)
    return replace(cases, held=held, held_point=held_point)


def _under(cases: Cases, other: Other, job: JobContext) -> tuple[Flags, Flags]:
    crowd = Crowd.of(other.lowered, other.goal, cases.inputs, cases.moves, cases.steps, cases.categories, cases.levels)
    held, points = (np.full(len(cases.rows), UNTRIED, np.uint8) for _ in range(2))
    which = np.flatnonzero(cases.corrected)
    if not len(which):
        return held, points
    half = Lattice.from_zero(cases.steps).whole(cases.half_widths)
    centre = cases.point[which]
    points[which] = crowd.judged(centre, centre, which, job)
    boxes = crowd.judged(centre - half, centre + half, which, job)
    # Where the input's own value was kept beside the steps, the box of allowed values does not hold the point.
    held[which] = np.where((boxes == HOLDS) | (points[which] == FAILS), points[which], boxes)
    return held, points
