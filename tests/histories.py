"""Curvature through a training as a result: numbers that fit together, and nothing of torch."""

import numpy as np

from core.spectrum.history import History, HistoryRequest
from core.spectrum.spectrum import Status
from tests.document_parts import provenance


def history(count: int = 9, top: int = 3, *, status: Status = "complete", tested: bool = True) -> History:
    """The curvature rises, falls with the learning rate, and is once negative; what is partial lacks the last third."""
    epoch = np.arange(count) * 2.0
    left = np.linspace(1.0, 0.0, count)
    loss = 0.05 + 2.2 * left**2
    first = 30.0 * np.exp(-(((epoch - 6.0) / 5.0) ** 2)) + 3.0
    eigenvalues = first[:, None] * 0.6 ** np.arange(top)
    if top > 1:
        eigenvalues[1, 1] *= -1
    values = {
        "loss": loss,
        "accuracy": 1.0 - 0.9 * left**2,
        "gradient_norm": 0.02 + 0.7 * left,
        "test_loss": loss + 0.1,
        "test_accuracy": 0.95 - 0.87 * left**2,
    }
    residuals, converged = 4e-4 * np.abs(eigenvalues), np.ones(count, dtype=np.uint8)
    if status == "partial":
        unknown = slice(2 * count // 3, None)
        for array in (*values.values(), eigenvalues, residuals):
            array[unknown] = np.nan
        converged[unknown] = 0
    if not tested:
        values |= {"test_loss": None, "test_accuracy": None}  # type: ignore[dict-item]
    return History(
        request=HistoryRequest(top=top, test=tested),
        status=status,
        epoch=epoch,
        learning_rate=np.where(epoch < 10, 0.1, 0.01),
        eigenvalues=eigenvalues,
        residuals=residuals,
        converged=converged,
        checkpoints_sha256="7c" * 32,
        provenance=provenance(),
        **values,
    )
