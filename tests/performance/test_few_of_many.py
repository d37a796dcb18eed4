"""How long it takes to prove which few of many features change best, over all ways to choose them."""

import contextlib
import os
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from core.corrections.engines.joint.engine import compute_joint
from core.corrections.network.lowering import lower
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointCorrection, JointRequest
from core.corrections.requests.joint import candidate_names, joint_for_row
from core.corrections.requests.rows import Wanted
from core.data.builtin import examples_folder, open_builtin
from core.job import ControlledJob
from core.networks.loading import open_network
from core.networks.network import Network
from tests.core.corrections.examples import PROVABLE, proof_network, rejected_theorems, theorem_freedom

pytestmark = [pytest.mark.slow, pytest.mark.bench]
COUNT = int(os.environ.get("CORRIE_MINIMAL_CASES", "10"))
SECONDS = 30.0
Case = tuple[JointRequest, Network]


class _Enough(Exception):
    """The nearest correction is known; what follows it is not measured here."""


def theorems(most: int) -> list[Case]:
    plain, network = proof_network()
    freedom = theorem_freedom()
    goal = Goal(classes=(PROVABLE,))
    rows = rejected_theorems(plain, COUNT)
    return [
        (
            JointRequest(input=tuple(row.tolist()), freedom=freedom, goal=goal, most_changed=most, seconds=SECONDS),
            network,
        )
        for row in rows
    ]


def applicants(most: int) -> list[Case]:
    """Of the built-in data: four numbers in their steps and eleven or twelve categories."""
    network, data = open_network(examples_folder() / "german_credit.toml"), open_builtin("german-credit")
    verdicts = lower(network).forward(data.x.astype(np.float64)).argmax(axis=1)
    rows = np.flatnonzero(verdicts == 0)[:COUNT].tolist()
    return [
        (
            joint_for_row(data, row, candidate_names(data, row), Wanted(), most_changed=most, seconds=SECONDS),
            network,
        )
        for row in rows
    ]


def searched(case: Case) -> tuple[JointCorrection, float]:
    newest: list[JointCorrection] = []

    def keep(found: object) -> None:
        newest.append(found)  # type: ignore[arg-type]
        if newest[-1].nearest.closed:
            raise _Enough

    started = time.perf_counter()
    with contextlib.suppress(_Enough):
        compute_joint(*case, "", ControlledJob(deadline=SECONDS, on_partial=keep))
    return newest[-1], time.perf_counter() - started


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        pytest.param("2 of 5, theorems", lambda: theorems(2), marks=pytest.mark.realdata),
        pytest.param("3 of 5, theorems", lambda: theorems(3), marks=pytest.mark.realdata),
        ("2 of 15, applicants", lambda: applicants(2)),
        ("3 of 15, applicants", lambda: applicants(3)),
    ],
)
def test_the_best_few_of_many_are_proved_in_time(
    name: str, cases: Callable[[], Sequence[Case]], one_thread: None
) -> None:
    results = [searched(case) for case in cases()]
    times = [spent for _, spent in results]
    none = sum(found.nearest.proof == "none_exists" for found, _ in results)
    print(  # noqa: T201  what a benchmark is for
        f"\n{name}: {len(results)} of {len(results)} closed, {none} of them without any; "
        f"median {np.median(times):.2f} s, longest {max(times):.1f} s; "
        f"boxes {np.median([found.boxes for found, _ in results]):.0f} median"
    )
    assert all(found.nearest.closed for found, _ in results)
    assert np.median(times) < 5
