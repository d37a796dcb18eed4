"""Whatever an engine does to a network, it is bit for bit the same afterwards."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from core.networks.architectures.registry import build_architecture
from core.networks.network import fingerprint
from core.networks.parameters import evaluation_mode, movable, parameter_names
from core.networks.program import export_program, load_program


def plain() -> nn.Module:
    torch.manual_seed(0)
    module = build_architecture("resnet8_w2", (3, 8, 8), 4)
    module(torch.randn(9, 3, 8, 8))
    return module.eval()


def program() -> nn.Module:
    return load_program(export_program(plain(), (3, 8, 8)), "p.pt2")


def bits(module: nn.Module) -> dict[str, bytes]:
    """Every parameter and buffer, persistent or not, bit by bit: −0.0 is not 0.0, and NaN is NaN."""
    tensors: list[tuple[str, Tensor]] = [*module.named_parameters(), *module.named_buffers()]
    return {name: tensor.detach().contiguous().numpy().tobytes() for name, tensor in tensors}


def spoil_and_fail(module: nn.Module) -> None:
    with movable(module) as parameters:
        for tensor in [*parameters, *module.buffers()]:
            tensor.fill_(torch.nan if tensor.is_floating_point() else 7)
        raise ZeroDivisionError


both = pytest.mark.parametrize("make", [plain, program])


@both
def test_parameters_and_buffers_are_restored_after_work(make: Callable[[], nn.Module]) -> None:
    module = make()
    before, print_before = bits(module), fingerprint(module.state_dict())
    with movable(module) as parameters:
        for parameter in parameters:
            parameter.mul_(3).add_(1)
        for buffer in module.buffers():
            buffer.add_(1)
        assert bits(module) != before
    assert bits(module) == before
    assert fingerprint(module.state_dict()) == print_before


@both
def test_parameters_and_buffers_are_restored_after_a_failure(make: Callable[[], nn.Module]) -> None:
    module = make()
    before = bits(module)
    with pytest.raises(ZeroDivisionError):
        spoil_and_fail(module)
    assert bits(module) == before


def test_a_minus_zero_and_a_nan_come_back_too() -> None:
    module = nn.Linear(2, 1)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[-0.0, torch.nan]]))
    before = bits(module)
    with movable(module) as parameters:
        parameters[0].zero_()
    assert bits(module) == before


@both
def test_moved_parameters_change_what_the_network_says(make: Callable[[], nn.Module]) -> None:
    """The defect of a tool whose parameters were copies: its surface was flat."""
    module, samples = make(), torch.randn(4, 3, 8, 8)
    with torch.no_grad():
        before = module(samples)
        with movable(module) as parameters:
            for parameter in parameters:
                parameter.mul_(1.5)
            assert not torch.allclose(module(samples), before)
        assert torch.equal(module(samples), before)


def test_a_training_network_moves_no_running_statistics_and_trains_again_afterwards() -> None:
    module = plain().train()
    module.layer2.eval()  # a part that its owner has frozen
    modes = [part.training for part in module.modules()]
    before = bits(module)
    with movable(module):
        module(torch.randn(5, 3, 8, 8) * 9)
        assert bits(module) == before
        assert not any(part.training for part in module.modules())
    assert [part.training for part in module.modules()] == modes


def test_evaluation_mode_ends_after_a_failure_too() -> None:
    module = plain().train()
    with pytest.raises(ZeroDivisionError), evaluation_mode(module):
        raise ZeroDivisionError
    assert all(part.training for part in module.modules())


def test_a_buffer_that_shares_its_memory_is_left_alone() -> None:
    module = nn.Linear(2, 2)
    module.register_buffer("constant", torch.zeros(1).expand(5))
    with movable(module) as parameters:
        parameters[0].zero_()
    assert float(module.weight.detach().abs().sum()) > 0


def test_tied_weights_move_once() -> None:
    module = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    module[1].weight = module[0].weight
    with movable(module) as parameters:
        assert len(parameters) == len(parameter_names(module)) == 3
