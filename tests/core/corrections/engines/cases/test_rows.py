"""Which rows are cases, and what may change of each."""

import numpy as np
import pytest

from core.corrections.engines.cases.engine import compute_cases
from core.corrections.engines.cases.rows import freedoms
from core.corrections.records.cases import CaseFeature, CasesRequest
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointRequest
from core.corrections.requests.cases import request_of_case
from core.errors import InvalidRequest
from core.job import JobContext
from tests.core.corrections.case_examples import GOOD, judge, question, table


def asked(*features: CaseFeature) -> CasesRequest:
    return CasesRequest(free=features, goal=Goal(classes=(GOOD,)), rules=0, samples=16)


def first_number(freedom: Freedom | str) -> tuple[float, float]:
    assert isinstance(freedom, Freedom)
    return freedom.numbers[0].low, freedom.numbers[0].high


def test_a_one_way_change_begins_at_each_rows_own_value() -> None:
    rows = [1, 2, 3]
    up = freedoms(asked(CaseFeature(name="amount", change="up")), table(), rows, JobContext())
    down = freedoms(asked(CaseFeature(name="amount", low=-2, high=1.5, change="down")), table(), rows, JobContext())
    values = table().x[rows, 0]
    assert [first_number(one) for one in up] == [(value, 2.0) for value in values]
    assert [first_number(one) for one in down] == [(-2.0, min(1.5, value)) for value in values]


def test_levels_that_are_named_are_the_only_ones_allowed() -> None:
    (one,) = freedoms(asked(CaseFeature(name="purpose", levels=("other", "car"))), table(), [4], JobContext())
    assert isinstance(one, Freedom)
    assert one.categories[0].allowed == (2, 0)
    with pytest.raises(InvalidRequest, match="no level"):
        freedoms(asked(CaseFeature(name="purpose", levels=("boat",))), table(), [4], JobContext())


def test_steps_and_prices_that_are_given_take_the_place_of_the_cards() -> None:
    feature = CaseFeature(name="amount", half_width=0.1, price=0.3, step=0.5)
    cases = compute_cases(asked(feature, CaseFeature(name="duration")), judge(), table(), JobContext())
    assert cases.steps.tolist() == [0.5, 0.0]
    assert (cases.prices[:, 0] == 0.3).all()
    changed = cases.corrected & (cases.point[:, 0] != cases.start[:, 0])
    assert changed.any()
    assert np.array_equal(cases.point[changed, 0], np.round(2 * cases.point[changed, 0]) / 2)


def test_a_case_asks_for_its_slice_or_for_its_joint_correction_with_the_same_answer() -> None:
    pair = compute_cases(question("amount", "age", rules=0), judge(), table(), JobContext())
    place = int(np.flatnonzero(pair.corrected)[0])
    request = request_of_case(pair, place)
    assert isinstance(request, CorrectionRequest)
    assert request.row == pair.rows[place]
    assert request.point == tuple(pair.start[place])
    failed = int(np.flatnonzero(~pair.corrected)[0])
    with pytest.raises(InvalidRequest, match="may only grow"):
        request_of_case(pair, failed)
    three = compute_cases(question("amount", "age", "purpose", rules=0, samples=8), judge(), table(), JobContext())
    joint = request_of_case(three, len(three.rows) - 1)
    assert isinstance(joint, JointRequest)
    assert joint.freedom.names == ("amount", "age", "purpose")
    assert joint.present == tuple(three.present[-1])
