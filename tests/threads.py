"""How many threads torch computes with while tests run, put back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.runtime import prepare_torch


@contextmanager
def kept_threads() -> Iterator[None]:
    """Whatever number of threads is set inside, the one from before is set again afterwards."""
    import torch  # noqa: PLC0415  seconds: only for tests that compute

    before = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """One thread, set up as the engines have it on two cores: on busy cores several wait for each other."""
    with kept_threads():
        prepare_torch(1)
        yield
