"""One thread: on a busy machine two take many times as long for networks this small."""

import pytest


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """All tests of this folder."""
