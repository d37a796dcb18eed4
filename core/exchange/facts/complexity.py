"""What was measured of a network's size and sharpness, as names and values for readers."""

import math

import numpy as np

from core.exchange.subject import Subject
from core.exchange.words import count, number
from core.generalisation.complexity import Complexity
from core.generalisation.measures import frobenius_product, low_margin, spectral_product, weight_length

Facts = list[tuple[str, str]]
_MOST_LAYERS = 80


def complexity_facts(found: Complexity, subject: Subject) -> Facts:
    """Gap, norms, margins, sharpness with its errors, and the norms layer by layer."""
    return [*size_facts(found, subject), *_layer_facts(found)]


def size_facts(found: Complexity, subject: Subject) -> Facts:
    """The same without the single layers."""
    del subject
    facts = [("Train set", _set_words(found.train_loss, found.train_accuracy, found.loss_unit))]
    if found.test_samples:
        facts.append(("Test set", _set_words(found.test_loss, found.test_accuracy, found.loss_unit)))
        facts.append(("Generalisation gap", gap_words(found)))
    facts.append(("Parameters", f"{found.parameters:,}"))
    if found.layers:
        facts += [
            ("Length of the weights", number(weight_length(found))),
            ("Product of spectral norms", _power(spectral_product(found)) + _doubt(found)),
            ("Product of Frobenius norms", _power(frobenius_product(found))),
            ("Path norm", path_words(found)),
        ]
    if found.margins.size:
        facts.append(("Margins", margin_words(found)))
    if found.rises.size:
        facts.append(("Sharpness", sharpness_words(found)))
    if found.request.eigenvalue and (words := eigenvalue_words(found)):
        facts.append(("Top eigenvalue", words))
    return facts


def gap_words(found: Complexity) -> str:
    """The gap with its standard error."""
    if math.isnan(found.gap):
        return "not known yet"
    if math.isnan(found.train_accuracy):
        return f"{number(found.gap)} {found.loss_unit} more loss on the test set"
    return f"{number(100 * found.gap, 3)} ± {number(100 * found.gap_error, 2)} percentage points of accuracy"


def path_words(found: Complexity) -> str:
    """The path norm, or why there is none."""
    return f"none. {found.path_reason}" if found.path_reason else number(found.path_norm)


def margin_words(found: Complexity) -> str:
    """Median, the margin of 95 %, and how many samples are on the wrong side."""
    wrong, unknown = int((found.margins <= 0).sum()), int(np.isnan(found.margins).sum())
    words = (
        f"median {number(float(np.median(found.margins)))}, 95 % above {number(low_margin(found))}, "
        f"{count(wrong, 'sample')} of {found.margins.size:,} not positive"
    )
    return f"{words}, {unknown:,} not a number" if unknown else words


def sharpness_words(found: Complexity) -> str:
    """Mean rise with its standard error, and the largest."""
    error = "" if math.isnan(found.sharpness_error) else f" ± {number(found.sharpness_error, 2)}"
    lost = int((~np.isfinite(found.rises)).sum())
    words = (
        f"the loss rises by {number(found.sharpness)}{error} {found.loss_unit} on average and at most by "
        f"{number(found.worst_rise)} over {count(len(found.rises), 'random direction')} when every filter moves by "
        f"{number(100 * found.request.radius, 3)} % of its length"
    )
    return f"{words}; {count(lost, 'direction')} without a finite loss" if lost else words


def eigenvalue_words(found: Complexity) -> str:
    """The eigenvalue with its residual, or why there is none; "" while it is not known."""
    if found.eigenvalue_reason:
        return f"none. {found.eigenvalue_reason}"
    if math.isnan(found.top_eigenvalue):
        return ""
    return (
        f"{number(found.top_eigenvalue)}, residual {number(found.top_residual, 2)} (changes with the scale of weights)"
    )


def _layer_facts(found: Complexity) -> Facts:
    return [
        (layer.layer, f"‖W‖₂ {number(layer.spectral)}{_error(layer.spectral_error)}, ‖W‖F {number(layer.frobenius)}")
        for layer in found.layers[:_MOST_LAYERS]
    ]


def _error(bound: float) -> str:
    return f" ± {number(bound, 2)}" if bound else ""


def _set_words(loss: float, accuracy: float, unit: str) -> str:
    if math.isnan(loss) and math.isnan(accuracy):
        return "not known"
    share = "" if math.isnan(accuracy) else f", {number(100 * accuracy)} % right"
    return f"loss {number(loss)} {unit}{share}"


def _power(logarithm: float) -> str:
    """10 to that power: products of many norms are far beyond numbers that say something."""
    if not math.isfinite(logarithm) or abs(logarithm) > 300:
        return f"10 to the power {number(logarithm)}"
    return number(10.0**logarithm)


def _doubt(found: Complexity) -> str:
    if not found.unlisted:
        return ""
    some = ", ".join(found.unlisted[:3]) + (", …" if len(found.unlisted) > 3 else "")
    without = count(len(found.unlisted), "parameter that belongs", "parameters that belong")
    return f", without {without} to no linear map ({some})"
