"""Threads and environment: what the user has set stays, and the rest is set before torch does any work."""

import os
import subprocess
import sys

import pytest

from core.runtime import available_cores, compute_threads, keep_memory, prepare_environment

VARIABLES = {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0", "HDF5_PLUGIN_PRELOAD": "::"}


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "CORRIE_THREADS"):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("clean")
def test_what_is_not_set_is_set() -> None:
    prepare_environment()
    assert {name: os.environ[name] for name in VARIABLES} == VARIABLES


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("name", VARIABLES)
def test_what_the_user_has_set_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "mine")
    prepare_environment()
    assert {key: os.environ[key] for key in VARIABLES} == VARIABLES | {name: "mine"}


@pytest.mark.usefixtures("clean")
def test_one_core_stays_free_for_the_window() -> None:
    assert compute_threads() == max(1, available_cores() - 1)
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize(("wanted", "threads"), [("1", 1), ("7", 7), ("64", 64)])
def test_the_user_decides_the_number_of_threads(wanted: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIE_THREADS", wanted)
    assert compute_threads() == threads


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("wanted", ["", "0", "-2", "many", "1.5", "²", " "])
def test_a_number_of_threads_that_is_none_is_left_aside(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIE_THREADS", wanted)
    assert compute_threads() == max(1, available_cores() - 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the allocator is glibc's")
def test_the_allocator_takes_the_settings() -> None:
    assert keep_memory()


def in_a_fresh_process(code: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in {*VARIABLES, "CORRIE_THREADS"}}
    return subprocess.run(
        [sys.executable, "-c", code], env=kept | environment, capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()


def test_preparing_the_environment_loads_neither_torch_nor_numpy() -> None:
    code = "import sys, core.runtime as r; r.prepare_environment(); print({'torch', 'numpy'} & set(sys.modules))"
    assert in_a_fresh_process(code) == "set()"


def test_torch_gets_the_threads_that_were_asked_for() -> None:
    code = (
        "import core.runtime as r; count = r.prepare_torch(); import torch, os;"
        "print(count, torch.get_num_threads(), torch.get_num_interop_threads(), os.environ['OMP_WAIT_POLICY'])"
    )
    assert in_a_fresh_process(code, CORRIE_THREADS="2") == "2 2 1 PASSIVE"
