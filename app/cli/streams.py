"""Standard output and error that never fail because of a letter, a closed pipe or a missing terminal."""

import contextlib
import io
import os
import sys
from pathlib import Path


def forgive_streams() -> None:
    """Show a letter that the terminal does not know as ``?``, and drop what is printed where a stream was closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # started as `corrie … 2>&-`, or by a program without a console
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  open to the end
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def abandon_output() -> None:
    """Send what is still buffered nowhere: its reader has gone, and Python would complain about that at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(sentence: str) -> None:
    """One sentence to a person, on standard error."""
    with contextlib.suppress(OSError, ValueError):
        print(f"corrie: {sentence}", file=sys.stderr, flush=True)
