"""The region under the mouse: its verdict against the network, and its margin against growing the box."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.engines.slice import compute_correction
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box
from core.corrections.records.goal import Goal
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.outline import polygons_of
from core.corrections.slices.regions import accepted_region
from core.errors import InvalidRequest
from core.job import JobContext
from core.networks.card import InputCard
from tests.core.corrections.examples import as_module, as_network, corner_network, corner_question, random_network


def corner_region() -> LiveRegion:
    cells = exact_slice(corner_network(), np.zeros(3), (0, 1), (-2, 2), (-2, 2), JobContext())
    return LiveRegion(polygons_of(accepted_region(cells, Goal(classes=(1,)), JobContext()).inner), (-2, -2, 2, 2))


@pytest.mark.parametrize(
    ("centre", "half_width", "margin"),
    [
        ((1.5, -1.0), (0.25, 0.5), 1.0),  # to x = 1 and to x = 2: twice the half-width
        ((1.5, -1.0), (0.25, 0.8), 0.25),  # to y = −2
        ((1.2, -1.0), (0.4, 0.1), -0.5),  # reaches to 0.8
        ((0.5, -1.0), (0.25, 0.25), -3.0),  # rejected, and two half-widths away from the region
        ((1.0, 1.0), (0.2, 0.2), 1.5),  # its corner (1 − s, 1 − s) meets x + y = 1 where s = 1/2
        ((1.5, -1.0), (0.1, 0.0), 4.0),  # a box without height grows along x only
        ((1.5, -1.0), (0.0, 0.0), 0.125),  # half a unit from the outline, in slices of four units
    ],
)
def test_the_margin_is_how_far_the_box_may_grow(
    centre: tuple[float, float], half_width: tuple[float, float], margin: float
) -> None:
    judgement = corner_region().judge(Box(centre=centre, half_width=half_width))
    assert judgement.margin == pytest.approx(margin, abs=1e-4)
    assert judgement.accepted == (margin > 0)
    assert (judgement.counterexample is None) == judgement.accepted


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 5),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    st.tuples(st.floats(0.001, 0.4), st.floats(0.001, 0.4)),
)
def test_an_accepted_box_holds_no_rejected_point_and_its_margin_is_true(
    seed: int, centre: tuple[float, float], half_width: tuple[float, float]
) -> None:
    network = random_network((2, 14, 14, 3), seed)
    cells = exact_slice(network, np.zeros(2), (0, 1), (-1, 1), (-1, 1), JobContext())
    region = LiveRegion(polygons_of(accepted_region(cells, Goal(classes=(0,)), JobContext()).inner), (-1, -1, 1, 1))
    box = Box(centre=centre, half_width=half_width)
    judgement = region.judge(box)
    points = np.array(centre) + np.random.default_rng(0).uniform(-1, 1, size=(2000, 2)) * half_width
    inside = (np.abs(points) <= 1).all(axis=1)
    said = network.on_slice(np.zeros(2), (0, 1), points).argmax(axis=1) == 0
    if judgement.accepted:
        assert inside.all()
        assert said.all()
    else:
        assert judgement.counterexample is not None
        assert (np.abs(np.subtract(judgement.counterexample, centre)) <= np.array(half_width) * (1 + 1e-9)).all()
        x = np.array([judgement.counterexample])
        lead = network.forward(x)[0]
        assert (np.abs(x) > 1).any() or lead[0] - lead[1:].max() < 1e-4
    if 0.01 < judgement.margin < 1e3:
        for share, expected in ((0.999, True), (1.001, False)):
            grown = tuple(w * (1 + judgement.margin) * share for w in half_width)
            assert region.judge(Box(centre=centre, half_width=grown)).accepted == expected


def test_the_nearest_stable_centre_is_judged_stable() -> None:
    region = corner_region()
    for half_width in [(0.5, 0.5), (0.1, 0.4), (0.0, 0.0), (0.3, 0.0)]:
        centre = region.nearest((-1.0, -1.0), half_width, (1.0, 2.0))
        assert centre == pytest.approx((1 + half_width[0], -1.0), abs=1e-4) or half_width[1] == 0.5
        assert region.judge(Box(centre=centre, half_width=half_width)).accepted


def test_the_stable_set_of_the_corner_network_is_the_one_that_one_can_draw() -> None:
    (stable,) = corner_region().stable_set((0.25, 0.25))
    corners = {(round(float(x), 4), round(float(y), 4)) for x, y in stable.exterior}
    # (1, −2)…(0, 1) moved inward; the reflex corners (1, 0) and (0, 1) hold the box off by a corner of its own.
    assert {(1.25, -1.75), (1.75, -1.75), (1.75, 1.75), (-1.75, 1.75), (-1.75, 1.25)} <= corners
    assert stable.holes == ()


def test_nothing_is_accepted_where_there_is_no_region() -> None:
    region = LiveRegion((), (0, 0, 1, 1))
    judgement = region.judge(Box(centre=(0.5, 0.5), half_width=(0.1, 0.1)))
    assert not judgement.accepted
    assert judgement.margin == -np.inf
    assert judgement.counterexample == (0.5, 0.5)
    assert region.nearest((0.5, 0.5), (0.1, 0.1), (1, 1)) is None
    with pytest.raises(InvalidRequest, match="half-widths"):
        region.stable_set((-0.1, 0.1))


def test_a_box_pushed_against_the_rim_is_still_inside() -> None:
    network = as_network(as_module(corner_network()), InputCard(shape=(3,)))
    question = corner_question()
    question = replace(question, free=(replace(question.free[0], low=-1.9, high=2.3), question.free[1]))
    region = LiveRegion.of(compute_correction(question, network, "", JobContext()))
    for half in np.linspace(0.01, 0.3, 30):  # 2.3 − h + h is not always 2.3
        assert region.judge(Box(centre=(2.3 - half, 2.0 - half), half_width=(half, half))).accepted


def test_judging_needs_no_torch() -> None:
    code = "import sys, core.corrections.live.slice; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
