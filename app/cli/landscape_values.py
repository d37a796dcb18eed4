"""Results of the landscape engine as plain values for machines."""

from collections.abc import Sequence

import numpy as np

from app.cli.machine_numbers import finite, finite_list, finite_rows
from core.exchange.words import lowest_point
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.measures.catalogue import curve_measures, surface_measures
from core.landscape.measures.measure import Measure
from core.landscape.plane import Directions
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.json_text import record_to_table

Values = dict[str, object]


def surface_values(surface: Surface) -> Values:
    """Points, losses, certificate, and the measures by their keys."""
    asked, known = surface.request, surface.loss[np.isfinite(surface.loss)]
    values: Values = {
        "columns": asked.columns,
        "rows": asked.rows,
        "points": surface.loss.size,
        "evaluated": surface.evaluated_count,
        "holes": surface.holes,
        "centre_loss": finite(surface.centre_loss),
        "lowest_loss": finite(known.min()) if known.size else None,
        "highest_loss": finite(known.max()) if known.size else None,
        "lowest_at": None,
        "display_limit": asked.display_limit,
        "share_up_to_limit": float(np.mean(np.nan_to_num(surface.loss, nan=np.inf) <= asked.display_limit)),
        "cosine_of_directions": finite(surface.directions.cosine),
        "seed": getattr(asked.directions, "seed", None),
        "certificate": None if surface.certificate is None else record_to_table(surface.certificate),
        "course": None if surface.course is None else record_to_table(surface.course),
        "measures": _measures(surface_measures(surface)),
        **_plane(surface.directions),
    }
    if (lowest := lowest_point(surface)) is not None:
        row, column = lowest
        values["lowest_at"] = [float(surface.x[column]), float(surface.y[row])]
    return values


def curve_values(curve: Curve) -> Values:
    """Positions, and losses and accuracies by draw."""
    columns = ("loss", "accuracy", "test_loss", "test_accuracy")
    values: Values = {name: finite_rows(array) for name in columns if (array := getattr(curve, name)) is not None}
    return {
        "x": finite_list(curve.x),
        **values,
        "centre_loss": finite(curve.centre_loss),
        "measures": _measures(curve_measures(curve)),
        **_plane(curve.directions),
    }


def trajectory_values(trajectory: Trajectory) -> Values:
    """Where the checkpoints lie, and how good they are."""
    columns = ("epoch", "learning_rate", "x", "y", "loss", "accuracy", "off_plane", "distance", "explained_variance")
    return {name: finite_list(getattr(trajectory, name)) for name in columns}


def convexity_values(convexity: Convexity) -> Values:
    """The extreme eigenvalues row by row."""
    columns = ("min_eigenvalue", "max_eigenvalue", "ratio", "residual")
    return {
        "x": finite_list(convexity.x),
        "y": finite_list(convexity.y),
        **{name: finite_rows(getattr(convexity, name)) for name in columns},
        "products": int(convexity.products.sum()),
    }


def initialisation_values(fresh: Initialisations) -> Values:
    """Losses of the untrained networks."""
    columns = ("loss", "calibrated_loss", "accuracy", "distance")
    return {
        "seed": fresh.seed.tolist(),
        **{name: finite_list(getattr(fresh, name)) for name in columns},
        "centre_loss": finite(fresh.centre_loss),
    }


def _plane(directions: Directions) -> Values:
    return {
        "plane": directions.fingerprint,
        "anchors": [record_to_table(anchor) for anchor in directions.anchors],
        "eigenvalues_of_directions": finite_list(directions.eigenvalues),
        "explained_variance": finite_list(directions.explained_variance),
    }


def _measures(measures: Sequence[Measure]) -> Values:
    return {measure.key: {"value": finite(measure.value), "unit": measure.unit} for measure in measures}
