"""Results of the landscape engine as rows of a table: names of the columns first."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

import numpy as np

from core.exchange.plane_words import CURVATURE, LENGTH, axis_units
from core.exchange.tables.rows import Row
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

_OF_TRAJECTORY = ("epoch", "learning_rate", "x", "y", "loss", "accuracy", "off_plane", "distance")
_OF_INITIALISATIONS = ("seed", "loss", "calibrated_loss", "accuracy", "distance")
_OF_CONVEXITY = ("min_eigenvalue", "max_eigenvalue", "ratio", "residual", "products")
_TESTED = ("test_loss", "test_accuracy")
_SHARE = "0 to 1"
_UNITS = {  # of columns whose unit does not depend on the result; the others are in no unit, or are their own
    "accuracy": _SHARE,
    "test_accuracy": _SHARE,
    "off_plane": LENGTH,
    "distance": LENGTH,
    "min_eigenvalue": CURVATURE,
    "max_eigenvalue": CURVATURE,
    "residual": CURVATURE,
    "products": "Hessian-vector products",
}
_LOSSES = ("loss", "test_loss", "calibrated_loss")


def surface_rows(surface: Surface) -> Iterator[Row]:
    """One row per point of the grid, x fastest; `evaluated` is 1 computed, 2 computed from a sample, 0 interpolated.

    Names of columns are those of the session file, with the unit behind them in parentheses: ``loss (nats)``.
    """
    names = ("loss", "accuracy", "evaluated", *(name for name in _TESTED if getattr(surface, name) is not None))
    return _grid_rows(surface, names, surface.loss_unit)


def curve_rows(curve: Curve) -> Iterator[Row]:
    """One row per draw and position."""
    names = ["loss", "accuracy", *(name for name in _TESTED if getattr(curve, name) is not None)]
    x_unit, _ = axis_units(curve.request.directions)
    yield ("draw", f"x ({x_unit})", *_heads(names, curve.loss_unit))
    for draw in range(len(curve.loss)):
        columns = [getattr(curve, name)[draw].tolist() for name in names]
        yield from ((draw, *row) for row in zip(curve.x.tolist(), *columns, strict=True))


def trajectory_rows(trajectory: Trajectory) -> Iterator[Row]:
    """One row per checkpoint; the loss is the checkpoint's own."""
    axes = dict(zip(("x", "y"), axis_units(trajectory.request.directions), strict=True))
    return _column_rows(trajectory, _OF_TRAJECTORY, trajectory.loss_unit, axes)


def convexity_rows(convexity: Convexity) -> Iterator[Row]:
    """One row per point of the grid, x fastest; the ratio is |λmin/λmax|."""
    return _grid_rows(convexity, _OF_CONVEXITY, "")


def initialisation_rows(initialisations: Initialisations) -> Iterator[Row]:
    """One row per untrained network."""
    return _column_rows(initialisations, _OF_INITIALISATIONS, initialisations.loss_unit, {})


def _column_rows(
    result: Trajectory | Initialisations, names: tuple[str, ...], loss_unit: str, axes: Mapping[str, str]
) -> Iterator[Row]:
    columns = [getattr(result, name).tolist() for name in names]
    return chain([_heads(names, loss_unit, axes)], zip(*columns, strict=True))


def _grid_rows(result: Surface | Convexity, names: tuple[str, ...], loss_unit: str) -> Iterator[Row]:
    x, y = np.meshgrid(result.x, result.y)
    columns = [x, y, *(getattr(result, name) for name in names)]
    axes = dict(zip(("x", "y"), axis_units(result.request.directions), strict=True))
    heads = _heads(("x", "y", *names), loss_unit, axes)
    return chain([heads], zip(*(column.ravel().tolist() for column in columns), strict=True))


def _heads(names: Sequence[str], loss_unit: str, axes: Mapping[str, str] = MappingProxyType({})) -> Row:
    """Names of columns, each with its unit where it has one."""
    units = {**_UNITS, **dict.fromkeys(_LOSSES, loss_unit), **axes}
    return tuple(f"{name} ({unit})" if (unit := units.get(name)) else name for name in names)
