"""The real command in a child process."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.architecture.source import ROOT

CORRIE = (sys.executable, "-m", "app")
EXAMPLES = ROOT / "resources" / "examples"
AND_THEN = "os.execv(sys.argv[1], sys.argv[1:])"  # a launcher becomes the command it was given
PATIENCE = 60.0  # seconds for something that takes one or two


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """That of a user whose folders all lie under `home`."""
    names = {"XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config", "TMPDIR": "temporary"}
    (home / "temporary").mkdir(parents=True, exist_ok=True)
    folders = {name: str(home / folder) for name, folder in names.items()}
    own = {"PYTHONPATH": str(ROOT), "HOME": str(home), "OMP_NUM_THREADS": "1", "CORRIE_THREADS": "1", **folders}
    return {**os.environ, **own, "XDG_DOCUMENTS_DIR": str(home / "documents"), **(extra or {})}


def run_command(
    command: Sequence[object],
    folder: Path,
    extra: Mapping[str, str] | None = None,
    output: int | IO[str] = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """A command without a terminal, to its end."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment(folder.parent / "home", extra),
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
