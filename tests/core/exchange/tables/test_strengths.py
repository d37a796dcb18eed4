"""Accuracy by strength, side by side for all attacks."""

from dataclasses import replace

import numpy as np

from core.exchange.tables.strengths import strength_columns, strength_rows
from tests import documents


def test_samples_as_they_are_come_first_and_numbers_keep_every_digit() -> None:
    found = documents.robustness()
    heads, clean, *rows = strength_rows(found)
    assert heads == ("epsilon", "L2 length", "accuracy FGSM", "accuracy L2GRAD", "accuracy FHSM", "accuracy under all")
    assert clean == (0.0, 0.0, 1.0, 1.0, 1.0, 1.0)
    cells = np.array(rows)
    assert np.array_equal(cells[:, 0], found.epsilon)
    assert np.array_equal(cells[:, 1], found.length)
    assert np.array_equal(cells[:, 2:5], found.accuracy.T)
    assert np.array_equal(cells[:, 5], found.worst(found.request.attacks))
    assert (cells[:, 5] <= cells[:, 2:5].min(axis=1)).all()


def test_readers_get_per_cent_and_dots_where_nothing_is_computed_yet() -> None:
    heads, rows = strength_columns(documents.robustness(status="partial"))
    assert heads == ("ε", "L2", "FGSM", "L2GRAD", "FHSM", "all of them")
    assert rows[0] == ("clean", "", "100.0 %", "100.0 %", "100.0 %", "100.0 %")
    assert rows[1][:2] == ("0.01", "0.0245")
    assert [row[4:] for row in rows[1:]] == [("…", "…")] * 3


def test_one_attack_needs_no_column_for_all_of_them() -> None:
    heads, rows = strength_columns(documents.robustness(("fgsm",)))
    assert heads == ("ε", "L2", "FGSM")
    assert {len(row) for row in rows} == {3}


def test_where_numbers_are_predicted_the_loss_is_listed() -> None:
    plain = documents.robustness()
    found = replace(plain, right=None, clean_right=None, accuracy=np.full((3, 3), np.nan))
    heads, clean, *rows = strength_rows(found)
    assert heads[2] == "loss (nats) FGSM"
    assert clean[2] == found.clean_loss
    assert [row[2] for row in rows] == found.loss[0].tolist()
    assert strength_columns(found)[1][0] == ("clean", "", "0.12", "0.12", "0.12")
