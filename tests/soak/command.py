"""Spend a day at the window and say what grew: ``packaging/dev.py soak --minutes 120 --seed 0``.

Computes, looks, drags, undoes, saves, closes and reopens, all in this process, until the time is over; after each round
it reads how much memory, how many threads and file handles the process holds.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.runtime import prepare_environment
from tests.soak.gauge import FEWEST_ROUNDS, Reading, Verdict, judge, read_process

MINUTES = 120.0
TOLD_EVERY = 60.0  # seconds between two lines
FEWEST = FEWEST_ROUNDS + 1


def soak(spend_round: Callable[[], object], *, minutes: float, rounds: int | None, tell: bool = True) -> Verdict:
    """Spend rounds until the time is over, or so many of them, and judge what they leave behind."""
    began = time.monotonic()
    readings: list[Reading] = []
    told = 0.0
    while len(readings) < (rounds or FEWEST) or (rounds is None and time.monotonic() - began < 60 * minutes):
        spend_round()
        readings.append(read_process())
        passed, now = time.monotonic() - began, readings[-1]
        if tell and (passed - told > TOLD_EVERY or len(readings) == 1):
            told = passed
            print(  # noqa: T201  it is a command
                f"{passed / 60:6.1f} min  round {len(readings):4d}: {now.memory:7.1f} MB, {now.threads} threads, "
                f"{now.files} files, {now.objects:,} objects",
                flush=True,
            )
    return judge(readings)


def main(arguments: list[str]) -> int:
    """Print the verdict. Returns 0 if nothing grows, 1 if something does."""
    reader = argparse.ArgumentParser(prog="dev.py soak", description=__doc__)
    reader.add_argument("--minutes", type=float, default=MINUTES, help=f"how long, {MINUTES:.0f} without this")
    reader.add_argument("--rounds", type=int, help="so many rounds instead, however long they take")
    reader.add_argument("--seed", type=int, default=0, help="of what is computed, looked at and dragged")
    asked = reader.parse_args(arguments)
    if not Path("/proc/self/task").exists():
        reader.error("only Linux tells what a process holds")
    if asked.rounds is not None and asked.rounds < FEWEST:
        reader.error(f"fewer than {FEWEST} rounds do not tell what grows")
    with tempfile.TemporaryDirectory(prefix="corrie-soak-") as name:
        os.environ["CORRIE_SETTINGS_DIR"] = str(Path(name, "settings"))  # nothing of whoever runs it is touched
        verdict = _in_window(Path(name), asked)
    print(verdict)  # noqa: T201
    return 0 if verdict.clean else 1


def _in_window(folder: Path, asked: argparse.Namespace) -> Verdict:
    prepare_environment()
    from app.render.surface_widget import prepare_surface_widget  # noqa: PLC0415  Qt after the environment
    from app.theme.theme import Theme  # noqa: PLC0415
    from app.views.application import make_application  # noqa: PLC0415
    from tests.soak.day import Day  # noqa: PLC0415

    application = make_application()
    application.setQuitOnLastWindowClosed(False)  # another one follows
    theme = Theme(application, "light")
    prepare_surface_widget()
    day = Day(theme, folder, asked.seed)
    try:
        return soak(day.spend_round, minutes=asked.minutes, rounds=asked.rounds)
    finally:
        day.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
