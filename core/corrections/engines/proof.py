"""The second proof of a box that exact regions have found, by bounds that know nothing of them."""

import numpy as np

from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.proving import prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.limited import OutOfTime
from core.corrections.records.correction import Proof
from core.corrections.records.goal import Goal
from core.job import JobContext


def proof_of_box(
    network: Restriction,
    goal: Goal,
    centre: tuple[float, ...],
    half_width: tuple[float, ...],
    job: JobContext,
    lane: int = 0,
) -> Proof:
    """What bounds that know nothing of regions say of the box about a centre; "unknown" where the time is over."""
    half = np.array(half_width)
    try:
        answer = prove_box(network, goal, np.array(centre) - half, np.array(centre) + half, job, lane=lane)
    except OutOfTime:
        return "unknown"
    return "proved" if isinstance(answer, Proved) else "unknown"
