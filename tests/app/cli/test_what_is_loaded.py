"""What the command line loads before it knows what is asked: nothing that takes a second, or writes a cache."""

import subprocess
import sys

LATE = ("matplotlib", "torch", "PySide6")
LOOK = "import sys, app.cli.group, app.cli.summaries, app.cli.machine; print([n for n in {late} if n in sys.modules])"


def test_what_draws_and_computes_is_loaded_only_when_it_is_needed() -> None:
    child = subprocess.run(
        [sys.executable, "-c", LOOK.format(late=LATE)], capture_output=True, text=True, timeout=60, check=True
    )
    assert child.stdout.strip() == "[]"
