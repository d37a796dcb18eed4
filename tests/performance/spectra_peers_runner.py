"""One tool looks for the top eigenvalues of one network, as often as it is told to, in a process of its own.

``python -m tests.performance.spectra_peers_runner CASE TOOL``: CASE is a file of weights and samples, and every line
that comes in is the setting of one search. Each is answered by a line of JSON: eigenvalues, Hessian-vector products,
CPU seconds of the search, and of one gradient in this process, and whether the tool itself calls all of them converged.
Peers run in their own environment and Corrie's search in that of the project, which differ in nothing that is set here:
one thread, and the allocator as it comes. Before the first setting is taken, imports are done and a small search is.
"""

import contextlib
import gc
import io
import json
import os
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from tests.performance.spectra_cases import TOP, build_spectra_case

Answer = tuple[list[float], int, bool]  # eigenvalues, products, converged by its own word


def pyhessian(model: nn.Module, inputs: Tensor, labels: Tensor, setting: str) -> Answer:
    """Deflated power iteration on one batch, whose gradient it keeps; the setting is its tolerance."""
    from pyhessian import hessian  # noqa: PLC0415

    inside = sys.modules["pyhessian.hessian"]
    counted = 0
    plain = inside.hessian_vector_product

    def counting(*arguments: object) -> object:
        nonlocal counted
        counted += 1
        return plain(*arguments)

    inside.hessian_vector_product = counting
    found = hessian(model, nn.CrossEntropyLoss(), data=(inputs, labels), cuda=False)
    values, _ = found.eigenvalues(maxIter=1000, tol=float(setting), top_n=TOP)
    return [float(value) for value in values], counted, True


def eigenthings(model: nn.Module, inputs: Tensor, labels: Tensor, setting: str) -> Answer:
    """Lanczos with its own full reorthogonalisation; the setting is the number of steps, which it cannot choose."""
    from hessian_eigenthings import HessianOperator, lanczos, supervised_loss  # noqa: PLC0415

    operator = HessianOperator(model, [(inputs, labels)], supervised_loss(nn.functional.cross_entropy))
    found = lanczos(operator, k=TOP, max_iter=int(setting), tol=1e-4, reorthogonalize=True, seed=0)
    return found.eigenvalues.tolist(), int(setting), bool(found.converged.all())


def curvlinops(model: nn.Module, inputs: Tensor, labels: Tensor, setting: str) -> Answer:
    """Its operator in scipy's eigsh; the setting is the tolerance."""
    from curvlinops import HessianLinearOperator  # noqa: PLC0415
    from scipy.sparse.linalg import LinearOperator, eigsh  # noqa: PLC0415

    parameters = dict(model.named_parameters())
    try:
        operator = HessianLinearOperator(model, nn.CrossEntropyLoss(), parameters, [(inputs, labels)])
    except (TypeError, AttributeError):
        listed = list(parameters.values())
        operator = HessianLinearOperator(model, nn.CrossEntropyLoss(), listed, [(inputs, labels)])
    plain = operator.to_scipy(dtype=np.dtype(np.float32))
    counted = 0

    def counting(vector: np.ndarray) -> np.ndarray:
        nonlocal counted
        counted += 1
        return plain @ vector.reshape(-1).astype(np.float32)

    size = plain.shape[0]
    start = np.random.default_rng(0).normal(size=size).astype(np.float32)
    wrapped = LinearOperator((size, size), counting, dtype=np.float32)
    values = eigsh(wrapped, k=TOP, which="LM", tol=float(setting), v0=start, return_eigenvectors=False)
    return [float(value) for value in values], counted, True


def corrie(model: nn.Module, inputs: Tensor, labels: Tensor, setting: str) -> Answer:
    """The search of the engine, with all that it forms; the setting is the tolerance of the eigenvalues."""
    from core.curvature.hessian import hessian_vector_product  # noqa: PLC0415
    from core.curvature.lanczos import ritz_pairs  # noqa: PLC0415
    from core.job import JobContext  # noqa: PLC0415
    from core.spectrum.certainty import settled  # noqa: PLC0415

    with hessian_vector_product(model, inputs, labels, JobContext()) as product:
        for pairs in ritz_pairs(product, product.size, TOP, 200, torch.empty(0, product.size), 0):
            if converged := settled(pairs, float(setting), "magnitude"):
                break
        vectors = pairs.take(torch.empty(0, dtype=torch.int64))
    assert len(vectors) == TOP
    return pairs.values.tolist(), product.products, converged


TOOLS: dict[str, Callable[[nn.Module, Tensor, Tensor, str], Answer]] = {
    "Corrie": corrie,
    "PyHessian": pyhessian,
    "hessian-eigenthings": eigenthings,
    "curvlinops + eigsh": curvlinops,
}
EASY = {"Corrie": "0.1", "PyHessian": "0.1", "hessian-eigenthings": "40", "curvlinops + eigsh": "0.1"}


def _warm(tool: str) -> None:
    """Let imports and what torch sets up at a first call pass before the clock starts."""
    model = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3)).eval()
    TOOLS[tool](model, torch.randn(8, 16), torch.arange(8) % 3, EASY[tool])


def gradient_seconds(model: nn.Module, inputs: Tensor, labels: Tensor, times: int = 7) -> float:
    """CPU seconds of one gradient over all samples, the least of some."""
    parameters, spent = list(model.parameters()), []
    for _ in range(times + 1):
        began = time.process_time()
        torch.autograd.grad(nn.functional.cross_entropy(model(inputs), labels), parameters)
        spent.append(time.process_time() - began)
    return min(spent[1:])


def _answered(tool: str, setting: str, model: nn.Module, inputs: Tensor, labels: Tensor) -> dict[str, object]:
    """One search; what came of the last one is swept away before, not meanwhile."""
    gc.collect()
    gradient = gradient_seconds(model, inputs, labels)
    began = time.process_time()
    values, products, converged = TOOLS[tool](model, inputs, labels, setting)
    seconds = time.process_time() - began
    model.zero_grad()
    return {
        "values": values, "products": products, "seconds": seconds, "gradient": gradient, "converged": converged,
    }  # fmt: skip


def main(case: str, tool: str) -> None:
    """Answer as long as there are settings."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with np.load(case, allow_pickle=False) as file:
        model = build_spectra_case(str(file["architecture"])).eval()
        model.load_state_dict({name[2:]: torch.from_numpy(file[name]) for name in file.files if name.startswith("w/")})
        inputs, labels = torch.from_numpy(file["inputs"]), torch.from_numpy(file["labels"])
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        _warm(tool)
        for line in sys.stdin:
            answer = _answered(tool, line.strip(), model, inputs, labels)
            os.write(1, (json.dumps(answer) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
