"""Hundreds of random actions, and a window that is right after each of them."""

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.jobs.background import wait_for_background
from app.jobs.job import ENDS
from tests.app.views.conftest import SLOW, Driver
from tests.app.views.monkey import Monkey

# CORRIE_MONKEY=7:5000 lets the monkey with seed 7 take 5000 steps
SEED, STEPS = (int(number) for number in os.environ.get("CORRIE_MONKEY", "0:600").split(":"))

MORE, MOST_MORE = 50, 20  # steps at a time, and how often, until it has seen everything
KINDS = {"SurfacePage", "SpectrumPage", "CorrectionPage"}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(SEED, SEED + 1))
def test_a_monkey_leaves_a_window_that_is_right_after_every_step(
    driver: Driver, tmp_path: Path, qtbot: QtBot, seed: int
) -> None:
    monkey = Monkey(driver, tmp_path, seed)
    with qtbot.capture_exceptions() as raised:
        try:
            monkey.run(STEPS)
            for _ in range(MOST_MORE):  # what ends how, and what is seen, is up to the engine's thread, too
                if {job.state for job in monkey.jobs} != ENDS or not monkey.kinds_shown >= KINDS:
                    monkey.run(MORE)
            monkey.finish()
            driver.answers.stop, driver.answers.to_save = True, "discard"
            assert driver.window.close()
            assert wait_for_background(SLOW)
        finally:
            print(len(monkey.done), "steps, the last:", ", ".join(monkey.done[-12:]))  # noqa: T201  shown on failure
            for kind, error, _ in raised:
                print(kind.__name__, error)  # noqa: T201
    assert not raised
    assert driver.window.jobs.jobs == ()
    # It was no idle monkey: jobs ended in every way, and all kinds of results were on screen.
    assert {job.state for job in monkey.jobs} == ENDS
    assert monkey.kinds_shown >= KINDS
