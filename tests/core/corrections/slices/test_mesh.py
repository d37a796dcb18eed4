"""The mesh that lines cut: counts by Euler's formula, and cells that rounding made crooked."""

import numpy as np
import pytest

from core.corrections.slices.mesh import OUTSIDE, PlanarMesh
from core.corrections.slices.polygons import rings_of
from tests.core.corrections.examples import cell_areas


def cut_by_lines(lines: np.ndarray) -> PlanarMesh:
    mesh = PlanarMesh.rectangle((-1, 1), (-1, 1))
    mesh.begin_layer([lines[:, :2] @ mesh.points.T + lines[:, 2:]])
    for row in range(len(lines)):
        assert mesh.cut(row, 1e-13) == 0
    return mesh


@pytest.mark.parametrize("seed", range(5))
def test_an_arrangement_of_lines_has_one_cell_more_per_line_and_per_crossing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    angles, distances = generator.uniform(0, np.pi, 25), generator.uniform(-0.7, 0.7, 25)
    lines = np.stack([np.cos(angles), np.sin(angles), distances], axis=1)
    crossings = 0
    for i in range(25):
        for j in range(i):
            crossing = np.linalg.solve(lines[[i, j], :2], -lines[[i, j], 2])
            crossings += bool((np.abs(crossing) < 1).all())
    mesh = cut_by_lines(lines)
    assert mesh.cells == 1 + 25 + crossings
    assert len(mesh.points) - len(mesh.edges) + mesh.cells == 1  # Euler, without the outside


def test_neighbours_share_their_vertices_and_every_ring_is_counter_clockwise() -> None:
    mesh = cut_by_lines(np.array([[1, 0.3, 0.1], [-0.2, 1, 0.2], [1, 1, -0.4]]))
    corners, offsets = rings_of(mesh)
    assert (cell_areas(mesh.points[corners], offsets) > 0).all()
    inner = (mesh.sides != OUTSIDE).all(axis=1)
    assert len(corners) == 2 * inner.sum() + (~inner).sum()
    assert set(corners) == set(range(len(mesh.points)))


def test_lines_through_one_point_make_no_slivers() -> None:
    angles = np.arange(8) * np.pi / 8 + 0.1
    mesh = cut_by_lines(np.stack([np.cos(angles), np.sin(angles), np.zeros(8)], axis=1))
    corners, offsets = rings_of(mesh)
    assert mesh.cells == 16
    assert cell_areas(mesh.points[corners], offsets).min() > 0.1


def test_a_diagonal_joins_two_vertices_that_are_there_already() -> None:
    mesh = cut_by_lines(np.array([[1.0, -1.0, 0.0]]))
    assert (mesh.cells, len(mesh.points), len(mesh.edges)) == (2, 4, 5)


def test_values_that_no_line_could_have_leave_the_cell_whole_and_are_reported() -> None:
    mesh = PlanarMesh.rectangle((-1, 1), (-1, 1))
    mesh.begin_layer([np.array([[0.5, -0.25, 0.5, -0.25]])])  # a saddle: a convex cell cannot be cut in two here
    assert mesh.cut(0, 1e-13) == 0.5
    assert mesh.cells == 1
    corners, offsets = rings_of(mesh)
    assert cell_areas(mesh.points[corners], offsets) == pytest.approx(4)


def test_new_vertices_carry_the_other_functions_along() -> None:
    generator = np.random.default_rng(3)
    lines = generator.normal(size=(12, 3)) * [1, 1, 0.4]
    mesh = cut_by_lines(lines)
    assert np.abs(mesh.values - (lines[:, :2] @ mesh.points.T + lines[:, 2:])).max() < 1e-14
