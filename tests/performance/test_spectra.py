"""The top 20 eigenvalues to a verified 1e-4 against the peers: products and CPU time, within one run."""

import copy
import json
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import LinearOperator, eigsh

from core.curvature.forms import hessian_form
from core.curvature.hessian import hessian_vector_product
from core.curvature.lanczos import ritz_pairs
from core.job import ControlledJob, JobContext
from core.spectrum.certainty import settled
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest
from tests.performance.peers_cases import Case
from tests.performance.spectra_cases import CASES, TOP, whole_c1
from tests.performance.spectra_peers import CHECKOUT, SETTINGS, Cost, peer_cost, relative_error, written
from tests.performance.spectra_peers_runner import gradient_seconds

TOLERANCE = 1e-4
FEWER_PRODUCTS, LESS_TIME = 20, 20  # than PyHessian, where it reaches the tolerance
# CPU time than the best of the others, at the loosest setting that they call converged, to be reached. Measured on a
# busy machine: 2.4 to 3.0 for C1, where a product costs 1.2 gradients, and 1.9 to 2.2 for the MLP, where it costs 1.6.
LESS_THAN_OTHERS = 2.2
FIRST = 10  # eigenvalues, of which it is told when they are right


def truth_of(case: Case) -> np.ndarray:
    """The top eigenvalues from products in float64 and ARPACK, by magnitude."""
    module = copy.deepcopy(case.module).double()
    parameters = list(module.parameters())
    product = hessian_form(module, case.inputs.double(), case.labels, len(case.labels), parameters)

    def image(vector: np.ndarray) -> np.ndarray:
        return product(torch.from_numpy(np.ascontiguousarray(vector).reshape(-1)), keep=True).numpy()

    size = sum(parameter.numel() for parameter in parameters)
    start = np.random.default_rng(1).normal(size=size)
    operator = LinearOperator((size, size), matvec=image, dtype=float)
    values = eigsh(operator, k=TOP + 4, which="LM", tol=1e-8, v0=start, return_eigenvectors=False)
    return values[np.argsort(-np.abs(values))]


def first_right(case: Case, truth: np.ndarray) -> int:
    """After how many products the outermost ten are all there, each to the tolerance."""
    with hessian_vector_product(case.module, case.inputs, case.labels, JobContext()) as product:
        for pairs in ritz_pairs(product, product.size, TOP, 200, torch.empty(0, product.size), 0):
            values = pairs.values.numpy()
            nearest = np.abs(values[:, None] / truth[:FIRST] - 1).min(axis=0, initial=np.inf)  # near ties change places
            if (nearest <= TOLERANCE).all():
                return pairs.products
    return 0


def search_cost(case: Case, truth: np.ndarray) -> Cost:
    """The search alone, with the graphs that it makes; what judges it afterwards counts as audit."""
    unit = gradient_seconds(case.module, case.inputs, case.labels)
    began = time.process_time()
    with hessian_vector_product(case.module, case.inputs, case.labels, JobContext()) as product:
        for pairs in ritz_pairs(product, product.size, TOP, 200, torch.empty(0, product.size), 0):
            if settled(pairs, TOLERANCE, "magnitude"):
                break
        vectors = pairs.take(torch.empty(0, dtype=torch.int64))
    seconds = time.process_time() - began
    assert len(vectors) == TOP
    unit = (unit + gradient_seconds(case.module, case.inputs, case.labels)) / 2
    return Cost("Corrie, search", "", relative_error(pairs.values.tolist(), truth), pairs.products, seconds / unit)


def whole_cost(case: Case, truth: np.ndarray) -> Cost:
    """Everything: search, residuals in float64, audit, sampling errors."""
    unit = gradient_seconds(case.module, case.inputs, case.labels)
    network, data = case.network(), case.dataset()
    began = time.process_time()
    found = compute_spectrum(SpectrumRequest(top=TOP), network, data, ControlledJob())
    seconds = time.process_time() - began
    assert found.verified.all()
    assert found.audit is not None
    assert found.audit.products <= 20
    return Cost(
        "Corrie, verified", "", relative_error(found.eigenvalues.tolist(), truth), found.products, seconds / unit
    )


MOST_PRODUCTS, MOST_MEMORY = 64, 2**30


@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_twenty_eigenvalues_of_c1_at_full_width_fit_into_a_gigabyte(capsys: pytest.CaptureFixture[str]) -> None:
    with written(whole_c1()) as file:
        command = [sys.executable, "-m", "tests.performance.spectra_memory", str(file)]
        answer = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    with capsys.disabled():
        print(f"\nC1 at full width: {found}")  # noqa: T201  what the measurement is for
    assert found["verified"] == TOP
    assert found["searching"] <= MOST_PRODUCTS
    assert found["peak"] <= MOST_MEMORY


@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.usefixtures("one_thread")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", CASES)
def test_twenty_eigenvalues_cost_a_fraction_of_what_they_cost_the_peers(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]()
    truth = truth_of(case)
    ours, whole = search_cost(case, truth), whole_cost(case, truth)
    lines = [str(ours), str(whole), f"the first {FIRST} are right after {first_right(case, truth)} products"]
    reached = {}
    with written(case) as file:
        for tool, settings in SETTINGS.items():
            for setting in settings:
                cost = peer_cost(file, tool, setting, truth)
                lines.append(str(cost))
                if cost.error <= TOLERANCE and cost.converged:
                    reached[tool] = cost
                    break
    with capsys.disabled():
        print(f"\n{name}\n" + "\n".join(lines))  # noqa: T201  what the measurement is for
        for tool, cost in reached.items():
            ratios = f"{cost.products / ours.products:.1f} times the products, "
            ratios += f"{cost.gradients / ours.gradients:.1f} times the CPU time of the search"
            print(f"{tool} ({cost.setting}): {ratios}")  # noqa: T201
    assert ours.error <= TOLERANCE
    assert whole.error <= TOLERANCE
    if "PyHessian" in reached:
        theirs = reached.pop("PyHessian")
        assert theirs.products >= FEWER_PRODUCTS * ours.products
        assert theirs.gradients >= LESS_TIME * ours.gradients
    assert min(cost.gradients for cost in reached.values()) >= LESS_THAN_OTHERS * ours.gradients
