"""What the top eigenvalues cost Corrie's search and the peers: Hessian-vector products and CPU time.

Every tool waits in a process of its own, with its imports done, and the searches of all take turns: what else the
machine does meanwhile falls on every one of them alike. Of several rounds the least CPU time of each tool counts, for
what others do to a processor's caches only adds to it, and the first search of each is not counted.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from tests.performance.peers_cases import Case
from tests.performance.peers_environment import PeersUnavailable, spectra_python
from tests.performance.spectra_cases import TOP

CHECKOUT = Path(__file__).parents[2]
# Loose to tight. PyHessian: tolerance; eigenthings: steps, which it cannot choose itself, from its own default on;
# curvlinops: tolerance of eigsh; Corrie: that of the eigenvalues, which it keeps by itself.
SETTINGS = {
    "Corrie": ("1e-4",),
    "PyHessian": ("1e-4", "1e-6", "1e-7"),
    "hessian-eigenthings": ("40", "50", "60", "80"),
    "curvlinops + eigsh": ("1e-2", "1e-3"),
}


ROUNDS = 7


@dataclass(frozen=True)
class Cost:
    """The searches of one tool with one setting: what they found, and what they took."""

    tool: str
    setting: str
    error: float  # largest relative error of the eigenvalues
    products: int
    seconds: tuple[float, ...]  # CPU time of each
    gradient: float  # CPU seconds of a gradient over all samples, the least
    converged: bool = True  # by the tool's own word: that of its residuals, or that it ended before its limit

    @property
    def least(self) -> float:
        """CPU seconds."""
        return min(self.seconds)

    def times(self, other: Self) -> float:
        """How many times the least CPU time of the other."""
        return self.least / other.least

    def in_turns(self, other: Self) -> float:
        """The same, of searches that followed one another: the median over the rounds."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))

    def __str__(self) -> str:
        spread = f" ({max(self.seconds) * 1e3:.1f} at most)" if len(self.seconds) > 1 else ""
        return (
            f"{self.tool:20} {self.setting:>5}: {self.products:5d} products, {self.least * 1e3:8.1f} ms of CPU time"
            f"{spread}, {self.least / self.gradient:.1f} gradients, largest relative error {self.error:.1e}"
            f"{'' if self.converged else ', not converged by its own word'}"
        )


def relative_error(values: Sequence[float], truth: np.ndarray) -> float:
    """The largest of the top eigenvalues' relative errors, both sorted by magnitude."""
    found = np.asarray(values)
    found = found[np.argsort(-np.abs(found))][:TOP]
    return float(np.abs(found / truth[:TOP] - 1).max())


@cache
def _python() -> Path:
    try:
        return spectra_python()
    except PeersUnavailable as reason:
        pytest.skip(f"peers not measured: {reason}")


@contextmanager
def written(case: Case) -> Iterator[Path]:
    """The case as a file, for another process."""
    weights = {f"w/{name}": value.numpy() for name, value in case.module.state_dict().items()}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.npz"
        samples = {"inputs": case.inputs.contiguous().numpy(), "labels": case.labels.numpy()}
        np.savez(file, architecture=np.array(case.architecture), **samples, **weights)
        yield file


class Contender:
    """A tool that waits for settings in a process of its own."""

    def __init__(self, file: Path, tool: str, truth: np.ndarray) -> None:
        self.tool, self._truth = tool, truth
        single = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        python = sys.executable if tool == "Corrie" else str(_python())
        command = [python, "-m", "tests.performance.spectra_peers_runner", str(file), tool]
        environment = os.environ | single | {"PYTHONPATH": str(CHECKOUT)}
        self._process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def search(self, setting: str) -> Cost:
        """One search."""
        ask, answer = self._process.stdin, self._process.stdout
        assert ask is not None
        assert answer is not None
        ask.write(f"{setting}\n")
        ask.flush()
        line = answer.readline()
        assert line, f"{self.tool} ended with {self._process.wait()}"
        found = json.loads(line)
        error = relative_error(found["values"], self._truth)
        seconds = (found["seconds"],)
        return Cost(
            self.tool, setting, error, found["products"], seconds, found["gradient"], converged=found["converged"]
        )


def joined(costs: Sequence[Cost]) -> Cost:
    """Several searches that found the same."""
    first = costs[0]
    return Cost(
        first.tool,
        first.setting,
        max(cost.error for cost in costs),
        max(cost.products for cost in costs),
        tuple(second for cost in costs for second in cost.seconds),
        min(cost.gradient for cost in costs),
        converged=all(cost.converged for cost in costs),
    )


@contextmanager
def contenders(file: Path, tools: Sequence[str], truth: np.ndarray) -> Iterator[list[Contender]]:
    """All tools, each waiting."""
    with ExitStack() as stack:
        yield [stack.enter_context(Contender(file, tool, truth)) for tool in tools]


def loosest(contender: Contender, tolerance: float) -> list[Cost]:
    """Searches from the loosest setting on to the first that is right and that the tool itself calls converged."""
    tried: list[Cost] = []
    for setting in SETTINGS[contender.tool]:
        tried.append(contender.search(setting))
        if tried[-1].error <= tolerance and tried[-1].converged:
            break
    return tried


def in_turn(those: Sequence[tuple[Contender, str]], rounds: int) -> list[Cost]:
    """The costs of all with their settings, one search of each after one of every other, the first not counted."""
    found = [[contender.search(setting) for contender, setting in those] for _ in range(rounds + 1)]
    return [joined(costs) for costs in zip(*found[1:], strict=True)]
