"""The largest box and the triangle of whole corrections, against the network itself."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from core.corrections.engines.slice import compute_correction
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Correction, CorrectionRequest
from core.corrections.slices import simple_forms
from core.corrections.slices.outline import geometry_of
from core.job import JobContext
from core.networks.card import InputCard
from tests.core.corrections.examples import as_module, as_network, corner_network, corner_question, random_network


def answered(question: CorrectionRequest, seed: int | None = None) -> Correction:
    plain = corner_network() if seed is None else random_network([3, 12, 12, 2], seed)
    return compute_correction(question, as_network(as_module(plain), InputCard(shape=(3,))), "", JobContext())


def test_the_largest_box_of_the_corner_network_is_the_strip_beside_the_corner() -> None:
    found = answered(corner_question())
    assert found.largest_box is not None
    assert found.largest_box.bounds == pytest.approx((1.0, -2.0, 2.0, 2.0), abs=2e-2)
    assert found.largest_box.proof == "proved"


def test_without_stability_the_box_grows_beside_the_nearest_point() -> None:
    found = answered(corner_question(half_width=(0.0, 0.0)))
    assert found.largest_box is not None
    assert found.largest_box.proof == "proved"
    assert np.prod(found.largest_box.half_width) == pytest.approx(0.5 * 2.0, rel=1e-2)


def test_features_in_whole_numbers_have_their_box_drawn_in_to_whole_numbers() -> None:
    plain = corner_question()
    x, y = plain.free
    found = answered(replace(plain, free=(replace(x, step=0.75), replace(y, step=1.0))))
    assert found.largest_box is not None
    assert found.largest_box.proof == "proved"
    assert found.largest_box.bounds == pytest.approx((1.5, -2.0, 1.5, 2.0), abs=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_no_point_of_the_box_or_the_triangle_is_rejected_by_a_random_network(seed: int) -> None:
    network = random_network([3, 12, 12, 2], seed)
    base = np.array([0.0, 0.0, 0.3])
    verdict = int(network.forward(base[None])[0].argmax())
    plain = corner_question(point=(0.0, 0.0), half_width=(0.05, 0.02))
    found = answered(replace(plain, input=tuple(base), target=1 - verdict), seed)
    if found.centre is None:
        assert (found.largest_box, found.triangle) == (None, None)
        return
    box, triangle = found.largest_box, found.triangle
    assert box is not None
    assert triangle is not None
    assert LiveRegion.of(found).judge(box).accepted
    assert shapely.covers(geometry_of(found.accepted), shapely.Polygon(triangle.corners))
    assert 0 < triangle.share <= 1
    if triangle.distance is not None:
        assert found.distance is not None
        assert triangle.distance >= found.distance - 1e-9
    generator = np.random.default_rng(seed)
    low, high = np.reshape(box.bounds, (2, 2))
    points = np.concatenate(
        [
            generator.uniform(low, high, (20_000, 2)),
            generator.dirichlet(np.ones(3), 20_000) @ triangle.corners,
        ]
    )
    inputs = np.column_stack([points, np.full(len(points), 0.3)])
    assert (network.forward(inputs).argmax(axis=1) == 1 - verdict).all()
    if box.proof == "proved" and found.box is not None:
        inner = np.array(found.box.bounds) * (1 - 1e-12)
        assert (low <= inner[:2] + 5e-3).all()


def test_a_box_that_the_bounds_cannot_prove_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simple_forms, "BOXES", 0)
    found = answered(corner_question())
    assert found.largest_box is not None
    assert (found.proof, found.largest_box.proof) == ("proved", "unknown")


def test_where_there_is_no_stable_correction_there_is_no_simple_form_of_it() -> None:
    found = answered(corner_question(half_width=(1.6, 1.6)))
    assert (found.centre, found.largest_box, found.triangle) == (None, None, None)
