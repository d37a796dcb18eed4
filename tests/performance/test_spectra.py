"""The top 20 eigenvalues to a verified 1e-4 against the peers: products and CPU time, within one run."""

import copy
import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import LinearOperator, eigsh

from core.curvature.forms import hessian_form
from core.curvature.hessian import hessian_vector_product
from core.curvature.lanczos import ritz_pairs
from core.job import ControlledJob, JobContext
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest
from tests.performance.peers_cases import Case
from tests.performance.spectra_cases import CASES, TOP, whole_c1
from tests.performance.spectra_peers import (
    CHECKOUT,
    ROUNDS,
    SETTINGS,
    contenders,
    in_turn,
    loosest,
    relative_error,
    written,
)

TOLERANCE = 1e-4
FEWER_PRODUCTS, LESS_TIME = 20, 20  # than PyHessian, where it reaches the tolerance
# CPU time than the best of the others, at the loosest setting that is right, whether they say so or not. Measured
# in turns on a busy machine: 2.7 for the MLP, and 3.8 where the other tool itself calls its eigenvalues converged.
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


def verified_products(case: Case, truth: np.ndarray) -> int:
    """Everything: search, residuals in float64, audit, sampling errors."""
    found = compute_spectrum(SpectrumRequest(top=TOP), case.network(), case.dataset(), ControlledJob())
    assert found.verified.all()
    assert found.audit is not None
    assert found.audit.products <= 20
    assert relative_error(found.eigenvalues.tolist(), truth) <= TOLERANCE
    return found.products


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
    lines = [f"verified, with audit: {verified_products(case, truth)} products"]
    lines.append(f"the first {FIRST} are right after {first_right(case, truth)} products")
    with written(case) as file, contenders(file, tuple(SETTINGS), truth) as (ours, slowest, *others):
        in_time = [(ours, str(TOLERANCE))]
        for other in others:
            tried = loosest(other, TOLERANCE)
            lines += [str(cost) for cost in tried if cost.error > TOLERANCE]
            in_time += [(other, cost.setting) for cost in tried if cost.error <= TOLERANCE]
        mine, *theirs = in_turn(in_time, ROUNDS)
        tried = loosest(slowest, TOLERANCE)  # a search takes so long that one is enough
    lines += [str(cost) for cost in (mine, *theirs, *tried)]
    for cost in theirs:
        ratios = (
            f"{cost.products / mine.products:.2f} times the products, {cost.times(mine):.2f} times the CPU time of "
        )
        lines.append(f"{cost.tool} ({cost.setting}): {ratios}the search, in turns {cost.in_turns(mine):.2f}")
    slow = tried[-1]
    lines.append(
        f"{slow.tool} ({slow.setting}): {slow.products / mine.products:.1f} times the products, "
        f"{slow.times(mine):.1f} times the CPU time"
    )
    with capsys.disabled():
        print(f"\n{name}\n" + "\n".join(lines))  # noqa: T201  what the measurement is for
    assert mine.error <= TOLERANCE
    if slow.error <= TOLERANCE:
        assert slow.products >= FEWER_PRODUCTS * mine.products
        assert slow.times(mine) >= LESS_TIME
    # Also than searches that happen to be right before the tool itself says so.
    assert min(cost.times(mine) for cost in theirs) >= LESS_THAN_OTHERS
