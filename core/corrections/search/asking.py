"""From what a user may change to the question that the search answers."""

import numpy as np

from core.corrections.correction import Norm
from core.corrections.freedom import Freedom
from core.corrections.goal import Goal
from core.corrections.search.question import Choice, Handle, Question


def question_of(point: tuple[float, ...], freedom: Freedom, goal: Goal, norm: Norm = "L1") -> Question:
    """The nearest stable correction of an input (columns,) as a question about handles and categories.

    Raises `InvalidRequest` if freedom and input do not fit.
    """
    base = np.array(point, dtype=np.float64)
    numbers = freedom.numbers
    return Question(
        subspace=freedom.subspace(base),
        start=freedom.start(base),
        handles=tuple(
            Handle(
                low=one.low,
                high=one.high,
                half_width=one.half_width,
                weight=one.weight,
                step=one.step,
                name=one.name,
            )
            for one in numbers
        ),
        goal=goal,
        choices=tuple(
            Choice(columns=one.columns, allowed=one.allowed, price=one.price, name=one.name)
            for one in freedom.categories
        ),
        norm=norm,
    )
