"""Boxes that are proved beside the window: the newest one gets an answer, however fast a hand moves."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.jobs.joint_prover import JointProver
from core.corrections.engines.joint.engine import compute_joint
from core.corrections.live.joint import BoxJudgement, same_place
from core.corrections.records.joint import JointBox, JointCorrection
from core.job import JobContext
from core.networks.network import Network
from core.networks.storing import store_network
from tests.core.corrections.examples import corner_search, storable_corner

LONG = 20_000


@pytest.fixture(scope="module")
def corner() -> tuple[Network, JointCorrection]:
    """Accepted where max(0, x) + max(0, y) > 1."""
    network = storable_corner()
    return network, compute_joint(replace(corner_search(), seconds=1.0), network, "", JobContext())


@pytest.fixture
def prover(qtbot: QtBot, corner: tuple[Network, JointCorrection]) -> Iterator[JointProver]:
    network, found = corner
    owner = QObject()
    made = JointProver(store_network(network), found, owner)
    yield made
    made.stop()
    wait_for_background(LONG)


def box(low: float, high: float) -> JointBox:
    return JointBox(low=np.array([low, low]), high=np.array([high, high]), levels=())


def test_a_hand_that_keeps_moving_gets_the_answer_to_where_it_is(prover: JointProver, qtbot: QtBot) -> None:
    answers: list[BoxJudgement] = []
    prover.judged.connect(answers.append)
    asked = [box(0.6 + 0.001 * step, 1.2) for step in range(40)]
    last = None
    for one in asked:
        last = prover.judge(one)
    if last is None:
        qtbot.waitUntil(lambda: bool(answers) and same_place(answers[-1].box, asked[-1]), timeout=LONG)
        last = answers[-1]
    assert last.answer == "proved"


def test_what_was_answered_once_is_answered_at_once(prover: JointProver, qtbot: QtBot) -> None:
    with qtbot.waitSignal(prover.judged, timeout=LONG) as told:
        assert prover.judge(box(0.3, 0.9)) is None
    assert told.args[0].answer == "refuted"
    again = prover.judge(box(0.2, 1.0))
    assert again is not None
    assert again.answer == "refuted"
    assert not prover.busy


def test_a_growth_that_is_stopped_leaves_the_box_that_was_proved_so_far(prover: JointProver) -> None:
    start = JointBox(low=np.array([1.2, 0.0]), high=np.array([1.3, 0.1]), levels=(), proof="proved")
    prover.grow(start)
    assert prover.growing
    so_far = prover.stop()
    assert so_far is not None
    assert (so_far.low <= start.low).all()
    assert so_far.proof == "proved"
    assert not prover.growing


def test_a_network_that_cannot_be_read_is_explained(qtbot: QtBot, corner: tuple[Network, JointCorrection]) -> None:
    network, found = corner
    item = store_network(network)
    broken = replace(item, weights={name: value for name, value in item.weights.items() if "bias" in name})
    owner = QObject()
    prover = JointProver(broken, found, owner)
    with qtbot.waitSignal(prover.failed, timeout=LONG) as told:
        prover.judge(box(0.3, 0.9))
    assert told.args[0]
    wait_for_background(LONG)
