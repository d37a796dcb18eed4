"""The nearest stable correction in k handles, held against brute force, an integer program and the exact slices."""

import itertools

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from core.corrections.bounds.proving import Proof, prove_box
from core.corrections.engines.slice import compute_correction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.bracket import Bracket
from core.corrections.search.lanes import Choice
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from tests.core.corrections.examples import as_module, as_network, corner_network, random_network


def asked(question: Question, network: PiecewiseLinear, tolerance: float = 1e-3) -> Bracket:
    *_, last = nearest_stable(question, network, JobContext(), tolerance=tolerance)
    return last


def question_of(
    network: PiecewiseLinear,
    start: tuple[float, ...],
    half_width: float = 0.0,
    goal: Goal | None = None,
    side: float = 1.0,
    **fields: object,
) -> Question:
    """Every input of a network is a handle from −side to side; the goal is the class that the start is not."""
    point = np.array(start)
    weights = 1.0 + 0.3 * np.arange(len(start))
    handles = tuple(
        Handle(low=-side, high=side, half_width=half_width, weight=float(weight), **fields)  # type: ignore[arg-type]
        for weight in weights
    )
    space = Subspace.of_columns(point, tuple(range(len(start))))
    if goal is None:
        goal = Goal(classes=(1 - int(network.forward(point[None])[0, :2].argmax()),))
    return Question(subspace=space, start=point, handles=handles, goal=goal)


def grid_minimum(question: Question, network: PiecewiseLinear, count: int) -> tuple[float, float]:
    """Least costs on a dense grid: of centres whose sampled boxes are accepted with and without some room."""
    (low, high), k = question.room, len(question.start)
    axes = [np.linspace(a, b, count) for a, b in zip(low, high, strict=True)]
    centres = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, k)
    offsets = np.array(list(itertools.product((-1.0, -0.5, 0.0, 0.5, 1.0), repeat=k)))
    if not question.half_widths.any():
        offsets = offsets[:1] * 0
    least = np.full(len(centres), np.inf)
    for offset in offsets:
        outputs = network.forward(question.subspace.inputs(centres + offset * question.half_widths))
        least = np.minimum(least, question.goal.leads(outputs))
    costs = np.abs(centres - question.start) @ question.weights
    return costs[least > 0].min(initial=np.inf), costs[least > 0.05].min(initial=np.inf)


def assert_true(found: Bracket, question: Question, network: PiecewiseLinear) -> None:
    """The point is stable, costs what is said, and is where it may be."""
    assert found.closed
    if found.point is None:
        assert found.proof == "none_exists"
        assert found.lower == np.inf
        return
    assert found.distance is not None
    assert found.lower <= found.distance
    cost = np.abs(found.point - question.start) @ question.weights
    assert found.distance >= cost - 1e-12
    low, high = question.room
    assert (found.point >= low).all()
    assert (found.point <= high).all()
    half = question.half_widths
    generator = np.random.default_rng(5)
    offsets = np.concatenate(
        [generator.uniform(-1, 1, (4000, len(half))), generator.choice((-1.0, 1.0), (500, len(half)))]
    )
    assert (question.goal.leads(network.forward(question.subspace.inputs(found.point + offsets * half))) > 0).all()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("widths", "half_width", "count"), [((2, 8, 8, 2), 0.1, 121), ((3, 8, 8, 2), 0.05, 19)])
def test_nothing_on_a_dense_grid_is_nearer(widths: tuple[int, ...], half_width: float, count: int, seed: int) -> None:
    network = random_network(widths, seed)
    question = question_of(network, tuple(np.random.default_rng(seed).uniform(-0.8, 0.8, widths[0])), half_width)
    found = asked(question, network)
    assert_true(found, question, network)
    loose, sure = grid_minimum(question, network, count)
    if found.distance is None:
        assert sure == np.inf  # what seems stable by a hair at 25 points need not be
    else:
        assert found.lower <= sure
        assert found.distance >= loose - 2.5 / (count - 1) * question.weights.sum()


def milp_distance(network: PiecewiseLinear, question: Question) -> float:
    """The nearest accepted point by a mixed-integer program: big-M for every ReLU, no stability."""
    (low, high), k = question.ranges, len(question.start)
    sizes, z_bounds = [k], []
    below, above = low, high
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        middle, radius = weight @ (below + above) / 2 + bias, np.abs(weight) @ (above - below) / 2
        z_bounds.append((middle - radius - 1e-6, middle + radius + 1e-6))
        below, above = np.maximum(middle - radius, 0), np.maximum(middle + radius, 0)
        sizes.append(len(bias))
    total = sum(sizes)  # x and every h; then a binary per neuron; then |x − start|
    binaries = sum(sizes[1:])
    columns = total + binaries + k
    rows, lows, highs = [], [], []

    def row(parts: dict[int, np.ndarray], least: np.ndarray, most: np.ndarray) -> None:
        block = np.zeros((len(least), columns))
        for begin, matrix in parts.items():
            block[:, begin : begin + matrix.shape[1]] += matrix
        rows.append(block)
        lows.append(least)
        highs.append(most)

    begins = np.concatenate([[0], np.cumsum(sizes)])
    at = total
    for place, (least, most) in enumerate(z_bounds):
        weight, bias, width = network.weights[place], network.biases[place], sizes[place + 1]
        h, before, one = begins[place + 1], begins[place], np.eye(width)
        row({h: one, before: -weight}, bias, np.full(width, np.inf))  # h ≥ z
        row({h: one, before: -weight, at: -np.diag(least)}, np.full(width, -np.inf), bias - least)  # h ≤ z − l (1 − b)
        row({h: one, at: -np.diag(most)}, np.full(width, -np.inf), np.zeros(width))  # h ≤ u b
        at += width
    for sign in (1.0, -1.0):
        row({0: sign * np.eye(k), at: -np.eye(k)}, np.full(k, -np.inf), sign * question.start)
    demand = question.goal.demands(network.classes)[0]
    last = demand.rows @ network.weights[-1]
    row({begins[-2]: last}, 1e-7 - demand.offsets - demand.rows @ network.biases[-1], np.full(len(last), np.inf))
    lower = np.concatenate([low, np.zeros(columns - k)])
    upper = np.concatenate([high, np.full(total - k, np.inf), np.ones(binaries), np.full(k, np.inf)])
    cost = np.concatenate([np.zeros(columns - k), question.weights])
    whole = np.concatenate([np.zeros(total), np.ones(binaries), np.zeros(k)])
    matrix = sparse.csr_array(np.concatenate(rows))
    limits = LinearConstraint(matrix, np.concatenate(lows), np.concatenate(highs))
    solved = milp(cost, constraints=limits, bounds=Bounds(lower, upper), integrality=whole)
    return float(solved.fun) if solved.x is not None else np.inf


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("widths", [(3, 8, 6, 2), (4, 6, 6, 3)])
def test_an_integer_program_finds_the_same_distance(widths: tuple[int, ...], seed: int) -> None:
    network = random_network(widths, seed)
    question = question_of(network, tuple(np.random.default_rng(seed).uniform(-0.5, 0.5, widths[0])))
    found = asked(question, network, 1e-5)
    assert_true(found, question, network)
    truth = milp_distance(network, question)
    if found.distance is None:
        assert truth == np.inf
    else:
        assert found.lower <= truth + 1e-6
        assert found.distance == pytest.approx(truth, rel=2e-5, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("half_width", [0.0, 0.06, 0.15])
def test_with_two_handles_the_exact_slice_gives_the_same_answer(half_width: float, seed: int) -> None:
    plain = random_network((3, 10, 10, 2), seed)
    network = as_network(as_module(plain), InputCard(shape=(3,)))
    base = np.random.default_rng(seed).uniform(-0.5, 0.5, 3)
    rounded = as_module(plain).double()  # the weights went through float32
    lowered = PiecewiseLinear(
        weights=tuple(layer.weight.detach().numpy() for layer in rounded[::2]),
        biases=tuple(layer.bias.detach().numpy() for layer in rounded[::2]),
    )
    target = 1 - int(lowered.forward(base[None])[0].argmax())
    prices = (1.0, 0.7)
    free = tuple(
        FreeFeature(name=n, low=-1, high=1, half_width=half_width, price=p) for n, p in zip("xy", prices, strict=True)
    )
    request = CorrectionRequest(input=tuple(base.tolist()), free=free, columns=(0, 2), target=target)  # type: ignore[arg-type]
    exact = compute_correction(request, network, "", JobContext())
    handles = tuple(Handle(low=-1, high=1, half_width=half_width, weight=price) for price in prices)
    question = Question(
        subspace=Subspace.of_columns(base, (0, 2)), start=base[[0, 2]], handles=handles, goal=Goal(classes=(target,))
    )
    found = asked(question, lowered, 1e-6)
    assert found.closed
    if exact.distance is None:
        assert found.proof == "none_exists"
    else:
        assert exact.lower_bound is not None
        assert found.distance is not None
        assert found.lower <= exact.distance * (1 + 1e-9)
        assert exact.lower_bound <= found.distance * (1 + 1e-9)
        assert found.distance == pytest.approx(exact.distance, rel=1e-4, abs=1e-6)


def test_that_nothing_exists_is_proved_in_many_handles() -> None:
    # Accepted only where the sum of all |x| exceeds 4.5, which a box of ±0.2 within ±1 never reaches in 4 handles.
    eye = np.concatenate([np.eye(4), -np.eye(4)])
    network = PiecewiseLinear(weights=(eye, np.ones((1, 8))), biases=(np.zeros(8), np.zeros(1)))
    found = asked(question_of(network, (0.0,) * 4, 0.2, Goal(at_least=3.3)), network)
    assert found.closed
    assert found.proof == "none_exists"
    assert found.lower == np.inf
    possible = asked(question_of(network, (0.0,) * 4, 0.2, Goal(at_least=2.3)), network)
    assert possible.proof == "proved"
    assert possible.distance is not None


def test_a_range_that_holds_no_box_is_answered_without_a_search() -> None:
    network = corner_network()
    handles = (Handle(low=-1, high=1, half_width=1.5), Handle(low=-1, high=1))
    space = Subspace.of_columns(np.zeros(3), (0, 1))
    question = Question(subspace=space, start=np.zeros(2), handles=handles, goal=Goal(classes=(1,)))
    found = asked(question, network)
    assert found.proof == "none_exists"
    assert found.boxes == 0


def test_an_accepted_start_costs_nothing() -> None:
    found = asked(question_of(corner_network(), (1.0, 1.0, 0.0), 0.1, Goal(classes=(1,)), 3.0), corner_network())
    assert found.closed
    assert found.distance == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("half_width", [0.0, 0.25])
def test_steps_are_respected_and_nothing_on_them_is_nearer(half_width: float, seed: int) -> None:
    network = random_network((3, 10, 10, 2), seed)
    start = tuple(np.round(np.random.default_rng(seed).uniform(-0.8, 0.8, 3) * 8) / 8)
    question = question_of(network, start, half_width, step=0.125)
    found = asked(question, network)
    low, high = question.room
    axes = [np.arange(a, b + 1e-9, 0.125) for a, b in zip(low, high, strict=True)]
    centres = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 3)
    reach = np.arange(-half_width, half_width + 1e-9, 0.125)
    stable = np.ones(len(centres), bool)
    for offset in itertools.product(reach, repeat=3):
        stable &= question.goal.leads(network.forward(centres + offset)) > 0
    costs = np.abs(centres - question.start) @ question.weights
    assert found.closed
    if stable.any():
        assert found.point is not None
        assert np.abs(found.point * 8 - np.round(found.point * 8)).max() < 1e-9
        assert found.distance == pytest.approx(costs[stable].min(), rel=1.1e-3)
    else:
        assert found.proof == "none_exists"


@pytest.mark.parametrize("seed", range(5))
def test_categories_are_chosen_at_their_price(seed: int) -> None:
    network = random_network((7, 10, 10, 2), seed)
    start = np.concatenate([np.random.default_rng(seed).uniform(-0.5, 0.5, 2), [1, 0, 0], [0, 1]])
    handles = tuple(Handle(low=-1, high=1, half_width=0.05) for _ in range(2))
    goal = Goal(classes=(1 - int(network.forward(start[None])[0].argmax()),))
    choices = (Choice(columns=(2, 3, 4), price=0.3), Choice(columns=(5, 6), price=0.2))
    space = Subspace.of_columns(start, (0, 1))
    question = Question(subspace=space, start=start[:2], handles=handles, goal=goal, choices=choices)
    found = asked(question, network)
    costs = {}
    for levels in itertools.product(range(3), range(2)):
        moved = start.copy()
        moved[2:] = 0
        moved[2 + levels[0]] = moved[5 + levels[1]] = 1
        one = Question(subspace=Subspace.of_columns(moved, (0, 1)), start=start[:2], handles=handles, goal=goal)
        alone = asked(one, network)
        if alone.distance is not None:
            costs[levels] = alone.distance + 0.3 * (levels[0] != 0) + 0.2 * (levels[1] != 1)
    assert found.closed
    if costs:
        assert found.distance == pytest.approx(min(costs.values()), rel=2.1e-3)
        assert costs[found.levels] == pytest.approx(min(costs.values()), rel=2.1e-3)
    else:
        assert found.proof == "none_exists"


@pytest.mark.parametrize("norm", ["L2", "Linf"])
@pytest.mark.parametrize("seed", range(3))
def test_other_distances_are_minimised_too(norm: str, seed: int) -> None:
    network = random_network((2, 8, 8, 2), seed)
    start = np.random.default_rng(seed).uniform(-0.8, 0.8, 2)
    question = question_of(network, tuple(start))
    question = Question(
        subspace=question.subspace,
        start=start,
        handles=question.handles,
        goal=question.goal,
        norm=norm,  # type: ignore[arg-type]
    )
    found = asked(question, network)
    axis = np.linspace(-1, 1, 801)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    change = np.abs(points - start) * question.weights
    costs = np.sqrt((change**2).sum(axis=1)) if norm == "L2" else change.max(axis=1)
    accepted = question.goal.leads(network.forward(points)) > 0
    assert found.closed
    if found.distance is None:
        assert not accepted.any()
    else:
        assert found.lower <= costs[accepted].min()
        assert found.distance == pytest.approx(costs[accepted].min(), abs=0.01)


def test_a_set_of_classes_is_reached_by_its_nearest_member() -> None:
    network = random_network((3, 12, 12, 4), seed=2)
    start = (0.1, -0.2, 0.3)
    verdict = int(network.forward(np.array([start]))[0].argmax())
    others = tuple(one for one in range(4) if one != verdict)
    alone = [asked(question_of(network, start, 0.0, Goal(classes=(one,))), network).distance for one in others]
    together = asked(question_of(network, start, 0.0, Goal(classes=others)), network)
    assert together.distance == pytest.approx(min(one for one in alone if one is not None), rel=2.1e-3)
    stable = question_of(network, start, 0.1, Goal(classes=others))
    found = asked(stable, network)
    assert_true(found, stable, network)
    loose, sure = grid_minimum(stable, network, 15)
    assert found.lower <= sure
    assert found.distance is None or found.distance >= loose - 0.5


def test_a_stopped_search_leaves_a_true_bracket_behind() -> None:
    network = random_network((4, 30, 30, 30, 2), seed=1)
    question = question_of(network, (0.1, 0.2, -0.1, 0.0), 0.02)
    partial: list[Bracket] = []
    job = ControlledJob(on_partial=partial.append)  # type: ignore[arg-type]
    seen: list[Bracket] = []

    def watch() -> None:
        for bracket in nearest_stable(question, network, job, tolerance=1e-9):
            seen.append(bracket)
            if bracket.distance is not None:
                job.cancel()

    with pytest.raises(Cancelled):
        watch()
    last = seen[-1]
    assert last.distance is not None
    assert last.point is not None
    assert last is partial[-1]
    assert 0 <= last.lower <= last.distance
    half = question.half_widths
    space = question.restricted(network)
    proof = prove_box(space, question.goal, last.point - half, last.point + half, JobContext())
    assert isinstance(proof, Proof)


def test_brackets_only_ever_get_narrower() -> None:
    network = random_network((4, 16, 16, 2), seed=4)
    question = question_of(network, (0.3, 0.2, -0.4, 0.1), 0.05)
    brackets = list(nearest_stable(question, network, JobContext()))
    lowers = [one.lower for one in brackets]
    costs = [np.inf if one.distance is None else one.distance for one in brackets]
    assert lowers == sorted(lowers)
    assert costs == sorted(costs, reverse=True)


def test_seeds_are_used_and_questions_that_make_no_sense_are_refused() -> None:
    network = corner_network()
    question = question_of(network, (-1.0, -1.0, 0.0), 0.1, Goal(classes=(1,)), 2.0)
    first = next(
        one
        for one in nearest_stable(question, network, JobContext(), seeds=[(np.array([1.5, 0.0, 0.0]), ())])
        if one.distance is not None
    )
    assert first.distance is not None
    assert first.distance <= 2.5 + 1.3 + 1e-9
    space = Subspace.of_columns(np.zeros(3), (0, 1))
    with pytest.raises(InvalidRequest, match="do not fit"):
        Question(subspace=space, start=np.zeros(3), handles=question.handles, goal=question.goal)
    with pytest.raises(InvalidRequest, match="NaN"):
        Question(subspace=space, start=np.array([np.nan, 0]), handles=question.handles[:2], goal=question.goal)
    with pytest.raises(InvalidRequest, match="one among zeros"):
        Question(
            subspace=space,
            start=np.zeros(2),
            handles=question.handles[:2],
            goal=question.goal,
            choices=(Choice(columns=(1, 2), name="state"),),
        )
    with pytest.raises(InvalidRequest, match="empty"):
        Handle(low=1.0, high=0.0)
    with pytest.raises(InvalidRequest, match="must cost something"):
        Handle(low=0.0, high=1.0, weight=0.0)
