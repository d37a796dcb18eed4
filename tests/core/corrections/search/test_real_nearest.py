"""The nearest stable correction of real theorems in two and in five features, by the authors' own network."""

import numpy as np
import pytest

from core.corrections.correction import CorrectionRequest, FreeFeature
from core.corrections.engines.slice import compute_correction
from core.corrections.goal import Goal
from core.corrections.search.growth import grown_box
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.corrections.subspace import Subspace
from core.job import JobContext
from tests.core.corrections.examples import PROOF_HALF_WIDTHS, PROOF_RANGES, PROVABLE, proof_network, rejected_theorems

pytestmark = pytest.mark.realdata


def question_of(row: np.ndarray, columns: tuple[int, ...]) -> Question:
    handles = tuple(
        Handle(low=low, high=high, half_width=PROOF_HALF_WIDTHS[column], weight=1 / (high - low))
        for column in columns
        for low, high in [PROOF_RANGES[column]]
    )
    space = Subspace.of_columns(row, columns)
    return Question(subspace=space, start=row[list(columns)], handles=handles, goal=Goal(classes=(PROVABLE,)))


@pytest.mark.parametrize("columns", [(0, 10), (8, 10)])
def test_two_features_have_the_distance_of_the_exact_slice(columns: tuple[int, int]) -> None:
    plain, network = proof_network()
    for row in rejected_theorems(plain, 3):
        free = tuple(
            FreeFeature(name=str(c), low=PROOF_RANGES[c][0], high=PROOF_RANGES[c][1], half_width=PROOF_HALF_WIDTHS[c])
            for c in columns
        )
        request = CorrectionRequest(input=tuple(row.tolist()), free=free, columns=columns, target=PROVABLE)  # type: ignore[arg-type]
        exact = compute_correction(request, network, "", JobContext())
        *_, found = nearest_stable(question_of(row, columns), plain, JobContext(), tolerance=1e-4)
        assert found.closed
        if exact.distance is None:
            assert found.proof == "none_exists"
        else:
            assert found.distance == pytest.approx(exact.distance, rel=1e-3)


@pytest.mark.slow
def test_boxes_in_five_features_withstand_sampling_and_grow() -> None:
    plain, _ = proof_network()
    for row in rejected_theorems(plain, 2):
        question = question_of(row, (0, 1, 2, 8, 10))
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
