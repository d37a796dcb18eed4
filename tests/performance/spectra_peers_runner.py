"""Runs in the environment of the peers for spectra: one tool looks for the top eigenvalues of one network.

``python -m tests.performance.spectra_peers_runner CASE TOOL SETTING``: CASE is a file of weights and samples. One line
of JSON is written: eigenvalues, Hessian-vector products, CPU seconds of the search, and of one gradient in this
process, and whether the tool itself calls all of them converged.
"""

import contextlib
import io
import json
import os
import statistics
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


TOOLS: dict[str, Callable[[nn.Module, Tensor, Tensor, str], Answer]] = {
    "PyHessian": pyhessian,
    "hessian-eigenthings": eigenthings,
    "curvlinops + eigsh": curvlinops,
}


def _warm(tool: str) -> None:
    """Let imports and what torch sets up at a first call pass before the clock starts."""
    model = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3)).eval()
    easy = {"PyHessian": "0.1", "hessian-eigenthings": "40", "curvlinops + eigsh": "0.1"}
    TOOLS[tool](model, torch.randn(8, 16), torch.arange(8) % 3, easy[tool])


def gradient_seconds(model: nn.Module, inputs: Tensor, labels: Tensor, times: int = 7) -> float:
    """CPU seconds of one gradient over all samples, the median of some."""
    parameters, spent = list(model.parameters()), []
    for _ in range(times + 1):
        began = time.process_time()
        torch.autograd.grad(nn.functional.cross_entropy(model(inputs), labels), parameters)
        spent.append(time.process_time() - began)
    return statistics.median(spent[1:])


def main(case: str, tool: str, setting: str) -> None:
    """Answer once."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with np.load(case, allow_pickle=False) as file:
        model = build_spectra_case(str(file["architecture"])).eval()
        model.load_state_dict({name[2:]: torch.from_numpy(file[name]) for name in file.files if name.startswith("w/")})
        inputs, labels = torch.from_numpy(file["inputs"]), torch.from_numpy(file["labels"])
    unit = [gradient_seconds(model, inputs, labels)]
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        _warm(tool)
        began = time.process_time()
        values, products, converged = TOOLS[tool](model, inputs, labels, setting)
        seconds = time.process_time() - began
    model.zero_grad()
    unit.append(gradient_seconds(model, inputs, labels))
    answer = {"values": values, "products": products, "seconds": seconds, "gradient": statistics.fmean(unit)}
    answer["converged"] = converged
    os.write(1, (json.dumps(answer) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
