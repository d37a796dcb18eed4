"""Monotone ends of networks: what torch makes of the outputs, and limits on both sides of them."""

from decimal import Decimal, localcontext
from typing import get_args

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.corrections.network.head import Head, Kind
from core.corrections.records.goal import Goal
from core.errors import InvalidRequest

INVERTIBLE: tuple[Kind, ...] = ("none", "sigmoid", "log_sigmoid", "tanh")


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_head_does_what_torch_does(kind: Kind) -> None:
    outputs = np.random.default_rng(0).normal(size=(20, 4)) * [1, 10, 100, 800]
    tensor = torch.from_numpy(outputs)
    truth = {
        "none": tensor,
        "softmax": tensor.softmax(1),
        "log_softmax": tensor.log_softmax(1),
        "sigmoid": tensor.sigmoid(),
        "log_sigmoid": functional.logsigmoid(tensor),
        "tanh": tensor.tanh(),
    }
    assert np.allclose(Head(kind).applied(outputs), truth[kind].numpy(), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("kind", INVERTIBLE)
def test_a_limit_before_the_head_comes_out_as_the_limit_that_was_asked_for(kind: Kind) -> None:
    for output in (-3.0, -0.2, 0.1, 2.5):
        limit = float(Head(kind).applied(np.array([[output]]))[0, 0])
        assert Head(kind).limit(limit) == pytest.approx(output, rel=1e-12)


def test_a_goal_is_translated_with_both_its_limits() -> None:
    before = Head("sigmoid").before(Goal(at_least=0.5, at_most=0.9))
    assert (before.at_least, before.at_most) == (0.0, pytest.approx(np.log(9)))
    assert Head("tanh").before(Goal(at_most=0.0)) == Goal(at_most=0.0)
    assert Head("softmax").before(Goal(classes=(1,))) == Goal(classes=(1,))


@pytest.mark.parametrize(("kind", "limit"), [("sigmoid", 1.0), ("sigmoid", 0.0), ("tanh", -1.5), ("log_sigmoid", 0.2)])
def test_a_limit_that_no_output_reaches_is_refused(kind: Kind, limit: float) -> None:
    with pytest.raises(InvalidRequest, match="not among them"):
        Head(kind).before(Goal(at_least=limit))


def test_a_share_of_a_softmax_cannot_be_asked_for() -> None:
    with pytest.raises(InvalidRequest, match="Ask for a class"):
        Head("softmax").limit(0.5)


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("sigmoid", 0.0, 1.0), ("log_sigmoid", -3.0, 0.0), ("tanh", -1.0, 1.0)]
)
def test_the_limit_without_rounding_lies_within_the_doubt_of_the_one_that_is_used(
    kind: Kind, low: float, high: float
) -> None:
    exact = {
        "sigmoid": lambda v: (v / (1 - v)).ln(),
        "log_sigmoid": lambda v: v - (1 - v.exp()).ln(),
        "tanh": lambda v: ((1 + v) / (1 - v)).ln() / 2,
    }[kind]
    missed = 0
    with localcontext() as context:
        context.prec = 60
        for value in np.random.default_rng(0).uniform(low, high, size=400):
            goal = Head(kind).before(Goal(at_least=float(value)))
            truth = exact(Decimal(float(value)))
            missed += Decimal(goal.at_least) < truth  # type: ignore[arg-type]
            assert abs(Decimal(goal.at_least) - truth) < Decimal(goal.doubt)  # type: ignore[arg-type]
            assert goal.doubt < 1e-13
    assert missed > 40  # without it a proof would be of a lower limit than was asked for
