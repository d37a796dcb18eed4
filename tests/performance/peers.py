"""What a grid point costs the peers: CPU seconds, one thread, in an environment of their own."""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.performance.peers_cases import Case
from tests.performance.peers_environment import PeersUnavailable, peers_python

TOOLS = ("loss-landscapes", "Landscaper", "plain loop")
CHECKOUT = Path(__file__).parents[2]


class Peer:
    """A tool that runs in a process of its own and waits to be asked for grid points."""

    def __init__(self, process: subprocess.Popen[str], tool: str) -> None:
        self._process, self.tool = process, tool

    def seconds_per_point(self, points: int) -> float:
        """The median CPU seconds of some consecutive grid points."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{points}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{self.tool} ended with code {self._process.wait()}"
        return statistics.median(json.loads(answer))


@cache
def _python() -> Path:
    try:
        return peers_python()
    except PeersUnavailable as reason:
        pytest.skip(f"peers not measured: {reason}")


@contextmanager
def peers(case: Case, tools: tuple[str, ...] = TOOLS) -> Iterator[dict[str, Peer]]:
    """The peers with one network and its samples, ready to be asked in turn; skips where they cannot run."""
    python = _python()
    single = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    environment = os.environ | single | {"PYTHONPATH": str(CHECKOUT)}
    weights = {f"w/{name}": value.numpy() for name, value in case.module.state_dict().items()}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        file = Path(folder) / "case.npz"
        samples = {"inputs": case.inputs.contiguous().numpy(), "labels": case.labels.numpy()}
        np.savez(file, architecture=np.array(case.architecture), **samples, **weights)
        ready = {}
        for tool in tools:
            command = [str(python), "-m", "tests.performance.peers_runner", str(file), tool]
            process = stack.enter_context(
                subprocess.Popen(
                    command, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            stack.callback(process.kill)
            ready[tool] = Peer(process, tool)
            ready[tool].seconds_per_point(1)  # imports, directions and first touches of memory
        yield ready


def peer_seconds_per_point(case: Case, rounds: int = 3, points: int = 3) -> dict[str, float]:
    """CPU seconds of one grid point by tool: ``loss-landscapes``, ``Landscaper`` and ``plain loop``.

    Parameters
    ----------
    rounds : int
        The tools take turns, so that what disturbs one disturbs the others; the median of the rounds counts.
    points : int
        Grid points of a round, of which the median counts.
    """
    with peers(case) as ready:
        measured = [{tool: peer.seconds_per_point(points) for tool, peer in ready.items()} for _ in range(rounds)]
    return {tool: statistics.median(once[tool] for once in measured) for tool in TOOLS}
