"""What cannot be attacked is refused in a sentence; what is not finite is counted."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import DataError, InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.job import JobContext
from core.networks.network import Network
from core.robustness.engine import compute_robustness
from core.robustness.robustness import Robustness, RobustnessRequest
from tests.core.robustness.small import clouds, trained, wrapped

REQUEST = RobustnessRequest(epsilon=(0.05, 0.1), examples=2)
DATA = clouds(40)


def found(network: Network, data: Dataset = DATA, request: RobustnessRequest = REQUEST) -> Robustness:
    return compute_robustness(request, network, data, JobContext())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"attacks": ()}, "among fgsm, fgsm10"),
        ({"attacks": ("fgsm", "fgsm")}, "each once"),
        ({"attacks": ("magic",)}, "among fgsm"),
        ({"epsilon": ()}, "ascend"),
        ({"epsilon": (0.1, 0.05)}, "ascend"),
        ({"epsilon": (0.0, 0.1)}, "above 0"),
        ({"epsilon": (0.5, 1.5)}, "up to 1"),
        ({"epsilon": (float("nan"),)}, "ascend"),
        ({"damping": -1.0}, "not negative"),
        ({"damping": float("nan")}, "not negative"),
        ({"steps": 0}, "at least one step"),
        ({"samples": 0}, "at least one"),
        ({"examples": 101}, "0 to 100"),
        ({"seed": -1}, "negative"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        RobustnessRequest(**wrong)  # type: ignore[arg-type]


def test_data_that_are_all_the_same_have_no_range() -> None:
    same = Dataset(name="same", x=np.full((9, 2), 3.0, dtype=np.float32), y=np.arange(9) % 3, classes=("a", "b", "c"))
    with pytest.raises(DataError, match=r"are the same, so their range, the unit of every strength, is zero"):
        found(trained(DATA), same)


def test_a_column_that_never_changes_is_left_alone() -> None:
    data = clouds(40, width=3)
    x = data.x.copy()
    x[:, 1] = 7.0
    result = found(trained(data), replace(data, x=x))
    assert result.examples is not None
    assert (result.examples.attacked[..., 1] == 7.0).all()
    assert (result.accuracy <= result.clean_accuracy).all()


def test_a_network_of_one_class_has_no_verdict_to_be_turned() -> None:
    one = Dataset(name="one", x=DATA.x, y=np.zeros(40, dtype=np.int64), classes=("a",))
    with pytest.raises(InvalidRequest, match="knows one class only"):
        found(wrapped(nn.Linear(2, 1), (2,)), one)


def test_samples_of_one_class_among_several_are_attacked() -> None:
    result = found(trained(DATA), replace(DATA, y=np.full(40, 1)))
    assert np.isfinite(result.accuracy).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_refused_because_attacks_would_be_rounded_away(dtype: torch.dtype) -> None:
    network = wrapped(nn.Linear(2, 3), (2,))
    network.module.to(dtype)
    with pytest.raises(UnsupportedNetwork, match=r"half precision.*Convert its weights to float32"):
        found(network)


def test_outputs_that_are_never_finite_are_refused() -> None:
    broken = nn.Linear(2, 3)
    nn.init.constant_(broken.weight, float("nan"))
    with pytest.raises(NumericalFailure, match="no finite outputs for any sample"):
        found(wrapped(broken, (2,)))


class Overflowing(nn.Module):
    """Not finite where the first number is large."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) * torch.where(x[:, :1] > 1.0, torch.inf, 1.0)


def test_samples_without_finite_outputs_are_counted_and_wrong() -> None:
    network = wrapped(Overflowing(), (2,))
    result = found(network)
    lost = int((network.prepare(DATA)[0][:, 0] > 1.0).sum())
    assert result.not_finite == lost > 0
    assert result.clean_right is not None
    assert result.input_eigenvalues is not None
    assert np.isnan(result.input_eigenvalues[:, 0]).sum() == lost
    assert np.isfinite(result.smallest_input_eigenvalue)
    assert np.isfinite(result.accuracy).all()


class Detached(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return self.linear(x)


def test_a_network_without_a_derivative_in_its_input_is_refused() -> None:
    with pytest.raises(UnsupportedNetwork, match="cannot be differentiated in its input"):
        found(wrapped(Detached(), (2,)), request=replace(REQUEST, input_hessian=False))
    with pytest.raises(UnsupportedNetwork, match="cannot be differentiated in its input"):
        found(wrapped(Detached(), (2,)))


def test_data_of_another_shape_are_refused() -> None:
    with pytest.raises(DataError, match="the network takes 2"):
        found(trained(DATA), clouds(40, width=3))


def test_another_network_that_is_not_at_hand_is_asked_for() -> None:
    with pytest.raises(InvalidRequest, match=r"is not at hand\. Open it as well"):
        found(trained(DATA), request=replace(REQUEST, made_on="e3b0c44298fc1c149afb"))


def test_another_network_of_another_shape_is_refused() -> None:
    other = trained(clouds(40, width=3))
    request = replace(REQUEST, made_on=other.sha256)
    with pytest.raises(DataError, match=r"cannot be shown to .*takes inputs of 3, the second of 2"):
        compute_robustness(request, trained(DATA), DATA, JobContext(), None, Companions(networks={other.sha256: other}))


def test_more_examples_than_there_is_room_for_are_refused_with_how_many_there_is() -> None:
    images = Dataset(name="big", x=np.zeros((3, 500, 500, 3), dtype=np.uint8), y=np.arange(3), classes=("a", "b", "c"))
    images.x[1] = 255
    request = RobustnessRequest(epsilon=tuple(np.linspace(0.01, 0.5, 40).tolist()), examples=12)
    with pytest.raises(InvalidRequest, match=r"take 7\.2 GB. Ask for at most 0 of them"):
        found(wrapped(nn.Linear(2, 3), (3, 500, 500)), images, request)


def test_a_partial_result_of_something_else_is_refused() -> None:
    network = trained(DATA)
    part = replace(found(network), status="partial")
    for request, other, data in (
        (replace(REQUEST, seed=8), network, DATA),
        (REQUEST, trained(DATA, seed=1), DATA),
        (REQUEST, network, clouds(40, seed=4)),
    ):
        with pytest.raises(InvalidRequest, match="belongs to another request, network or data set"):
            compute_robustness(request, other, data, JobContext(), part)


def test_a_partial_result_in_another_range_is_refused_even_if_the_samples_are_the_same() -> None:
    network, request = trained(DATA), replace(REQUEST, samples=40)
    part = replace(found(network, request=request), status="partial")
    wider = clouds(80)
    more = replace(wider, x=np.concatenate([DATA.x, wider.x[40:] * 3]), y=wider.y)
    with pytest.raises(InvalidRequest, match="belongs to another"):
        compute_robustness(request, network, more, JobContext(), part)
