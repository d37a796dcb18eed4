"""The nearest point on whole steps, against all points of the grid one by one."""

import numpy as np
import pytest
import shapely

from core.corrections.records.correction import Norm
from core.corrections.slices.stability import lengths, nearest_point
from core.corrections.slices.steps import nearest_on_steps

RING = [(0.3, 0.2), (9.7, 1.1), (7.2, 4.4), (9.4, 8.8), (4.1, 6.3), (1.2, 9.6), (2.2, 4.9)]
HOLE = [(3.0, 2.0), (5.0, 2.0), (5.0, 4.0), (3.0, 4.0)]
REGION = shapely.MultiPolygon([shapely.Polygon(RING, [HOLE]), shapely.box(11.0, 2.0, 12.0, 3.0)])


@pytest.mark.parametrize("norm", ["L1", "L2", "Linf"])
@pytest.mark.parametrize("steps", [(1.0, 0.5), (0.25, 2.0), (3.0, 0.1)])
def test_no_crossing_of_the_steps_is_nearer(norm: Norm, steps: tuple[float, float]) -> None:
    generator = np.random.default_rng(0)
    for point in generator.uniform(-3, 14, (25, 2)):
        weights = tuple(generator.uniform(0.2, 3.0, 2))
        axes = [
            np.append(np.arange(-round(4 / step), round(15 / step)) * step, own)
            for step, own in zip(steps, point, strict=True)
        ]
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        grid = grid[shapely.intersects_xy(REGION, *grid.T)]
        best = lengths(grid - point, weights, norm).min()
        found = nearest_on_steps(REGION, tuple(point), weights, norm, steps)
        assert found is not None
        assert found[1] == pytest.approx(best, rel=1e-12)
        assert found[1] == pytest.approx(lengths(np.array([found[0]]) - point, weights, norm)[0])


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("norm", ["L1", "L2", "Linf"])
def test_with_one_feature_in_steps_no_point_of_a_fine_line_is_nearer(norm: Norm, axis: int) -> None:
    steps = (0.5, 0.0) if axis == 0 else (0.0, 0.5)
    for point in np.random.default_rng(1).uniform(-3, 14, (15, 2)):
        lines = np.append(np.arange(0, 26) * 0.5, point[axis])
        fine = np.append(np.linspace(0, 12, 4001), point[1 - axis])
        grid = np.stack(np.meshgrid(lines, fine), axis=-1).reshape(-1, 2)
        grid = grid if axis == 0 else grid[:, ::-1]
        grid = grid[shapely.intersects_xy(REGION, *grid.T)]
        best = lengths(grid - point, (1.0, 2.0), norm).min()
        found = nearest_on_steps(REGION, tuple(point), (1.0, 2.0), norm, steps)
        assert found is not None
        assert best - 2 * 0.003 <= found[1] <= best + 1e-12
        value = found[0][axis]
        assert value == point[axis] or value / 0.5 == round(value / 0.5)


def test_edges_and_corners_on_the_steps_belong_to_the_region() -> None:
    square = shapely.MultiPolygon([shapely.box(2.0, 3.0, 5.0, 4.0)])
    assert nearest_on_steps(square, (9.0, 9.0), (1.0, 1.0), "L1", (1.0, 1.0)) == ((5.0, 4.0), 9.0)
    assert nearest_on_steps(square, (0.0, 0.0), (1.0, 1.0), "L1", (1.0, 0.0)) == ((2.0, 3.0), 5.0)
    assert nearest_on_steps(square, (3.4, 0.0), (1.0, 1.0), "L1", (1.0, 1.0)) == ((3.4, 3.0), 3.0)  # x stays


def test_between_two_steps_there_is_nothing() -> None:
    sliver = shapely.MultiPolygon([shapely.box(2.1, 0.0, 2.9, 9.0)])
    assert nearest_on_steps(sliver, (7.0, 4.0), (1.0, 1.0), "L1", (1.0, 0.0)) is None
    assert nearest_on_steps(sliver, (7.0, 4.0), (1.0, 1.0), "L1", (0.0, 0.0)) == nearest_point(
        sliver, (7.0, 4.0), (1.0, 1.0)
    )
    assert nearest_on_steps(shapely.MultiPolygon(), (0.0, 0.0), (1.0, 1.0), "L1", (1.0, 1.0)) is None


def test_a_hundred_thousand_steps_cost_no_time_that_a_hand_would_feel() -> None:
    far = shapely.MultiPolygon([shapely.Polygon([(90_000.3, 0), (99_000, 3), (98_000, 9), (90_000.4, 8)])])
    found = nearest_on_steps(far, (0.0, 5.0), (1e-5, 0.1), "L1", (0.01, 0.01))
    assert found is not None
    assert found[0] == pytest.approx((90_000.36, 5.0), abs=0.02)
