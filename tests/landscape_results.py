"""Small but realistic results of the landscape engine, all in one plane."""

from dataclasses import replace

import numpy as np

from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.plane import Anchor, Directions, NetworkDirections, RandomDirections
from core.landscape.surface import (
    EVALUATED,
    INTERPOLATED,
    SAMPLED,
    Certificate,
    Course,
    HeldOut,
    Sampling,
    Surface,
    SurfaceRequest,
)
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from tests.document_parts import directions, provenance


def surface(columns: int = 21, rows: int = 17, *, hole: bool = True, status: str = "complete") -> Surface:
    """A bowl with a side valley; every second point is interpolated, one point overflowed to infinity.

    A partial surface lacks its last rows: there the loss is NaN and nothing was evaluated.
    """
    request = SurfaceRequest(columns=columns, rows=rows, directions=RandomDirections(seed=123))
    x, y = np.linspace(*request.x_range, columns), np.linspace(*request.y_range, rows)
    a, b = np.meshgrid(x, y)
    loss = 0.04 + 9 * a**2 + 5 * b**2 + 4 * a * b + 1.2 * np.sin(5 * a) ** 2 * np.cos(3 * b) ** 2 + 20 * np.abs(a) ** 7
    accuracy = np.clip(1 - loss / 12, 0.5, 1.0)
    evaluated = np.where((np.arange(columns) + np.arange(rows)[:, None]) % 2 == 0, EVALUATED, INTERPOLATED)
    if hole:
        loss[-2, 1], evaluated[-2, 1] = np.inf, EVALUATED
    if status == "partial":
        loss[rows * 2 // 3 :], accuracy[rows * 2 // 3 :], evaluated[rows * 2 // 3 :] = np.nan, np.nan, INTERPOLATED
    return Surface(
        request=request,
        status="partial" if status == "partial" else "complete",
        x=x,
        y=y,
        loss=loss,
        accuracy=accuracy,
        evaluated=evaluated.astype(np.uint8),
        directions=directions(),
        centre_loss=0.04,
        provenance=provenance(),
    )


def certified_surface(columns: int = 15, rows: int = 11) -> Surface:
    """A surface with everything a surface may have: test set, sampled points, held-out points and a certificate."""
    plain = surface(columns, rows, hole=False)
    evaluated = plain.evaluated.copy()
    evaluated[1::3, 1::4] = SAMPLED
    numbers = np.random.default_rng(3)
    held = numbers.choice(plain.loss.size, 60, replace=False)
    b, a = np.divmod(held, columns)
    exact = plain.loss.ravel()[held]
    return replace(
        plain,
        request=replace(plain.request, method="adaptive", test=True, test_samples=30),
        evaluated=evaluated,
        test_loss=plain.loss * 1.1 + 0.02,
        test_accuracy=plain.accuracy * 0.97,
        certificate=Certificate(points=60, confidence=0.95, coverage=0.95, tolerance=0.02, max_seen=0.0137),
        sampling=Sampling(rows=np.arange(0.0, 32), weights=np.full(32, 1 / 32) + 1e-3),
        held_out=HeldOut(x=plain.x[a], y=plain.y[b], loss=exact, estimate=exact * (1 + 0.01 * numbers.normal(size=60))),
        course=Course(
            lever="fewer points",
            reason="the plane is smooth: 9 × 9 points predict the others within 1.4 %",
            engine="fused convolutions, channels-last, batches of 64, 1 worker",
            engine_error=3.1e-7,
            full_points=83,
            forwards=83 * 40,
        ),
    )


def curve(draws: int = 1, points: int = 21, *, test: bool = True, status: str = "complete") -> Curve:
    """Parabolas with a bump; with one draw the line to another network, which lies at 1."""
    x = np.linspace(-0.5, 1.5, points)
    asked = NetworkDirections(first="f" * 64) if draws == 1 else RandomDirections()
    steep = 1 + 0.2 * np.random.default_rng(8).standard_normal(draws)[:, None]
    loss = 0.05 + steep * (x * (x - 1)) ** 2 * 6 + 0.1 * x
    if status == "partial":
        loss[:, points // 2 :] = np.nan
    accuracy = np.clip(1 - loss / 4, 0, 1)
    anchors = (Anchor(name="Large batch", sha256="f" * 64, x=1.0),) if draws == 1 else ()
    plane = directions()
    return Curve(
        request=CurveRequest(points=points, x_range=(-0.5, 1.5), directions=asked, draws=draws, test=test),
        status="partial" if status == "partial" else "complete",
        x=x,
        loss=loss,
        accuracy=accuracy,
        test_loss=loss * 1.2 + 0.05 if test else None,
        test_accuracy=accuracy * 0.96 if test else None,
        directions=Directions(x=plane.x, y={}, cosine=0.0, anchors=anchors),
        centre_loss=0.05,
        provenance=provenance(),
    )


def trajectory(checkpoints: int = 12, *, plane: Directions | None = None) -> Trajectory:
    """A way into the minimum of `surface`, which ends at the network itself; the rate drops half-way."""
    share = np.linspace(1, 0, checkpoints)
    x, y = -0.8 * share, 0.6 * share**2
    return Trajectory(
        request=TrajectoryRequest(),
        status="complete",
        epoch=np.arange(checkpoints, dtype=np.float64),
        learning_rate=np.where(np.arange(checkpoints) < checkpoints // 2, 0.1, 0.01),
        x=x,
        y=y,
        loss=0.04 + 2.2 * share**1.5,
        accuracy=1 - 0.5 * share,
        off_plane=0.7 * share * (1 - share) + 0.3 * share,
        distance=4.0 * share,
        explained_variance=np.array([0.71, 0.16]),
        directions=plane or directions(),
        provenance=provenance(),
    )


def convexity(columns: int = 9, rows: int = 7, *, plane: Directions | None = None) -> Convexity:
    """Convex in the middle, saddles outside; one point where the Hessian was not finite."""
    request = ConvexityRequest(columns=columns, rows=rows)
    x, y = np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)
    a, b = np.meshgrid(x, y)
    largest = 8.0 + 30 * (a**2 + b**2)
    smallest = -0.02 - 3.0 * (a**2 + b**2) ** 2
    largest[0, 0] = smallest[0, 0] = np.nan
    return Convexity(
        request=request,
        status="complete",
        x=x,
        y=y,
        min_eigenvalue=smallest,
        max_eigenvalue=largest,
        residual=0.004 * np.nan_to_num(largest),
        products=np.full((rows, columns), 14, dtype=np.int32),
        directions=plane or directions(),
        provenance=provenance(),
    )


def initialisations(count: int = 6) -> Initialisations:
    """Untrained networks: with initial statistics far up, with calibrated ones at the loss of guessing."""
    numbers = np.random.default_rng(4)
    return Initialisations(
        request=InitialisationRequest(count=count),
        status="complete",
        seed=np.arange(count),
        loss=2.0 + numbers.uniform(0, 3, count),
        calibrated_loss=0.7 + numbers.uniform(0, 0.3, count),
        accuracy=0.5 + numbers.uniform(-0.1, 0.1, count),
        distance=5.0 + numbers.uniform(0, 0.5, count),
        centre_loss=0.04,
        provenance=provenance(),
    )
