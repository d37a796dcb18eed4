"""Measurements that take minutes, or that a busy machine could upset, run only when they are asked for."""

import os

import pytest

ASKED = "CORRIE_BENCH"  # set by `packaging/dev.py bench`


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is marked `bench`, with a word on how to run it."""
    if os.environ.get(ASKED):
        return
    skip = pytest.mark.skip(reason="a measurement: run it with `python3 packaging/dev.py bench`")
    for item in items:
        if item.get_closest_marker("bench") is not None:
            item.add_marker(skip)
