"""What is remembered of the network's outputs, and the loss that is computed from their weighted sums."""

import numpy as np
import pytest
import torch

from core.landscape.evaluation import answers as module
from core.landscape.evaluation.answers import Answers
from core.networks.loss import correct, per_sample_loss

PLENTY = 1e9  # operations


def nothing() -> None:
    """No job to check."""


def filled(labels: torch.Tensor, kinds: int, points: int = 5) -> tuple[Answers, np.ndarray]:
    answers = Answers(labels, PLENTY)
    outputs = np.random.default_rng(0).normal(0, 3, (points, len(labels), kinds)).astype(np.float32)
    for place, of_point in enumerate(outputs):
        answers.keep(place, 2 * place, of_point[answers.rows])
    return answers, outputs


def test_weighted_outputs_have_the_loss_and_the_verdicts_of_the_engines() -> None:
    labels = torch.arange(70) % 4
    answers, outputs = filled(labels, 4)
    weights = np.random.default_rng(1).normal(0, 0.5, (30, 5))
    found = answers.at(weights, nothing)
    for place, weighted in enumerate(np.einsum("mp,pnk->mnk", weights, outputs)):
        exact = torch.from_numpy(weighted)
        assert found.loss[place] == pytest.approx(float(per_sample_loss(exact, labels).mean()), rel=1e-5)
        assert found.right[place] == pytest.approx(float(correct(exact, labels).mean()), abs=1e-6)
    assert answers.cells.tolist() == [[0, 0], [1, 2], [2, 4], [3, 6], [4, 8]]
    assert np.allclose(answers.own(), answers.at(np.eye(5), nothing).loss)


def test_numbers_that_are_predicted_have_their_squared_error() -> None:
    labels = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
    answers, outputs = filled(labels, 2)
    found = answers.at(np.eye(5), nothing)
    for place in range(5):
        expected = float(per_sample_loss(torch.from_numpy(outputs[place]), labels).mean())
        assert found.loss[place] == pytest.approx(expected, rel=1e-5)
    assert np.isnan(found.right).all()


def test_memory_is_bounded_by_forgetting_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NUMBERS", 4000)
    labels = torch.arange(400) % 3
    answers, _ = filled(labels, 3, points=12)
    assert len(answers) == 12
    found = answers.at(np.eye(12), nothing)
    assert np.allclose(found.loss, answers.own())
    monkeypatch.setattr(module, "MOST_NUMBERS", 100)
    answers.keep(50, 50, np.zeros((400, 3), dtype=np.float32))
    assert len(answers) == 0  # so few samples say nothing


def test_of_a_large_set_some_samples_are_remembered() -> None:
    rows = Answers(torch.zeros(10_000, dtype=torch.int64), PLENTY).rows
    assert len(rows) == module.MOST_SAMPLES == len(set(rows.tolist()))
    assert abs(rows.mean() - 5000) < 300


def test_a_network_that_is_computed_sooner_than_its_outputs_are_interpolated_is_not_remembered() -> None:
    answers = Answers(torch.arange(70) % 4, operations=1000.0)
    answers.keep(0, 0, np.zeros((70, 4), dtype=np.float32))
    assert len(answers) == 0


def test_outputs_that_are_not_finite_are_not_remembered() -> None:
    answers = Answers(torch.arange(70) % 4, PLENTY)
    answers.keep(0, 0, np.full((70, 4), np.inf, dtype=np.float32))
    answers.keep(0, 1, None)
    assert len(answers) == 0
