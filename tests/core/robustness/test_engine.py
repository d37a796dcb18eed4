"""The engine: its numbers are those of attacks made by hand, whatever it is resumed from, and the network stays."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled
from core.job import JobContext
from core.networks.loss import per_sample_loss
from core.networks.network import Network
from core.robustness.attacks import attack
from core.robustness.box import data_box
from core.robustness.engine import compute_robustness
from core.robustness.kinds import ALONG_GRADIENT, Attack
from core.robustness.robustness import NOT_YET, Robustness, RobustnessRequest
from tests.core.landscape.stopping import StoppingJob
from tests.core.robustness.small import clouds, fitted, linear, trained, wrapped

ALL: tuple[Attack, ...] = get_args(Attack)
REQUEST = RobustnessRequest(attacks=ALL, epsilon=(0.01, 0.05, 0.2), examples=5)
DATA = clouds(90)


def found(request: RobustnessRequest = REQUEST, data: Dataset = DATA, network: Network | None = None) -> Robustness:
    return compute_robustness(request, network or trained(data), data, JobContext())


def by_hand(network: Network, data: Dataset, kind: Attack, epsilon: float) -> tuple[float, float]:
    """Accuracy and loss after an attack on all samples at once."""
    inputs, labels = network.prepare(data)
    box = data_box(network, data, JobContext())
    strength = epsilon * inputs.shape[1] ** 0.5 if kind in ALONG_GRADIENT else epsilon
    changed = attack(
        network.module, inputs, labels, kind=kind, epsilon=strength, low=box.low, high=box.high, scale=box.scale
    )
    with torch.no_grad():
        outputs = network.module(changed)
    loss = per_sample_loss(outputs, labels).double().mean()
    return float((outputs.argmax(dim=1) == labels).double().mean()), float(loss)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind != "pgd"])
def test_every_attack_at_every_strength_is_that_made_by_hand(kind: Attack) -> None:
    network = trained(DATA)
    result = found(network=network)
    row = ALL.index(kind)
    for column, epsilon in enumerate(REQUEST.epsilon):
        accuracy, loss = by_hand(network, DATA, kind, epsilon)
        assert result.accuracy[row, column] == accuracy
        assert result.loss[row, column] == pytest.approx(loss, rel=1e-5)


def test_pgd_is_never_weaker_in_loss_than_the_step_of_fgsm_that_it_begins_with() -> None:
    result = found()
    assert (result.loss[ALL.index("pgd")] >= result.loss[ALL.index("fgsm")]).all()


def test_accuracy_is_the_share_of_the_verdicts_that_are_right() -> None:
    result = found()
    assert result.right is not None
    assert result.clean_right is not None
    np.testing.assert_array_equal(result.accuracy, result.right.mean(axis=2))
    assert result.clean_accuracy == result.clean_right.mean()
    assert set(np.unique(result.right)) <= {0, 1}


def test_the_worst_of_all_attacks_falls_with_strength_and_no_attack_lies_below_it() -> None:
    result = found()
    worst = result.worst(ALL)
    assert (np.diff(worst) <= 0).all()
    assert (worst <= result.accuracy.min(axis=0) + 1e-12).all()


def test_a_single_attack_that_does_worse_at_a_larger_strength_is_shown_as_it_is() -> None:
    """FGSM steps over a class that lies in between; the share that no strength has turned stays where it was."""
    x = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]] * 4, dtype=np.float32)
    data = Dataset(name="stripes", x=x, y=np.array([0, 1, 0, 0, 0, 0] * 4), classes=("a", "b"))
    network = trained(data, "32-32", steps=400, mean=(2.5,), std=(1.5,))
    request = RobustnessRequest(attacks=("fgsm",), epsilon=(0.12, 0.2, 0.36, 0.6), examples=0, input_hessian=False)
    result = found(request, data, network)
    assert (np.diff(result.accuracy[0]) > 0).any()
    assert (np.diff(result.worst(("fgsm",))) <= 0).all()


def test_no_attacked_sample_leaves_the_range_of_the_data_or_goes_further_than_asked() -> None:
    result = found()
    examples, low, high = result.examples, DATA.x.min(axis=0), DATA.x.max(axis=0)
    assert examples is not None
    np.testing.assert_array_equal(result.range_low, low)
    np.testing.assert_array_equal(result.range_high, high)
    assert (examples.attacked >= low).all()
    assert (examples.attacked <= high).all()
    change = (examples.attacked - examples.original) / (high - low)
    for row, kind in enumerate(ALL):
        for column, epsilon in enumerate(REQUEST.epsilon):
            if kind in ALONG_GRADIENT:
                assert np.linalg.norm(change[row, column], axis=1).max() <= epsilon * 2**0.5 + 1e-5
            else:
                assert np.abs(change[row, column]).max() <= epsilon + 1e-5
    assert (result.changed <= result.length + 1e-5).all()


def test_examples_are_the_first_right_samples_with_the_verdicts_of_the_network() -> None:
    network = trained(DATA)
    result = found(network=network)
    examples = result.examples
    assert examples is not None
    assert result.clean_right is not None
    np.testing.assert_array_equal(examples.row, np.flatnonzero(result.clean_right)[:5])
    np.testing.assert_array_equal(examples.original, DATA.x[examples.row])
    np.testing.assert_array_equal(examples.label, DATA.y[examples.row])
    np.testing.assert_array_equal(examples.clean_verdict, examples.label)
    for row in range(len(ALL)):
        for column in range(3):
            outputs = network.module(network.normalise(examples.attacked[row, column])).softmax(dim=1)
            np.testing.assert_array_equal(examples.verdict[row, column], outputs.argmax(dim=1))
            assert examples.confidence[row, column] == pytest.approx(outputs.amax(dim=1).tolist(), abs=1e-4)


def test_stopped_anywhere_and_resumed_is_equal_to_the_last_bit() -> None:
    network = trained(DATA)
    request = replace(REQUEST, epsilon=(0.05, 0.1))
    whole = compute_robustness(request, network, DATA, counting := StoppingJob())
    for checks in range(0, counting.asked, 23):
        job = StoppingJob(checks)
        with pytest.raises(Cancelled):
            compute_robustness(request, network, DATA, job)
        if not job.snapshots:
            continue  # the range of the data was not known yet
        part = job.snapshots[-1]
        assert isinstance(part, Robustness)
        assert part.status == "partial"
        resumed = compute_robustness(request, network, DATA, JobContext(), part)
        assert_same(resumed, whole)


def assert_same(one: Robustness, other: Robustness) -> None:
    for name in ("accuracy", "loss", "changed", "right", "clean_right", "input_eigenvalues"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for name in ("clean_accuracy", "clean_loss", "smallest_input_eigenvalue", "hessian_deviation"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.examples is not None
    assert other.examples is not None
    for name in vars(one.examples):
        np.testing.assert_array_equal(getattr(one.examples, name), getattr(other.examples, name), err_msg=name)


def test_a_partial_result_grows_attack_by_attack_and_loses_nothing_when_a_resumed_one_is_stopped_at_once() -> None:
    network = trained(DATA)
    job = StoppingJob()
    compute_robustness(REQUEST, network, DATA, job)
    parts = [part for part in job.snapshots if isinstance(part, Robustness)]
    done = [int(np.isfinite(part.accuracy).sum()) for part in parts]
    assert done == sorted(done)
    assert len(set(done)) == len(ALL) * 3 + 1
    middle = parts[-5]
    assert middle.right is not None
    np.testing.assert_array_equal((middle.right == NOT_YET).all(axis=2), np.isnan(middle.accuracy))
    stopped = StoppingJob(1)  # while it looks at the samples as they are
    with pytest.raises(Cancelled):
        compute_robustness(REQUEST, network, DATA, stopped, middle)
    kept = stopped.snapshots[-1]
    assert isinstance(kept, Robustness)
    assert_same(kept, middle)


def test_progress_ends_at_its_total_and_never_goes_back() -> None:
    job = StoppingJob()
    compute_robustness(REQUEST, trained(DATA), DATA, job)
    told = [(done, total) for done, total, text in job.told if "as they are" not in text]
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_the_result_does_not_depend_on_which_attacks_and_strengths_are_asked_for_beside() -> None:
    network = trained(DATA)
    whole = found(network=network)
    alone = found(replace(REQUEST, attacks=("pgd",), epsilon=(0.05,)), network=network)
    assert alone.loss[0, 0] == whole.loss[ALL.index("pgd"), 1]


def test_another_seed_is_another_random_start() -> None:
    network = trained(DATA)
    request = replace(REQUEST, attacks=("pgd",), epsilon=(0.2,), steps=1)
    losses = {float(found(replace(request, seed=seed), network=network).loss[0, 0]) for seed in range(4)}
    assert len(losses) > 1


def test_network_gradients_and_random_numbers_are_left_alone_even_by_a_stopped_job() -> None:
    network = trained(DATA)
    before = {name: value.clone() for name, value in network.module.state_dict().items()}
    for parameter in network.module.parameters():
        parameter.grad = torch.ones_like(parameter)
    gradients = [parameter.grad.clone() for parameter in network.module.parameters()]
    state = torch.get_rng_state()
    found(network=network)
    with pytest.raises(Cancelled):
        compute_robustness(REQUEST, network, DATA, StoppingJob(30))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(before[name], value) for name, value in network.module.state_dict().items())
    after = [parameter.grad for parameter in network.module.parameters()]
    assert all(torch.equal(one, other) for one, other in zip(gradients, after, strict=True))
    assert not network.module.training


def test_only_the_first_samples_are_attacked_in_the_range_of_all_of_them() -> None:
    network = trained(DATA)
    result = found(replace(REQUEST, samples=30), network=network)
    assert (result.samples, result.provenance.samples) == (30, 30)
    np.testing.assert_array_equal(result.range_high, DATA.x.max(axis=0))
    assert result.right is not None
    assert result.right.shape[2] == 30


def test_directions_that_find_no_room_are_computed_anew_with_the_same_numbers(monkeypatch) -> None:
    network = trained(DATA)
    kept = found(network=network)
    monkeypatch.setattr("core.robustness.engine.CACHE_BYTES", 0)
    assert_same(found(network=network), kept)


def test_the_hessian_in_the_input_is_exact_and_without_saddles_for_pieces_and_says_so_otherwise() -> None:
    result = found()
    assert result.piecewise_linear
    assert result.saddle_free
    assert result.hessian_deviation < 1e-5
    network = trained(DATA)
    bent = torch.nn.Sequential(torch.nn.Linear(2, 9), torch.nn.Tanh(), torch.nn.Linear(9, 3)).eval()
    curved = found(network=replace(network, module=bent, sha256="bent"))
    assert not curved.piecewise_linear
    assert curved.hessian_deviation > 1e-2


def test_eigenvalues_are_those_of_the_dense_hessian_in_units_of_the_datas_range() -> None:
    network = linear(DATA)
    result = found(network=network)
    inputs, labels = network.prepare(DATA)
    scale = data_box(network, DATA, JobContext()).scale[0].double()
    module = network.module.double()
    assert result.input_eigenvalues is not None
    for row in (0, 40, 89):
        dense = torch.autograd.functional.hessian(
            lambda x, row=row: per_sample_loss(module((x * scale)[None]), labels[row : row + 1]).sum(),
            inputs[row].double() / scale,
        )
        expected = torch.linalg.eigvalsh(dense).flip(0)
        np.testing.assert_allclose(result.input_eigenvalues[row, :2], expected, rtol=1e-5, atol=1e-9)


def test_damping_makes_newtons_direction_stronger_as_it_ought_to() -> None:
    """Undamped, the smallest eigenvalues rule: a weak attack. Far beyond the largest, it is the gradient."""
    data = clouds(300, width=12, classes=6, seed=3)
    network = trained(data, "32-32")
    request = RobustnessRequest(attacks=("l2hess", "l2grad"), epsilon=(0.1,), examples=0, input_hessian=False)
    undamped, damped, far = (found(replace(request, damping=mu), data, network) for mu in (0.0, 0.1, 1e6))
    assert undamped.loss[0, 0] < damped.loss[0, 0]
    assert far.loss[0, 0] == pytest.approx(far.loss[1, 0], rel=1e-3)


def test_a_network_that_is_sure_of_itself_is_attacked_all_the_same() -> None:
    """Logits a thousand times as large have the same regions: float32 would make their gradients zero, and wrong."""
    network = linear(DATA)
    sure = torch.nn.Linear(2, 3)
    with torch.no_grad():
        for mine, theirs in zip(sure.parameters(), network.module.parameters(), strict=True):
            mine.copy_(1000 * theirs)
    request = replace(REQUEST, attacks=("fgsm", "l2grad", "pgd"), epsilon=(0.05, 0.2))
    loud = found(request, network=replace(network, module=sure.eval(), sha256="loud"))
    quiet = found(request, network=network)
    assert loud.clean_accuracy == quiet.clean_accuracy
    assert (loud.accuracy <= quiet.accuracy + 2 / len(DATA)).all()


def test_attacks_made_on_another_network_are_judged_by_this_one() -> None:
    """The other network normalises in another way: what is handed over is the sample in its own units."""
    network, other = trained(DATA), trained(DATA, "24", seed=5, mean=(10.0,), std=(4.0,))
    request = replace(REQUEST, made_on=other.sha256, epsilon=(0.05, 0.1))
    companions = Companions(networks={other.sha256: other})
    result = compute_robustness(request, network, DATA, JobContext(), None, companions)
    assert result.made_on == "small"
    box, (inputs, labels) = data_box(other, DATA, JobContext()), other.prepare(DATA)
    changed = attack(
        other.module, inputs, labels, kind="fgsm", epsilon=0.1, low=box.low, high=box.high, scale=box.scale
    )
    with torch.no_grad():
        verdicts = network.module(network.normalise(changed.numpy() * 4.0 + 10.0)).argmax(dim=1)
    assert result.accuracy[ALL.index("fgsm"), 1] == float((verdicts == labels).double().mean())
    own = compute_robustness(replace(request, made_on=""), network, DATA, JobContext())
    assert own.clean_accuracy == result.clean_accuracy
    np.testing.assert_array_equal(own.input_eigenvalues, result.input_eigenvalues)
    assert not np.array_equal(own.loss, result.loss)


def test_a_network_that_attacks_itself_as_another_finds_what_it_finds_on_its_own() -> None:
    network = trained(DATA)
    same = replace(network, sha256="twin")
    request = replace(REQUEST, made_on="twin", epsilon=(0.05,))
    handed = compute_robustness(request, network, DATA, JobContext(), None, Companions(networks={"twin": same}))
    direct = found(replace(REQUEST, epsilon=(0.05,)), network=network)
    np.testing.assert_allclose(handed.loss, direct.loss, rtol=1e-3)
    np.testing.assert_allclose(handed.accuracy, direct.accuracy, atol=1.5 / len(DATA))


def test_where_numbers_are_predicted_the_loss_is_all_there_is() -> None:
    numbers = np.random.default_rng(0)
    x = numbers.normal(size=(80, 3)).astype(np.float32)
    data = Dataset(name="heights", x=x, y=(x @ np.array([[1.0], [2.0], [-1.0]])) + 0.1, targets=("height",))
    network = linear_regression(data)
    result = found(replace(REQUEST, epsilon=(0.01, 0.1)), data, network)
    assert result.right is None
    assert np.isnan(result.accuracy).all()
    assert np.isnan(result.clean_accuracy)
    assert (result.loss[:, 1] > result.loss[:, 0]).all()
    assert result.loss_unit == "squared error"
    assert result.input_eigenvalues is not None
    assert result.input_eigenvalues.min() > 0
    assert result.smallest_input_eigenvalue == 0  # one number knows one direction of three
    examples = result.examples
    assert examples is not None
    assert examples.prediction is not None
    assert (examples.verdict == -1).all()
    np.testing.assert_allclose(examples.target, data.y[:5])


def linear_regression(data: Dataset) -> Network:
    torch.manual_seed(0)
    network = wrapped(torch.nn.Linear(3, 1), (3,), mean=(0.0,), std=(1.0,))
    fitted(network, data, 50)
    return network
