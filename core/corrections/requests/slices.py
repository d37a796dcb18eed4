"""From several free features to two of them, whose exact slice can be drawn."""

from core.corrections.records.correction import NO_CLASS, CorrectionRequest
from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import JointRequest
from core.corrections.records.pairs import PairsRequest
from core.errors import InvalidRequest


def sliceable(request: JointRequest | PairsRequest) -> tuple[int, ...]:
    """Places of the free numbers that are a column of the input each; groups that shift together are none."""
    moves = request.freedom.moves
    return tuple(place for place, move in enumerate(moves) if move.alone)


def slice_request(request: JointRequest | PairsRequest, first: int, second: int) -> CorrectionRequest:
    """The exact slice of two of the free numbers, by their places; everything else stays as in the input.

    Raises
    ------
    InvalidRequest
        If one of them is no single column of the input, or both are the same.
    """
    if not {first, second} <= set(sliceable(request)):
        raise InvalidRequest("An exact slice is drawn for two numbers, not for features that change together.")
    freedom, goal = request.freedom, request.goal
    single = len(goal.classes) == 1
    return CorrectionRequest(
        input=request.input,
        free=(freedom.numbers[first], freedom.numbers[second]),
        columns=(freedom.moves[first].columns[0], freedom.moves[second].columns[0]),
        target=goal.classes[0] if single else NO_CLASS,
        goal=None if single else goal,
        row=request.row,
        norm=request.norm,
    )


def pair_request(request: PairsRequest, first: int, second: int) -> JointRequest:
    """The search in two features, by their places, or in one: for pairs of which no exact slice can be drawn."""
    return JointRequest(
        input=request.input,
        freedom=request.freedom.only((first, second)),
        goal=request.goal,
        norm=request.norm,
        row=request.row,
        seconds=request.seconds,
    )


def search_request(request: CorrectionRequest) -> JointRequest:
    """The search in the two features of a slice, for a network of which none can be drawn."""
    return JointRequest(
        input=request.input,
        freedom=Freedom(numbers=request.free, moves=request.acting),
        goal=request.wanted,
        norm=request.norm,
        row=request.row,
    )
