"""Analyses of any kind that are over in a moment."""

from random import Random

from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.surface import SurfaceRequest
from core.naming import Request
from core.spectrum.spectrum import SpectrumRequest


def small_request(random: Random, grid: int, samples: int) -> Request:
    """A surface, most often; else one of the others."""
    if random.random() < 0.4:
        return SurfaceRequest(columns=grid, rows=grid, samples=samples)
    return random.choice(
        (
            SpectrumRequest(top=random.randint(1, 3), samples=samples),
            CurveRequest(points=grid, draws=2, samples=samples),
            ConvexityRequest(columns=2, rows=2, samples=samples, max_products=8),
            InitialisationRequest(count=2, samples=samples),
        )
    )
