"""The rule that is read off the largest box: true as it is written, and in the user's units."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corrections.records.correction import Box, Correction, CorrectionRequest, FreeFeature
from core.exchange.rule_words import rule_words, triangle_words
from tests import documents

UNITS = ("rpm", "%")


def station(sides: tuple[tuple[float, float], tuple[float, float]], point: tuple[float, float]) -> Correction:
    """A pump whose speed goes from 800 to 1800, with a valve from 0 to 100; a box between the sides."""
    speed, valve = FreeFeature(name="speed", low=800, high=1800), FreeFeature(name="valve", low=0, high=100)
    request = CorrectionRequest(input=point, free=(speed, valve), columns=(0, 1), target=1)
    (x_low, x_high), (y_low, y_high) = sides
    box = Box(
        centre=((x_low + x_high) / 2, (y_low + y_high) / 2),
        half_width=((x_high - x_low) / 2, (y_high - y_low) / 2),
        proof="proved",
    )
    return replace(documents.correction(), request=request, largest_box=box)


@pytest.mark.parametrize(
    ("sides", "point", "rule"),
    [
        (((1340, 1700), (20, 98)), (1000, 50), "raise speed to 1340–1700 rpm with valve from 20 to 98 %"),
        (
            ((1340, 1800), (20, 98)),
            (1000, 50),
            "raise speed to 1340 rpm or more (up to 1800) with valve from 20 to 98 %",
        ),
        (
            ((800, 900), (0, 100)),
            (1000, 50),
            "lower speed to 900 rpm or less (down to 800) with any valve from 0 to 100 %",
        ),
        (((1340, 1700), (20, 40)), (1000, 50), "raise speed to 1340–1700 rpm and lower valve to 20–40 %"),
        (
            ((1340, 1700), (60, 100)),
            (1500, 50),
            "raise valve to 60 % or more (up to 100) with speed from 1340 to 1700 rpm",
        ),
        (((1340, 1340), (20, 40)), (1000, 30), "raise speed to 1340 rpm with valve from 20 to 40 %"),
    ],
)
def test_a_rule_says_what_to_move_and_what_may_stay(
    sides: tuple[tuple[float, float], tuple[float, float]], point: tuple[float, float], rule: str
) -> None:
    said = rule_words(station(sides, point), UNITS).replace("\u00a0", " ")
    assert said == f"{rule}: accepted, proved"


def test_a_rule_that_is_not_proved_says_so_and_without_a_box_there_is_none() -> None:
    found = station(((1340, 1700), (20, 98)), (1000, 50))
    assert found.largest_box is not None
    unsure = replace(found, largest_box=replace(found.largest_box, proof="unknown"))
    assert rule_words(unsure, UNITS).endswith("not proved a second time")
    assert rule_words(replace(found, largest_box=None), UNITS) == ""


@settings(max_examples=100, deadline=None)
@given(st.floats(-1, 0.99), st.floats(1e-9, 1), st.sampled_from([1e-4, 1.0, 3e3, 1e8]))
def test_the_numbers_of_a_rule_are_rounded_into_the_box(start: float, width: float, scale: float) -> None:
    low, high = start * scale, min(start + width, 1.0) * scale
    free = FreeFeature(name="a", low=-scale, high=scale)
    other = FreeFeature(name="b", low=0, high=1)
    request = CorrectionRequest(input=(-2 * scale, 0.5), free=(free, other), columns=(0, 1), target=1)
    box = Box(centre=(low / 2 + high / 2, 0.5), half_width=((high - low) / 2, 0.5), proof="proved")
    said = rule_words(replace(documents.correction(), request=request, largest_box=box), ("", ""))
    numbers = re.sub("[\u202f,]", "", said.partition(" with ")[0]).replace("\u2212", "-")
    found = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
    x_low, _, x_high, _ = box.bounds
    hair = 16 * max(np.spacing(abs(x_low)), np.spacing(abs(x_high)), 1e-12)
    assert found
    assert all(x_low - hair <= value <= x_high + hair for value in found), said


def test_a_triangle_is_told_with_its_share_and_how_much_farther_its_correction_is() -> None:
    found = documents.explained_correction()
    assert triangle_words(found) == (
        "29 % of the accepted area; its nearest stable correction is 54 % farther, at 0.639"
    )
    assert found.triangle is not None
    narrow = replace(found, triangle=replace(found.triangle, centre=None, distance=None))
    assert triangle_words(narrow).endswith("the stability asked for does not fit into it")
    as_near = replace(found, triangle=replace(found.triangle, distance=found.distance))
    assert triangle_words(as_near).endswith("as near as any")
    assert triangle_words(documents.correction()) == ""
