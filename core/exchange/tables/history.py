"""Curvature through a training as rows and arrays: one entry for every checkpoint."""

from collections.abc import Iterator

import numpy as np

from core.exchange.plane_words import CURVATURE
from core.exchange.tables.arrays import Named
from core.exchange.tables.rows import Row
from core.spectrum.history import History

_ALWAYS = ("epoch", "learning_rate", "loss", "accuracy", "test_loss", "test_accuracy", "gradient_norm")


def history_rows(history: History) -> Iterator[Row]:
    """One row per checkpoint; names of columns are those of the session file, with the unit in parentheses."""
    units = {
        "loss": history.loss_unit,
        "test_loss": history.loss_unit,
        "accuracy": "0 to 1",
        "test_accuracy": "0 to 1",
        "gradient_norm": "loss per unit of the weights",
    }
    names = [name for name in _ALWAYS if getattr(history, name) is not None]
    ranks = range(1, history.eigenvalues.shape[1] + 1)
    pairs = [f"{what}_{rank} ({CURVATURE})" for rank in ranks for what in ("eigenvalue", "residual")]
    yield (*(f"{name} ({units[name]})" if name in units else name for name in names), *pairs, "converged")
    columns = [getattr(history, name).tolist() for name in names]
    for rank in ranks:
        columns += [history.eigenvalues[:, rank - 1].tolist(), history.residuals[:, rank - 1].tolist()]
    yield from zip(*columns, history.converged.tolist(), strict=True)


def history_arrays(history: History) -> Named:
    """Every curve under its own name."""
    for name in (*_ALWAYS, "eigenvalues", "residuals", "converged"):
        if (array := getattr(history, name)) is not None:
            yield name, np.asarray(array)
