"""Boxes judged for many inputs at once, against the network itself."""

import numpy as np

from core.corrections.records.cases import FAILS, HOLDS, UNDECIDED
from core.corrections.records.freedom import FreeCategory, Move
from core.corrections.records.goal import Goal
from core.corrections.search.many import Crowd
from core.job import JobContext
from tests.core.corrections.case_examples import GOOD, lowered, table

MOVES = (Move(columns=(0,)), Move(columns=(1,)))
PURPOSE = FreeCategory(name="purpose", columns=(3, 4, 5), levels=("car", "house", "other"))
POINTS = 3000


def crowd(steps: tuple[float, float] = (0.0, 0.0), moves: tuple[Move, ...] = MOVES) -> Crowd:
    """All rows of the table as houses."""
    x = table().x.astype(np.float64)
    levels = np.ones((len(x), 1), np.int64)
    return Crowd.of(lowered(), Goal(classes=(GOOD,)), x, moves, np.array(steps), (PURPOSE,), levels)


def inputs(which: int, points: np.ndarray) -> np.ndarray:
    x = np.tile(table().x[which].astype(np.float64), (len(points), 1))
    x[:, :2], x[:, 3:] = points, (0.0, 1.0, 0.0)
    return x


def boxes(side: float, count: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(4)
    low = generator.uniform(-2, 2 - side, (count, 2))
    return low, low + side, generator.integers(0, len(table()), count)


def test_what_holds_is_accepted_everywhere_and_what_fails_is_rejected_somewhere() -> None:
    low, high, which = boxes(0.6)
    flags = crowd().judged(low, high, which, JobContext())
    assert (flags == HOLDS).any()
    assert (flags == FAILS).any()
    generator = np.random.default_rng(5)
    for place, flag in enumerate(flags):
        points = generator.uniform(low[place], high[place], (POINTS, 2))
        accepted = lowered().forward(inputs(int(which[place]), points)).argmax(axis=1) == GOOD
        if flag == HOLDS:
            assert accepted.all()
        elif accepted.all():
            corners = np.array(np.meshgrid(*zip(low[place], high[place], strict=True))).reshape(2, -1).T
            assert (
                flag == UNDECIDED or not (lowered().forward(inputs(int(which[place]), corners)).argmax(1) == GOOD).all()
            )


def test_leads_are_those_of_each_input_at_its_own_point() -> None:
    low, _, which = boxes(0.5)
    outputs = np.concatenate(
        [lowered().forward(inputs(int(one), point[None])) for one, point in zip(which, low, strict=True)]
    )
    assert np.allclose(crowd().leads(low, which, JobContext()), outputs[:, GOOD] - outputs[:, 1 - GOOD], atol=1e-12)


def test_on_steps_allowed_values_count_and_the_inputs_own_and_between_them_every_number() -> None:
    low, high, which = boxes(0.9)
    inside = ((low > -2) & (high < 0) | (low > 0)).all(axis=1)  # beside 0, the only multiple of 4
    between = crowd((4.0, 4.0)).judged(low[inside], high[inside], which[inside], JobContext())
    numbers = crowd().judged(low[inside], high[inside], which[inside], JobContext())
    assert (between == numbers).all()
    assert {HOLDS, FAILS} <= set(between.tolist())
    low, high, which = boxes(1.2)
    flags = crowd((0.5, 0.5)).judged(low, high, which, JobContext())
    for place, flag in enumerate(flags):
        own = table().x[which[place], :2].astype(np.float64)
        axes = [
            np.append(np.arange(np.ceil(a / 0.5), np.floor(b / 0.5) + 1) * 0.5, [c] if a <= c <= b else [])
            for a, b, c in zip(low[place], high[place], own, strict=True)
        ]
        points = np.array(np.meshgrid(*axes)).reshape(2, -1).T
        accepted = lowered().forward(inputs(int(which[place]), points)).argmax(axis=1) == GOOD
        assert (flag == HOLDS) == accepted.all()


def test_features_that_shift_together_move_every_input_from_where_it_is() -> None:
    together = crowd((0.0,), (Move(columns=(0, 1), amounts=(1.0, -0.5)),))  # type: ignore[arg-type]
    which = np.arange(5)
    change = np.full((5, 1), 0.3)
    moved = table().x[which, :2].astype(np.float64) + 0.3 * np.array([1.0, -0.5])
    assert np.allclose(together.leads(change, which, JobContext()), crowd().leads(moved, which, JobContext()))
