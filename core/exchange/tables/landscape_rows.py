"""Results of the landscape engine as rows of a table: names of the columns first."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from core.exchange.tables.rows import Row
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

_OF_TRAJECTORY = ("epoch", "learning_rate", "x", "y", "loss", "accuracy", "off_plane", "distance")
_OF_INITIALISATIONS = ("seed", "loss", "calibrated_loss", "accuracy", "distance")
_OF_CONVEXITY = ("min_eigenvalue", "max_eigenvalue", "ratio", "residual", "products")


def surface_rows(surface: Surface) -> Iterator[Row]:
    """One row per point of the grid, x fastest; `evaluated` is 1 computed, 2 computed from a sample, 0 interpolated."""
    names = ["loss", "accuracy", "evaluated"]
    names += [name for name in ("test_loss", "test_accuracy") if getattr(surface, name) is not None]
    return _grid_rows(surface, tuple(names))


def curve_rows(curve: Curve) -> Iterator[Row]:
    """One row per draw and position."""
    names = ["loss", "accuracy"]
    names += [name for name in ("test_loss", "test_accuracy") if getattr(curve, name) is not None]
    yield ("draw", "x", *names)
    for draw in range(len(curve.loss)):
        columns = [getattr(curve, name)[draw].tolist() for name in names]
        yield from ((draw, *row) for row in zip(curve.x.tolist(), *columns, strict=True))


def trajectory_rows(trajectory: Trajectory) -> Iterator[Row]:
    """One row per checkpoint."""
    return _column_rows(trajectory, _OF_TRAJECTORY)


def convexity_rows(convexity: Convexity) -> Iterator[Row]:
    """One row per point of the grid, x fastest."""
    return _grid_rows(convexity, _OF_CONVEXITY)


def initialisation_rows(initialisations: Initialisations) -> Iterator[Row]:
    """One row per untrained network."""
    return _column_rows(initialisations, _OF_INITIALISATIONS)


def _column_rows(result: Trajectory | Initialisations, names: tuple[str, ...]) -> Iterator[Row]:
    columns = [getattr(result, name).tolist() for name in names]
    return chain([names], zip(*columns, strict=True))


def _grid_rows(result: Surface | Convexity, names: tuple[str, ...]) -> Iterator[Row]:
    x, y = np.meshgrid(result.x, result.y)
    columns = [x, y, *(getattr(result, name) for name in names)]
    return chain([("x", "y", *names)], zip(*(column.ravel().tolist() for column in columns), strict=True))
