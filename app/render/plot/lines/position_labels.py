"""What the horizontal axis of curves through weight space is: of one, and of several over each other."""

from collections.abc import Sequence

from core.exchange.plane_words import axis_labels
from core.landscape.curve import Curve
from core.landscape.plane import BezierDirections, EigenDirections, FileDirections, NetworkDirections, RandomDirections

OWN = "multiples of each curve's own direction (see the legend)"


def position_label(curve: Curve) -> str:
    """What the axis of one curve is."""
    if isinstance(curve.request.directions, BezierDirections):
        return "position on the curve (0 this network, 1 the other)"
    if isinstance(curve.request.directions, NetworkDirections):
        return "position between the networks (0 this one, 1 the other)"
    return axis_labels(curve.request.directions)[0]


def common_label(curves: Sequence[Curve]) -> str:
    """What the axis is for all of these curves: their own label if they share it, else what they have in common."""
    labels = {position_label(curve) for curve in curves}
    if len(labels) == 1:
        return labels.pop()
    if all(isinstance(curve.request.directions, BezierDirections | NetworkDirections) for curve in curves):
        return "position on each way (0 this network, 1 the other)"
    if all(_is_eigenvector(curve) for curve in curves):
        units = {label.partition(" (")[2] for label in labels}
        return f"multiples of each eigenvector ({units.pop()}" if len(units) == 1 else "multiples of each eigenvector"
    if all(isinstance(curve.request.directions, RandomDirections) for curve in curves):
        return f"multiples of each direction δ{_OF_LEGEND}"
    return OWN


def needs_own_labels(curves: Sequence[Curve]) -> bool:
    """Whether the legend must say of every curve what its axis is."""
    return common_label(curves).endswith(_OF_LEGEND)


def _is_eigenvector(curve: Curve) -> bool:
    asked = curve.request.directions
    return isinstance(asked, EigenDirections) or (isinstance(asked, FileDirections) and bool(asked.eigenvector))


_OF_LEGEND = " (see the legend)"
