"""Records that can be laid over the surfaces of `surfaces.py`, for tests of pictures."""

from collections.abc import Sequence

import numpy as np

from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from tests.app.render.surfaces import PROVENANCE


def trajectory_of(surface: Surface, *, loss: float = 5.0, outside: int = 0) -> Trajectory:
    """Eight checkpoints along the first direction at one loss, the rate lowered once; the first so many outside."""
    x = np.linspace(0.7, -0.7, 8)
    x[:outside] = 1.7
    return Trajectory(
        request=TrajectoryRequest(),
        status="complete",
        epoch=np.arange(8.0),
        learning_rate=np.where(np.arange(8) < 4, 0.1, 0.01),
        x=x,
        y=np.full(8, -0.4),
        loss=np.full(8, loss),
        accuracy=np.full(8, 0.5),
        off_plane=np.ones(8),
        distance=np.ones(8),
        explained_variance=np.array([0.7, 0.2]),
        directions=surface.directions,
        provenance=PROVENANCE,
    )


def initialisations_of(losses: Sequence[float]) -> Initialisations:
    """Fresh networks with these losses."""
    count = len(losses)
    return Initialisations(
        request=InitialisationRequest(count=count),
        status="complete",
        seed=np.arange(count),
        loss=np.array(losses),
        calibrated_loss=np.array(losses),
        accuracy=np.full(count, 0.1),
        distance=np.ones(count),
        centre_loss=0.01,
        provenance=PROVENANCE,
    )


def convexity_of(surface: Surface, *, columns: int = 5, rows: int = 5) -> Convexity:
    """A ratio that grows along the first direction from 0 to 1, over the plane of a surface."""
    x, y = np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)
    return Convexity(
        request=ConvexityRequest(columns=columns, rows=rows),
        status="complete",
        x=x,
        y=y,
        min_eigenvalue=np.tile(-np.maximum(x, 0.0), (rows, 1)),
        max_eigenvalue=np.ones((rows, columns)),
        residual=np.zeros((rows, columns)),
        products=np.zeros((rows, columns), np.int32),
        directions=surface.directions,
        provenance=PROVENANCE,
    )
