"""Where the papers' own networks and data lie; tests that need them skip with a clear word where they are absent."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("CORRIE_REALDATA", Path(__file__).parents[2] / "shared" / "data"))


def realdata_path(relative: str) -> Path:
    """The path of a real file, or a skip that says which one is missing and where it was looked for."""
    path = FOLDER / relative
    if not path.exists():
        pytest.skip(f"real data absent: {relative} (looked in CORRIE_REALDATA or ../shared/data)")
    return path
