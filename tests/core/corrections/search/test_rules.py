"""Which rules are needed, beside what `test_cases` proves of them."""

import numpy as np

from core.corrections.records.cases import FAILS, HOLDS
from core.corrections.search.rule_growth import corners_of
from core.corrections.search.rules import Rule, without_spare


def rule(*cost: float) -> Rule:
    """That serves the cases with a cost."""
    costs = np.array(cost)
    covers = np.where(np.isfinite(costs), HOLDS, FAILS).astype(np.uint8)
    return Rule(box=np.zeros((2, 1)), levels=np.zeros(0, np.int64), covers=covers, cost=costs)


NO = np.nan


def test_a_rule_that_others_make_superfluous_is_left_out() -> None:
    spare, wide, far = rule(1.0, 1.0, NO, NO), rule(0.9, 1.0, 2.0, NO), rule(3.0, 3.0, 3.0, 3.0)
    assert without_spare((spare, wide, far)) == (wide, far)


def test_a_rule_that_is_much_cheaper_for_some_stays() -> None:
    cheap, all_of_them = rule(0.1, 0.1, NO), rule(1.0, 1.0, 1.0)
    assert without_spare((cheap, all_of_them)) == (cheap, all_of_them)


def test_what_only_one_rule_corrects_is_never_given_up() -> None:
    one, other = rule(1.0, NO), rule(NO, 1.0)
    assert without_spare((one, other)) == (one, other)
    assert without_spare((one,)) == (one,)
    assert without_spare(()) == ()


def test_of_two_equal_rules_one_is_enough() -> None:
    assert len(without_spare((rule(1.0, 2.0), rule(1.0, 2.0)))) == 1


def test_corners_are_all_of_a_small_box_and_some_of_a_large_one() -> None:
    assert len(corners_of(3)) == 9
    assert len(corners_of(8)) == 33
    assert corners_of(0).shape == (1, 0)
    assert set(np.unique(corners_of(4))) == {0.0, 0.5, 1.0}
