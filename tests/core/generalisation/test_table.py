"""The table over several networks, and what it says of itself."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core.generalisation.complexity import Complexity
from core.generalisation.measures import (
    MEASURES,
    frobenius_product,
    low_margin,
    normalised_margins,
    spectral_product,
    weight_length,
)
from core.generalisation.table import complexity_table
from tests.complexities import begun, complexity

FIVE = [(f"network {scale}", complexity(sharper=float(scale))) for scale in (1, 3, 2, 5, 4)]


def column(table_of: list[tuple[str, Complexity]], key: str) -> np.ndarray:
    table = complexity_table(table_of)
    return table.values[:, [measure.key for measure in table.measures].index(key)]


def test_measures_of_one_network_by_hand() -> None:
    found = complexity()
    assert weight_length(found) == pytest.approx(math.sqrt(3.2**2 + 2.9**2 + 1.8**2))
    assert spectral_product(found) == pytest.approx(math.log10(2.4 * 3.7 * 1.3 * 1.5))
    assert frobenius_product(found) == pytest.approx(math.log10(3.2 * 2.9 * 1.3 * 1.8))
    assert low_margin(found) == np.percentile(found.margins, 5)
    np.testing.assert_allclose(normalised_margins(found), found.margins / (2.4 * 3.7 * 1.3 * 1.5))
    assert np.isnan(column([("one", replace(found, margins=-np.ones(5)))], "spectral_over_margin")).all()


def test_products_of_hundreds_of_norms_do_not_overflow() -> None:
    found = complexity()
    many = replace(found, layers=found.layers * 600)
    assert spectral_product(many) == pytest.approx(600 * spectral_product(found))


def test_measures_that_follow_the_gap_have_the_rank_correlation_one() -> None:
    table = complexity_table(FIVE)
    found = dict(zip([measure.key for measure in table.measures], table.correlations, strict=True))
    assert table.names == tuple(name for name, _ in FIVE)
    assert table.compared == 5
    for key in ("spectral_product", "path_norm", "sharpness", "top_eigenvalue"):
        assert found[key].spearman == pytest.approx(1.0)
        assert found[key].spearman_p == pytest.approx(2 / 120)
    assert math.isnan(found["parameters"].spearman)  # all of one size


def test_it_says_what_so_few_networks_can_show() -> None:
    notes = " ".join(complexity_table(FIVE).notes)
    assert "5 networks: no Spearman correlation below 1 is significant" in notes
    assert "measures are tried at once" in notes
    assert "no rank correlation can be significant" in " ".join(complexity_table(FIVE[:4]).notes)
    assert "once in 12 times" in " ".join(complexity_table(FIVE[:4]).notes)
    assert "no order to compare" in " ".join(complexity_table(FIVE[:2]).notes)
    nine = [(str(k), complexity(sharper=1 + k / 2)) for k in range(9)]
    assert "below 0.7 is significant" in " ".join(complexity_table(nine).notes)


def test_networks_that_cannot_be_compared_are_named() -> None:
    other = complexity(sharper=2.0)
    elsewhere = replace(
        other,
        provenance=replace(other.provenance, data_sha256="e" * 64),
        request=replace(other.request, radius=0.1),
    )
    notes = complexity_table([*FIVE, ("elsewhere", elsewhere)]).notes
    assert "2 different training data, 2 different radii of the sharpness" in notes[0]


def test_gaps_in_accuracy_and_in_loss_are_not_put_in_one_order() -> None:
    number = replace(
        complexity(), loss_unit="squared units", train_accuracy=math.nan, test_accuracy=math.nan, margins=np.empty(0)
    )
    table = complexity_table([*FIVE, ("predicts a number", number)])
    assert table.gap_unit == "mixed"
    assert all(math.isnan(one.spearman) for one in table.correlations)
    assert "2 different kinds of gap" in table.notes[0]


def test_networks_without_a_gap_or_measured_in_part_are_counted() -> None:
    table = complexity_table([*FIVE, ("untested", complexity(test=False)), ("begun", begun())])
    assert table.compared == 5
    notes = " ".join(table.notes)
    assert "2 networks without a gap" in notes
    assert "1 network measured in part only" in notes
    assert {one.count for one in table.correlations} == {0, 5}  # 0: margins that are not positive have no logarithm


def test_gaps_that_samples_cannot_tell_apart_are_said_to_be_chance() -> None:
    alike = [(str(k), replace(complexity(), test_accuracy=0.86 + 1e-3 * k)) for k in range(5)]
    assert "mostly chance" in complexity_table(alike).notes[-1]
    surer = [(name, replace(found, test_samples=20_000)) for name, found in FIVE]
    assert "mostly chance" not in complexity_table(surer).notes[-1]


def test_a_test_on_the_training_data_is_no_test() -> None:
    own = complexity()
    same = replace(own, provenance=replace(own.provenance, test_sha256=own.provenance.data_sha256))
    assert "1 network tested on the training data themselves" in " ".join(complexity_table([("one", same)]).notes)


def test_a_table_of_nothing_is_empty() -> None:
    table = complexity_table([])
    assert table.values.shape == (0, len(MEASURES))
    assert table.compared == 0
