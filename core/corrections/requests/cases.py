"""From a case of a table to the request that shows it on its own: its exact slice, or its correction alone."""

from core.corrections.records.cases import Cases
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import JointRequest
from core.corrections.requests.slices import slice_request, sliceable
from core.errors import InvalidRequest


def request_of_case(cases: Cases, place: int) -> CorrectionRequest | JointRequest:
    """What is asked of one row, with the same ranges, prices and stability as in the table.

    Raises
    ------
    InvalidRequest
        If nothing may change in that row.
    """
    if cases.failure(place):
        raise InvalidRequest(cases.failure(place))
    numbers = tuple(
        FreeFeature(
            name=name,
            low=float(cases.ranges[place, 0, column]),
            high=float(cases.ranges[place, 1, column]),
            half_width=float(cases.half_widths[column]),
            price=float(cases.prices[place, column]),
            step=float(cases.steps[column]),
        )
        for column, name in enumerate(cases.numbers)
    )
    asked = cases.request
    joint = JointRequest(
        input=tuple(cases.inputs[place].tolist()),
        freedom=Freedom(numbers=numbers, moves=cases.moves, categories=cases.categories),
        goal=asked.goal,
        norm=asked.norm,
        row=int(cases.rows[place]),
        seconds=asked.seconds,
    )
    two = sliceable(joint) == (0, 1) and len(cases.names) == 2
    return slice_request(joint, 0, 1) if two else joint
