"""Each measure on surfaces whose answer is known."""

import numpy as np
import pytest

from core.landscape.measures.basins import basin_measures, threshold_of, tree_of
from core.landscape.measures.convex import convex_points, convex_share_measure, measurable_points
from core.landscape.measures.descent import reaching
from core.landscape.measures.field import Field, log_height
from core.landscape.measures.measure import amount, percent, short_number
from core.landscape.measures.passes import pass_measures
from core.landscape.measures.roughness import bumps, ups_and_downs
from core.landscape.measures.sharpness import sharpness
from core.landscape.measures.width import axis_width, region_around, share_below, width_measures
from core.landscape.plane import Anchor, FloatArray
from tests.core.landscape.measures.surfaces import field, sampled


def bowl(x: FloatArray, y: FloatArray) -> FloatArray:
    return 4 * (x**2 + y**2)


def himmelblau(x: FloatArray, y: FloatArray) -> FloatArray:
    result: FloatArray = ((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2) / 10
    return result


def egg_crate(x: FloatArray, y: FloatArray) -> FloatArray:
    """Five by five cups of equal depth, of which the outer ones are cut by the edge."""
    return (
        1 + np.cos(4 * np.pi * x) * np.cos(4 * np.pi * y) * 0 + np.sin(2 * np.pi * x) ** 2 + np.sin(2 * np.pi * y) ** 2
    )


def test_the_sharpness_of_a_bowl_is_its_height_at_the_edge_of_the_ball() -> None:
    assert sharpness(sampled(bowl, 201, centre=0.0), 0.5) == pytest.approx(1.0, rel=0.03)
    lifted = sampled(lambda x, y: bowl(x, y) + 1, 201, centre=1.0)
    assert sharpness(lifted, 0.5) == pytest.approx(0.5, rel=0.03)


def test_a_ball_beyond_the_plane_or_between_the_points_has_no_sharpness() -> None:
    assert np.isnan(sharpness(sampled(bowl), 1.5))
    assert np.isnan(sharpness(sampled(bowl, 11), 0.1))


def test_a_finer_grid_gives_the_same_figures() -> None:
    coarse, fine = sampled(bowl, 51), sampled(bowl, 201)
    assert share_below(coarse, 1.0) == pytest.approx(share_below(fine, 1.0), abs=0.01)
    for one, other in zip(width_measures(coarse, 1.0, ""), width_measures(fine, 1.0, ""), strict=True):
        assert one.value == pytest.approx(other.value, rel=0.03)
    assert ups_and_downs(coarse.height) == pytest.approx(ups_and_downs(fine.height))


def test_widths_of_a_bowl_are_those_of_its_circle() -> None:
    along_x, along_y, radius = width_measures(sampled(bowl, 201), 1.0, "")
    assert along_x.value == pytest.approx(1.0, abs=1e-3)
    assert along_y.value == pytest.approx(1.0, abs=1e-3)
    assert radius.value == pytest.approx(0.5, rel=0.01)
    assert share_below(sampled(bowl, 201), 1.0) == pytest.approx(np.pi * 0.25 / 4, rel=0.02)


def test_a_valley_that_leaves_the_plane_is_at_least_so_wide() -> None:
    along_x, along_y, radius = width_measures(sampled(lambda x, y: 4 * y**2 + 0 * x, 101), 1.0, "")
    assert along_x.text.startswith("at least 2")
    assert along_y.text.startswith("1, ")
    assert radius.text.startswith("at least")


def test_a_hole_ends_a_valley_and_belongs_to_no_region() -> None:
    loss = np.zeros((5, 5))
    loss[2, 3] = np.nan
    holed = field(loss)
    assert axis_width(holed.x, loss[2], 0.0, 1.0).value == pytest.approx(1.0)
    assert not region_around(holed, 1.0)[2, 3]
    assert share_below(holed, 1.0) == 1.0  # of what is known


def test_two_valleys_are_not_one_region() -> None:
    double = sampled(lambda x, y: 20 * (np.abs(x) - 0.0) * (np.abs(x) - 0.8) + 4 + 0 * y, 81, centre=4.0)
    region = region_around(double, 4.0)
    assert region.any()
    separate = sampled(lambda x, y: np.minimum(40 * x**2, 40 * (x - 0.8) ** 2) + 0 * y, 81)
    assert not region_around(separate, 1.0)[:, separate.x > 0.5].any()


def test_a_bowl_goes_up_once_and_waves_go_up_often() -> None:
    assert ups_and_downs(sampled(bowl).height) == pytest.approx(1.0)
    waves = np.cos(np.linspace(0, 8 * np.pi, 401))[None, :] + np.zeros((3, 1))
    assert ups_and_downs(waves) == pytest.approx(4.0, rel=0.01)  # 16 in all, 4 for one valley
    assert np.isnan(ups_and_downs(np.ones((4, 4))))


def test_gaps_in_a_line_are_skipped() -> None:
    line = np.array([[2.0, np.nan, 1.0, np.nan, 3.0], [np.nan, 2.0, 1.0, 3.0, np.nan]])
    assert ups_and_downs(line) == pytest.approx(1.0)


def test_a_quadratic_has_no_bumps_and_noise_has_its_own_size() -> None:
    y, x = np.mgrid[-1:1:21j, -1:1:21j]
    assert bumps(x**2 - 3 * x * y + y + 2) == pytest.approx(0.0, abs=1e-12)
    noise = np.random.default_rng(0).normal(0, 0.1, (200, 200))
    assert bumps(noise) == pytest.approx(0.1, rel=0.15)
    assert np.isnan(bumps(np.zeros((4, 9))))


@pytest.mark.parametrize(
    ("function", "share"),
    [
        (bowl, 1.0),
        (lambda x, y: x**2 - y**2 + 5, 0.0),
        (lambda x, y: x + y + 3, 1.0),
        (lambda x, y: 2 + 0 * x * y, 1.0),
    ],
)
def test_bowls_planes_and_plateaus_are_convex_and_saddles_are_not(function: object, share: float) -> None:
    assert convex_share_measure(sampled(function), "").value == 100 * share  # type: ignore[arg-type]


def test_a_wave_is_convex_half_of_the_way() -> None:
    wave = sampled(lambda x, y: 2 + np.sin(4 * np.pi * x) + 0 * y, 401)
    assert convex_share_measure(wave, "").value == pytest.approx(50, abs=1.5)


def test_convexity_does_not_hang_on_the_steps_of_the_axes() -> None:
    loss = np.random.default_rng(2).random((9, 9)) + 1
    plain, stretched = field(loss), field(loss, reach=50.0)
    turned = field(loss.T)
    assert np.array_equal(convex_points(plain), convex_points(stretched))
    assert np.array_equal(convex_points(plain), convex_points(turned).T)


def test_a_single_hole_costs_its_neighbours_only() -> None:
    loss = sampled(bowl, 9).loss.copy()
    loss[4, 4] = np.nan
    holed = field(loss)
    assert measurable_points(holed).sum() == 49 - 9
    assert convex_share_measure(holed, "").value == 100.0


def test_himmelblau_has_four_basins_and_the_pass_between_its_halves() -> None:
    plane = sampled(himmelblau, 121, reach=5.0, centre=17.0, error=0.05)
    basins, depth, _ = basin_measures(plane, tree_of(plane), "")
    assert basins.value == 4
    assert depth.value == pytest.approx(10.40, rel=0.03)  # a tenth of the saddle between the left and the right pair


def test_an_egg_crate_has_as_many_basins_as_cups() -> None:
    plane = sampled(egg_crate, 81, centre=1.0)
    assert basin_measures(plane, tree_of(plane), "")[0].value == 25


def test_dents_below_the_error_of_the_surface_are_not_counted() -> None:
    rng = np.random.default_rng(0)
    smooth = sampled(lambda x, y: bowl(x, y) / 20 + 1, 81, centre=1.0)
    noisy = field(np.exp(smooth.height + rng.uniform(-0.01, 0.01, (81, 81))) - 0.1, centre=1.0, error=0.01)
    tree = tree_of(noisy)
    assert len(tree.bottom) > 50
    assert len(tree.significant(threshold_of(noisy))) == 1
    assert reaching(noisy, tree).all()


def test_a_cone_is_one_basin_and_all_of_it_leads_down() -> None:
    cone = sampled(np.hypot, 61)
    tree = tree_of(cone)
    assert basin_measures(cone, tree, "")[0].value == 1
    assert reaching(cone, tree).all()


def test_a_plateau_around_a_bowl_belongs_to_it() -> None:
    plateau = sampled(lambda x, y: np.minimum(bowl(x, y), 1.0), 61)
    tree = tree_of(plateau)
    assert basin_measures(plateau, tree, "")[0].value == 1
    assert reaching(plateau, tree).all()


def test_of_two_valleys_the_networks_own_is_reached_from_its_own_half() -> None:
    def valleys(x: FloatArray, y: FloatArray) -> FloatArray:
        return np.minimum(10 * (x - 0.0) ** 2, 10 * (x - 0.8) ** 2) + y**2

    plane = sampled(valleys, 101)
    reached = reaching(plane, tree_of(plane))
    assert reached[:, plane.x < 0.38].all()
    assert not reached[:, plane.x > 0.42].any()


def test_points_without_a_finite_loss_reach_nothing() -> None:
    loss = sampled(bowl, 21).loss.copy()
    loss[0, 0], loss[20, 20] = np.nan, np.inf
    holed = field(loss)
    reached = reaching(holed, tree_of(holed))
    assert not reached[0, 0]
    assert not reached[20, 20]
    assert reached.sum() == 21 * 21 - 2


def test_the_pass_between_two_networks_leads_around_a_wall() -> None:
    def wall_with_a_gate(x: FloatArray, y: FloatArray) -> FloatArray:
        return np.where(np.abs(x - 0.5) < 0.1, np.where(y > 0.7, 2.0, 9.0), 0.0) + 0 * (x + y)

    plane: Field = sampled(wall_with_a_gate, 41)
    (measure,) = pass_measures(plane, tree_of(plane), (Anchor(name="b", sha256="2", x=1.0),), "")
    assert measure.value == 2.0
    assert measure.key == "pass-0-1"
    assert pass_measures(plane, tree_of(plane), (Anchor(name="far", sha256="3", x=4.0),), "") == ()


def test_the_height_of_what_cannot_be_is_not_a_number() -> None:
    assert np.isnan(log_height(np.array([np.nan, -0.2]))).all()
    assert np.isposinf(log_height(np.array([np.inf]))).all()


def test_amounts_are_written_without_powers_of_ten_and_one_nat_is_one() -> None:
    assert [short_number(value) for value in (0.01234, 999.4, 64123.0, 2.5e7)] == [
        "0.0123",
        "999",
        "64\u202f100",
        "2.5e+07",
    ]
    assert amount(1.0, "nats") == "1 nat"
    assert amount(2.0, "nats") == "2 nats"
    assert percent(640.0) == "64\u202f000 %"
