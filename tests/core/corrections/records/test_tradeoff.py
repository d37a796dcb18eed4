"""What a curve of distances over stabilities says between and beyond its places."""

from dataclasses import replace

import numpy as np
import pytest

from core.corrections.records.tradeoff import Tradeoff


def curve() -> Tradeoff:
    """Rises slowly, jumps at 1, rises again."""
    return Tradeoff(
        unit=(2.0, 500.0),
        asked=True,
        stability=np.array([0.0, 1.0, 1.001, 2.0]),
        distance=np.array([0.1, 0.2, 0.5, 0.7]),
        lower_bound=np.array([0.09, 0.19, 0.5, 0.7]),
        centres=np.array([(20.0, 9000.0), (19.0, 9000.0), (12.0, 8000.0), (10.0, 8000.0)]),
        none_beyond=2.001,
    )


def test_the_distance_follows_the_straight_pieces() -> None:
    assert curve().distance_at(0.5) == pytest.approx(0.15)
    assert curve().distance_at(1.0) == 0.2
    assert curve().distance_at(2.0) == 0.7


def test_what_is_proved_between_two_places_is_what_they_say() -> None:
    assert curve().bracket_at(1.0) == (0.19, 0.2)
    assert curve().bracket_at(1.0005) == (0.19, 0.5)
    assert curve().bracket_at(0.0) == (0.09, 0.1)


def test_nothing_is_said_beyond_the_largest_stability() -> None:
    assert curve().largest == 2.0
    for stability in (-0.1, 2.0005, np.nan):
        assert curve().distance_at(stability) is None
        assert curve().bracket_at(stability) is None


def test_a_stability_is_told_in_the_users_units() -> None:
    assert curve().half_width(1.5) == (3.0, 750.0)


def test_the_correction_itself_follows_the_straight_pieces_too() -> None:
    assert curve().centre_at(0.5) == (19.5, 9000.0)
    assert curve().centre_at(2.0) == (10.0, 8000.0)
    assert curve().centre_at(2.1) is None
    assert curve().stable_centre_at(0.5) == tuple(curve().centres[1])
    assert curve().stable_centre_at(2.0) == (10.0, 8000.0)
    assert curve().stable_centre_at(2.1) is None


def test_half_widths_that_are_a_multiple_of_the_unit_have_a_stability() -> None:
    assert curve().stability_of((3.0, 750.0)) == 1.5
    assert curve().stability_of((0.0, 0.0)) == 0.0
    assert curve().stability_of((3.0, 751.0)) is None
    one_sided = replace(curve(), unit=(2.0, 0.0))
    assert one_sided.stability_of((3.0, 0.0)) == 1.5
    assert one_sided.stability_of((3.0, 1.0)) is None
