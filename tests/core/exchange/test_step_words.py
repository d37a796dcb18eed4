"""That features go in steps, as a reader is told."""

from dataclasses import replace

from core.corrections.records.correction import Correction
from core.exchange.step_words import steps_words
from tests import documents


def stepped(x: float, y: float) -> Correction:
    found = documents.correction()
    free = tuple(replace(one, step=step) for one, step in zip(found.request.free, (x, y), strict=True))
    return replace(found, request=replace(found.request, free=free))  # type: ignore[arg-type]


def test_whole_months_and_steps_of_a_hundred_are_said_in_the_units_of_the_user() -> None:
    said = steps_words(stepped(1.0, 100.0), ("months", "DM"))
    assert said.startswith("Duration goes in whole months, Amount goes in steps of 100 DM: the correction lies on")
    assert "the regions are drawn for every number" in said
    assert "steps of 0.5:" in steps_words(stepped(0.5, 0.0), ("", ""))
    assert "in whole numbers:" in steps_words(stepped(0.0, 1.0), ("", ""))


def test_a_correction_of_an_older_file_that_lies_between_steps_is_not_said_to_lie_on_them() -> None:
    assert "without heeding them" in steps_words(replace(stepped(1.0, 0.0), centre=(29.3, 10_800.0)), ("months", "DM"))
    assert "lies on whole steps" in steps_words(replace(stepped(1.0, 0.0), centre=(29.0, 10_800.5)), ("months", "DM"))


def test_where_every_number_may_be_had_nothing_is_said() -> None:
    assert steps_words(stepped(0.0, 0.0), ("months", "DM")) == ""
