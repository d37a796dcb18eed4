"""A spectrum in a few lines for people, and as plain values for machines."""

import numpy as np

from app.cli.machine_numbers import finite, finite_list
from app.cli.tables import Facts, figure, table
from core.exchange.spectrum_words import (
    bracket_words,
    density_words,
    eigenvalues_words,
    sampling_words,
    trace_words,
)
from core.exchange.words import audit_words
from core.spectrum.spectrum import Density, Estimate, LayerCurvature, Sampling, Spectrum

Values = dict[str, object]


def spectrum_summary(spectrum: Spectrum) -> Facts:
    """The pairs with both of their errors, whether one was missed, and what else was asked for."""
    audit = spectrum.audit
    if audit is None:
        missed = "no audit: an eigenvalue may have been missed"
    else:
        missed = f"{audit.missed or 'none'}, by an {audit_words(spectrum).partition(':')[0]}"
    found = [
        ("spectrum", eigenvalues_words(spectrum.request)),
        ("eigenvalues", _pairs(spectrum)),
        ("verified", f"{int(spectrum.verified.sum())} of {len(spectrum.eigenvalues)}"),
        ("missed", missed),
        ("sampling", sampling_words(spectrum)),
        ("bracket", bracket_words(spectrum)),
        ("trace", trace_words(spectrum)),
        ("density", "" if spectrum.density is None else density_words(spectrum.density)),
        ("layers", _layers(spectrum.layer_table)),
        ("products", f"{spectrum.products:,} matrix-vector products"),
        ("known before", spectrum.taken_over),
    ]
    return [(name, words) for name, words in found if words]


def _pairs(spectrum: Spectrum) -> str:
    header = ["rank", "eigenvalue", "error ‖Hv − λv‖"]
    columns = [
        [str(rank) for rank in range(1, len(spectrum.eigenvalues) + 1)],
        [figure(value) for value in spectrum.eigenvalues],
        [figure(error, 2) for error in spectrum.residuals],
    ]
    if (sampling := spectrum.sampling) is not None and np.isfinite(sampling.standard_error).any():
        header.append("sampling ±")
        columns.append([figure(error, 2) for error in sampling.standard_error])
        if (over := sampling.over_population) is not None:
            header.append(f"over all {sampling.population:,}")
            columns.append([figure(value) if np.isfinite(value) else "" for value in over])
    header.append("verified")
    columns.append(["yes" if sure else "no" for sure in spectrum.verified])
    return table(header, list(zip(*columns, strict=True)))


def _layers(rows: tuple[LayerCurvature, ...]) -> str:
    """A line for each layer; "" without."""
    header = ("layer", "parameters", "top eigenvalue", "error", "trace", "standard error", "share of v₁")
    cells = [
        (
            row.layer or "(on their own)",
            str(row.parameters),
            figure(row.top_eigenvalue),
            figure(row.residual, 2),
            figure(row.trace.value),
            figure(row.trace.standard_error, 2),
            figure(row.share, 3),
        )
        for row in rows
    ]
    return table(header, cells) if cells else ""


def spectrum_values(spectrum: Spectrum) -> Values:
    """Everything in full precision; what was not asked for is null."""
    audit, request = spectrum.audit, spectrum.request
    return {
        "matrix": request.matrix,
        "end": request.end,
        "layers": list(request.layers),
        "weights_only": request.weights_only,
        "eigenvalues": finite_list(spectrum.eigenvalues),
        "residuals": finite_list(spectrum.residuals),
        "verified": [bool(value) for value in spectrum.verified],
        "products": spectrum.products,
        "missed": None if audit is None else audit.missed,
        "miss_probability": None if audit is None else finite(audit.miss_probability),
        "sampling": None if spectrum.sampling is None else _sampling(spectrum.sampling),
        "trace": None if spectrum.trace is None else _estimate(spectrum.trace),
        "density": None if spectrum.density is None else _density(spectrum.density),
        "layer_table": [_layer(row) for row in spectrum.layer_table],
        "seed": request.seed,
        "taken_over": spectrum.taken_over,
    }


def _estimate(estimate: Estimate) -> Values:
    return {"value": finite(estimate.value), "standard_error": finite(estimate.standard_error)}


def _sampling(sampling: Sampling) -> Values:
    over = sampling.over_population
    return {
        "standard_error": finite_list(sampling.standard_error),
        "groups": sampling.groups,
        "population": sampling.population,
        "over_population": None if over is None else finite_list(over),
    }


def _density(density: Density) -> Values:
    return {
        "nodes": density.nodes.tolist(),
        "weights": density.weights.tolist(),
        "probes": density.probes,
        "steps": density.steps,
        "deflated": density.deflated,
    }


def _layer(row: LayerCurvature) -> Values:
    return {
        "layer": row.layer,
        "parameters": row.parameters,
        "top_eigenvalue": finite(row.top_eigenvalue),
        "residual": finite(row.residual),
        "trace": _estimate(row.trace),
        "share": finite(row.share),
    }
