"""What a network's generalisation may be judged by: one number each, with what it is and where it comes from."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.generalisation.complexity import Complexity

LOW_MARGIN = 5.0  # per cent of the samples have a smaller margin than the one that stands for all
NEYSHABUR = "Neyshabur et al. 2017 (arXiv 1706.08947)"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number that a network has; NaN where it is not defined or not measured."""

    key: str
    name: str
    head: str  # of a column
    definition: str
    source: str
    value: Callable[[Complexity], float] = field(repr=False)


def low_margin(found: Complexity) -> float:
    """The margin that all but `LOW_MARGIN` per cent of the samples exceed; NaN without margins."""
    return float(np.percentile(found.margins, LOW_MARGIN)) if found.margins.size else math.nan


def weight_length(found: Complexity) -> float:
    """√ of the sum of the squared weights of all layers, normalisation apart."""
    own = [layer.frobenius**2 for layer in found.layers if layer.kind != "normalisation"]
    return math.sqrt(sum(own)) if own else math.nan


def frobenius_product(found: Complexity) -> float:
    """log₁₀ of the product of the layers' Frobenius norms, that of normalisation being its largest factor."""
    return _log_product(
        [layer.spectral if layer.kind == "normalisation" else layer.frobenius for layer in found.layers]
    )


def spectral_product(found: Complexity) -> float:
    """log₁₀ of the product of the layers' spectral norms.

    A chain of layers with ReLU between them stretches differences of inputs by no more than the product. With shortcuts
    or branches it is no such bound: it only compares networks of one architecture.
    """
    return _log_product([layer.spectral for layer in found.layers])


def _log_product(norms: list[float]) -> float:
    return sum(_log(norm) for norm in norms) if norms else math.nan


def _log(value: float) -> float:
    """log₁₀; −∞ for 0, NaN below."""
    if value == 0:
        return -math.inf
    return math.log10(value) if value > 0 else math.nan


MEASURES: tuple[Measure, ...] = (
    Measure(
        key="parameters",
        name="Parameters",
        head="Parameters",
        definition="number of trained numbers",
        source="",
        value=lambda found: float(found.parameters),
    ),
    Measure(
        key="weight_length",
        name="Length of the weights",
        head="‖W‖",
        definition="√ of the sum of all squared weights, normalisation and offsets apart",
        source=NEYSHABUR,
        value=weight_length,
    ),
    Measure(
        key="frobenius_product",
        name="Product of Frobenius norms",
        head="log₁₀ ∏‖W‖F",
        definition="log₁₀ of the product over all layers; of a normalisation its largest factor",
        source=NEYSHABUR,
        value=frobenius_product,
    ),
    Measure(
        key="spectral_product",
        name="Product of spectral norms",
        head="log₁₀ ∏‖W‖₂",
        definition=(
            "log₁₀ of the product over all layers and normalisations: a bound on how much a chain of layers stretches, "
            "and no bound where there are shortcuts"
        ),
        source=f"{NEYSHABUR}; Bartlett, Foster & Telgarsky 2017",
        value=spectral_product,
    ),
    Measure(
        key="path_norm",
        name="Path norm",
        head="log₁₀ path norm",
        definition="log₁₀ of √ of the sum over all paths of the product of squared weights",
        source=f"Neyshabur, Salakhutdinov & Srebro 2015; {NEYSHABUR}",
        value=lambda found: _log(found.path_norm),
    ),
    Measure(
        key="low_margin",
        name="Margin of 95 %",
        head="Margin",
        definition="output of the right class minus the largest other: all but 5 % of the samples have more",
        source=NEYSHABUR,
        value=low_margin,
    ),
    Measure(
        key="spectral_over_margin",
        name="Spectral norms over margin",
        head="log₁₀ ∏‖W‖₂/γ",
        definition="log₁₀ of the product of spectral norms over the margin of 95 %; none where that is not positive",
        source=f"{NEYSHABUR}; Bartlett, Foster & Telgarsky 2017",
        value=lambda found: spectral_product(found) - _log(low_margin(found)),
    ),
    Measure(
        key="path_over_margin",
        name="Path norm over margin",
        head="log₁₀ path/γ",
        definition="log₁₀ of the path norm over the margin of 95 %; none where that is not positive",
        source=NEYSHABUR,
        value=lambda found: _log(found.path_norm) - _log(low_margin(found)),
    ),
    Measure(
        key="sharpness",
        name="Sharpness",
        head="Mean rise",
        definition="mean rise of the loss when every filter moves by the radius times its length, at random",
        source=f"Li et al. 2018, §4; {NEYSHABUR}",
        value=lambda found: found.sharpness,
    ),
    Measure(
        key="worst_rise",
        name="Largest rise",
        head="Largest rise",
        definition="largest rise of the loss among these random directions",
        source=NEYSHABUR,
        value=lambda found: found.worst_rise,
    ),
    Measure(
        key="top_eigenvalue",
        name="Top eigenvalue",
        head="Top eigenvalue",
        definition="eigenvalue of the Hessian of largest magnitude; changes when weights are rescaled",
        source="Yao et al. 2018; Dinh et al. 2017",
        value=lambda found: found.top_eigenvalue,
    ),
)


def normalised_margins(found: Complexity) -> np.ndarray:
    """(n,) margins over the product of spectral norms: they do not change when layers are rescaled."""
    product: np.ndarray = found.margins / 10.0 ** spectral_product(found)
    return product
