"""Robust beside plain: which pair is chosen, what is compared, and what is said."""

import math

import pytest

from core.exchange.layouts.laying_out import default_choice, lay_out, members_of
from core.robustness.robustness import RobustnessRequest
from core.session.document import Document
from tests import documents
from tests.sweeps import attacks_of, curve_of, spectrum_of, sweep, with_result


def twins() -> Document:
    document = sweep((8, 8, 16), measured=False, robust=(True, False, False))
    for network, top, accuracy in (("network-0", 4.0, 0.8), ("network-1", 16.0, 0.3)):
        document = with_result(document, network, spectrum_of(top))
        document = with_result(document, network, curve_of(top))
        document = with_result(document, network, attacks_of(accuracy))
    return document


def test_the_pair_whose_recipes_agree_best_is_chosen_the_plain_one_first() -> None:
    document = twins()
    assert default_choice("twins", members_of("twins", document)) == ("network-1", "network-0")
    assert lay_out("twins", document).names == ("MLP 1", "MLP 0")


def test_differences_are_those_of_the_robust_one_less_the_plain_one() -> None:
    table = lay_out("twins", twins()).table
    lines = {(str(row[0]), str(row[1])): row[2:] for row in table.rows}
    assert lines["top eigenvalue", "nats"][:3] == pytest.approx((16.0, 4.0, -12.0))
    plain, robust, change, error = lines["accuracy under FGSM, ε 0.05", "%"]
    assert (plain, robust, change) == pytest.approx((30.0, 80.0, 50.0))
    assert error == pytest.approx(100 * math.sqrt(0.3 * 0.7 / 200 + 0.8 * 0.2 / 200))


def test_the_table_for_files_holds_the_same_numbers() -> None:
    picture = lay_out("twins", twins())
    assert picture.rows == (picture.table.head, *picture.table.rows)
    assert picture.table.head[2:5] == ("MLP 1", "MLP 0", "difference")


def test_it_is_said_whether_the_robust_one_is_flatter_and_resists_more() -> None:
    words = " ".join(lay_out("twins", twins()).statements)
    assert "0.25 times that of MLP 1" in words
    assert "as the paper found, is seen here" in words
    assert "by more than two standard errors in 9, less accurate in 0" in words
    assert "one pair of networks" in words


def test_surfaces_stand_beside_each_other_once_both_are_there() -> None:
    document = with_result(twins(), "network-0", documents.surface())
    assert lay_out("twins", document).surfaces == ()
    missing = [one.words for one in lay_out("twins", document).missing]
    assert missing == ["no surface of MLP 1 (batch 8) yet"]
    document = with_result(document, "network-1", documents.surface())
    assert [item.network_id for item in lay_out("twins", document).surfaces] == ["network-1", "network-0"]


def test_missing_attacks_are_made_on_the_test_set_with_no_more_samples_than_it_has() -> None:
    document = sweep((8, 8), measured=False, robust=(True, False))
    (request,) = {(one.request, one.dataset_id) for one in lay_out("twins", document).missing if "attacks" in one.words}
    assert isinstance(request[0], RobustnessRequest)
    assert request[0].samples == 40
    assert request[1] == "test"


def test_any_other_number_of_networks_is_asked_to_be_two() -> None:
    picture = lay_out("twins", twins(), ("network-0",))
    assert picture.panels == ()
    assert "Choose two networks" in picture.statements[0]
