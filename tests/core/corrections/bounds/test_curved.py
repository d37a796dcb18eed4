"""Lines about curves, and proofs made of them: sound at very many points, and tight enough to close."""

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.bounds.curved import lines_about
from core.corrections.bounds.demands import Rows
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.proving import Counterexample, Proof, prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.curves import CURVES
from core.corrections.network.lowering import lower
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from tests.core.corrections.examples import as_network
from tests.core.corrections.modules import lively

pytestmark = pytest.mark.usefixtures("one_thread")
LAYERS = {"gelu": nn.GELU, "silu": nn.SiLU, "tanh": nn.Tanh, "softplus": nn.Softplus, "sigmoid": nn.Sigmoid}


def intervals(seed: int, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Of all widths, about zero, on one side, far out, and single points."""
    generator = np.random.default_rng(seed)
    middle = generator.normal(size=count) * 10 ** generator.uniform(-2, 2, count)
    half = 10 ** generator.uniform(-9, 2, count)
    half[:5] = 0.0
    return middle - half, middle + half


@pytest.mark.parametrize("name", CURVES)
def test_no_point_of_a_curve_is_outside_of_its_lines(name: str) -> None:
    low, high = intervals(len(name))
    lines = lines_about(CURVES[name], low, high)
    shares = np.concatenate([np.linspace(0, 1, 4001), np.random.default_rng(0).random(2000)])[:, None]
    z = np.clip(low + shares * (high - low), low, high)
    values = CURVES[name].value(z)
    assert (values <= lines.slope * z + lines.shift).all()
    assert (values >= lines.below * z + lines.base).all()
    assert (np.abs(values) <= lines.most).all()


@pytest.mark.parametrize("name", CURVES)
def test_the_lines_are_as_near_as_the_bend_of_the_curve_allows(name: str) -> None:
    curve = CURVES[name]
    low = np.linspace(-5, 5, 101)
    for width in (1.0, 0.1, 0.01):
        lines = lines_about(curve, low, low + width)
        assert (lines.gap <= 1.1 * curve.bend * width**2 / 4 + 1e-9).all()
    far = lines_about(curve, np.array([30.0, -40.0]), np.array([35.0, -30.0]))
    assert (far.gap <= 6 * curve.rest + 1e-8).all()


def network_of(layer: type[nn.Module], seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    module = nn.Sequential(nn.Linear(3, 12), layer(), nn.Linear(12, 12), layer(), nn.Linear(12, 2))
    lively(module, seed)
    with torch.no_grad():
        for one in module:
            if isinstance(one, nn.Linear):
                one.weight *= 2.5
    return module


def restricted(module: nn.Module) -> Restriction:
    lowered = lower(as_network(module, InputCard(shape=(3,))), curved=True)
    return Restriction.of(lowered, Subspace.of_columns(np.zeros(3), (0, 1, 2)))


def in_torch(module: nn.Module, points: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return module.double()(torch.from_numpy(points)).numpy()


@pytest.mark.parametrize("name", LAYERS)
def test_bounds_of_a_network_hold_at_every_sample_and_tighten_with_the_box(name: str) -> None:
    module = network_of(LAYERS[name])
    network, rows = restricted(module), Rows.of(Goal(classes=(0,)), 2)
    generator = np.random.default_rng(2)
    gaps = []
    for half in (1.0, 0.2, 0.02, 1e-5):
        centres = generator.uniform(-1, 1, (20, 3))
        boxes = Boxes.between(centres - half, centres + half)
        low, high = rows.below(network, boxes).lowest(), -rows.above(network, boxes).lowest()
        for place, centre in enumerate(centres):
            points = centre + generator.uniform(-half, half, (2000, 3))
            leads = rows.values(in_torch(module, points))
            assert leads.min() >= low[place, 0]
            assert leads.max() <= high[place, 0]
        gaps.append(float(np.median(high - low)))
    assert gaps[1] < gaps[0]
    assert gaps[2] < 0.15 * gaps[1]
    assert gaps[3] < 1e-3


@pytest.mark.parametrize("name", ["gelu", "tanh"])
def test_the_nearest_stable_point_of_a_curved_network_is_that_of_a_fine_grid(name: str) -> None:
    module = network_of(LAYERS[name], seed=3)
    lowered = lower(as_network(module, InputCard(shape=(3,))), curved=True)
    start = np.array([0.1, -0.2, 0.3])
    goal = Goal(classes=(int(lowered.forward(start[None])[0].argmin()),))
    question = Question(
        subspace=Subspace.of_columns(start, (0, 2)),
        start=start[[0, 2]],
        handles=tuple(Handle(low=-2.0, high=2.0, half_width=0.1, weight=weight) for weight in (1.0, 1.5)),
        goal=goal,
    )
    *_, found = nearest_stable(question, lowered, JobContext())
    assert found.closed
    axis = np.linspace(-2, 2, 401)  # in steps of 0.01: ±0.1 are ten of them
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    yes = goal.leads(in_torch(module, question.subspace.inputs(grid))).reshape(401, 401) > 0
    whole = np.lib.stride_tricks.sliding_window_view(yes, (21, 21)).all(axis=(2, 3))
    middle = axis[10:-10]
    costs = np.abs(middle[:, None] - start[0]) + 1.5 * np.abs(middle[None] - start[2])
    best = float(np.where(whole, costs, np.inf).min())
    assert found.distance is not None
    assert best - 0.03 <= found.distance <= best + 0.03
    assert found.lower <= best


def test_a_box_of_a_curved_network_is_proved_grown_and_refuted() -> None:
    module = network_of(nn.SiLU, seed=1)
    network = restricted(module)
    goal = Goal(classes=(int(in_torch(module, np.zeros((1, 3)))[0].argmax()),))
    small = np.full(3, 0.01)
    assert isinstance(prove_box(network, goal, -small, small, JobContext()), Proof)
    ranges = np.full(3, -3.0), np.full(3, 3.0)
    *_, box = grown_box(network, goal, -small, small, ranges, JobContext(), smallest=1 / 32)
    assert (box.high - box.low).min() > 0.05
    points = box.low + np.random.default_rng(0).random((20_000, 3)) * (box.high - box.low)
    assert goal.leads(in_torch(module, points)).min() > 0
    answer = prove_box(network, goal, *ranges, JobContext())
    assert isinstance(answer, Counterexample)
    assert goal.leads(in_torch(module, np.array([answer.point])))[0] <= 0


def test_a_box_that_is_rejected_in_the_middle_of_a_side_only_does_not_keep_the_search_open() -> None:
    """Found so: where a curve dips between the corners of the box, its lowest point has to be looked for."""
    module = nn.Sequential(nn.Linear(3, 10), nn.GELU(), nn.Linear(10, 10), nn.SiLU(), nn.Linear(10, 2))
    lively(module, 2)
    with torch.no_grad():
        for one in module:
            if isinstance(one, nn.Linear):
                one.weight *= 2.5
    lowered = lower(as_network(module, InputCard(shape=(3,))), curved=True)
    start = np.array([0.1, -0.2, 0.3])
    question = Question(
        subspace=Subspace.of_columns(start, (0, 1, 2)),
        start=start,
        handles=tuple(Handle(low=-2.0, high=2.0, half_width=0.1, weight=1.0) for _ in range(3)),
        goal=Goal(classes=(int(lowered.forward(start[None])[0].argmin()),)),
    )
    *_, found = nearest_stable(question, lowered, ControlledJob(deadline=30))
    assert found.closed
    assert found.boxes < 2000  # fifty thousand did not do before
