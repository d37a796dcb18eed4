"""Numbers are written the way they are read."""

import math

import pytest

from core.exchange.loss_scale import loss_scale
from core.exchange.words import count, duration, number, quantity, signed
from tests import documents


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-19.0, "−19"),
        (0.41612, "0.4161"),
        (9.99999, "10"),
        (2700.0, "2700"),
        (13500.0, "13\u202f500"),
        (-1234567.0, "−1\u202f235\u202f000"),
        (1e-6, "1×10⁻⁶"),
        (3.25e12, "3.25×10¹²"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_numbers_are_written_in_full_where_that_is_short(value: float, written: str) -> None:
    assert number(value) == written


def test_changes_have_a_sign_and_quantities_their_unit() -> None:
    assert signed(3.0) == "+3"
    assert quantity(48.0, "months") == "48\u00a0months"
    assert quantity(48.0, "") == "48"
    assert (count(1, "point"), count(2601, "point")) == ("1 point", "2\u202f601 points")


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.25, "0.25 s"), (99.0, "99 s"), (600.0, "10 min"), (9000.0, "2 h 30 min")]
)
def test_durations_are_given_in_coarse_words(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_round_losses_lie_inside_the_scale_and_apart() -> None:
    scale = loss_scale(documents.surface())
    losses = scale.round_losses(9)
    assert losses == sorted(set(losses))
    assert all(scale.low <= loss <= scale.high for loss in losses)
    assert {0.1, 1.0, 10.0} <= set(losses)
