"""How many threads torch computes with while tests run, put back afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from core.runtime import prepare_torch

# As in the application (`core.runtime`), before any test loads numpy: several threads of its BLAS spin on busy cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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
