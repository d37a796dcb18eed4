"""The nearest stable correction of real theorems in two and in five features, by the authors' own network."""

import numpy as np
import pytest

from core.corrections.engines.slice import compute_correction
from core.corrections.records.correction import CorrectionRequest
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import nearest_stable
from core.job import JobContext
from tests.core.corrections.examples import (
    PROVABLE,
    proof_network,
    rejected_theorems,
    theorem_features,
    theorem_question,
)

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("columns", [(0, 10), (8, 10)])
def test_two_features_have_the_distance_of_the_exact_slice(columns: tuple[int, int]) -> None:
    plain, network = proof_network()
    for row in rejected_theorems(plain, 3):
        free = theorem_features(columns)
        request = CorrectionRequest(input=tuple(row.tolist()), free=free, columns=columns, target=PROVABLE)  # type: ignore[arg-type]
        exact = compute_correction(request, network, "", JobContext())
        *_, found = nearest_stable(theorem_question(row, columns), plain, JobContext(), tolerance=1e-4)
        assert found.closed
        if exact.distance is None:
            assert found.proof == "none_exists"
        else:
            assert found.distance == pytest.approx(exact.distance, rel=1e-3)


@pytest.mark.slow
def test_boxes_in_five_features_withstand_sampling_and_grow() -> None:
    plain, _ = proof_network()
    for row in rejected_theorems(plain, 2):
        question = theorem_question(row, (0, 1, 2, 8, 10))
        *_, five = nearest_stable(question, plain, JobContext())
        assert five.closed
        if five.point is None:
            continue
        half, network = question.half_widths, question.restricted(plain)
        points = five.point + np.random.default_rng(1).uniform(-1, 1, (100_000, 5)) * half
        assert (question.goal.leads(network.at(points)) > 0).all()
        low, high = np.maximum(five.point - half, question.ranges[0]), np.minimum(five.point + half, question.ranges[1])
        boxes = grown_box(network, question.goal, low, high, question.ranges, JobContext(), smallest=1 / 16)
        *_, grown = boxes
        points = grown.low + np.random.default_rng(2).random((100_000, 5)) * (grown.high - grown.low)
        assert (question.goal.leads(network.at(points)) > 0).all()
        assert ((grown.high - grown.low) >= (high - low)).all()
