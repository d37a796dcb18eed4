"""What a spectrum is of, and what it holds besides its pairs, in words: the same for figures, tables and windows."""

import math
from collections.abc import Sequence

import numpy as np

from core.exchange.words import count, number, whole
from core.spectrum.spectrum import END_NAMES, MATRIX_NAMES, Density, Estimate, LayerCurvature, Spectrum, SpectrumRequest

_LAYER_HEADS = ("Layer", "Parameters", "Top eigenvalue", "± residual", "Trace", "± standard error", "Share of v₁ %")


def matrix_words(request: SpectrumRequest) -> str:
    """The matrix, and the parameters it is about: "Hessian of the mean loss in the weights of layer1 alone"."""
    words = f"{MATRIX_NAMES[request.matrix]} of the mean loss"
    if request.layers:
        what = "weights" if request.weights_only else "parameters"
        return f"{words} in the {what} of {', '.join(request.layers)} alone"
    return f"{words} in the weights alone, without biases and normalisation" if request.weights_only else words


def eigenvalues_words(request: SpectrumRequest) -> str:
    """Which eigenvalues of what: "Eigenvalues of largest magnitude of the Hessian of the mean loss"."""
    if request.end == "magnitude":
        return f"Eigenvalues {END_NAMES[request.end]} of the {matrix_words(request)}"
    return f"{END_NAMES[request.end].capitalize()} eigenvalues of the {matrix_words(request)}"


def rank_words(request: SpectrumRequest) -> str:
    """By what the eigenvalues are in order."""
    return {"magnitude": "rank by magnitude", "largest": "rank from the largest", "smallest": "rank from the smallest"}[
        request.end
    ]


def estimate_words(estimate: Estimate, digits: int = 5) -> str:
    """``103.4 ± 0.75``, or that it is exact."""
    value, error = number(estimate.value, digits), estimate.standard_error
    if error == 0:
        return f"{value}, exact: nothing was left to random vectors"
    return f"{value} ± {number(error, 2)}"


def trace_words(spectrum: Spectrum) -> str:
    """The trace with its standard error; "" without."""
    if (trace := spectrum.trace) is None:
        return ""
    words = estimate_words(trace)
    return words if trace.standard_error == 0 else f"{words} (standard error over random vectors)"


def density_words(density: Density) -> str:
    """How a density was computed."""
    known = f"{count(density.deflated, 'known eigenvalue')} taken out"
    if not density.probes:
        return f"all eigenvalues are known: {known}"
    random = f"{count(density.probes, 'random vector')} of {count(density.steps, 'Lanczos step')}"
    return f"{random}, {known}"


def sampling_words(spectrum: Spectrum) -> str:
    """What the second error bar is; "" without one."""
    sampling = spectrum.sampling
    if sampling is None or not np.isfinite(sampling.standard_error).any():
        return ""
    groups = f"standard error of v'Hv over {count(sampling.groups, 'random group')} of samples"
    return f"{groups}, to first order; eigenvalues of few samples are also biased outwards"


def bracket_words(spectrum: Spectrum) -> str:
    """Between what the first eigenvalue over all samples at hand lies; "" where that is not known."""
    sampling = spectrum.sampling
    if sampling is None or sampling.over_population is None or not len(spectrum.eigenvalues):
        return ""
    value, over = float(spectrum.eigenvalues[0]), float(sampling.over_population[0])
    if not math.isfinite(over):
        return ""
    asked = spectrum.request.end
    largest = asked == "largest" or (asked == "magnitude" and value > 0)
    end, bound, outwards = ("largest", "at least", "above") if largest else ("smallest", "at most", "below")
    return (
        f"{end} eigenvalue over all {whole(sampling.population)} samples at hand: {bound} {number(over, 5)}, which is "
        f"v₁'Hv₁ over all of them; that of {count(spectrum.provenance.samples, 'sample')}, here {number(value, 5)}, "
        f"lies {outwards} it on average"
    )


def layer_columns(
    table: Sequence[LayerCurvature],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and cells of the table of layers, in the order of the network."""
    rows: list[tuple[str, ...]] = [
        (
            row.layer or "(on their own)",
            whole(row.parameters),
            number(row.top_eigenvalue, 5),
            number(row.residual, 2),
            number(row.trace.value, 5),
            "exact" if row.trace.standard_error == 0 else number(row.trace.standard_error, 2),
            "—" if math.isnan(row.share) else number(100 * row.share, 3),
        )
        for row in table
    ]
    return _LAYER_HEADS, rows
