"""What a result of the landscape engine found, as names and values for readers."""

import math

import numpy as np

from core.exchange.plane_words import CURVATURE, LENGTH
from core.exchange.subject import Subject
from core.exchange.words import (
    axis_words,
    certificate_words,
    count,
    course_words,
    lowest_point,
    number,
    points_words,
    words_on_test_set,
)
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.measures.barriers import line_barrier
from core.landscape.measures.convex import NEGLIGIBLE
from core.landscape.plane import Directions, FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

Facts = list[tuple[str, str]]


def surface_facts(surface: Surface, subject: Subject) -> Facts:
    """Points, losses, certificate, and how it was computed."""
    del subject
    facts = [("Points", points_words(surface))]
    if certified := certificate_words(surface):
        facts.append(("Certificate", certified))
    if course := course_words(surface):
        facts.append(("Course", course))
    facts.append(_centre(surface.centre_loss, surface.loss_unit))
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        place = f"({number(surface.x[column])}, {number(surface.y[row])})"
        facts.append(("Lowest point", f"{number(surface.loss[row, column], 6)} {surface.loss_unit} at {place}"))
    if tested := words_on_test_set(surface):
        facts.append(("Test set", tested))
    return [*facts, ("Axes", " · ".join(axis_words(surface))), *_plane(surface.directions)]


def curve_facts(curve: Curve, subject: Subject) -> Facts:
    """Draws, losses at the ends, and the barrier between them."""
    del subject
    facts = [("Points", count(len(curve.x), "position") + _draws(curve)), _centre(curve.centre_loss, curve.loss_unit)]
    for name, losses in (("Train loss", curve.loss), ("Test loss", curve.test_loss)):
        if losses is not None and np.isfinite(losses).any():
            low, high = float(np.nanmin(losses)), float(np.nanmax(losses[np.isfinite(losses)]))
            facts.append((name, f"{number(low)} to {number(high)} {curve.loss_unit}"))
    facts += [(f"Network at {number(anchor.x)}", anchor.name) for anchor in curve.directions.anchors]
    if curve.parabola is not None:
        facts.append(("Eigenvalue along the line", f"{number(curve.directions.eigenvalues[0])} ({CURVATURE})"))
    if (barrier := curve_barrier(curve)) is not None:
        facts.append(("Barrier", f"{number(barrier)} {curve.loss_unit} above the straight line between both networks"))
    return facts


def trajectory_facts(trajectory: Trajectory, subject: Subject) -> Facts:
    """How much of the way the plane holds, and how far the checkpoints lie from it."""
    del subject
    facts = [("Checkpoints", f"{len(trajectory.epoch)}, epoch {_ends(trajectory.epoch)}")]
    if np.isfinite(trajectory.explained_variance).all() and trajectory.explained_variance.size:
        shares = " and ".join(f"{number(100 * share, 3)} %" for share in trajectory.explained_variance)
        facts.append(("Captured variance", shares))
    own = f"{_ends(trajectory.loss)} {trajectory.loss_unit}, of the checkpoints themselves"
    facts.append(("Loss", own if np.isfinite(trajectory.loss).any() else "not known of these checkpoints"))
    if (known := trajectory.off_plane[np.isfinite(trajectory.off_plane)]).size:
        farthest = f"at most {number(known.max())}, at a distance from the network of at most "
        facts.append(("Distance from the plane", farthest + number(np.nanmax(trajectory.distance)) + f" ({LENGTH})"))
    if drops := trajectory.rate_drops:
        rates = trajectory.learning_rate
        words = ", ".join(f"{number(trajectory.epoch[last])} (to {number(rates[last + 1])})" for last in drops)
        facts.append(("Learning rate falls after epoch", words))
    return [*facts, *_plane(trajectory.directions)]


def convexity_facts(convexity: Convexity, subject: Subject) -> Facts:
    """Extreme eigenvalues, and the share of the plane that is convex or nearly so."""
    del subject
    known = np.isfinite(convexity.ratio)
    facts = [("Points", f"{int(known.sum())} of {count(known.size, 'point')} computed")]
    if known.any():
        ratios = convexity.ratio[known]
        facts += [
            ("Largest eigenvalue", f"{number(np.nanmin(convexity.max_eigenvalue))} to {_most(convexity)} {CURVATURE}"),
            ("Smallest eigenvalue", f"{number(float(np.nanmin(convexity.min_eigenvalue)))} {CURVATURE}"),
            ("|λmin/λmax|", f"median {number(float(np.median(ratios)), 3)}, largest {number(float(ratios.max()), 3)}"),
            (
                "Nearly convex",
                f"{number(100 * float(np.mean(ratios < NEGLIGIBLE)), 3)} % of the points (ratio < 0.01)",
            ),
            ("Hessian-vector products", f"{int(convexity.products.sum()):,}"),
        ]
    return [*facts, *_plane(convexity.directions)]


def initialisation_facts(initialisations: Initialisations, subject: Subject) -> Facts:
    """Where training would begin."""
    del subject
    facts = [
        ("Initialisations", str(len(initialisations.seed))),
        _centre(initialisations.centre_loss, initialisations.loss_unit),
    ]
    for name, values, unit in (
        ("Loss", initialisations.loss, initialisations.loss_unit),
        ("Loss with statistics of the samples", initialisations.calibrated_loss, initialisations.loss_unit),
        ("Distance from the network", initialisations.distance, f"({LENGTH})"),
    ):
        if (known := values[np.isfinite(values)]).size:
            spread = f"{number(known.min())} to {number(known.max())}, median {number(float(np.median(known)))} {unit}"
            facts.append((name, spread))
    return facts


def curve_barrier(curve: Curve) -> float | None:
    """How far the train loss rises above the line between its values at 0 and 1; None where no network lies at 1."""
    at_one = [anchor for anchor in curve.directions.anchors if anchor.x == 1 and anchor.y == 0]
    between = (curve.x >= 0) & (curve.x <= 1)
    loss = curve.loss[0]
    if not at_one or between.sum() < 3 or not np.isfinite(loss[between]).all():
        return None
    barrier = line_barrier(curve.x, loss)
    return None if np.isnan(barrier) else barrier  # unknown where the curve ends before either network


def _centre(loss: float, unit: str) -> tuple[str, str]:
    return "Loss of the network", f"{number(loss, 6)} {unit}" if math.isfinite(loss) else "not recorded"


def _plane(directions: Directions) -> Facts:
    facts = [("Cosine of the directions", number(directions.cosine))] if math.isfinite(directions.cosine) else []
    if directions.eigenvalues:
        facts.append(("Eigenvalues along the axes", ", ".join(map(number, directions.eigenvalues))))
    places = [(anchor.name, f"({number(anchor.x)}, {number(anchor.y)})") for anchor in directions.anchors]
    return [*facts, *((f"Network at {place}", name) for name, place in places)]


def _draws(curve: Curve) -> str:
    return f", {len(curve.loss)} draws: what differs between them is chance" if len(curve.loss) > 1 else ""


def _ends(values: FloatArray) -> str:
    return f"{number(float(values[0]))} to {number(float(values[-1]))}" if len(values) else "none"


def _most(convexity: Convexity) -> str:
    return number(float(np.nanmax(convexity.max_eigenvalue)))
