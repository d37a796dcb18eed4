"""All pairs of a theorem of ml-prove with the network of its authors (Zhang et al. 2018, second application)."""

import numpy as np
import pytest

from core.corrections.engines.pairs.engine import compute_pairs
from core.corrections.engines.slice import compute_correction
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.goal import Goal
from core.corrections.records.pairs import PairsRequest
from core.job import JobContext
from tests.core.corrections.examples import (
    PROOF_RANGES,
    PROVABLE,
    proof_network,
    rejected_theorems,
    theorem_freedom,
)


def test_all_ten_pairs_of_a_theorem_are_proved_and_are_what_their_slices_say() -> None:
    plain, network = proof_network()
    theorem = tuple(rejected_theorems(plain, 8)[0].tolist())
    freedom = theorem_freedom()
    request = PairsRequest(input=theorem, freedom=freedom, goal=Goal(classes=(PROVABLE,)))
    pairs = compute_pairs(request, network, "", JobContext())
    assert pairs.done.all()
    assert len(pairs.order) == 15
    assert {pairs.proof_of(first, second) for first, second in pairs.order.tolist()} == {"proved", "none_exists"}
    finite = np.isfinite(pairs.distance)
    assert (pairs.lower_bound[finite] >= pairs.distance[finite] * (1 - 1e-3)).all()
    first, second = next((i, j) for i, j in pairs.ranked() if i != j)
    columns = list(PROOF_RANGES)
    alone = compute_correction(
        CorrectionRequest(
            input=theorem,
            free=(freedom.numbers[first], freedom.numbers[second]),
            columns=(columns[first], columns[second]),
            target=PROVABLE,
        ),
        network,
        "",
        JobContext(),
    )
    assert alone.distance == pytest.approx(float(pairs.distance[first, second]), rel=1e-12)
    assert alone.centre == pytest.approx(pairs.centres[first, second].tolist())
