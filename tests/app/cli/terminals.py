"""The real command on a terminal of its own, with a keyboard. Unix only."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.app.cli.children import AND_THEN, PATIENCE, environment

# Standard error becomes the terminal that its keys belong to.
ON_A_TERMINAL = f"import fcntl, os, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); {AND_THEN}"


class OnTerminal:
    """A command whose standard error is a terminal; standard output is a pipe, as in ``corrie … | tee``."""

    def __init__(self, command: Sequence[object], folder: Path) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", ON_A_TERMINAL, *(str(word) for word in command)],
            cwd=folder,
            env=environment(folder.parent / "home"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        os.close(self._master)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read the terminal until something stands on it."""
        ends_at = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self.shown)) is None:
            assert time.monotonic() < ends_at, self.shown
            assert self._read(), f"the command ended: {self.shown}"
        return found

    def press_ctrl_c(self) -> None:
        os.write(self._master, b"\x03")

    def end(self) -> tuple[int, str]:
        """Wait for the end. Returns status and standard output; what the terminal showed is in `shown`."""
        while self._read():
            pass
        out, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE)
        assert ready, f"nothing happens: {self.shown}"
        try:
            piece = os.read(self._master, 4096)
        except OSError:  # Linux: the last program that had the terminal open has ended
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)
