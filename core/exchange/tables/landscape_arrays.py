"""Results of the landscape engine as arrays under their own names, with what makes them trustworthy as JSON."""

import numpy as np

from core.exchange.tables.arrays import Named
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.plane import Directions
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.json_text import record_to_json
from core.session.names import link_name

_TESTED = ("test_loss", "test_accuracy")
_HELD_OUT = ("x", "y", "loss", "estimate")


def surface_arrays(surface: Surface) -> Named:
    """The grid, the test set where there was one, the certificate with its held-out points, and the directions."""
    yield from _fields(surface, ("x", "y", "loss", "accuracy", "evaluated", "centre_loss", *_TESTED))
    if surface.held_out is not None:
        for name in _HELD_OUT:
            yield f"held_out/{name}", getattr(surface.held_out, name)
    for name in ("certificate", "course"):
        if (record := getattr(surface, name)) is not None:
            yield name, np.array(record_to_json(record))
    yield from _directions(surface.directions)


def curve_arrays(curve: Curve) -> Named:
    """Positions, and for every draw a row of losses and accuracies."""
    yield from _fields(curve, ("x", "loss", "accuracy", "centre_loss", *_TESTED))
    yield from _directions(curve.directions)


def trajectory_arrays(trajectory: Trajectory) -> Named:
    """One entry per checkpoint."""
    names = ("epoch", "learning_rate", "x", "y", "loss", "accuracy", "off_plane", "distance", "explained_variance")
    yield from _fields(trajectory, names)
    yield from _directions(trajectory.directions)


def convexity_arrays(convexity: Convexity) -> Named:
    """The grid with its extreme eigenvalues, their errors and what they cost."""
    yield from _fields(convexity, ("x", "y", "min_eigenvalue", "max_eigenvalue", "ratio", "residual", "products"))
    yield from _directions(convexity.directions)


def initialisation_arrays(initialisations: Initialisations) -> Named:
    """One entry per untrained network."""
    names = ("seed", "loss", "calibrated_loss", "accuracy", "distance", "centre_loss")
    yield from _fields(initialisations, names)


def _fields(result: object, names: tuple[str, ...]) -> Named:
    for name in names:
        if (value := getattr(result, name)) is not None:
            yield name, np.asarray(value)


def _directions(directions: Directions) -> Named:
    yield "cosine", np.array(directions.cosine)
    for axis, direction in (("direction_x", directions.x), ("direction_y", directions.y)):
        for parameter, array in direction.items():
            yield f"{axis}/{link_name(parameter)}", array
    if directions.anchors:
        yield "anchors/sha256", np.array([anchor.sha256 for anchor in directions.anchors])
        yield "anchors/name", np.array([anchor.name for anchor in directions.anchors])
        yield "anchors/place", np.array([(anchor.x, anchor.y) for anchor in directions.anchors])
    if directions.eigenvalues:
        yield "direction_eigenvalues", np.array(directions.eigenvalues)
