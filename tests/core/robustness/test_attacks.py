"""Attacks: against brute force and dense Hessians, inside the box, as long as asked, and nothing else is touched."""

import math
from typing import Literal

import pytest
import torch
from torch import Tensor, nn

from core.networks.architectures.registry import build_architecture
from core.networks.loss import per_sample_loss
from core.networks.parameters import evaluation_mode
from core.robustness.attacks import attack
from core.robustness.input_hessian import newton_direction
from core.robustness.kinds import ATTACK_NAMES, Attack

KINDS: tuple[Attack, ...] = tuple(ATTACK_NAMES)
SECOND_ORDER: tuple[Attack, ...] = ("fhsm", "l2hess")


def network(*sizes: int, seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    hidden = "-".join(map(str, sizes[1:-1]))
    return build_architecture(f"mlp:{sizes[0]}-{hidden}-{sizes[-1]}", (sizes[0],), sizes[-1]).eval()


def clouds(count: int, width: int = 2, classes: int = 3, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    centres = 1.5 * torch.randn(classes, width, generator=generator)
    return centres[labels] + torch.randn(count, width, generator=generator), labels


def trained(inputs: Tensor, labels: Tensor) -> nn.Module:
    module = network(inputs.shape[1], 24, 24, 3).train()
    optimiser = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(150):
        optimiser.zero_grad()
        nn.functional.cross_entropy(module(inputs), labels).backward()
        optimiser.step()
    return module.eval()


def attacked(
    module: nn.Module, inputs: Tensor, labels: Tensor, kind: Attack, epsilon: float, reach: float = 100.0
) -> Tensor:
    """In a box that is as good as none, with one unit of ε as long as one of the input."""
    return attack(
        module,
        inputs,
        labels,
        kind=kind,
        epsilon=epsilon,
        low=torch.tensor(-reach),
        high=torch.tensor(reach),
        scale=torch.tensor(1.0),
        generator=torch.Generator().manual_seed(0),
    )


def losses(module: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    with torch.no_grad():
        return per_sample_loss(module(inputs), labels)


@pytest.mark.parametrize("kind", KINDS)
def test_an_attack_raises_the_loss(kind: Attack) -> None:
    inputs, labels = clouds(90)
    module = trained(inputs, labels)
    before = losses(module, inputs, labels)
    after = losses(module, attacked(module, inputs, labels, kind, 0.2), labels)
    assert after.mean() > 1.2 * before.mean()
    assert (after > before).float().mean() > 0.9


def test_pgd_finds_at_least_as_much_as_fgsm_and_nearly_as_much_as_brute_force() -> None:
    inputs, labels = clouds(60)
    module = trained(inputs, labels)
    steps = torch.linspace(-0.4, 0.4, 41)
    grid = torch.cartesian_prod(steps, steps)
    everywhere = torch.stack([losses(module, inputs + step, labels) for step in grid])
    best = everywhere.max(dim=0).values
    found = {kind: losses(module, attacked(module, inputs, labels, kind, 0.4), labels) for kind in KINDS}
    assert found["pgd"].mean() >= found["fgsm"].mean()
    assert found["pgd"].mean() > 0.99 * found["fgsm10"].mean()
    assert found["pgd"].mean() > 0.98 * best.mean()
    for kind in ("fgsm", "fgsm10", "pgd", "fhsm"):
        assert (found[kind] <= best * 1.02 + 1e-3).all(), kind  # the square holds nothing worse


@pytest.mark.parametrize("kind", ["l2grad", "l2hess"])
def test_the_change_of_an_l2_attack_is_exactly_as_long_as_asked(kind: Attack) -> None:
    inputs, labels = clouds(30, width=7)
    lengths = (attacked(network(7, 16, 3), inputs, labels, kind, 0.3) - inputs).norm(dim=1)
    assert lengths.tolist() == pytest.approx([0.3] * 30, rel=1e-5)


@pytest.mark.parametrize("kind", ["fgsm", "fgsm10", "pgd", "fhsm"])
def test_no_number_changes_by_more_than_asked(kind: Attack) -> None:
    inputs, labels = clouds(30, width=7)
    change = (attacked(network(7, 16, 3), inputs, labels, kind, 0.3) - inputs).abs()
    assert change.max() <= 0.3 + 1e-5
    assert change.max() > 0.29


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_attack_finds_stays_in_the_box(kind: Attack) -> None:
    inputs, labels = clouds(40)
    inputs = inputs.clamp(-1, 1)
    change = attacked(network(2, 16, 3), inputs, labels, kind, 0.7, reach=1.0)
    assert change.abs().max() <= 1.0
    assert not torch.equal(change, inputs)


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_outside_of_the_box_is_not_pulled_in(kind: Attack) -> None:
    """Test data may lie beyond the range of the training data: an attack of no strength changes nothing."""
    inputs, labels = clouds(10)
    assert torch.allclose(attacked(network(2, 16, 3), inputs, labels, kind, 1e-9, reach=0.5), inputs, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_lengths_are_in_units_of_the_datas_range(kind: Attack) -> None:
    """The same attack on data that are written ten times as large, by a network that divides by ten."""
    inputs, labels = clouds(20)
    module = network(2, 16, 3)
    direct = attack(
        module, inputs, labels, kind=kind, epsilon=0.05, low=torch.tensor([[-5.0, -9.0]]),
        high=torch.tensor([[5.0, 9.0]]), scale=torch.tensor([[10.0, 18.0]]), generator=torch.Generator().manual_seed(1),
    )  # fmt: skip
    factors = torch.tensor([[0.1, 1 / 18]])
    scaled = nn.Sequential(Times(1 / factors), module).eval()
    unit = attack(
        scaled, inputs * factors, labels, kind=kind, epsilon=0.05, low=torch.tensor(-0.5), high=torch.tensor(0.5),
        scale=torch.tensor(1.0), generator=torch.Generator().manual_seed(1),
    )  # fmt: skip
    assert torch.allclose(unit / factors, direct, atol=1e-4)


class Times(nn.Module):
    def __init__(self, factors: Tensor) -> None:
        super().__init__()
        self.factors = factors

    def forward(self, inputs: Tensor) -> Tensor:
        return inputs * self.factors


def test_a_column_that_never_changes_is_not_attacked() -> None:
    inputs, labels = clouds(10)
    found = attack(
        network(2, 16, 3), inputs, labels, kind="fgsm", epsilon=0.1, low=torch.tensor([[-9.0, -9.0]]),
        high=torch.tensor([[9.0, 9.0]]), scale=torch.tensor([[1.0, 0.0]]),
    )  # fmt: skip
    assert torch.equal(found[:, 1], inputs[:, 1])
    assert not torch.equal(found[:, 0], inputs[:, 0])


def dense(module: nn.Module, point: Tensor, label: Tensor, what: Literal["gradient", "hessian"]) -> Tensor:
    def loss(x: Tensor) -> Tensor:
        return per_sample_loss(module(x[None]), label[None]).sum()

    if what == "gradient":
        return torch.autograd.functional.jacobian(loss, point)  # type: ignore[no-any-return, no-untyped-call]
    return torch.autograd.functional.hessian(loss, point)  # type: ignore[no-any-return, no-untyped-call]


@pytest.mark.parametrize("damping", [1e-6, 1e-2, 1.0])
@pytest.mark.parametrize("task", ["classes", "numbers"])
def test_newtons_direction_is_that_of_a_dense_solve_in_float64(damping: float, task: str) -> None:
    inputs, labels = (tensor.double() for tensor in clouds(12, width=6))
    module = network(6, 20, 20, 3).double()
    targets = labels.long() if task == "classes" else torch.randn(12, 3, dtype=torch.float64)
    found = newton_direction(module, inputs, targets, scale=torch.tensor(1.0).double().expand(1, 6), damping=damping)
    for point, target, direction in zip(inputs, targets, found, strict=True):
        hessian = dense(module, point, target, "hessian")
        shift = damping * torch.linalg.eigvalsh(hessian)[-1]
        expected = torch.linalg.solve(hessian + shift * torch.eye(6).double(), dense(module, point, target, "gradient"))
        assert torch.allclose(direction, expected, rtol=1e-6, atol=1e-9 * float(expected.abs().max()))


@pytest.mark.parametrize("kind", SECOND_ORDER)
def test_a_second_order_attack_follows_newtons_direction(kind: Attack) -> None:
    inputs, labels = clouds(12, width=6)
    module = network(6, 20, 20, 3)
    change = attacked(module, inputs, labels, kind, 0.1) - inputs
    direction = newton_direction(module, inputs, labels, scale=torch.ones(1, 6), damping=0.01)
    expected = direction.sign() if kind == "fhsm" else direction / direction.norm(dim=1, keepdim=True)
    assert torch.allclose(change, 0.1 * expected, atol=1e-5)


def test_much_damping_turns_the_second_order_attack_into_the_first_order_one() -> None:
    inputs, labels = clouds(12, width=6)
    module, options = network(6, 20, 3), {"low": torch.tensor(-99.0), "high": torch.tensor(99.0)}
    first = attack(module, inputs, labels, kind="l2grad", epsilon=0.1, scale=torch.tensor(1.0), **options)
    second = attack(module, inputs, labels, kind="l2hess", epsilon=0.1, scale=torch.tensor(1.0), damping=1e6, **options)
    assert torch.allclose(first, second, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_an_attack_leaves_network_gradients_and_statistics_alone(kind: Attack) -> None:
    torch.manual_seed(0)
    module = build_architecture("resnet8_w4", (1, 8, 8), 2).train()
    inputs, labels = torch.randn(6, 1, 8, 8), torch.arange(6) % 2
    kept = {name: value.clone() for name, value in module.state_dict().items()}
    random = torch.get_rng_state()
    found = attacked(module, inputs, labels, kind, 0.1)
    with evaluation_mode(module):
        assert (losses(module, found, labels) > losses(module, inputs, labels)).float().mean() > 0.5
    assert found.dtype == torch.float32
    assert not found.requires_grad
    assert all(part.training for part in module.modules())
    assert all(parameter.grad is None for parameter in module.parameters())
    assert all(torch.equal(value, kept[name]) for name, value in module.state_dict().items())
    assert kind == "pgd" or torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("logit", [0.0, 200.0])
def test_a_flat_or_saturated_loss_gives_finite_inputs(kind: Attack, logit: float) -> None:
    """No gradient, or a probability that rounds to one: nothing may become NaN."""
    module = nn.Linear(4, 3)
    nn.init.zeros_(module.weight)
    with torch.no_grad():
        module.bias.copy_(torch.tensor([logit, 0.0, 0.0]))
    for label in (0, 1):
        found = attacked(module.eval(), torch.ones(5, 4), torch.full((5,), label), kind, 0.1)
        assert torch.isfinite(found).all()
        assert (found - 1).abs().max() <= 0.1 + 1e-6
    assert math.isfinite(float(attacked(network(4, 5, 3), torch.ones(0, 4), torch.zeros(0).long(), kind, 0.1).sum()))
