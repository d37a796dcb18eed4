"""Analytic surfaces for the measures."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.landscape.measures.field import Field
from core.landscape.plane import Directions, FloatArray
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.provenance import Provenance

Function = Callable[[FloatArray, FloatArray], FloatArray]


def field(
    loss: FloatArray, *, reach: float = 1.0, centre: float = 0.0, limit: float = 10.0, error: float = 0.01
) -> Field:
    """A field over a square around the network."""
    ny, nx = loss.shape
    return Field(
        x=np.linspace(-reach, reach, nx),
        y=np.linspace(-reach, reach, ny),
        loss=np.asarray(loss, dtype=float),
        limit=limit,
        centre_loss=centre,
        unit="nats",
        error=error,
        whole=True,
    )


def sampled(function: Function, points: int = 51, **options: Any) -> Field:
    """A function on a grid of so many points a side."""
    axis = np.linspace(-1, 1, points) * options.get("reach", 1.0)
    return field(function(axis[None, :], axis[:, None]) + np.zeros((points, points)), **options)


def surface(loss: FloatArray, centre: float = 0.0, **options: Any) -> Surface:
    """A complete surface of exact points."""
    ny, nx = loss.shape
    given: dict[str, Any] = {
        "request": SurfaceRequest(columns=nx, rows=ny),
        "status": "complete",
        "x": np.linspace(-1, 1, nx),
        "y": np.linspace(-1, 1, ny),
        "accuracy": np.full(loss.shape, np.nan),
        "evaluated": np.full(loss.shape, EVALUATED, dtype=np.uint8),
        "directions": Directions(x={"w": np.full(4, 2, np.float32)}, y={"w": np.ones(4, np.float32)}, cosine=0.0),
        "centre_loss": centre,
        "provenance": Provenance(
            network_sha256="a", data_sha256="b", samples=9, seconds=1.0, threads=1, dtype="float32", device="cpu"
        ),
    }
    return Surface(loss=loss, **(given | options))
