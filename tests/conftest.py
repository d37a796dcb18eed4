"""What tests of every part may ask for."""

import os
import tempfile
from collections.abc import Iterator

import hypothesis
import pytest

from tests.threads import one_torch_thread

# The same examples every time, so that a change is judged by what it changes; CORRIE_HYPOTHESIS=search draws new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("CORRIE_HYPOTHESIS", "same"))


# No test leaves anything in the folders of whoever runs it. What is saved is sealed there, even before a fixture runs.
_SETTINGS = tempfile.TemporaryDirectory(prefix="corrie-tests-", ignore_cleanup_errors=True)
os.environ["CORRIE_SETTINGS_DIR"] = _SETTINGS.name

SLOW_TIMEOUT = 900  # seconds


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Torch computes with one thread; sums over several may differ in their last bits, too."""
    with one_torch_thread():
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A slow test may take as long as a busy machine needs; the others are stopped after the usual time."""
    for item in items:
        if item.get_closest_marker("slow") is not None and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SLOW_TIMEOUT))
