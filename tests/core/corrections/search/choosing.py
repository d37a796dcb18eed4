"""A question in three numbers and a category that a small random network is asked."""

import numpy as np

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.lanes import Choice
from core.corrections.search.question import Handle, Question
from tests.core.corrections.examples import random_network


def example(seed: int, half_width: float = 0.05) -> tuple[Question, PiecewiseLinear]:
    network = random_network((5, 10, 10, 2), seed)
    start = np.concatenate([np.random.default_rng(seed).uniform(-0.5, 0.5, 3), [1, 0]])
    goal = Goal(classes=(1 - int(network.forward(start[None])[0].argmax()),))
    handles = tuple(Handle(low=-1, high=1, half_width=half_width, weight=w) for w in (1.0, 1.2, 0.9))
    space = Subspace.of_columns(start, (0, 1, 2))
    return Question(
        subspace=space, start=start[:3], handles=handles, goal=goal, choices=(Choice(columns=(3, 4), price=0.4),)
    ), network
