"""Robustness as a table for people, and as plain values for machines."""

import numpy as np

from app.cli.machine_numbers import finite, finite_list, finite_rows
from app.cli.tables import Facts, figure, table
from core.exchange.facts.robustness import clean_words, curvature_words, damping_words, strength_words, worst_words
from core.exchange.words import count
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES, SECOND_ORDER
from core.robustness.robustness import Robustness

Values = dict[str, object]


def robustness_summary(found: Robustness) -> Facts:
    """Accuracy by attack and strength in one table, with what the strengths are."""
    facts = [("as they are", clean_words(found)), ("under attack", _table(found)), ("strengths", strength_words(found))]
    if worst := worst_words(found):
        facts.append(("under all", worst))
    if found.made_on:
        facts.append(("made on", found.made_on))
    if SECOND_ORDER & set(found.request.attacks):
        facts.append(("damping", damping_words(found)))
    if curvature := curvature_words(found):
        facts.append(("input Hessian", curvature))
    if found.not_finite:
        facts.append(("not finite", f"{count(found.not_finite, 'sample')} without finite outputs: they count as wrong"))
    return facts


def _table(found: Robustness) -> str:
    """A row for each strength; the accuracy in percent with its interval, or the loss where numbers are predicted."""
    classes = found.right is not None
    unit = "%" if classes else "loss"
    heads = ["epsilon"]
    if ALONG_GRADIENT & set(found.request.attacks):
        heads.append("L2 length")
    heads += [f"{ATTACK_NAMES[kind]} {unit}" for kind in found.request.attacks]
    low, high = found.interval
    rows = []
    for column, epsilon in enumerate(found.epsilon.tolist()):
        cells = [figure(epsilon, 4), *([figure(float(found.length[column]), 4)] if "L2 length" in heads else [])]
        for row in range(len(found.request.attacks)):
            if not np.isfinite(found.changed[row, column]):
                cells.append("-")
            elif not classes:
                cells.append(figure(float(found.loss[row, column])))
            else:
                ends = f"{100 * low[row, column]:.1f}-{100 * high[row, column]:.1f}"
                cells.append(f"{100 * found.accuracy[row, column]:.1f} ({ends})")
        rows.append(tuple(cells))
    return table(tuple(heads), rows)


def robustness_values(found: Robustness) -> Values:
    """Every number by attack and strength; arrays have a row for each attack."""
    low, high = found.interval
    examples = found.examples
    return {
        "attacks": list(found.request.attacks),
        "epsilon": found.epsilon.tolist(),
        "length": found.length.tolist(),
        "accuracy": finite_rows(found.accuracy),
        "accuracy_low": finite_rows(low),
        "accuracy_high": finite_rows(high),
        "loss": finite_rows(found.loss),
        "changed": finite_rows(found.changed),
        "clean_accuracy": finite(found.clean_accuracy),
        "clean_loss": finite(found.clean_loss),
        "loss_unit": found.loss_unit,
        "worst": finite_list(found.worst(found.request.attacks)),
        "damping": found.request.damping,
        "steps": found.request.steps,
        "seed": found.request.seed,
        "made_on": found.made_on or None,
        "made_on_sha256": found.request.made_on or None,
        "range_low": found.range_low.tolist(),
        "range_high": found.range_high.tolist(),
        "piecewise_linear": found.piecewise_linear,
        "saddle_free": found.saddle_free,
        "smallest_input_eigenvalue": finite(found.smallest_input_eigenvalue),
        "largest_input_eigenvalue": _largest(found),
        "hessian_deviation": finite(found.hessian_deviation),
        "not_finite": found.not_finite,
        "examples": [] if examples is None else examples.row.tolist(),
    }


def _largest(found: Robustness) -> float | None:
    if found.input_eigenvalues is None:
        return None
    known = found.input_eigenvalues[np.isfinite(found.input_eigenvalues)]
    return float(known.max()) if known.size else None
