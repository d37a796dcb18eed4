"""The papers' own networks: exact slices of real theorems, counted by an independent program, and their corrections."""

import itertools

import numpy as np
import pytest
import shapely

from core.corrections.engines.slice import compute_correction
from core.corrections.live.slice import LiveRegion
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.goal import Goal
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.outline import geometry_of
from core.corrections.slices.regions import accepted_region
from core.job import JobContext
from tests import polaris
from tests.core.corrections.examples import (
    PROOF_RANGES,
    PROVABLE,
    cell_areas,
    logits_in,
    mortgage_network,
    proof_network,
    rejected_theorems,
    theorem_features,
)

pytestmark = pytest.mark.realdata
PAIRS = list(itertools.combinations(PROOF_RANGES, 2))


def counted_by_regioncam(
    network: PiecewiseLinear, base: np.ndarray, columns: tuple[int, int], x: tuple[float, float], y: tuple[float, float]
) -> int:
    """Cells by regioncam, which works in float32 on the square from −1 to 1."""
    regioncam = pytest.importorskip("regioncam")
    centre = base.copy()
    centre[list(columns)] = sum(x) / 2, sum(y) / 2
    half = np.array([[(x[1] - x[0]) / 2], [(y[1] - y[0]) / 2]])
    first = network.weights[0]
    plane = regioncam.Regioncam(1.0)
    plane.linear(
        (first[:, columns].T * half).astype(np.float32), (first @ centre + network.biases[0]).astype(np.float32)
    )
    plane.relu()
    for rows, bias in zip(network.rows[1:-1], network.biases[1:-1], strict=True):
        plane.linear(rows.astype(np.float32), bias.astype(np.float32))
        plane.relu()
    return len(plane.faces)


@pytest.mark.parametrize("columns", PAIRS)
def test_slices_of_theorems_are_covered_exactly_and_counted_alike(columns: tuple[int, int]) -> None:
    network, _ = proof_network()
    x, y = (PROOF_RANGES[column] for column in columns)
    for base in rejected_theorems(network, 2):
        cells = exact_slice(network, base, columns, x, y, JobContext())
        areas = cell_areas(cells.vertices, cells.offsets)
        assert (areas > 0).all()
        assert abs(areas.sum() / cells.area - 1) < 1e-12
        middles = np.array([ring.mean(axis=0) for ring in np.split(cells.vertices, cells.offsets[1:-1])])
        truth = network.on_slice(base, columns, middles)
        ours = logits_in(cells, np.arange(cells.cells), middles)
        assert np.abs(ours - truth).max() <= 1e-12 * np.abs(truth).max()
        # Their cells are of float32: a sliver narrower than 1e-7 of the slice may be missing or doubled there.
        slivers = int((areas < 1e-9 * cells.area).sum())
        assert abs(counted_by_regioncam(network, base, columns, x, y) - cells.cells) <= slivers


def test_the_torch_network_is_lowered_to_the_same_function() -> None:
    plain, network = proof_network()
    lowered = lower(network)
    rows, _ = polaris.theorems()
    assert np.abs(lowered.forward(rows) - plain.forward(rows)).max() < 1e-12
    logits = plain.forward(rows)
    assert ((logits[:, 1] > logits[:, 0]).mean()) == pytest.approx(0.39, abs=0.03)  # what the report counted


@pytest.mark.parametrize("columns", [(0, 10), (1, 8), (8, 10), (0, 2)])
def test_corrections_of_theorems_are_proved_and_nothing_sampled_contradicts_them(columns: tuple[int, int]) -> None:
    plain, network = proof_network()
    x, y = (PROOF_RANGES[column] for column in columns)
    for base in rejected_theorems(plain, 3):
        free = theorem_features(columns)
        question = CorrectionRequest(input=tuple(base.tolist()), free=free, columns=columns, target=PROVABLE)  # type: ignore[arg-type]
        found = compute_correction(question, network, "", JobContext())
        points = np.random.default_rng(0).uniform((x[0], y[0]), (x[1], y[1]), size=(20_000, 2))
        said = plain.on_slice(base, columns, points).argmax(axis=1) == PROVABLE
        inside = shapely.contains_xy(geometry_of(found.accepted), points)
        assert said[inside].all()
        assert (said & ~inside).mean() < 1e-3
        assert said.mean() == pytest.approx(found.accepted_share, abs=0.015)
        assert found.proof in {"proved", "none_exists"}
        if found.box is not None:
            assert LiveRegion.of(found).judge(found.box).accepted
            axes = [np.linspace(c - w, c + w, 41) for c, w in zip(found.box.centre, found.box.half_width, strict=True)]
            grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
            logits = plain.on_slice(base, columns, grid)
            assert (logits[:, PROVABLE] > logits[:, 1]).all()
            assert found.lower_bound is not None
            assert found.distance is not None
            assert found.distance - found.lower_bound < 1e-4


def test_a_slice_of_the_mortgage_network_is_covered_exactly_and_counted_alike() -> None:
    network, applicant, columns = mortgage_network()
    assert network.forward(applicant[None])[0].argmax() == 1  # default
    free = (columns["OrLTV"], columns["CreditScore"])
    cells = exact_slice(network, applicant, free, (0.0, 200.0), (300.0, 850.0), JobContext())
    areas = cell_areas(cells.vertices, cells.offsets)
    assert cells.cells > 2000
    assert (areas > 0).all()
    assert abs(areas.sum() / cells.area - 1) < 1e-12
    slivers = int((areas < 1e-9 * cells.area).sum())
    counted = counted_by_regioncam(network, applicant, free, (0.0, 200.0), (300.0, 850.0))
    assert abs(counted - cells.cells) <= slivers
    points = np.random.default_rng(1).uniform((0, 300), (200, 850), size=(20_000, 2))
    logits = network.on_slice(applicant, free, points)
    region = accepted_region(cells, Goal(classes=(0,)), JobContext())
    paid = logits[:, 0] > logits[:, 1]
    assert paid[shapely.contains_xy(region.inner, points)].all()
    assert shapely.intersects_xy(region.outer, points)[paid].all()
