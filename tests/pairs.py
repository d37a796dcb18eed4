"""All pairs of the applicant of the example session, worked out by hand: nothing here imports torch."""

import numpy as np

from core.corrections.records.correction import FreeFeature, Status
from core.corrections.records.freedom import FreeCategory, Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.pairs import ACCEPTED, CODES, REJECTED, Lanes, NumberLane, Pairs, PairsRequest, Table
from tests.document_parts import provenance

NONE, PROVED, UNKNOWN = (CODES.index(code) for code in ("none_exists", "proved", "unknown"))


def pairs_request() -> PairsRequest:
    """Duration, amount and housing of somebody who rents."""
    return PairsRequest(
        input=(48.0, 13500.0, 30.0, 1.0, 0.0, 0.0),
        freedom=Freedom(
            numbers=(
                FreeFeature(name="Duration", low=4.0, high=72.0, half_width=2.0, step=1.0),
                FreeFeature(name="Amount", low=250.0, high=13500.0, half_width=500.0),
            ),
            moves=(Move(columns=(0,)), Move(columns=(1,))),
            categories=(FreeCategory(name="Housing", columns=(3, 4, 5), levels=("rent", "own", "free")),),
        ),
        goal=Goal(classes=(1,)),
        row=3,
    )


def pairs_result(status: Status = "complete") -> Pairs:
    """Duration alone will do, the amount alone will not, and both together are the nearest."""
    request = pairs_request()
    distance = np.array([[0.412, 0.35, 0.412], [0.35, np.inf, np.inf], [0.412, np.inf, 1.0]])
    bound = np.array([[0.412, 0.35, 0.412], [0.35, np.inf, 0.8], [0.412, 0.8, 1.0]])
    proof = np.array([[PROVED] * 3, [PROVED, NONE, UNKNOWN], [PROVED, UNKNOWN, PROVED]], np.uint8)
    centres = np.full((3, 3, 2), np.nan)
    centres[0, 0], centres[2, 2] = (20.0, 20.0), (1.0, 1.0)
    centres[0, 1], centres[1, 0] = (30.0, 12363.0), (12363.0, 30.0)
    centres[0, 2], centres[2, 0] = (20.0, 0.0), (0.0, 20.0)
    order = np.array([[0, 0], [2, 2], [1, 1], [0, 2], [0, 1], [1, 2]], np.intp)
    if status == "partial":
        for array in (distance, bound):
            array[1, 2] = array[2, 1] = np.nan
    found = NumberLane(
        level=0,
        accepted=np.array([[4.0, 22.5], [60.0, 61.0]]),
        centre=20.0,
        distance=0.412,
        lower_bound=0.412,
        proof="proved",
    )
    nothing = NumberLane(
        level=2, accepted=np.zeros((0, 2)), centre=None, distance=None, lower_bound=np.inf, proof="none_exists"
    )
    level = NumberLane(
        level=1, accepted=np.array([[4.0, 72.0]]), centre=48.0, distance=1.0, lower_bound=1.0, proof="proved"
    )
    return Pairs(
        request=request,
        status=status,
        verdict=0,
        value=None,
        order=order,
        distance=distance,
        lower_bound=bound,
        proof=proof,
        centres=centres,
        seconds=np.where(np.isnan(distance), np.nan, 0.25),
        lanes=(
            Lanes(number=0, category=0, lanes=(found,)),
            Lanes(number=0, category=2, lanes=(found, level, nothing)),
        ),
        tables=(
            Table(
                first=2,
                second=2,
                judged=np.array([[REJECTED], [ACCEPTED], [REJECTED]], np.uint8),
                leads=np.array([[-0.7], [0.4], [-1.3]]),
                verdicts=np.array([[0], [1], [0]], np.intp),
            ),
        ),
        provenance=provenance(),
    )
