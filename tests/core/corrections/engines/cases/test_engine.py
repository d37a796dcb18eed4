"""The engine of the table of cases, on a network whose verdicts are checked by its own forward pass."""

import dataclasses
from functools import cache

import numpy as np
import pytest

from core.corrections.engines.cases.engine import compute_cases
from core.corrections.engines.slice import compute_correction
from core.corrections.records.cases import (
    FAILED,
    FAILS,
    HOLDS,
    NONE_EXISTS,
    NOT_YET,
    OPEN,
    OWN_LEVEL,
    CaseFeature,
    Cases,
)
from core.corrections.records.goal import Goal
from core.corrections.requests.rows import Wanted, request_for_row
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from tests.core.corrections.case_examples import GOOD, judge, lowered, question, table

POINTS = 2000
OF_THE_CLOCK = {"seconds", "provenance"}


@cache
def pair() -> Cases:
    return compute_cases(question("amount", "age"), judge(), table(), JobContext())


@cache
def with_category() -> Cases:
    request = question("amount", "duration", "purpose", rules=2, samples=16)
    return compute_cases(request, judge(), table(), JobContext())


def accepted(inputs: np.ndarray, seed: int = 10) -> np.ndarray:
    return lowered(seed).forward(inputs).argmax(axis=1) == GOOD


def moved(cases: Cases, place: int, points: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Inputs (n, columns) of a case with these numbers (n, k) and levels (c,)."""
    inputs = np.tile(cases.inputs[place], (len(points), 1))
    for column, move in enumerate(cases.moves):
        inputs[:, list(move.columns)] = points[:, [column]]
    for category, level in zip(cases.categories, levels, strict=True):
        inputs[:, list(category.columns)] = np.eye(len(category.levels))[level]
    return inputs


def anywhere(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Random points of a box, its corners among them."""
    generator = np.random.default_rng(0)
    inside = generator.uniform(low, high, (POINTS, len(low)))
    corners = np.where(generator.integers(0, 2, (64, len(low))), high, low)
    return np.concatenate([inside, corners])


def alike(a: Cases, b: Cases) -> None:
    """The same but for what the clock says."""
    for field in dataclasses.fields(Cases):
        if field.name not in OF_THE_CLOCK:
            one, other = getattr(a, field.name), getattr(b, field.name)
            same = one.tobytes() == other.tobytes() if isinstance(one, np.ndarray) else repr(one) == repr(other)
            assert same, field.name


def test_the_cases_are_the_rows_that_the_network_rejects() -> None:
    verdicts = accepted(table().x.astype(np.float64))
    assert pair().rows.tolist() == np.flatnonzero(~verdicts).tolist()
    assert (pair().looked_at, pair().accepted) == (40, int(verdicts.sum()))


def test_two_numbers_have_the_answer_of_their_exact_slice() -> None:
    cases = pair()
    for place in np.flatnonzero(cases.corrected)[:4]:
        request = request_for_row(table(), int(cases.rows[place]), ("amount", "age"), Wanted(), {})
        alone = compute_correction(request, judge(), "", JobContext())
        assert alone.proof == "proved"
        assert alone.distance == cases.distance[place]
        assert alone.centre == tuple(cases.point[place])


def test_a_row_of_which_nothing_can_change_has_a_sentence_and_the_others_go_on() -> None:
    cases = pair()
    (failed,) = np.flatnonzero(cases.proof == FAILED)
    assert cases.rows[failed] == 0
    assert "may only grow" in cases.failure(int(failed))
    assert cases.done == len(cases.rows) > 5
    assert np.isnan(cases.distance[failed])


@pytest.mark.parametrize("make", [pair, with_category])
def test_boxes_hold_their_point_and_its_stability_and_only_accepted_points(make: object) -> None:
    cases: Cases = make()  # type: ignore[operator]
    for place in np.flatnonzero(cases.corrected):
        low, high = cases.box[place]
        point, half = cases.point[place], cases.half_widths
        assert (low <= point - half + 1e-12).all()
        assert (high >= point + half - 1e-12).all()
        assert accepted(moved(cases, place, anywhere(low, high), cases.levels[place])).all()
        assert cases.lower_bound[place] <= cases.distance[place]


@pytest.mark.parametrize("make", [pair, with_category])
def test_a_rule_corrects_every_case_it_is_said_to_correct(make: object) -> None:
    cases: Cases = make()  # type: ignore[operator]
    assert len(cases.rule_box)
    for rule, (low, high) in enumerate(cases.rule_box):
        assert (cases.rule_covers[rule] == HOLDS).any()
        for place in np.flatnonzero(cases.rule_covers[rule] == HOLDS):
            own = cases.rule_levels[rule]
            levels = np.where(own == OWN_LEVEL, cases.present[place], own)
            reach = np.maximum(low, cases.ranges[place, 0]), np.minimum(high, cases.ranges[place, 1])
            assert accepted(moved(cases, place, anywhere(*reach), levels)).all()
            assert cases.rule_cost[rule, place] >= cases.lower_bound[place]


def test_no_rule_is_proved_for_a_case_that_has_no_correction() -> None:
    cases = compute_cases(question("purpose", samples=25), judge(), table(), JobContext())
    nothing = cases.proof == NONE_EXISTS
    assert nothing.any()
    assert cases.corrected.any()
    assert not (cases.rule_covers[:, nothing] == HOLDS).any()
    for place in np.flatnonzero(nothing):  # of a category every level can be tried
        each = [moved(cases, place, np.zeros((1, 0)), np.array([level])) for level in range(3)]
        assert not accepted(np.concatenate(each)).any()


def test_what_was_resumed_is_what_was_never_interrupted() -> None:
    request = question("amount", "age")
    whole = pair()
    partial: list[Cases] = []
    job = ControlledJob(on_partial=partial.append)  # type: ignore[arg-type]
    job.progress = lambda done, _total, _text="": job.cancel() if done == 4 else None  # type: ignore[assignment, method-assign]
    with pytest.raises(Cancelled):
        compute_cases(request, judge(), table(), job)
    stopped = partial[-1]
    assert (stopped.status, stopped.done) == ("partial", 4)
    assert (stopped.proof[4:] == NOT_YET).all()

    resumed = compute_cases(request, judge(), table(), JobContext(), stopped)
    alike(resumed, whole)
    done = slice(0, 4)
    assert resumed.seconds[done].tobytes() == stopped.seconds[done].tobytes()
    assert resumed.provenance.seconds > stopped.provenance.seconds


def test_a_partial_table_of_another_network_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="belongs to another"):
        compute_cases(pair().request, judge(3), table(), JobContext(), pair())


def test_corrections_hold_under_another_network_only_where_that_accepts_their_boxes() -> None:
    other = judge(1)
    request = question("amount", "duration", rules=0, others=(other.sha256,))
    cases = compute_cases(request, judge(), table(), JobContext(), others={other.sha256: other})
    holds, fails = cases.held[0] == HOLDS, cases.held[0] == FAILS
    assert holds.any()
    assert fails.any()
    for place in np.flatnonzero(cases.corrected):
        point, half = cases.point[place], cases.half_widths
        inputs = moved(cases, place, anywhere(point - half, point + half), cases.levels[place])
        if holds[place]:
            assert accepted(inputs, seed=1).all()
        assert (cases.held_point[0, place] == HOLDS) == accepted(
            moved(cases, place, point[None], cases.levels[place]), seed=1
        )


def test_another_network_that_is_not_at_hand_is_asked_for() -> None:
    with pytest.raises(InvalidRequest, match="Open it as well"):
        compute_cases(question("amount", "age", others=("ab" * 32,)), judge(), table(), JobContext())


def test_time_that_runs_out_leaves_an_open_case_with_a_bound() -> None:
    request = question("amount", "duration", "purpose", seconds=1e-6, samples=16)
    cases = compute_cases(request, judge(), table(), JobContext())
    assert cases.status == "complete"
    assert (cases.proof == OPEN).any()
    assert (cases.lower_bound >= 0).all()


def test_rules_that_were_cut_short_by_the_time_say_so() -> None:
    cases = compute_cases(question("amount", "age", rule_seconds=1e-6), judge(), table(), JobContext())
    assert cases.status == "complete"
    assert not cases.rules_finished
    assert pair().rules_finished


def test_rows_that_are_given_are_cases_as_far_as_they_are_rejected() -> None:
    rejected, fine = pair().rows[1:3].tolist(), [row for row in range(40) if row not in pair().rows][:2]
    request = question("amount", "age", rows=tuple(rejected + fine), rules=0)
    cases = compute_cases(request, judge(), table(), JobContext())
    assert cases.rows.tolist() == rejected
    assert cases.accepted == 2
    assert cases.distance.tobytes() == pair().distance[1:3].tobytes()


def test_what_cannot_be_asked_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidRequest, match="no feature"):
        compute_cases(question("wealth", "age"), judge(), table(), JobContext())
    with pytest.raises(InvalidRequest, match="no row 99"):
        compute_cases(question("amount", "age", rows=(99,)), judge(), table(), JobContext())
    with pytest.raises(InvalidRequest, match="named twice"):
        question("age", "age")
    with pytest.raises(InvalidRequest, match="one end only"):
        CaseFeature(name="age", low=1.0)
    with pytest.raises(InvalidRequest, match="no class 7"):
        compute_cases(dataclasses.replace(pair().request, goal=Goal(classes=(7,))), judge(), table(), JobContext())
