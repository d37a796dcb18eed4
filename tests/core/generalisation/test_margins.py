"""Margins by hand."""

import math

import numpy as np
import torch
from torch import nn

from core.generalisation.margins import answers, margins_of
from core.job import JobContext
from core.networks.mean_loss import mean_loss

JOB = JobContext()


def test_a_margin_is_the_right_output_minus_the_largest_other() -> None:
    outputs = torch.tensor([[3.0, 1.0, 2.5], [0.0, 4.0, 7.0], [1.0, 1.0, -9.0], [-5.0, -2.0, -1.0]])
    found = margins_of(outputs, torch.tensor([0, 1, 1, 2]))
    assert found.tolist() == [0.5, -3.0, 0.0, 1.0]


def test_an_output_that_is_not_a_number_has_no_margin() -> None:
    outputs = torch.tensor([[3.0, math.nan, 2.5], [math.nan, 4.0, 7.0], [1.0, 2.0, math.inf]])
    found = margins_of(outputs, torch.tensor([0, 0, 2])).numpy()
    assert np.isnan(found[:2]).all()
    assert found[2] == math.inf


def test_loss_and_accuracy_are_those_of_the_engines_to_the_last_bit() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(5, 4)).eval()
    inputs, labels = torch.randn(1500, 5), torch.randint(0, 4, (1500,))
    found = answers(module, inputs, labels, JOB)
    assert (found.loss, found.accuracy) == mean_loss(module, inputs, labels, JOB)
    assert len(found.margins) == 1500
    assert np.mean(found.margins > 0) == found.accuracy


def test_numbers_that_are_predicted_and_a_single_class_have_no_margins() -> None:
    module = nn.Linear(5, 1).eval()
    for labels in (torch.randn(9, 1), torch.zeros(9, dtype=torch.int64)):
        assert answers(module, torch.randn(9, 5), labels, JOB).margins.size == 0
    assert math.isnan(answers(module, torch.randn(9, 5), torch.randn(9, 1), JOB).accuracy)
