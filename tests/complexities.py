"""Measurements of size and sharpness whose numbers fit together, for tests of files, words and windows."""

from dataclasses import replace

import numpy as np

from core.generalisation.complexity import Complexity, ComplexityRequest, LayerKind, LayerNorms
from tests.document_parts import PARAMETERS, provenance

LAYERS: tuple[tuple[str, int, float, float, float, LayerKind], ...] = (
    ("1", 56, 3.2, 2.4, 0.0, "dense"),
    ("conv", 27, 2.9, 3.7, 2e-3, "convolution"),
    ("bn", 6, 2.1, 1.3, 0.0, "normalisation"),
    ("3", 18, 1.8, 1.5, 0.0, "dense"),
)


def complexity(*, test: bool = True, draws: int = 20, sharper: float = 1.0) -> Complexity:
    """Of a classifier that gets a tenth of its samples wrong; the sharper, the larger everything."""
    numbers = np.random.default_rng(8)
    margins = sharper * (numbers.standard_normal(300) + 1.3)
    rises = sharper * 0.02 * numbers.standard_normal(draws) ** 2
    accuracy = float(np.mean(margins > 0))
    return Complexity(
        request=ComplexityRequest(test=test, draws=draws),
        status="complete",
        layers=tuple(
            LayerNorms(
                layer=name,
                parameters=count,
                frobenius=sharper * frobenius,
                spectral=sharper * spectral,
                spectral_error=error,
                kind=kind,
            )
            for name, count, frobenius, spectral, error, kind in LAYERS
        ),
        path_norm=12.5 * sharper,
        margins=margins,
        train_loss=0.31,
        train_accuracy=accuracy,
        test_loss=0.42 if test else np.nan,
        test_accuracy=accuracy - 0.02 * sharper if test else np.nan,
        sharpness=float(rises.mean()),
        sharpness_error=float(rises.std(ddof=1) / np.sqrt(draws)),
        worst_rise=float(rises.max()),
        top_eigenvalue=31.0 * sharper,
        top_residual=0.02,
        parameters=PARAMETERS,
        provenance=replace(provenance(samples=300), test_sha256="d" * 64 if test else ""),
        rises=rises,
        test_samples=200 if test else 0,
    )


def begun() -> Complexity:
    """The first partial result: nothing but norms is known."""
    return replace(
        complexity(),
        status="partial",
        margins=np.empty(0),
        rises=np.empty(0),
        **dict.fromkeys(("train_loss", "train_accuracy", "test_loss", "test_accuracy"), np.nan),
        **dict.fromkeys(("sharpness", "sharpness_error", "worst_rise", "top_eigenvalue", "top_residual"), np.nan),
    )
