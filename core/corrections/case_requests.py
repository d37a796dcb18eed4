"""From a case of a table to the request that shows it on its own: its exact slice, or its correction alone."""

from core.corrections.cases import Cases
from core.corrections.correction import CorrectionRequest, FreeFeature
from core.corrections.freedom import Freedom
from core.corrections.joint import JointRequest
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
    given, asked, row = tuple(cases.inputs[place].tolist()), cases.request, int(cases.rows[place])
    alone = all(len(move.columns) == 1 and not move.shifts for move in cases.moves)
    if len(numbers) == 2 and alone and not cases.categories:
        (x,), (y,) = (move.columns for move in cases.moves)
        single = len(asked.goal.classes) == 1
        return CorrectionRequest(
            input=given,
            free=(numbers[0], numbers[1]),
            columns=(x, y),
            **({"target": asked.goal.classes[0]} if single else {"goal": asked.goal}),
            row=row,
            norm=asked.norm,
        )
    freedom = Freedom(numbers=numbers, moves=cases.moves, categories=cases.categories)
    return JointRequest(input=given, freedom=freedom, goal=asked.goal, norm=asked.norm, row=row, seconds=asked.seconds)
