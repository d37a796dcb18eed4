"""Attempts to have "proved" or "none exists" said where it is not so: odd networks, odd units, odd half-widths.

Truth is the network itself at very many points, and for boxes the independent bounds.
"""

import itertools

import numpy as np
import pytest
import shapely

from core.corrections.bounds.proving import Proof
from core.corrections.engines.slice import compute_correction
from core.corrections.live.slice import LiveRegion
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import Box, Correction, CorrectionRequest, FreeFeature
from core.corrections.records.goal import Goal
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.outline import polygons_of
from core.corrections.slices.regions import accepted_region
from core.corrections.slices.stability import nearest_point, stable_centres
from core.job import JobContext
from core.networks.card import InputCard
from tests.core.corrections.examples import (
    as_module,
    as_network,
    corner_network,
    mortgage_network,
    proof_of,
    random_network,
)

COLUMNS = (0, 1)
WIDTHS = ((2, 8, 2), (3, 12, 12, 3), (2, 6, 6, 6, 6, 6, 2), (2, 60, 2), (2, 20, 20, 4), (2, 3, 3, 3, 3, 3, 3, 3, 2))
ODDITIES = (
    "none",
    "duplicates",
    "integers",
    "parallel to the axes",
    "dead",
    "through the corners",
    "no biases",
    "scales",
)
# Centre and half-side of the ranges.
UNITS = {
    "plain": ((0.0, 0.0), (1.0, 1.0)),
    "0 to 1": ((0.5, 0.5), (0.5, 0.5)),
    "0.1 to 0.7": ((0.4, 0.4), (0.3, 0.3)),
    "huge and tiny": ((0.0, 0.0), (1e9, 1e-6)),
    "far": ((1e6, -1e6), (1e-3, 1e-3)),
    "very far": ((1e9, 0.0), (1e-6, 1.0)),
}
HALF_WIDTHS = ((0.0, 0.0), (0.1, 0.1), (0.5, 0.0), (0.3, 0.02), (1.0, 0.2), (1.0, 1.0))  # shares of the half-side


def odd_network(widths: tuple[int, ...], oddity: str, seed: int) -> PiecewiseLinear:
    """A random network of two free inputs from −1 to 1, made difficult."""
    generator = np.random.default_rng(seed)
    plain = random_network(widths, seed)
    weights, biases = [w.copy() for w in plain.weights], [b.copy() for b in plain.biases]
    first, offset = weights[0], biases[0]
    half = len(first) // 2
    if oddity == "duplicates":
        first[half : 2 * half], offset[half : 2 * half] = first[:half], offset[:half]
    if oddity == "integers":
        weights, biases = [np.round(2 * w) for w in weights], [np.round(2 * b) for b in biases]
    if oddity == "parallel to the axes":
        first[:half, 0] = 0.0
        first[half:, 1] = 0.0
    if oddity == "dead":
        first[:half] = 0.0
        offset[:half] = 0.0
    if oddity == "through the corners":
        corners = generator.choice([-1.0, 1.0], (len(first), 2))
        biases[0] = -(first[:, :2] * corners).sum(axis=1)
    if oddity == "no biases":
        biases = [np.zeros_like(b) for b in biases]
    if oddity == "scales":
        weights = [w * 10 ** generator.uniform(-3, 3) for w in weights]
    return PiecewiseLinear(weights=tuple(weights), biases=tuple(biases))


def in_units(network: PiecewiseLinear, unit: str) -> PiecewiseLinear:
    """The same network of inputs whose ranges are those of the unit instead of −1 to 1."""
    centre, half = (np.array(values) for values in UNITS[unit])
    first = network.weights[0].copy()
    first[:, :2] /= half
    bias = network.biases[0] - first[:, :2] @ centre
    return PiecewiseLinear(weights=(first, *network.weights[1:]), biases=(bias, *network.biases[1:]))


def lead(network: PiecewiseLinear, base: np.ndarray, points: np.ndarray, target: int) -> np.ndarray:
    logits = network.on_slice(base, COLUMNS, points)
    return logits[:, target] - np.delete(logits, target, axis=1).max(axis=1)


def question(base: np.ndarray, unit: str, share: tuple[float, float], target: int) -> CorrectionRequest:
    free = []
    for name, centre, half, part in zip("xy", *UNITS[unit], share, strict=True):
        low, high = centre - half, centre + half
        free.append(FreeFeature(name=name, low=low, high=high, half_width=min(part, 1.0) * (high - low) / 2))
    return CorrectionRequest(input=tuple(base.tolist()), free=(free[0], free[1]), columns=COLUMNS, target=target)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("oddity", ODDITIES)
def test_no_region_no_proof_and_no_denial_is_ever_wrong(oddity: str, unit: str) -> None:
    for seed, (widths, share) in enumerate(zip(WIDTHS, HALF_WIDTHS, strict=True)):
        generator = np.random.default_rng(seed)
        network = in_units(odd_network(widths, oddity, seed), unit)
        base = np.zeros(network.inputs)
        base[:2] = np.array(UNITS[unit][0]) + np.array(UNITS[unit][1]) * generator.uniform(-1.5, 1.5, 2)
        target = int(network.forward(base[None])[0].argsort()[-2])
        request = question(base, unit, share, target)
        x, y = request.free
        cells = exact_slice(network, base, COLUMNS, (x.low, x.high), (y.low, y.high), JobContext())
        region = accepted_region(cells, Goal(classes=(target,)), JobContext())
        low, high = np.reshape(request.bounds, (2, 2))
        points = low + generator.random((20_000, 2)) * (high - low)
        leads = lead(network, base, points, target)
        assert (leads[shapely.contains_xy(region.inner, *points.T)] > 0).all()
        assert (leads[~shapely.intersects_xy(region.outer, *points.T)] <= 0).all()
        possible = stable_centres(region.outer, request.bounds, (x.half_width, y.half_width), -1e-9)
        nearest = nearest_point(possible, request.point, (x.weight, y.weight))
        assert_nothing_nearer(network, request, np.inf if nearest is None else nearest[1])
        stable = stable_centres(region.inner, request.bounds, (x.half_width, y.half_width))
        assert_stable(network, request, stable, region.inner)


def assert_nothing_nearer(network: PiecewiseLinear, request: CorrectionRequest, limit: float) -> None:
    """No centre that costs less than the limit has a box that the independent bounds accept."""
    x, y = request.free
    base, half = np.array(request.input), np.array([x.half_width, y.half_width])
    low, high = np.reshape(request.bounds, (2, 2))
    centres = low + half + np.random.default_rng(1).random((300, 2)) * np.maximum(high - low - 2 * half, 0.0)
    cost = np.abs(centres - request.point) @ np.array([x.weight, y.weight])
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 5)] * 2), axis=-1).reshape(-1, 2)
    for centre in centres[cost < limit * (1 - 1e-7)][:40]:
        if (lead(network, base, centre + grid * half, request.target) > 0).all():
            box = Box(centre=(centre[0], centre[1]), half_width=(half[0], half[1]))
            assert not isinstance(proof_of(network, base, COLUMNS, box, request.target, 500), Proof)


def assert_stable(
    network: PiecewiseLinear, request: CorrectionRequest, stable: shapely.MultiPolygon, inner: shapely.MultiPolygon
) -> None:
    """Boxes around the corners of the stable set hold accepted points only, and are judged so while dragged."""
    x, y = request.free
    base, half = np.array(request.input), np.array([x.half_width, y.half_width])
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 21)] * 2), axis=-1).reshape(-1, 2)
    live = LiveRegion(polygons_of(inner), request.bounds)
    for centre in shapely.get_coordinates(stable)[:20]:
        assert (lead(network, base, centre + grid * half, request.target) > 0).all()
        assert live.judge(Box(centre=(centre[0], centre[1]), half_width=(half[0], half[1]))).accepted


@pytest.mark.parametrize(("low", "high"), [(1.25, 2.25), (1.1, 1.7), (1.0 + 1e-6, 1.0 + 3e-6), (1.3, 1e6)])
def test_a_box_as_wide_as_its_range_is_not_denied(low: float, high: float) -> None:
    """Everything in the slice is accepted, so the one box that fills it is stable, whatever low + e rounds to."""
    half = (high - low) / 2
    free = tuple(FreeFeature(name=name, low=low, high=high, half_width=half) for name in "xy")
    for widths in itertools.product((half, half / 3), repeat=2):
        request = CorrectionRequest(
            input=(0.0, 0.0, 5.0),
            free=tuple(
                FreeFeature(name=f.name, low=low, high=high, half_width=w) for f, w in zip(free, widths, strict=True)
            ),  # type: ignore[arg-type]
            columns=COLUMNS,
            target=1,
        )
        network = as_network(as_module(corner_network()), InputCard(shape=(3,)))
        found = compute_correction(request, network, "", JobContext())
        assert found.accepted_share == pytest.approx(1)
        assert found.proof != "none_exists"
        assert found.lower_bound is not None
        assert found.lower_bound <= sum((low + w) * f.weight for f, w in zip(free, widths, strict=True)) * (1 + 1e-12)


def adversary(network: PiecewiseLinear, base: np.ndarray, columns: tuple[int, int], box: Box, target: int) -> float:
    """The smallest lead in a box: a million random points, its outline, and descent from the worst of them."""
    generator = np.random.default_rng(0)
    low, high = np.reshape(box.bounds, (2, 2))

    def at(points: np.ndarray) -> np.ndarray:
        logits = network.on_slice(base, columns, np.clip(points, low, high))
        result: np.ndarray = logits[:, target] - np.delete(logits, target, axis=1).max(axis=1)
        return result

    worst, starts = np.inf, np.empty((0, 2))
    for _ in range(20):
        points = low + generator.random((50_000, 2)) * (high - low)
        leads = at(points)
        worst, starts = min(worst, leads.min()), np.concatenate([starts, points[leads.argsort()[:5]]])
    along = np.linspace(0, 1, 4001)[:, None]
    ring = np.array([low, [high[0], low[1]], high, [low[0], high[1]], low])
    for begin, end in itertools.pairwise(ring):
        worst = min(worst, at(begin + along * (end - begin)).min())
    step = 0.05 * (high - low)
    for _ in range(60):
        tiny = np.diag(1e-6 * (high - low))
        slope = np.stack([at(starts + shift) - at(starts - shift) for shift in tiny], axis=1)
        starts = np.clip(starts - np.sign(slope) * step, low, high)
        worst, step = min(worst, at(starts).min()), 0.85 * step
    return float(worst)


@pytest.mark.parametrize("seed", range(6))
def test_a_million_points_and_a_descent_find_nothing_rejected_in_a_proved_box(seed: int) -> None:
    network = random_network(((2, 30, 30, 2), (3, 12, 12, 12, 12, 3))[seed % 2], seed)
    found = correction_of(network, seed)
    if found.proof != "none_exists":
        assert found.proof == "proved"
        assert found.box is not None
        assert adversary(network, np.array(found.request.input), COLUMNS, found.box, found.request.target) > 0


def correction_of(network: PiecewiseLinear, seed: int) -> Correction:
    """The whole engine on a module in float32, with the same weights in float32 here."""
    narrow = PiecewiseLinear(
        weights=tuple(w.astype(np.float32).astype(float) for w in network.weights),
        biases=tuple(b.astype(np.float32).astype(float) for b in network.biases),
    )
    base = np.random.default_rng(seed).uniform(-1, 1, network.inputs)
    target = int(narrow.forward(base[None])[0].argsort()[-2])
    return compute_correction(
        question(base, "plain", (0.05, 0.1), target),
        as_network(as_module(narrow), InputCard(shape=(network.inputs,))),
        "",
        JobContext(),
    )


@pytest.mark.slow
@pytest.mark.realdata
def test_the_mortgage_box_withstands_the_adversary() -> None:
    network, applicant, columns = mortgage_network()
    pair = columns["OrInterestRate"], columns["OrLTV"]
    target = 1 - int(network.forward(applicant[None])[0].argmax())
    cells = exact_slice(network, applicant, pair, (2.0, 10.0), (20.0, 97.0), JobContext())
    region = accepted_region(cells, Goal(classes=(target,)), JobContext())
    bounds, half = (2.0, 20.0, 10.0, 97.0), (0.25, 2.0)
    nearest = nearest_point(stable_centres(region.inner, bounds, half), (8.5, 95.0), (1 / 8, 1 / 77))
    assert nearest is not None
    box = Box(centre=nearest[0], half_width=half)
    assert isinstance(proof_of(network, applicant, pair, box, target), Proof)
    assert adversary(network, applicant, pair, box, target) > 0


def test_the_judgement_near_the_outline_agrees_with_the_network() -> None:
    """Boxes pushed to and over the edge of the region by less and less: accepted means accepted."""
    network = corner_network()
    base = np.zeros(3)
    cells = exact_slice(network, base, COLUMNS, (-2.0, 2.0), (-2.0, 2.0), JobContext())
    region = accepted_region(cells, Goal(classes=(1,)), JobContext())
    live = LiveRegion(polygons_of(region.inner), (-2.0, -2.0, 2.0, 2.0))
    for gap in (*np.geomspace(1e-3, 1e-16, 30), 0.0, *-np.geomspace(1e-3, 1e-16, 30)):
        judged = live.judge(Box(centre=(1.4 + gap, -1.0), half_width=(0.4, 0.5)))  # its left side at x = 1 + gap
        assert not judged.accepted or gap > 0
        assert judged.accepted or gap < 1e-5
        assert judged.accepted or judged.counterexample is not None
        if judged.counterexample is not None:
            assert not shapely.contains_xy(region.inner, *judged.counterexample)
            assert 1 + gap - 1e-12 <= judged.counterexample[0] <= 1.8 + gap + 1e-12
