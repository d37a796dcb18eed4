"""Attacks against the smallest change there is: never stronger than what is possible, and PGD hardly weaker."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.network import Network
from core.robustness.engine import compute_robustness
from core.robustness.kinds import Attack
from core.robustness.robustness import RobustnessRequest
from tests.core.robustness.exact import Distance, ExactSearch
from tests.core.robustness.small import clouds, linear, trained

SIGNS: tuple[Attack, ...] = ("fgsm", "fgsm10", "pgd", "fhsm")
DATA = clouds(40, width=4, seed=2)
MOST, SECONDS = 0.3, 4.0
ROUNDING = 1e-4  # of ε: float32 networks, and the tolerance of the search


def search(network: Network, data: Dataset = DATA) -> ExactSearch:
    return ExactSearch(network, data.x.min(axis=0).astype(float), data.x.max(axis=0).astype(float))


@cache
def distances() -> tuple[Network, tuple[Distance, ...]]:
    network = trained(DATA, "12")
    exact = search(network)
    rows = zip(DATA.x.astype(float), DATA.y.tolist(), strict=True)
    return network, tuple(exact.distance(x, label, most=MOST, seconds=SECONDS) for x, label in rows)


def test_of_a_linear_model_it_is_the_margin_over_the_sum_of_the_weights() -> None:
    network = linear(DATA)
    exact = search(network)
    weight = network.module.weight.double().detach().numpy()
    scale = (DATA.x.max(axis=0) - DATA.x.min(axis=0)) / 8.0  # in normalised units
    outputs = network.module(network.normalise(DATA.x)).double().detach().numpy()
    checked = 0
    for row in range(len(DATA)):
        label = int(DATA.y[row])
        found = exact.distance(DATA.x[row].astype(float), label, most=MOST, seconds=SECONDS)
        others = [index for index in range(3) if index != label]
        ratios = [
            (outputs[row, label] - outputs[row, other]) / (np.abs(weight[other] - weight[label]) * scale).sum()
            for other in others
        ]
        least = max(0.0, min(ratios))
        place = (DATA.x[row] - DATA.x.min(axis=0)) / (DATA.x.max(axis=0) - DATA.x.min(axis=0))
        if least < MOST and (place > least).all() and (place < 1 - least).all():  # far from the ends of the range
            assert found.upper == pytest.approx(least, abs=1e-5)
            assert found.lower == pytest.approx(least, abs=1e-5)
            checked += 1
    assert checked > 5


def test_fgsm_on_two_linear_classes_turns_exactly_what_can_be_turned() -> None:
    data = clouds(60, width=5, classes=2, seed=4)
    network = linear(data)
    exact = search(network, data)
    ends = [
        exact.distance(x.astype(float), int(y), most=MOST, seconds=SECONDS) for x, y in zip(data.x, data.y, strict=True)
    ]
    request = RobustnessRequest(attacks=("fgsm", "pgd"), epsilon=(0.03, 0.1, 0.2), examples=0, input_hessian=False)
    found = compute_robustness(request, network, data, JobContext())
    assert found.right is not None
    for column, epsilon in enumerate(request.epsilon):
        possible = np.array([end.upper <= epsilon for end in ends])
        sure = np.array([abs(end.upper - epsilon) > ROUNDING for end in ends])
        for row in (0, 1):
            np.testing.assert_array_equal(found.right[row, column][sure] == 0, possible[sure])


def test_l2grad_on_two_linear_classes_turns_exactly_what_can_be_turned_where_the_range_is_far() -> None:
    data = clouds(60, width=5, classes=2, seed=4)
    network = linear(data)
    wide = replace(
        data, x=np.concatenate([data.x, [[-500.0] * 5], [[500.0] * 5]]).astype(np.float32), y=np.append(data.y, [0, 1])
    )
    request = RobustnessRequest(
        attacks=("l2grad",), epsilon=(0.001, 0.003, 0.01), samples=60, examples=0, input_hessian=False
    )
    found = compute_robustness(request, network, wide, JobContext())
    weight = network.module.weight.double().detach().numpy()
    outputs = network.module(network.normalise(data.x)).double().detach().numpy()
    sign = np.where(data.y == 0, 1.0, -1.0)
    length = sign * (outputs[:, 0] - outputs[:, 1]) / np.linalg.norm((weight[0] - weight[1]) * 1000.0 / 8.0)
    assert found.right is not None
    for column in range(3):
        sure = np.abs(length - found.length[column]) > 1e-5
        np.testing.assert_array_equal((found.right[0, column] == 0)[sure], (length <= found.length[column])[sure])


def test_it_agrees_with_brute_force_in_two_dimensions() -> None:
    data = clouds(24, seed=1)
    network = trained(data, "8-8")
    exact = search(network, data)
    low, scale = data.x.min(axis=0).astype(float), np.ptp(data.x, axis=0).astype(float)
    steps = np.linspace(-0.1, 0.1, 201)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    size = np.abs(grid).max(axis=1)
    for row in range(len(data)):
        found = exact.distance(data.x[row].astype(float), int(data.y[row]), most=0.1, seconds=SECONDS)
        places = np.clip((data.x[row] - low) / scale + grid, 0.0, 1.0)
        with torch.no_grad():
            verdicts = network.module(network.normalise(places * scale + low)).argmax(dim=1).numpy()
        turned = size[verdicts != data.y[row]]
        nearest = turned.min() if turned.size else np.inf
        assert found.lower <= nearest + ROUNDING
        if np.isfinite(nearest):
            assert found.upper <= nearest + ROUNDING
            assert nearest <= found.upper + 0.002  # two steps of the grid


@pytest.mark.parametrize("kind", SIGNS)
def test_no_attack_turns_what_provably_cannot_be_turned(kind: Attack) -> None:
    network, ends = distances()
    request = RobustnessRequest(attacks=(kind,), epsilon=(0.02, 0.05, 0.1, 0.2), examples=0, input_hessian=False)
    found = compute_robustness(request, network, DATA, JobContext())
    assert found.right is not None
    for column, epsilon in enumerate(request.epsilon):
        proved = np.array([end.lower > epsilon + ROUNDING for end in ends])
        assert (found.right[0, column][proved] == 1).all()
        assert found.accuracy[0, column] >= proved.mean()


def test_pgd_misses_few_of_those_that_can_be_turned() -> None:
    network, ends = distances()
    assert np.mean([end.upper - end.lower < 1e-3 or end.lower >= MOST for end in ends]) > 0.9  # the searches ended
    request = RobustnessRequest(attacks=SIGNS, epsilon=(0.05, 0.1, 0.2), steps=40, examples=0, input_hessian=False)
    found = compute_robustness(request, network, DATA, JobContext())
    possible = np.array([[end.upper > epsilon for end in ends] for epsilon in request.epsilon]).mean(axis=1)
    gaps = {kind: found.accuracy[row] - possible for row, kind in enumerate(SIGNS)}
    assert (gaps["pgd"] >= -1e-9).all()
    assert gaps["pgd"].max() <= 0.05
    assert gaps["pgd"].sum() <= gaps["fgsm"].sum()


def test_where_the_loss_is_flat_no_gradient_finds_what_the_exact_search_does_and_the_flat_places_are_counted() -> None:
    network = trained(DATA, "8-8")
    request = RobustnessRequest(attacks=("fgsm10",), epsilon=(0.2,), examples=0)
    found = compute_robustness(request, network, DATA, JobContext())
    assert found.right is not None
    assert found.input_eigenvalues is not None
    flat = np.flatnonzero((found.input_eigenvalues[:, 0] == 0) & (found.right[0, 0] == 1))
    assert found.flat >= len(flat) > 3
    exact = search(network)
    ends = [exact.distance(DATA.x[row].astype(float), int(DATA.y[row]), most=0.2, seconds=SECONDS) for row in flat[:4]]
    assert min(end.upper for end in ends) < 0.2
