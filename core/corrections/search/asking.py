"""From what a user may change to the question that the search answers."""

import numpy as np

from core.corrections.records.correction import Norm
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.lanes import Choice
from core.corrections.search.question import Handle, Question


def question_of(point: tuple[float, ...], freedom: Freedom, goal: Goal, norm: Norm = "L1") -> Question:
    """The nearest stable correction of an input (columns,) as a question about handles and categories.

    Where nothing but categories may change, there is one handle, which stays at zero and moves nothing.

    Raises `InvalidRequest` if freedom and input do not fit.
    """
    base = np.array(point, dtype=np.float64)
    choices = tuple(
        Choice(columns=one.columns, allowed=one.allowed, price=one.price, name=one.name) for one in freedom.categories
    )
    if not freedom.numbers:
        freedom.present(base)
        nothing = Subspace(base=base, directions=np.zeros((len(base), 1)))
        still = (Handle(low=0.0, high=0.0, name="nothing"),)
        return Question(subspace=nothing, start=np.zeros(1), handles=still, goal=goal, choices=choices, norm=norm)
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
            for one in freedom.numbers
        ),
        goal=goal,
        choices=choices,
        norm=norm,
    )
