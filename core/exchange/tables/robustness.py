"""Robustness as a table with one row for every attack at every strength, and as arrays."""

from collections.abc import Iterator

import numpy as np

from core.exchange.tables.arrays import Named
from core.exchange.tables.rows import Row
from core.robustness.intervals import CONFIDENCE
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES
from core.robustness.robustness import Robustness

_EXAMPLES = (
    *("row", "label", "original", "attacked", "clean_verdict", "clean_confidence", "verdict", "confidence"),
    *("target", "clean_prediction", "prediction"),
)
_OPTIONAL = ("right", "clean_right", "input_eigenvalues")


def robustness_rows(found: Robustness) -> Iterator[Row]:
    """Samples as they are first, without an attack; then attack by attack, the strengths rising."""
    share = f"{100 * CONFIDENCE:g} %"
    unit = "range of the data"
    yield (
        *("attack", "measured by", f"strength ({unit})", f"epsilon ({unit})"),
        *("accuracy (0 to 1)", f"accuracy low ({share})", f"accuracy high ({share})"),
        *(f"loss ({found.loss_unit})", f"change (L2; {unit})"),
    )
    clean_low, clean_high = found.clean_interval
    yield ("none", "", 0.0, 0.0, found.clean_accuracy, clean_low, clean_high, found.clean_loss, 0.0)
    low, high = found.interval
    for row, kind in enumerate(found.request.attacks):
        measure = "L2 length" if kind in ALONG_GRADIENT else "largest change"
        values = zip(
            *(found.strength[row].tolist(), found.epsilon.tolist(), found.accuracy[row].tolist(), low[row].tolist()),
            *(high[row].tolist(), found.loss[row].tolist(), found.changed[row].tolist()),
            strict=True,
        )
        yield from ((ATTACK_NAMES[kind], measure, *cells) for cells in values)


def robustness_arrays(found: Robustness) -> Named:
    """Everything that was found; ``right`` has a verdict for every sample, 255 where there is none yet."""
    yield "attacks", np.array(found.request.attacks)
    for name in ("epsilon", "length", "accuracy", "loss", "changed", "range_low", "range_high"):
        yield name, getattr(found, name)
    for name in ("clean_accuracy", "clean_loss", "smallest_input_eigenvalue", "hessian_deviation"):
        yield name, np.array(getattr(found, name))
    yield "piecewise_linear", np.array(found.piecewise_linear)
    for name in _OPTIONAL:
        if (array := getattr(found, name)) is not None:
            yield name, array
    for name in _EXAMPLES if found.examples is not None else ():
        if (array := getattr(found.examples, name)) is not None:
            yield f"examples/{name}", array
