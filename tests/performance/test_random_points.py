"""Zero false "proved": ten million random points and an adversary in proved boxes of all kinds, none of them rejected.

``CORRIE_POINTS`` says how many in all.
"""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from core.corrections.bounds.lattice import Lattice
from core.corrections.network.lowering import lower
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import nearest_stable
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import (
    proof_network,
    rejected_theorems,
    theorem_question,
)
from tests.core.corrections.points_search import worst_point
from tests.core.corrections.proved_boxes import GROWN, SLOW, ProvedBox, boxes_of_slices, in_float64
from tests.realdata import FOLDER

pytestmark = [pytest.mark.slow, pytest.mark.bench, pytest.mark.timeout(3600)]
POINTS = int(os.environ.get("CORRIE_POINTS", "10000000"))
OF_IMAGES = 1 / 100  # share of the points for boxes whose points take long
FREE = (0, 8, 10)


def boxes_of_theorems() -> Iterator[ProvedBox]:
    """Of the authors' own network: what was found in three features for some rejected theorems, grown for a while."""
    plain, network = proof_network()
    lowered = lower(network)
    for row in rejected_theorems(plain, 4):
        question = theorem_question(row, FREE)
        *_, found = nearest_stable(question, lowered, ControlledJob(deadline=60))
        if found.point is None:
            continue
        low, high = found.point - question.half_widths, found.point + question.half_widths
        growing = grown_box(
            question.restricted(lowered), question.goal, low, high, question.ranges, JobContext(), smallest=1 / 16
        )
        *_, box = growing
        yield ProvedBox(
            name="a theorem",
            module=in_float64(network.module),
            card=network.card.input,
            subspace=question.subspace,
            goal=question.goal,
            low=box.low,
            high=box.high,
            lattice=Lattice.free(len(FREE)),
        )


def all_boxes() -> list[tuple[ProvedBox, float]]:
    """With the share of the points that each gets."""
    slow = GROWN[SLOW]()
    others = [*boxes_of_slices(), *(make() for kind, make in GROWN.items() if kind != SLOW)]
    others += list(boxes_of_theorems()) if FOLDER.exists() else []
    return [(slow, OF_IMAGES), *((box, (1 - OF_IMAGES) / len(others)) for box in others)]


def test_ten_million_points_and_an_adversary_find_nothing_rejected(one_thread: None) -> None:
    looked_at, least = 0, np.inf
    boxes = all_boxes()
    for number, (box, share) in enumerate(boxes):
        count = int(np.ceil(share * POINTS))
        lead, point = worst_point(box, count, seed=number)
        assert lead > 0, f"{box.name}: {point}"
        looked_at, least = looked_at + count, min(least, lead)
    assert looked_at >= POINTS
    print(f"\n{looked_at:,} points in {len(boxes)} proved boxes: the least lead is {least:.3g}")  # noqa: T201
