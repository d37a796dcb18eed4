"""At which positions a curve is computed, and in which order."""

import numpy as np

from core.companions import Companions
from core.job import JobContext
from core.landscape.curve import CurveRequest
from core.landscape.directions.projection import places
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    Directions,
    FloatArray,
    NetworkDirections,
    PcaDirections,
    Range,
)
from core.landscape.surfaces.extent import extent
from core.networks.network import Network

BETWEEN_NETWORKS = (-0.5, 1.5)  # Li et al. 2018, Figure 2: past both networks
SAME_PLACE = 1e-9  # of a step: numbers that mean the same position


def curve_positions(
    request: CurveRequest, network: Network, directions: Directions, companions: Companions, job: JobContext
) -> FloatArray:
    """The positions t at which a curve is computed, evenly spaced over its range.

    Where the range was left open between networks, the two positions nearest to 0 and 1 are moved there, by at
    most half a step, so that both networks themselves are among the points.
    """
    x = np.linspace(
        *(request.x_range or _open_range(request.directions, network, directions, companions, job)), request.points
    )
    reach = (
        0.5 + SAME_PLACE
        if request.x_range is None and isinstance(request.directions, NetworkDirections)
        else SAME_PLACE
    )
    step = x[1] - x[0]
    for target in (0.0, 1.0):
        nearest = int(np.abs(x - target).argmin())
        inside = 0 < nearest < len(x) - 1
        if abs(x[nearest] - target) <= (reach if inside else SAME_PLACE) * step and target not in x:
            x[nearest] = target
    return x


def _open_range(
    asked: AnyDirections, network: Network, directions: Directions, companions: Companions, job: JobContext
) -> Range:
    """The range that suits the axis: past both networks, over a curve, or over a training's way."""
    if isinstance(asked, NetworkDirections):
        return BETWEEN_NETWORKS
    if isinstance(asked, BezierDirections):
        return 0.0, 1.0
    anchored = [anchor.x for anchor in directions.anchors]
    if isinstance(asked, PcaDirections):
        anchored += places(network.module, directions, companions.waypoints, job).x.tolist()
    return extent(anchored)


def coarse_to_fine_line(points: int) -> list[int]:
    """The order in which points of a line are computed: ends and middle first, then halving every interval."""
    known = np.array([0, points - 1])
    order: list[int] = known.tolist()
    while len(known) < points:
        finer = np.union1d(known, (known[:-1] + known[1:]) // 2)
        order += np.setdiff1d(finer, known).tolist()
        known = finer
    return order
