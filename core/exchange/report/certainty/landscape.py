"""How sure the results of the landscape engine are."""

import numpy as np

from core.exchange.report.certainty.statement import Statement, computed, sampled, unknown
from core.exchange.words import certificate_words, count, counted_samples, number, whole
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.plane import FloatArray
from core.landscape.surface import INTERPOLATED, SAMPLED, Surface
from core.landscape.trajectory import Trajectory


def surface_statements(surface: Surface) -> list[Statement]:
    """Points that were computed, the certificate of the others, and what no slice tells."""
    samples, where = counted_samples(surface.provenance), _rectangle(surface.x, surface.y)
    found = [computed(f"the loss at {count(surface.evaluated_count, 'point')} of the grid", f"{samples}; {where}")]
    if part := int(np.count_nonzero(surface.evaluated == SAMPLED)):
        found.append(sampled(f"the loss at {count(part, 'point')}, from a calibrated part of the samples", where))
    certified = certificate_words(surface)
    if certified:
        shown = f"of {where}, the part shown: loss up to {number(surface.request.display_limit)} {surface.loss_unit}"
        found.append(sampled(certified, shown))
    between = int(np.count_nonzero((surface.evaluated == INTERPOLATED) & np.isfinite(surface.loss)))
    if between and not certified:
        found.append(
            unknown(f"how far off {count(between, 'interpolated point is', 'interpolated points are')}", where)
        )
    if missing := int(np.count_nonzero((surface.evaluated == INTERPOLATED) & ~np.isfinite(surface.loss))):
        found.append(unknown(f"{count(missing, 'point')} not computed", where))
    if surface.holes:
        found.append(computed(f"{count(surface.holes, 'point')} without a finite loss", where))
    if surface.test_loss is not None and between:
        found.append(unknown(f"how far off the test loss of {count(between, 'interpolated point')} is", where))
    found.append(
        unknown("between the points of the grid, outside of the rectangle, and off this plane", "weight space")
    )
    return found


def curve_statements(curve: Curve) -> list[Statement]:
    """Positions that were computed, and the rest of the line."""
    known = int(np.isfinite(curve.loss).sum())
    where = f"{counted_samples(curve.provenance)}; position {_range(curve.x)}"
    found = [computed(f"the loss at {whole(known)} of {count(curve.loss.size, 'position')}", where)]
    if len(curve.loss) > 1:
        found.append(sampled(f"{count(len(curve.loss), 'random direction')}: another draw gives other curves", where))
    return [*found, unknown("between the positions, beyond the ends, and off this line", "weight space")]


def trajectory_statements(trajectory: Trajectory) -> list[Statement]:
    """Each checkpoint's own loss, and what lies between."""
    known, total = int(np.isfinite(trajectory.loss).sum()), len(trajectory.epoch)
    found = [
        computed(
            f"the loss of {whole(known)} of {count(total, 'checkpoint')}, at their own weights",
            counted_samples(trajectory.provenance),
        )
    ]
    if len(trajectory.off_plane) and np.isfinite(trajectory.off_plane).any():
        farthest = number(float(np.nanmax(trajectory.off_plane)))
        found.append(computed(f"how far the checkpoints lie off the plane: {farthest} at most", "weight space"))
    return [*found, unknown("the way of the training between two checkpoints", "weight space")]


def convexity_statements(convexity: Convexity) -> list[Statement]:
    """Points whose extreme eigenvalues were found to the tolerance, and the others."""
    where = f"{counted_samples(convexity.provenance)}; {_rectangle(convexity.x, convexity.y)}"
    done = int(convexity.computed.sum())
    tolerance = number(100 * convexity.request.tolerance, 3)
    settled = done - convexity.unconverged - convexity.holes
    found = [
        computed(
            f"the largest and the smallest eigenvalue at {count(settled, 'point')}: residual within {tolerance} %",
            where,
        )
    ]
    if convexity.unconverged:
        found.append(
            unknown(
                f"how far off the eigenvalues of {count(convexity.unconverged, 'point')} are: given up before", where
            )
        )
    if convexity.holes:
        found.append(computed(f"{count(convexity.holes, 'point')} without a finite Hessian", where))
    if open_points := convexity.computed.size - done:
        found.append(unknown(f"{count(open_points, 'point')} not computed", where))
    return [*found, unknown("whether the loss is convex between these points", where)]


def initialisation_statements(initialisations: Initialisations) -> list[Statement]:
    """Draws, and that they are draws."""
    known = int(np.isfinite(initialisations.loss).sum())
    where = counted_samples(initialisations.provenance)
    return [
        computed(f"the loss of {count(known, 'fresh network')}", where),
        sampled(f"{count(len(initialisations.seed), 'draw')} of the initialisation: others lie elsewhere", where),
        unknown("what a training makes of each of them", "weight space"),
    ]


def _rectangle(x: FloatArray, y: FloatArray) -> str:
    return f"plane, x {_range(x)}, y {_range(y)}"


def _range(axis: FloatArray) -> str:
    return f"{number(float(axis[0]))} to {number(float(axis[-1]))}" if len(axis) else "nowhere"
