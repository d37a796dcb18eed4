"""What stated errors excuse, at the edges: endless ones, brackets without an upper end, uncertain neighbours."""

import math

import numpy as np
import pytest

from core.review.comparison.kinds.corrections import bracket_row
from core.review.comparison.numbers import array_row, number_row
from tests import documents
from tests.core.review.comparison.pairs_of_sessions import edited, found, row, with_result


@pytest.mark.parametrize("turned", [False, True])
def test_none_exists_and_none_known_agree_whichever_session_says_which(*, turned: bool) -> None:
    sides = [(0.3, None), (math.inf, None)]
    assert bracket_row("Distance", *(reversed(sides) if turned else sides)).finding == "agree"


def test_brackets_that_do_not_meet_differ_however_wide_one_of_them_is() -> None:
    assert bracket_row("Distance", (0.5, 1.0), (1.5, 1e7)).finding == "differ"
    assert bracket_row("Distance", (1.5, 1e7), (0.5, 1.0)).finding == "differ"
    assert bracket_row("Distance", (1.0, 1.0), (1.0 + 1e-7, 1.2)).finding == "agree"
    assert bracket_row("Distance", (0.5, 1.0), (math.inf, None)).finding == "differ"


def test_an_endless_error_is_none_that_is_stated() -> None:
    assert number_row("found", "Trace", 1.0, 2.0, allowed=math.inf).finding == "unstated"
    limits = np.array([math.inf, math.nan, 0.5])
    assert array_row("found", "Values", [1.0, 1.0, 1.0], [2.0, 1.0, 1.1], allowed=limits).finding == "unstated"
    assert array_row("found", "Values", [1.0, 1.0, 1.0], [1.0, 1.0, 1.1], allowed=limits).finding == "agree"
    assert array_row("found", "Values", [1.0, 1.0, 1.0], [2.0, 1.0, 1.6], allowed=limits).finding == "differ"


def test_the_gap_of_an_eigenvector_ends_where_the_bar_of_its_neighbour_begins() -> None:
    """The second value is 2 ± 0.7: an eigenvalue may be as near to the first as 2.7."""
    plain = documents.document().items["spectrum-0"].result  # type: ignore[union-attr]
    count = len(plain.eigenvalues)
    values = np.array([3.0, 2.0, *np.linspace(1.0, 0.5, count - 2)])
    bars = np.full(count, 1e-3)
    bars[0], bars[1] = 0.1, 0.7  # sin θ ≤ 0.1 / 0.3, not 0.1 / 0.9
    vectors = np.eye(count, plain.eigenvectors.shape[1], dtype=np.float32)
    turned = vectors.copy()
    turned[0, 0], turned[0, count] = math.cos(0.3), math.sin(0.3)
    one, other = (
        edited(
            documents.document(),
            "spectrum-0",
            with_result(eigenvalues=values, residuals=bars, eigenvectors=side),
        )
        for side in (vectors, turned)
    )
    assert row(found(one, other, "spectrum-0"), "Eigenvectors").finding == "agree"
