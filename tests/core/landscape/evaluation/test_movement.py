"""Weights are put to a point, whatever they share and whatever else is in the module."""

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import InvalidRequest
from core.landscape.evaluation.movement import Movement, checked_directions, tensors_of
from core.landscape.plane import Directions
from core.networks.architectures.registry import build_architecture


def directions(x: dict[str, np.ndarray], y: dict[str, np.ndarray] | None = None) -> Directions:
    return Directions(x=x, y=y or {}, cosine=0.0)


def ones(module: nn.Module, *names: str) -> dict[str, np.ndarray]:
    return {name: np.ones(tuple(tensors_of(module)[name].shape), dtype=np.float32) for name in names}


class Tied(nn.Module):
    """Two layers with the same weights."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)
        self.second.weight = self.first.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x))


def test_points_are_set_from_the_centre_and_nothing_drifts() -> None:
    module = nn.Linear(4, 2)
    centre = module.weight.detach().clone()
    movement = Movement(module, directions(ones(module, "weight"), ones(module, "bias")))
    for step in range(100):
        movement.to(1e6 * (-1) ** step, 1e5)
    movement.to(0.0, 0.0)
    assert torch.equal(module.weight, centre)
    movement.to(0.25, 0.0)
    assert torch.equal(module.weight, centre + 0.25)


def test_what_a_direction_does_not_name_stands_still() -> None:
    module = nn.Linear(4, 2)
    bias = module.bias.detach().clone()
    movement = Movement(module, directions(ones(module, "weight")))
    movement.to(5.0, 7.0)
    assert torch.equal(module.bias, bias)


@pytest.mark.parametrize("names", [("first.weight",), ("second.weight",), ("first.weight", "second.weight")])
def test_shared_weights_move_once_under_whatever_name(names: tuple[str, ...]) -> None:
    module = Tied()
    centre = module.first.weight.detach().clone()
    axis = directions(ones(module, *names))
    checked_directions(module, axis)
    Movement(module, axis).to(2.0, 0.0)
    assert torch.equal(module.first.weight, centre + 2)
    assert module.second.weight is module.first.weight


def test_memory_that_two_parameters_share_moves_once() -> None:
    module = Tied()
    module.second.weight = nn.Parameter(module.first.weight.data)  # another parameter, the same numbers
    centre = module.first.weight.detach().clone()
    Movement(module, directions(ones(module, "first.weight", "second.weight"))).to(2.0, 0.0)
    assert torch.equal(module.first.weight, centre + 2)
    assert torch.equal(module.second.weight, centre + 2)


def test_two_steps_for_the_same_weights_are_refused() -> None:
    module = Tied()
    axis = ones(module, "first.weight", "second.weight")
    axis["second.weight"] = axis["second.weight"] * 2
    with pytest.raises(InvalidRequest, match="are the same weights"):
        checked_directions(module, directions(axis))


def test_counts_of_batches_do_not_move() -> None:
    module = build_architecture("resnet8_w3", (3, 8, 8), 3).eval()
    names = [name for name in module.state_dict() if name.startswith("bn1.")]
    axis = directions({name: np.ones(tuple(module.state_dict()[name].shape), dtype=np.float32) for name in names})
    checked_directions(module, axis)
    variance = module.bn1.running_var.clone()
    Movement(module, axis).to(0.5, 0.0)
    assert module.bn1.num_batches_tracked.item() == 0
    assert torch.equal(module.bn1.running_var, variance + 0.5)


def test_names_the_network_does_not_have_are_refused() -> None:
    module = nn.Linear(4, 2)
    with pytest.raises(InvalidRequest, match=r'moves "layer7\.weight", which the network does not have'):
        checked_directions(module, directions(ones(module, "weight") | {"layer7.weight": np.ones((1,), np.float32)}))


def test_another_shape_is_refused() -> None:
    module = nn.Linear(4, 2)
    with pytest.raises(InvalidRequest, match='"weight" the shape 4 × 2, in the network it has the shape 2 × 4'):
        checked_directions(module, directions({"weight": np.ones((4, 2), np.float32)}))


def test_steps_keep_their_digits_in_modules_of_short_numbers() -> None:
    module = nn.Linear(1, 1).bfloat16()
    with torch.no_grad():
        module.weight.fill_(1.0)
    step = {"weight": np.full((1, 1), 1e-3, np.float32)}
    Movement(module, directions(step, step)).to(3.0, 3.0)
    assert module.weight.item() == torch.tensor(1.006).bfloat16().item()


def test_an_infinite_step_counts_only_where_it_is_taken() -> None:
    module = nn.Linear(1, 1)
    centre = module.weight.item()
    movement = Movement(module, directions({"weight": np.full((1, 1), np.inf, np.float32)}))
    movement.to(0.0, 1.0)
    assert module.weight.item() == centre
    movement.to(1.0, 0.0)
    assert module.weight.item() == np.inf


def test_directions_are_read_once_and_not_at_every_point() -> None:
    """The original tool reads them from the disk again at every point: 9 ms for a ResNet-20."""
    reads: list[str] = []

    class Watched(dict[str, np.ndarray]):
        def __getitem__(self, name: str) -> np.ndarray:
            reads.append(name)
            return super().__getitem__(name)

    module = nn.Linear(4, 2)
    movement = Movement(module, directions(Watched(ones(module, "weight"))))
    reads.clear()
    for step in range(5):
        movement.to(0.1 * step, 0.0)
    assert not reads
