"""Attacks, and sizes and sharpness: accuracies with the samples behind them, measures with their stated errors."""

import math
from dataclasses import replace

import numpy as np

from core.exchange.words import count, number
from core.generalisation.complexity import Complexity, LayerNorms
from core.review.comparison.anatomy import identical
from core.review.comparison.kinds.layers import layer_rows
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import FloatArray, array_row, loss_error, loss_row, number_row
from core.review.comparison.record import Finding, Row
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import NOT_YET, Robustness

SIGMAS = 2.0
NORM_ERROR = 1e-5  # relative, of a norm that is computed from float32 weights


def compare_robustness(a: Robustness, b: Robustness, question: Question) -> Answer:
    """Attack by attack.

    The 95 % intervals of the accuracies (`wilson_interval`) are about all samples of their kind. Where both answer the
    same question they say nothing: the very same samples were attacked.
    """
    covered = {"epsilon", "accuracy", "loss", "changed", "clean_accuracy", "clean_loss"}
    fields = frozenset(covered | {"right", "examples", "hessian_deviation"})
    rows = [_clean(a, b, question), _loss("Loss of samples as they are", a.clean_loss, b.clean_loss)]
    if not np.array_equal(a.epsilon, b.epsilon, equal_nan=True):
        rows.append(array_row("found", "Strengths", a.epsilon, b.epsilon))
        return Answer(rows=rows, covered=fields, reason="they are of different strengths")
    for kind in dict.fromkeys((*a.request.attacks, *b.request.attacks)):
        name = ATTACK_NAMES[kind]
        if kind not in a.request.attacks or kind not in b.request.attacks:
            finding: Finding = "only in A" if kind in a.request.attacks else "only in B"
            rows.append(Row(part="found", what=f"Accuracy under {name}", a="", b="", finding=finding))
            continue
        places = a.request.attacks.index(kind), b.request.attacks.index(kind)
        rows.append(_attack(f"Accuracy under {name}", a, b, places, question))
        losses = a.loss[places[0]], b.loss[places[1]]
        rows.append(loss_row(f"Loss under {name}", *losses, of="strength"))
        lengths = a.changed[places[0]], b.changed[places[1]]
        rows.append(array_row("found", f"Length of the change by {name}", *lengths, of="strength"))
    rows += _verdict_rows(a, b)
    if not identical(a.examples, b.examples):
        rows.append(Row(part="found", what="Examples that are kept", a="", b="", difference="others", finding="noted"))
    if not identical(a.hessian_deviation, b.hessian_deviation):
        rows.append(
            replace(
                number_row("found", "Check of the closed form", a.hessian_deviation, b.hessian_deviation),
                finding="noted",
            )
        )
    return Answer(rows=rows, covered=fields)


def compare_complexity(a: Complexity, b: Complexity, _question: Question) -> Answer:
    """Every measure by what it states of its own error."""
    spread = SIGMAS * math.hypot(a.sharpness_error, b.sharpness_error)
    bars = a.top_residual + b.top_residual
    rows = [
        _loss("Training loss", a.train_loss, b.train_loss),
        _percent("Training accuracy", a.train_accuracy, b.train_accuracy),
        _loss("Loss on the test set", a.test_loss, b.test_loss),
        _percent("Accuracy on the test set", a.test_accuracy, b.test_accuracy),
        number_row("found", "Path norm", a.path_norm, b.path_norm, allowed=_relative(a.path_norm, b.path_norm)),
        number_row("found", "Sharpness", a.sharpness, b.sharpness, allowed=spread),
        _noted(number_row("found", "Standard error of the sharpness", a.sharpness_error, b.sharpness_error)),
        _noted(number_row("found", "Residual of the top eigenvalue", a.top_residual, b.top_residual)),
        number_row("found", "Largest rise of a draw", a.worst_rise, b.worst_rise),
        number_row("found", "Top eigenvalue", a.top_eigenvalue, b.top_eigenvalue, allowed=bars),
        array_row("found", "Margins", a.margins, b.margins, of="sample"),
        array_row("found", "Rises of the draws", a.rises, b.rises, of="draw"),
        *_norm_rows(a.layers, b.layers),
    ]
    covered = {"train_loss", "train_accuracy", "test_loss", "test_accuracy", "path_norm", "sharpness", "worst_rise"}
    covered |= {"sharpness_error", "top_eigenvalue", "top_residual", "margins", "rises", "layers"}
    return Answer(rows=[row for row in rows if row.a != "not a number" or row.differs], covered=frozenset(covered))


def _clean(a: Robustness, b: Robustness, question: Question) -> Row:
    row = _percent("Accuracy of samples as they are", a.clean_accuracy, b.clean_accuracy)
    if question.same or row.finding in ("same", "differ"):
        return row
    (low, high), (other_low, other_high) = a.clean_interval, b.clean_interval
    return replace(row, finding="agree" if low <= other_high and other_low <= high else "differ")


def _attack(what: str, a: Robustness, b: Robustness, places: tuple[int, int], question: Question) -> Row:
    one, other = a.accuracy[places[0]], b.accuracy[places[1]]
    row = array_row("found", what, 100 * one, 100 * other, unit="%", of="strength")
    row = replace(row, a=_list(one), b=_list(other))
    if row.finding != "unstated":
        return row
    worst = int(np.nanargmax(np.abs(one - other)))
    words = f"{row.difference}; most at ε = {number(float(a.epsilon[worst]), 3)}"
    if question.same:
        return replace(row, difference=words)
    lows, highs = zip(a.interval, b.interval, strict=True)
    meet = (lows[0][places[0]] <= highs[1][places[1]]) & (lows[1][places[1]] <= highs[0][places[0]])
    finding: Finding = "agree" if bool(meet.all()) else "differ"
    apart = count(int((~meet).sum()), "strength")
    said = "their 95 % intervals meet" if finding == "agree" else f"their 95 % intervals do not meet at {apart}"
    return replace(row, difference=f"{words}; {said}", finding=finding)


def _verdict_rows(a: Robustness, b: Robustness) -> list[Row]:
    """How many verdicts of single samples changed, of attacks and strengths that both have."""
    if a.right is None or b.right is None or a.right.shape[1:] != b.right.shape[1:]:
        return []
    kinds = [kind for kind in a.request.attacks if kind in b.request.attacks]
    if not kinds or a.provenance.data_sha256 != b.provenance.data_sha256:
        return []
    one, other = (side.right[[side.request.attacks.index(kind) for kind in kinds]] for side in (a, b))  # type: ignore[index]  # neither is None
    known = (one != NOT_YET) & (other != NOT_YET)
    changed = int(np.count_nonzero(known & (one != other)))
    sides = [f"{int((side[known] == 1).sum()):,} right" for side in (one, other)]
    words = f"{changed:,} of {int(known.sum()):,} verdicts changed" if changed else ""
    finding: Finding = "same" if identical(one, other) else "unstated" if changed else "agree"
    return [Row(part="found", what="Samples under attack", a=sides[0], b=sides[1], difference=words, finding=finding)]


def _norm_rows(a: tuple[LayerNorms, ...], b: tuple[LayerNorms, ...]) -> list[Row]:
    """By layer; only what is not the same."""
    rows = layer_rows(a, b, _norms_of_layer)
    return rows or [Row(part="found", what="Norms of the layers", a=str(len(a)), b=str(len(b)), finding="same")]


def _norms_of_layer(name: str, one: LayerNorms, other: LayerNorms) -> list[Row]:
    relative = _relative(one.frobenius, other.frobenius)
    rows = [number_row("found", f"{name}: ‖W‖", one.frobenius, other.frobenius, allowed=relative)]
    allowed = one.spectral_error + other.spectral_error + _relative(one.spectral, other.spectral)
    rows.append(number_row("found", f"{name}: σ₁", one.spectral, other.spectral, allowed=allowed))
    if (one.parameters, one.kind) != (other.parameters, other.kind):
        sides = [f"{side.kind}, {side.parameters:,} parameters" for side in (one, other)]
        rows.append(Row(part="found", what=name, a=sides[0], b=sides[1], finding="differ"))
    return rows


def _loss(what: str, a: float, b: float) -> Row:
    return number_row("found", what, a, b, allowed=loss_error(a, b))


def _percent(what: str, a: float, b: float) -> Row:
    return number_row("found", what, 100 * a, 100 * b, unit="%")


def _noted(row: Row) -> Row:
    """An error that is stated: it judges other numbers, and is none of them."""
    return replace(row, finding="noted") if row.differs else row


def _relative(a: float, b: float) -> float:
    return 2 * NORM_ERROR * max(abs(a), abs(b))


def _list(accuracy: FloatArray) -> str:
    shown = ", ".join("—" if math.isnan(value) else number(100 * float(value), 4) for value in accuracy[:8])
    return f"{shown} %" if len(accuracy) <= 8 else f"{shown} … %"
