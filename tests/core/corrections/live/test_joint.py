"""What is known of boxes that were judged before."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corrections.bounds.slabs import slabs_beyond
from core.corrections.live.joint import BoxJudgement, KnownBoxes, box_around, chosen_change, same_place
from core.corrections.records.correction import NO_CLASS
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointBox
from core.corrections.records.pairs import PairsRequest
from core.corrections.requests.slices import pair_request, search_request, slice_request, sliceable
from core.errors import InvalidRequest
from tests.joints import joint, joint_request

whole = st.integers(-5, 5)
sides = st.lists(st.tuples(whole, st.integers(0, 5)), min_size=1, max_size=4)


def box(low: tuple[float, float], high: tuple[float, float], level: int = 0) -> JointBox:
    return JointBox(low=np.array(low), high=np.array(high), levels=(level,))


@given(sides, st.data())
def test_slabs_and_the_known_box_hold_every_point_of_the_new_one(
    new: list[tuple[int, int]], data: st.DataObject
) -> None:
    known = data.draw(st.lists(st.tuples(whole, st.integers(0, 5)), min_size=len(new), max_size=len(new)))
    low, high = (np.array([start + wide * end for start, wide in new], float) for end in (0, 1))
    inner_low, inner_high = (np.array([start + wide * end for start, wide in known], float) for end in (0, 1))
    lows, highs = slabs_beyond(low, high, inner_low, inner_high)
    assert (lows >= low).all()
    assert (highs <= high).all()
    points = low + np.random.default_rng(0).random((200, len(low))) * (high - low)
    held = ((points >= inner_low) & (points <= inner_high)).all(axis=1)
    for slab_low, slab_high in zip(lows, highs, strict=True):
        held |= ((points >= slab_low) & (points <= slab_high)).all(axis=1)
    assert held.all()


def test_a_box_that_grows_on_one_side_has_one_new_slab() -> None:
    lows, highs = slabs_beyond(np.zeros(3), np.array([1.0, 2.0, 1.0]), np.zeros(3), np.ones(3))
    np.testing.assert_array_equal(lows, [[0.0, 1.0, 0.0]])
    np.testing.assert_array_equal(highs, [[1.0, 2.0, 1.0]])
    assert slabs_beyond(np.full(3, 0.2), np.full(3, 0.8), np.zeros(3), np.ones(3))[0].shape == (0, 3)


def test_a_box_within_a_proved_one_is_proved_and_at_another_level_nothing_is_known() -> None:
    known = KnownBoxes.of(joint())
    within = known.judge(box((21.0, 5000.0), (30.0, 9000.0)))
    assert within is not None
    assert (within.answer, within.box.proof, within.slabs) == ("proved", "proved", 0)
    assert known.judge(box((21.0, 5000.0), (30.0, 9000.0), level=1)) is None
    assert known.judge(box((21.0, 5000.0), (40.0, 9000.0))) is None


def test_the_boxes_around_all_corrections_are_known_from_the_beginning() -> None:
    known, found = KnownBoxes.of(joint()), joint().others[0]
    around = box_around(joint(), found)
    assert around is not None
    assert (around.low.tolist(), around.high.tolist()) == ([46.0, 11500.0], [50.0, 12500.0])
    judged = known.judge(around)
    assert judged is not None
    assert judged.answer == "proved"
    assert box_around(joint(), replace(found, point=None, levels=())) is None


def test_only_the_half_widths_that_a_correction_holds_for_are_known() -> None:
    plain = joint()
    alone = replace(plain.nearest, half_width=np.array([2.0, 0.0]))  # the amount is exactly known
    found = replace(plain, nearest=alone, others=(), along=(), box=None)
    around = box_around(found, alone)
    assert around is not None
    assert (around.low.tolist(), around.high.tolist()) == ([34.0, 9000.0], [38.0, 9000.0])
    known = KnownBoxes.of(found)
    assert known.judge(around) is not None
    assert known.judge(box((35.0, 8999.0), (36.0, 9001.0))) is None


def test_what_is_proved_along_minimal_against_stable_is_known() -> None:
    found = replace(joint(), box=None)
    less = box((40.0, 9500.0), (40.0, 9500.0))
    assert KnownBoxes.of(replace(found, along=())).judge(less) is None
    judged = KnownBoxes.of(found).judge(less)
    assert judged is not None
    assert judged.answer == "proved"


def test_the_correction_that_was_chosen_is_the_one_in_the_box() -> None:
    found = joint()
    assert chosen_change(found) is found.nearest  # it lies in the largest box
    for change in (*found.others, *found.along[:1]):
        assert chosen_change(replace(found, box=box_around(found, change))) is change
    assert chosen_change(replace(found, box=box((60.0, 100.0), (61.0, 200.0)))) is found.nearest
    assert chosen_change(replace(found, box=None)) is found.nearest


def test_a_box_that_holds_a_rejected_point_is_refuted_however_large_it_is() -> None:
    known, point = KnownBoxes.of(joint()), np.array([41.0, 9000.0])
    tried = box((20.0, 4000.0), (45.0, 9500.0))
    known.learn(BoxJudgement(box=tried, answer="refuted", rejected=point, lead=-0.2))
    larger = known.judge(box((4.0, 250.0), (72.0, 20000.0)))
    assert larger is not None
    assert larger.answer == "refuted"
    assert larger.rejected is point
    assert larger.box.proof == "unknown"
    assert known.judge(box((20.0, 4000.0), (40.5, 9500.0))) is None


def test_only_what_is_new_is_left_to_be_proved() -> None:
    known = KnownBoxes.of(joint())
    lows, highs = known.slabs(box((20.0, 4000.0), (40.0, 9500.0)))
    assert (lows.tolist(), highs.tolist()) == ([[38.0, 4000.0]], [[40.0, 9500.0]])
    lows, highs = known.slabs(box((60.0, 4000.0), (70.0, 9500.0)))
    assert (lows.tolist(), highs.tolist()) == ([[60.0, 4000.0]], [[70.0, 9500.0]])


def test_an_undecided_box_teaches_nothing() -> None:
    known, tried = KnownBoxes(), box((0.0, 0.0), (1.0, 1.0))
    known.learn(BoxJudgement(box=tried, answer="undecided"))
    known.learn_proved(tried)  # its proof is unknown
    assert known.judge(tried) is None


def test_boxes_are_the_same_whatever_is_known_of_them() -> None:
    one = box((0.0, 0.0), (1.0, 1.0))
    assert same_place(one, replace(one, proof="proved"))
    assert not same_place(one, replace(one, levels=(1,)))
    assert not same_place(one, None)


def test_two_numbers_of_several_make_an_exact_slice_of_the_same_question() -> None:
    request = joint_request()
    assert sliceable(request) == (0, 1)
    found = slice_request(request, 1, 0)
    assert [one.name for one in found.free] == ["Amount", "Duration"]
    assert (found.columns, found.target, found.goal, found.row) == ((1, 0), 1, None, 3)
    assert found.input == request.input
    several = replace(request, goal=Goal(classes=(0, 1)))
    assert slice_request(several, 0, 1).target == NO_CLASS


def test_what_has_no_exact_slice_is_searched_with_the_same_question() -> None:
    asked = slice_request(joint_request(), 1, 0)
    found = search_request(asked)
    assert slice_request(found, 0, 1) == asked


def test_two_features_of_all_pairs_make_a_search_of_the_same_question() -> None:
    several = joint_request()
    pairs = PairsRequest(input=several.input, freedom=several.freedom, goal=several.goal, norm="L2", row=7)
    found = pair_request(pairs, 2, 0)
    assert found.freedom.names == (several.freedom.names[0], several.freedom.names[2])
    assert (found.input, found.goal, found.norm, found.row) == (several.input, several.goal, "L2", 7)


def test_features_that_shift_together_have_no_exact_slice() -> None:
    request = joint_request()
    moves = (Move(columns=(0,)), Move(columns=(1, 2), amounts=(1.0, 0.5)))
    shifting = replace(request, freedom=Freedom(numbers=request.freedom.numbers, moves=moves))
    assert sliceable(shifting) == (0,)
    with pytest.raises(InvalidRequest, match="two numbers"):
        slice_request(shifting, 0, 1)
