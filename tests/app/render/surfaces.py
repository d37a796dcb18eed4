"""Surfaces whose shape is known from a formula, for tests of pictures."""

import numpy as np
import numpy.typing as npt

from core.landscape.plane import Directions
from core.landscape.surface import EVALUATED, INTERPOLATED, Surface, SurfaceRequest
from core.provenance import Provenance

PROVENANCE = Provenance(
    network_sha256="0" * 64, data_sha256="0" * 64, samples=256, seconds=1.0, threads=1, dtype="float32", device="cpu"
)


def surface_of(
    loss: npt.ArrayLike,
    *,
    evaluated: npt.ArrayLike | None = None,
    limit: float = 10.0,
    x_range: tuple[float, float] = (-1.0, 1.0),
    y_range: tuple[float, float] = (-1.0, 1.0),
) -> Surface:
    """A surface with these losses (rows, columns); everything evaluated unless said otherwise."""
    losses = np.array(loss, dtype=np.float64)
    rows, columns = losses.shape
    status = np.full(losses.shape, EVALUATED, np.uint8) if evaluated is None else np.array(evaluated, np.uint8)
    request = SurfaceRequest(columns=columns, rows=rows, x_range=x_range, y_range=y_range, display_limit=limit)
    return Surface(
        request=request,
        status="partial" if (status == INTERPOLATED).any() else "complete",
        x=np.linspace(*x_range, columns),
        y=np.linspace(*y_range, rows),
        loss=losses,
        accuracy=np.full(losses.shape, 0.412),
        evaluated=status,
        directions=Directions(x={}, y={}, cosine=0.0),
        centre_loss=float(losses[rows // 2, columns // 2]),
        provenance=PROVENANCE,
    )


def radius(points: int) -> npt.NDArray[np.float64]:
    """The distance from the middle at each point of a square grid from −1 to 1."""
    x, y = np.meshgrid(*[np.linspace(-1.0, 1.0, points)] * 2)
    return np.hypot(x, y)


def bowl(points: int = 41, *, rim: float = 8.0) -> Surface:
    """A round basin: 0.001 at the bottom, `rim` one unit away, more in the corners."""
    return surface_of(0.001 + rim * radius(points) ** 2)


def odd_surfaces() -> dict[str, Surface]:
    """What a view may be given while something went wrong, or has hardly begun."""
    holes = np.full((7, 9), 2.0)
    holes[::2, ::2] = np.nan
    return {
        "nothing known": surface_of(np.full((5, 5), np.nan), evaluated=np.zeros((5, 5))),
        "all infinite": surface_of(np.full((5, 5), np.inf)),
        "constant": surface_of(np.full((5, 5), 2.3)),
        "constant zero": surface_of(np.zeros((5, 5))),
        "two by two": surface_of([[0.1, 1.0], [2.0, 3.0]]),
        "chessboard of holes": surface_of(holes),
        "one point known": surface_of([[np.nan, np.nan], [np.nan, 1.0]]),
        "all above the limit": surface_of([[20.0, 30.0, 40.0], [50.0, 60.0, 70.0]]),
        "negative": surface_of([[-3.0, -2.0], [-1.0, 5.0]]),
        "huge": surface_of([[1e-12, 1e30], [1.0, np.nan]]),
        "infinite among finite": surface_of([[1.0, np.inf, 2.0], [0.5, -np.inf, 3.0]]),
        "a long strip": surface_of(np.linspace(0.1, 9.0, 202).reshape(2, 101), y_range=(-0.01, 0.01)),
    }
