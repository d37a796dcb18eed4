"""Importing the engines, so that what they bring along never holds up the window.

Torch and what it imports at the first step of an optimiser are hundreds of thousands of objects that live as long as
Corrie. A full garbage collection visits each of them, for 200 ms and more, in whatever thread it falls and with all
others waiting. So they are imported without collections, and then kept out of all later ones.
"""

import contextlib
import gc
import importlib
import threading
from collections.abc import Iterator

from core.runtime import prepare_torch

ANALYSES = ("core.analysis", "core.networks.loading")
TRAINING = (
    "torch._dynamo",
    "core.training.engine",
    "core.training.estimate",
)  # the first by optimisers, when they step

_lock = threading.Lock()
_imported: set[tuple[str, ...]] = set()


def import_analyses() -> None:
    """Import what computes surfaces, spectra and corrections. Slow the first time."""
    _import(ANALYSES)


def import_training() -> None:
    """Import what trains. Slow the first time."""
    _import(TRAINING)


def _import(names: tuple[str, ...]) -> None:
    with _lock:
        if names in _imported:
            return
        with _without_collections():
            prepare_torch()
            for name in names:
                importlib.import_module(name)
        _imported.add(names)


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if enabled:
            gc.enable()
