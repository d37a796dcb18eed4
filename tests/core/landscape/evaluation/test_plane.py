"""An evaluator is found fast, says what it does and how exact it is, and leaves the network and no thread behind."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.landscape.evaluation import setting_up
from core.landscape.evaluation.plane import PlaneEvaluator, plane_evaluator
from core.landscape.plane import Directions
from tests.core.landscape.evaluation.networks import Plane, plane, samples

JOB = JobContext()
GRID = [(a, b) for a in (-0.5, 0.0, 0.5) for b in (-0.5, 0.0, 0.5)]


def evaluator_of(subject: Plane, job: JobContext = JOB) -> AbstractContextManager[PlaneEvaluator]:
    return plane_evaluator(subject.module, subject.directions, subject.inputs, subject.labels, job)


@pytest.fixture
def tuned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks are tuned too."""
    monkeypatch.setattr(setting_up, "CHEAP", 0)


@pytest.fixture
def three_workers(monkeypatch: pytest.MonkeyPatch, tuned: None) -> Iterator[None]:
    monkeypatch.setenv("CORRIE_THREADS", "3")
    before, names = torch.get_num_threads(), {thread.name for thread in threading.enumerate()}
    yield
    assert torch.get_num_threads() == before
    assert {thread.name for thread in threading.enumerate()} <= names


def state(subject: Plane) -> dict[str, bytes]:
    return {name: value.numpy().tobytes() for name, value in subject.module.state_dict().items()}


def test_a_cheap_point_is_evaluated_the_usual_way_without_asking_the_job() -> None:
    class Untouched(JobContext):
        def check(self) -> None:
            raise AssertionError

    with evaluator_of(plane("resnet8_w3"), Untouched()) as evaluator:
        assert evaluator.description.startswith("float32, layer by layer, channels-last, 1 worker; within ")
        assert evaluator.engine_error < 2e-6
        assert 0 < evaluator.seconds_per_point < 5
        assert evaluator.samples == 21


def test_the_way_is_chosen_among_those_that_agree_with_float64(tuned: None) -> None:
    subject = plane("resnet8_w3", count=64)
    with evaluator_of(subject) as evaluator:
        assert "batches of " in evaluator.description
        assert evaluator.engine_error < 2e-6
        assert 0 < evaluator.seconds_per_point < 5
        chosen = evaluator.description.partition(";")[0]
        truth = evaluator.at(0.5, -0.5, JOB).losses
    with evaluator_of(subject) as again:  # what was chosen is kept, and the numbers are the same to the last bit
        assert again.description.partition(";")[0] == chosen
        assert (again.at(0.5, -0.5, JOB).losses == truth).all()


def test_a_way_that_is_wrong_is_never_chosen(tuned: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: object, batch: torch.Tensor) -> torch.Tensor:
        return torch.zeros(len(batch), 3)  # the fastest of all

    monkeypatch.setattr("core.landscape.evaluation.fusing.FusedNetwork.__call__", wrong)
    with evaluator_of(plane("resnet8_w3", count=64)) as evaluator:
        assert "layer by layer" in evaluator.description
        assert evaluator.engine_error < 2e-6


@pytest.mark.parametrize(("below", "words"), [(1e4, "fused layers"), (1e7, "layer by layer")])
def test_what_a_leaky_relu_lets_through_is_compared_with_float64(
    below: float, words: str, tuned: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.landscape.evaluation.tuning.Tuner._seconds", lambda _, way: float(not way.fused))
    torch.manual_seed(0)
    first = nn.Conv2d(3, 8, 3)
    module = nn.Sequential(first, nn.ReLU(), nn.Conv2d(8, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    first.state_dict()["bias"][0] = -below  # a channel that is never on
    step = {name: np.zeros(tuple(p.shape), np.float32) for name, p in module.named_parameters()}
    subject = Plane(module.eval(), Directions(x=step, y={}, cosine=0.0), *samples((3, 5, 5), 64))
    with evaluator_of(subject) as evaluator:
        assert words in evaluator.description
        assert evaluator.engine_error < 1e-5


def test_a_way_that_does_not_run_is_never_chosen(tuned: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, batch: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("not on this processor")

    monkeypatch.setattr("core.landscape.evaluation.fusing.FusedNetwork.__call__", broken)
    with evaluator_of(plane("resnet8_w3", count=64)) as evaluator:
        assert "layer by layer" in evaluator.description


class Overwriting(nn.Module):
    """Of which torch's tracing does not notice that ``+=`` changes what is used later."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.third = nn.Linear(6, 9), nn.Linear(6, 9), nn.Linear(9, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        left = self.first(x)
        out = left
        out += torch.relu(self.second(x))
        return self.third(left) + left[:, :3]


def test_a_network_whose_graph_says_something_else_is_evaluated_as_it_is(tuned: None) -> None:
    module = Overwriting().eval()
    step = {name: np.ones(tuple(p.shape), np.float32) for name, p in module.named_parameters()}
    inputs, labels = samples((6,), 40)
    subject = Plane(module, Directions(x=step, y={}, cosine=0.0), inputs, labels)
    with evaluator_of(subject) as evaluator:
        assert "layer by layer" in evaluator.description
        with torch.no_grad():
            own = nn.functional.cross_entropy(module(inputs).double(), labels)
        assert evaluator.at(0.0, 0.0, JOB).loss == pytest.approx(float(own), rel=1e-6)


def test_chosen_rows_have_the_values_they_have_among_all(tuned: None) -> None:
    with evaluator_of(plane("resnet8_w3", count=40)) as evaluator:
        rows = np.array([3, 1, 39, 3])
        whole = evaluator.at(0.3, 0.1, JOB)
        some = evaluator.at(0.3, 0.1, JOB, rows)
        assert np.allclose(some.losses, whole.losses[rows], rtol=1e-5)
        assert (some.right == whole.right[rows]).all()
        rows[0] = 5  # the same array with other rows in it
        assert np.allclose(evaluator.at(0.3, 0.1, JOB, rows).losses, whole.losses[rows], rtol=1e-5)
        assert (evaluator.at(0.3, 0.1, JOB).losses == whole.losses).all()


@pytest.mark.parametrize("name", ["resnet8_w3", "mlp:6-9-7-3"])
def test_outputs_are_given_of_the_samples_asked_for(name: str, tuned: None) -> None:
    subject = plane(name)
    rows = np.array([5, 0, 17])
    with evaluator_of(subject) as evaluator:
        plain = evaluator.at(0.0, 0.0, JOB)
        values = evaluator.at(0.0, 0.0, JOB, outputs_of=rows)
        ((_, same),) = evaluator.many([(0.0, 0.0)], JOB, outputs_of=rows)
    assert plain.outputs is None
    assert values.outputs is not None
    assert same.outputs is not None
    with torch.inference_mode():
        expected = subject.module(subject.inputs[rows]).numpy()
    assert np.allclose(values.outputs, expected, rtol=1e-4, atol=1e-5)
    assert np.array_equal(values.outputs, same.outputs)
    assert np.array_equal(values.losses, plain.losses)


def test_rows_are_gathered_once() -> None:
    with evaluator_of(plane("resnet8_w3", count=40)) as evaluator:
        rows = np.arange(7)
        assert evaluator._samples.of(rows)[0] is evaluator._samples.of(rows.copy())[0]


@pytest.mark.parametrize("name", ["resnet8_w3", "mlp:6-9-7-3"])
def test_the_network_is_never_displaced_not_even_in_between(name: str, tuned: None) -> None:
    subject = plane(name)
    before = state(subject)
    subject.module.train()
    with evaluator_of(subject) as evaluator:
        for a, b in GRID:
            evaluator.at(a, b, JOB)
            assert state(subject) == before
    assert subject.module.training


def test_directions_of_another_network_are_refused() -> None:
    subject = plane("resnet8_w3")
    foreign = Directions(x={"elsewhere": np.ones(3, np.float32)}, y={}, cosine=0.0)
    with (
        pytest.raises(InvalidRequest, match="another network"),
        evaluator_of(Plane(subject.module, foreign, subject.inputs, subject.labels)),
    ):
        pass


def test_many_points_come_one_by_one_where_there_is_one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIE_THREADS", "1")
    taken: list[int] = []

    def points() -> Iterator[tuple[float, float]]:
        for index, point in enumerate(GRID):
            taken.append(index)
            yield point

    with evaluator_of(plane("resnet8_w3")) as evaluator:
        results = evaluator.many(points(), JOB)
        assert not taken
        index, values = next(results)
        assert (index, taken) == (0, [0])
        assert (values.losses == evaluator.at(*GRID[0], JOB).losses).all()


def test_workers_give_the_same_values_as_one(three_workers: None) -> None:
    subject = plane("resnet8_w3")
    with evaluator_of(subject) as evaluator:
        assert "3 workers" in evaluator.description
        got = dict(evaluator.many(GRID, JOB))
        assert sorted(got) == list(range(9))
        for index, values in got.items():
            assert np.allclose(values.losses, evaluator.at(*GRID[index], JOB).losses, rtol=1e-6)
        some = dict(evaluator.many(GRID[:4], JOB, np.arange(5)))
        assert all(len(values.losses) == 5 for values in some.values())


def test_a_stop_ends_the_workers(three_workers: None) -> None:
    job = ControlledJob()
    with evaluator_of(plane("resnet8_w3")) as evaluator:
        results = evaluator.many(((0.01 * step, 0.0) for step in range(10_000)), job)
        next(results)
        job.cancel()
        with pytest.raises(Cancelled):
            list(results)


def test_an_error_in_a_worker_is_raised_where_the_results_are_asked_for(
    three_workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with evaluator_of(plane("resnet8_w3")) as evaluator:

        def fail(self: PlaneEvaluator, replica: object, point: tuple[float, float], *rest: object) -> None:
            raise MemoryError

        monkeypatch.setattr(PlaneEvaluator, "_evaluated", fail)
        with pytest.raises(MemoryError):
            list(evaluator.many(GRID, JOB))


def test_results_nobody_asks_for_any_more_leave_no_thread(three_workers: None) -> None:
    with evaluator_of(plane("resnet8_w3")) as evaluator:
        abandoned = evaluator.many(((0.01 * step, 0.0) for step in range(10_000)), JOB)
        next(abandoned)
    assert list(abandoned) == []
