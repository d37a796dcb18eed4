"""What the top eigenvalues cost the peers: Hessian-vector products and CPU time, in an environment of their own."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.performance.peers_cases import Case
from tests.performance.peers_environment import PeersUnavailable, spectra_python
from tests.performance.spectra_cases import TOP

CHECKOUT = Path(__file__).parents[2]
# Loose to tight. PyHessian: tolerance; eigenthings: steps, which it cannot choose itself, from its own default on;
# curvlinops: tolerance of eigsh.
SETTINGS = {
    "PyHessian": ("1e-4", "1e-6", "1e-7"),
    "hessian-eigenthings": ("40", "50", "60", "80"),
    "curvlinops + eigsh": ("1e-2", "1e-3"),
}


@dataclass(frozen=True)
class Cost:
    """One search: what it found, and what it took."""

    tool: str
    setting: str
    error: float  # largest relative error of the eigenvalues
    products: int
    gradients: float  # CPU time, in gradients over all samples
    converged: bool = True  # by the tool's own word: that of its residuals, or that it ended before its limit

    def __str__(self) -> str:
        return (
            f"{self.tool:20} {self.setting:>5}: {self.products:5d} products, {self.gradients:7.1f} gradients of CPU "
            f"time, largest relative error {self.error:.1e}"
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


def peer_cost(file: Path, tool: str, setting: str, truth: np.ndarray) -> Cost:
    """One search of one tool in a process of its own."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [str(_python()), "-m", "tests.performance.spectra_peers_runner", str(file), tool, setting]
    environment = os.environ | single | {"PYTHONPATH": str(CHECKOUT)}
    answer = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    error = relative_error(found["values"], truth)
    return Cost(tool, setting, error, found["products"], found["seconds"] / found["gradient"], found["converged"])
