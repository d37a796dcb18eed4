"""The cost of a correction over the stability that is asked for."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.corrections.search.nearest import nearest_stable
from core.corrections.search.stability_curve import stability_curve
from core.errors import InvalidRequest
from core.job import JobContext
from tests.core.corrections.search.choosing import example


@pytest.mark.parametrize("seed", range(3))
def test_more_stability_never_costs_less(seed: int) -> None:
    question, network = example(seed)
    question = replace(question, choices=())
    *_, points = stability_curve(question, network, JobContext(), scales=(1.0, 0.0, 0.5, 2.0))
    assert [point.scale for point in points] == [0.0, 0.5, 1.0, 2.0]
    lowers = [point.bracket.lower for point in points]
    costs = [np.inf if point.bracket.distance is None else point.bracket.distance for point in points]
    assert lowers == sorted(lowers)
    assert all(a <= b * (1 + 1e-3) for a, b in itertools.pairwise(costs))
    assert all(point.bracket.closed for point in points)
    *_, alone = nearest_stable(question, network, JobContext())
    if alone.distance is not None:
        assert costs[2] == pytest.approx(alone.distance, rel=2e-3)
    with pytest.raises(InvalidRequest, match="zero or more"):
        next(stability_curve(question, network, JobContext(), scales=(-1.0,)))
