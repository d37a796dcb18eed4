"""How far a plane is shown where nobody said it: as far as what lies in it, with a margin."""

from collections.abc import Iterable

from core.landscape.plane import Anchor, Range

MARGIN = 0.25  # of the distance between the outermost networks, on either side
NOTHING = 1e-300  # a distance so small has no quarter in float64, and is none to look at
ALONE = (-1.0, 1.0)  # Li et al. 2018: where nothing lies beside the network
INHABITED = ("pca", "networks", "bezier")  # kinds of directions: checkpoints or networks lie along these


def extent(places: Iterable[float]) -> Range:
    """The range of an axis on which the network, at 0, and others lie.

    The network itself is always inside. Places that are not finite are left out.
    """
    known = [0.0, *(place for place in places if abs(place) < float("inf"))]
    low, high = min(known), max(known)
    reach = high - low
    if reach < NOTHING:
        return ALONE
    return low - MARGIN * reach, high + MARGIN * reach


def plane_extent(
    x_range: Range | None,
    y_range: Range | None,
    anchors: Iterable[Anchor],
    waypoints: Iterable[tuple[float, float]] = (),
) -> tuple[Range, Range]:
    """The ranges asked for, or such that suit the networks and the checkpoints of a plane.

    Parameters
    ----------
    x_range, y_range : (low, high) or None
        None: find one.
    anchors : iterable of Anchor
        Networks in the plane.
    waypoints : iterable of (x, y)
        Checkpoints, projected into it.
    """
    places = [(anchor.x, anchor.y) for anchor in anchors] + list(waypoints)
    return (
        x_range or extent(place[0] for place in places),
        y_range or extent(place[1] for place in places),
    )
