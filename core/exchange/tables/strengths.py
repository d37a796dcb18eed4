"""Accuracy by strength, side by side for all attacks: samples as they are first, as in tables of Yao et al. 2018."""

from collections.abc import Iterator

import numpy as np

from core.exchange.tables.rows import Row
from core.exchange.words import number
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Robustness

CLEAN = "clean"
ALL = "all of them"


def strength_rows(found: Robustness) -> Iterator[Row]:
    """Plain numbers: accuracies from 0 to 1, or losses where numbers are predicted.

    The last column is the share that no attack turns at any strength up to each; it is there for several attacks on
    classes.
    """
    classes = found.right is not None
    what = "accuracy" if classes else f"loss ({found.loss_unit})"
    worst = found.worst(found.request.attacks) if classes and len(found.request.attacks) > 1 else None
    heads = tuple(f"{what} {ATTACK_NAMES[kind]}" for kind in found.request.attacks)
    yield ("epsilon", "L2 length", *heads, *(() if worst is None else (f"{what} under all",)))
    values, clean = (found.accuracy, found.clean_accuracy) if classes else (found.loss, found.clean_loss)
    yield (0.0, 0.0, *[clean] * len(heads), *(() if worst is None else (clean,)))
    for column, (epsilon, length) in enumerate(zip(found.epsilon.tolist(), found.length.tolist(), strict=True)):
        last = () if worst is None else (float(worst[column]),)
        yield (epsilon, length, *values[:, column].tolist(), *last)


def strength_columns(found: Robustness) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The same for readers: per cent, and the strength of every row."""
    rows = list(strength_rows(found))
    heads = ("ε", "L2", *(ATTACK_NAMES[kind] for kind in found.request.attacks))
    if len(rows[0]) > len(heads):
        heads = (*heads, ALL)
    show = _share if found.right is not None else _loss
    shown = []
    for row in rows[1:]:
        epsilon, length, *cells = (float(cell) for cell in row)
        first = (CLEAN, "") if epsilon == 0 else (number(epsilon, 3), number(length, 3))
        shown.append((*first, *map(show, cells)))
    return heads, shown


def _share(value: float) -> str:
    return f"{100 * value:.1f} %" if np.isfinite(value) else "…"


def _loss(value: float) -> str:
    return number(value) if np.isfinite(value) else "…"
