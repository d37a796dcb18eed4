"""What tests of every part may ask for."""

from collections.abc import Iterator

import pytest

from tests.threads import one_torch_thread


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Torch computes with one thread; sums over several may differ in their last bits, too."""
    with one_torch_thread():
        yield
