"""Towards another network, or in the plane with two others (Goodfellow et al. 2015, §3; Garipov et al. 2018, §A.3)."""

from core.companions import Companions
from core.errors import InvalidRequest
from core.landscape.directions.states import difference, refuse_not_finite
from core.landscape.directions.vectors import combined, cosine, inner, length, scaled
from core.landscape.plane import Anchor, Direction, Directions, Moving, NetworkDirections
from core.networks.network import Network
from core.networks.states import refuse_other_architecture, state_of

FLAT = 1e-6  # of the distance: what float32 weights leave of a network that lies on the line through two others


def network_directions(asked: NetworkDirections, network: Network, companions: Companions) -> Directions:
    """The line from `network` to another one, or the plane through three, by Gram–Schmidt.

    With δ₁ and δ₂ the differences to the two others, the axes are ``x = δ₁`` and
    ``y = (δ₂ − cx) · ‖x‖ / ‖δ₂ − cx‖`` with ``c = ⟨δ₂, x⟩ / ⟨x, x⟩``. So the first network lies at (1, 0), the second
    at (c, ‖δ₂ − cx‖ / ‖x‖), and one unit is the distance to the first network along either axis. With ``states`` the
    running statistics of batch normalisation count as coordinates like any other.

    Raises
    ------
    InvalidRequest
        If the networks are identical in what moves, lie on one line, or hold NaN.
    WeightsMismatch
        If they are of another architecture; the text names what differs.
    """
    first = companions.network(asked.first)
    x = _towards(network, first, asked.moving)
    anchor = Anchor(name=first.name, sha256=first.sha256, x=1.0)
    if not asked.second:
        return Directions(x=x, y={}, cosine=0.0, anchors=(anchor,))
    second = companions.network(asked.second)
    beyond = _towards(network, second, asked.moving)
    along = inner(beyond, x) / inner(x, x)
    rest = combined(1.0, beyond, -along, x)
    if length(rest) <= FLAT * max(length(beyond), length(x)):
        raise InvalidRequest(
            f'"{network.name}", "{first.name}" and "{second.name}" lie on one line, which spans no plane. Choose '
            "another third network, or look at the line."
        )
    y = scaled(length(x) / length(rest), rest)
    other = Anchor(name=second.name, sha256=second.sha256, x=along, y=length(rest) / length(x))
    return Directions(x=x, y=y, cosine=cosine(x, y), anchors=(anchor, other))


def _towards(network: Network, other: Network, moving: Moving) -> Direction:
    state = state_of(other.module)
    refuse_other_architecture(network.module, state, f'"{other.name}"')
    direction = difference(network.module, state, moving)
    refuse_not_finite(direction, f'The difference between "{network.name}" and "{other.name}"')
    if not any(part.any() for part in direction.values()):
        raise InvalidRequest(
            f'"{network.name}" and "{other.name}" have the same weights, so there is nothing between them. '
            "Choose another network."
        )
    return direction
