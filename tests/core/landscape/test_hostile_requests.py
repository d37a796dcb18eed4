"""Requests at and beyond the bounds of numbers: refused with a sentence before anything is computed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.analysis import compute
from core.companions import Companions
from core.errors import InvalidRequest
from core.job import JobContext
from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.directions.random import random_directions
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import BezierDirections, EigenDirections, FileDirections, RandomDirections
from core.landscape.surface import Surface, SurfaceRequest
from core.naming import Request
from tests.core.landscape.small import small_data, small_network

LARGEST = 2**63 - 1  # as on the command line


@pytest.mark.parametrize(
    "extent",
    [(0.0, 5e-324), (1.0, 1.0 + 1e-12), (-1e99, 1e99), (0.0, 1.7e308), (-1.7e308, 1.7e308), (1e8, 1e8 + 1e-4)],
)
def test_a_range_whose_points_fall_together_or_overflow_is_refused(extent: tuple[float, float]) -> None:
    for make in (SurfaceRequest, CurveRequest, ConvexityRequest):
        with pytest.raises(InvalidRequest, match="cannot be told apart as numbers"):
            make(x_range=extent)


@pytest.mark.parametrize("seed", [2**63, 2**64, 2**70, -(2**63) - 1])
def test_a_seed_that_no_generator_takes_is_refused(seed: int) -> None:
    makes: tuple[Callable[[], object], ...] = (
        lambda: RandomDirections(seed=seed),
        lambda: EigenDirections(seed=seed),
        lambda: BezierDirections(other="f" * 64, seed=seed),
        lambda: ConvexityRequest(seed=seed),
        lambda: InitialisationRequest(seed=seed),
    )
    for make in makes:
        with pytest.raises(InvalidRequest, match="too large for a generator"):
            make()
    with pytest.raises(InvalidRequest, match="too large for a generator"):
        InitialisationRequest(count=2, seed=LARGEST)
    with pytest.raises(InvalidRequest, match="too large for a generator"):
        CurveRequest(draws=3, directions=RandomDirections(seed=LARGEST))


@pytest.mark.parametrize(
    "request_",
    [
        SurfaceRequest(columns=3, rows=3, x_range=(-1e30, 1e30), y_range=(-1e-299, 1e-299)),
        SurfaceRequest(columns=3, rows=3, directions=RandomDirections(seed=LARGEST), display_limit=1e300),
        SurfaceRequest(columns=16, rows=16, method="adaptive", tolerance=1e-9, display_limit=1e-9),
        SurfaceRequest(columns=2, rows=2001, method="adaptive"),
        CurveRequest(points=3, draws=3, directions=RandomDirections(seed=-(2**63))),
        CurveRequest(points=3, draws=3, directions=RandomDirections(seed=LARGEST - 2)),
        ConvexityRequest(columns=2, rows=2, max_products=4, seed=LARGEST),
        InitialisationRequest(count=2, seed=LARGEST - 1),
    ],
)
def test_what_lies_just_within_the_bounds_is_computed(request_: Request) -> None:
    network = small_network("plain")
    result = compute(request_, network, small_data(network, 8), JobContext())
    assert result.status == "complete"
    if isinstance(result, Surface):
        assert np.isfinite(result.loss[result.loss.shape[0] // 2]).any()


@pytest.mark.parametrize("make", [SurfaceRequest, ConvexityRequest])
def test_a_single_direction_spans_no_plane_and_is_refused_rather_than_drawn_flat(
    make: type[SurfaceRequest] | type[ConvexityRequest],
) -> None:
    network = small_network("mlp")
    line = replace(random_directions(network.module, RandomDirections()), y={})
    asked = FileDirections(origin="line.h5", sha256=line.fingerprint)
    data, companions = small_data(network, 8), Companions(directions=line)
    with pytest.raises(InvalidRequest, match="spans no plane"):
        compute(make(columns=3, rows=3, directions=asked), network, data, JobContext(), companions=companions)
    curve = compute(CurveRequest(points=3, directions=asked), network, data, JobContext(), companions=companions)
    assert curve.status == "complete"
