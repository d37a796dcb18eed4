"""An input whose values lie beside the steps of its features: they may be kept, and are proved as numbers."""

import numpy as np
import pytest

from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.proving import Counterexample, Proof, prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.cases.one_case import CaseQuestion, correct_case
from core.corrections.engines.joint.boxes import JointBoxes
from core.corrections.engines.joint.engine import compute_joint
from core.corrections.live.joint import KnownBoxes
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import PROVED
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointBox, JointCorrection, JointRequest
from core.corrections.records.subspace import Subspace
from core.job import JobContext
from tests.core.corrections.examples import network_of

GOAL = Goal(classes=(1,))


def ridge() -> PiecewiseLinear:
    """Class 1 where ``y > 1 + |x − 0.25| · 2``, so that x is best left at 0.25."""
    first = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    second = np.array([[0.0, 0.0, 0.0], [-2.0, -2.0, 1.0]])
    return PiecewiseLinear(weights=(first, second), biases=(np.array([-0.25, 0.25, 0.0]), np.array([0.0, -1.0])))


def hill() -> PiecewiseLinear:
    """Class 1 where ``y > 1``, but for a hill between the steps 0 and 1 of x, around 0.5."""
    first = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    second = np.array([[0.0, 0.0, 0.0, 0.0], [-99.0, 198.0, -99.0, 1.0]])
    return PiecewiseLinear(weights=(first, second), biases=(np.array([-0.3, -0.5, -0.7, 0.0]), np.array([0.0, -1.0])))


def bumps() -> PiecewiseLinear:
    """Class 1 where ``y > 1``, but for a hill around 0.25."""
    return PiecewiseLinear(weights=hill().weights, biases=(np.array([-0.05, -0.25, -0.45, 0.0]), hill().biases[1]))


def corrected(half_width: float = 0.0, most: float = 3.0, **other: object) -> JointCorrection:
    """From x = 0.25, beside its steps of 1, and y = 0."""
    freedom = Freedom(
        numbers=(
            FreeFeature(name="x", low=-3.0, high=most, half_width=half_width, price=1.0, step=1.0),
            FreeFeature(name="y", low=-1.0, high=9.0, price=1.0),
        ),
        moves=(Move(columns=(0,)), Move(columns=(1,))),
    )
    request = JointRequest(input=(0.25, 0.0), freedom=freedom, goal=GOAL, seconds=5.0, **other)  # type: ignore[arg-type]
    return compute_joint(request, network_of(ridge()), "", JobContext())


def question_of_a_case(most: float = 3.0) -> CaseQuestion:
    """The same start; x goes in steps up to `most`, and y only upwards."""
    freedom = Freedom(
        numbers=(
            FreeFeature(name="x", low=-3.0, high=most, price=1.0, step=1.0),
            FreeFeature(name="more y", low=0.0, high=9.0, price=1.0),
        ),
        moves=(Move(columns=(0,)), Move(columns=(1,), amounts=(1.0,))),
    )
    return CaseQuestion(input=(0.25, 0.0), freedom=freedom, goal=GOAL, norm="L1", seconds=10.0)


@pytest.mark.parametrize(("half_width", "needed", "most"), [(0.0, 1.0, 3.0), (1.0, 3.0, 3.0), (0.0, 1.0, 0.25)])
def test_a_value_beside_the_steps_is_kept_where_that_is_nearest_and_stable_for_every_number(
    half_width: float, needed: float, most: float
) -> None:
    found = corrected(half_width, most)
    assert found.nearest.point is not None
    assert found.nearest.point[0] == 0.25
    assert found.nearest.closed
    assert found.nearest.lower_bound <= needed <= found.nearest.point[1] <= needed * 1.01
    assert found.box is not None
    assert found.box.proof == "proved"
    xs = np.linspace(found.box.low[0], found.box.high[0], 101)
    points = np.stack([xs, np.full(101, found.box.low[1])], axis=1)
    assert (ridge().forward(points).argmax(axis=1) == 1).all()


def test_a_further_way_is_never_nearer_than_what_nothing_is_nearer_than() -> None:
    found = corrected(different=2)
    assert all((one.distance or 0.0) >= found.nearest.lower_bound for one in found.others)


def test_a_box_between_two_steps_is_proved_for_its_numbers_or_refuted() -> None:
    network = Restriction.of(ridge(), Subspace.of_columns(np.zeros(2), (0, 1)))
    steps = Lattice(steps=np.array([1.0, 0.0]), origins=np.zeros(2))

    def proved(low: float, high: float, y: float) -> object:
        ends = np.array([low, y]), np.array([high, y + 0.1])
        return prove_box(network, GOAL, *ends, JobContext(), lattice=steps)

    assert isinstance(proved(0.2, 0.3, 0.5), Counterexample)
    assert isinstance(proved(0.1, 0.9, 1.5), Counterexample)  # accepted at 0.25, not at 0.9
    assert isinstance(proved(0.2, 0.3, 1.2), Proof)
    assert isinstance(proved(-0.5, 0.9, 1.6), Proof)  # 0 is the only step in it


def test_the_box_of_a_case_about_a_kept_value_is_accepted_between_the_steps_as_well() -> None:
    found = correct_case(question_of_a_case(), hill(), JobContext())
    assert found.proof == PROVED
    assert found.point is not None
    assert found.point[0] == 0.25
    assert found.box is not None
    (left, low), (right, high) = found.box
    assert high > low
    xs = np.linspace(left, right, 101)
    assert (hill().forward(np.stack([xs, np.full(101, low)], axis=1)).argmax(axis=1) == 1).all()


def test_a_box_that_is_dragged_holds_the_kept_value_and_not_what_was_proved_on_steps_beside_it() -> None:
    found = corrected()
    boxes = JointBoxes(found.request, network_of(bumps()))

    def judged(left: float, right: float, known: KnownBoxes) -> str:
        asked = JointBox(low=np.array([left, 2.0]), high=np.array([right, 3.0]), levels=())
        return boxes.judge(asked, known, JobContext(), 5.0).answer

    # On the steps −1, 0, 1 alone all would be accepted; the input's own 0.25 is not.
    assert judged(-1.0, 1.0, KnownBoxes()) == "refuted"
    assert judged(0.0, 0.0, KnownBoxes()) == "proved"
    known = KnownBoxes(Lattice(steps=np.array([1.0, 0.0]), origins=np.zeros(2)))
    known.learn_proved(JointBox(low=np.array([-1.0, 2.0]), high=np.array([1.0, 3.0]), levels=(), proof="proved"))
    assert judged(0.0, 1.0, known) == "proved"
    assert judged(0.25, 0.25, known) == "refuted"
    assert judged(-1.0, 0.0, known) == "proved"


def test_a_value_at_the_end_of_a_one_way_range_is_kept_and_its_box_holds_it() -> None:
    found = correct_case(question_of_a_case(most=0.25), ridge(), JobContext())
    assert found.point is not None
    assert found.point[0] == 0.25
    assert found.lower_bound <= 1.0
    assert found.box is not None
    assert (found.box[0] <= found.point).all()
    assert (found.point <= found.box[1]).all()
