"""Basins and passes against brute force, and what rescaling and turning must not change."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.landscape.measures.persistence import MergeTree, merge_tree
from core.landscape.plane import FloatArray

NONE = float("nan")
GRIDS = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6),
    elements=st.one_of(st.integers(0, 6).map(float), st.just(NONE)),
)


def neighbours(place: int, shape: tuple[int, int]) -> list[int]:
    row, column = divmod(place, shape[1])
    return [
        (row + down) * shape[1] + column + right
        for down, right in product((-1, 0, 1), repeat=2)
        if (down or right) and 0 <= row + down < shape[0] and 0 <= column + right < shape[1]
    ]


def flooded(height: FloatArray) -> list[tuple[int, int]]:
    """Bottom and pass of every basin that joins a deeper one, by adding one point after the other."""
    flat = height.ravel()
    order = [int(place) for place in np.argsort(flat, kind="stable") if np.isfinite(flat[place])]
    when = {place: number for number, place in enumerate(order)}
    group: dict[int, int] = {}
    ends = []
    for place in order:
        group[place] = place
        for beside in neighbours(place, height.shape):  # type: ignore[arg-type]
            if beside in group:
                roots = []
                for root in (place, beside):
                    while group[root] != root:
                        root = group[root]  # noqa: PLW2901
                    roots.append(root)
                deeper, shallower = sorted(roots, key=lambda root: when[root])
                if deeper != shallower:
                    group[shallower] = deeper
                    if shallower != place:
                        ends.append((shallower, place))
    return sorted(ends)


def lowest_way(height: FloatArray, start: int, goal: int) -> float | None:
    """The lowest level at which two places are connected, by trying every level."""
    flat = height.ravel()
    for level in sorted(set(flat[np.isfinite(flat)])):
        reached, todo = set(), [start] if flat[start] <= level else []
        while todo:
            place = todo.pop()
            if place not in reached:
                reached.add(place)
                todo += [n for n in neighbours(place, height.shape) if flat[n] <= level]  # type: ignore[arg-type]
        if goal in reached:
            return float(level)
    return None


def pairs(tree: MergeTree) -> list[tuple[int, int]]:
    return sorted((int(b), int(p)) for b, p in zip(tree.bottom, tree.pass_at, strict=True) if p >= 0)


@settings(max_examples=100, deadline=None)
@given(GRIDS)
def test_basins_and_passes_are_those_of_flooding_the_grid_point_by_point(height: FloatArray) -> None:
    assert pairs(merge_tree(height)) == flooded(height)


@settings(max_examples=40, deadline=None)
@given(GRIDS, st.data())
def test_the_lowest_pass_is_the_lowest_level_that_connects(height: FloatArray, data: st.DataObject) -> None:
    places = [int(place) for place in np.flatnonzero(np.isfinite(height))]
    if places:
        start, goal = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))
        found = merge_tree(height).lowest_pass(start, goal)
        assert (None if found is None else found[0]) == lowest_way(height, start, goal)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(35)), st.floats(0.5, 20), st.floats(-5, 5))
def test_depths_turn_with_the_grid_and_scale_with_the_height(numbers: list[int], scale: float, shift: float) -> None:
    height = np.array(numbers, dtype=float).reshape(5, 7)
    depth = np.sort(merge_tree(height).persistence)
    assert np.array_equal(np.sort(merge_tree(height.T).persistence), depth)
    assert np.array_equal(np.sort(merge_tree(height[::-1]).persistence), depth)
    assert np.sort(merge_tree(height * scale + shift).persistence) == pytest.approx(depth * scale, abs=1e-9)


def test_shallow_basins_go_to_the_deeper_ones_they_drain_into() -> None:
    tree = merge_tree(np.array([[0.0, 5.0, 4.5, 9.0, 2.0]]))
    assert len(tree.bottom) == 3
    assert tree.persistence.tolist() == [np.inf, 7.0, 0.5]
    assert tree.merged(1.0).tolist() == [0, 0, 0, 1, 1]  # the point of height 9 drops steeper towards 2
    assert tree.merged(8.0).tolist() == [0, 0, 0, 0, 0]


def test_what_holes_separate_never_joins() -> None:
    tree = merge_tree(np.array([[1.0, np.nan, 0.0], [2.0, np.inf, 3.0]]))
    assert np.isinf(tree.persistence).all()
    assert tree.lowest_pass(0, 2) is None
    assert tree.basin.tolist() == [1, -1, 0, 1, -1, 0]
