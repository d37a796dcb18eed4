"""A spectrum as rows and arrays: its pairs, and what there is besides them."""

import math
from collections.abc import Iterator

import numpy as np

from core.exchange.plane_words import CURVATURE
from core.exchange.tables.arrays import Named
from core.exchange.tables.rows import Cell, Row
from core.session.json_text import record_to_json, to_json
from core.spectrum.density_curve import density_axis, density_curve, density_width
from core.spectrum.spectrum import Spectrum

_PAIRS = ("eigenvalue", "residual", "verified")
_SAMPLING = ("sampling_standard_error", "over_all_samples")
_CURVATURES = {"eigenvalue", "residual", "sampling_standard_error", "over_all_samples", "trace", "trace_standard_error"}
_MORE = ("weight", "name", "parameters", "trace", "trace_standard_error", "share")


def spectrum_rows(spectrum: Spectrum) -> Iterator[Row]:
    """One row per pair, names of the columns first; where there is more, one per node and layer too, told apart."""
    whole = spectrum.density is not None or spectrum.trace is not None or bool(spectrum.layer_table)
    sampled = _SAMPLING if spectrum.sampling is not None else ()
    header = (("part",) if whole else ()) + _PAIRS + sampled + (_MORE if whole else ())
    yield tuple(f"{name} ({CURVATURE})" if name in _CURVATURES else name for name in header)
    for cells in (*_pairs(spectrum), *(_others(spectrum) if whole else ())):
        yield tuple(cells.get(name, "") for name in header)


def _pairs(spectrum: Spectrum) -> Iterator[dict[str, Cell]]:
    columns = [spectrum.eigenvalues.tolist(), spectrum.residuals.tolist(), spectrum.verified.tolist()]
    if (sampling := spectrum.sampling) is not None:
        over = sampling.over_population
        unknown = [math.nan] * len(spectrum.eigenvalues)
        columns += [sampling.standard_error.tolist(), unknown if over is None else over.tolist()]
    for values in zip(*columns, strict=True):
        yield {"part": "pair", **dict(zip(_PAIRS + _SAMPLING, values, strict=False))}


def _others(spectrum: Spectrum) -> Iterator[dict[str, Cell]]:
    if (trace := spectrum.trace) is not None:
        yield {"part": "trace", "trace": trace.value, "trace_standard_error": trace.standard_error}
    for row in spectrum.layer_table:
        yield {
            "part": "layer",
            "name": row.layer,
            "parameters": row.parameters,
            "eigenvalue": row.top_eigenvalue,
            "residual": row.residual,
            "trace": row.trace.value,
            "trace_standard_error": row.trace.standard_error,
            "share": row.share,
        }
    if (density := spectrum.density) is not None:
        for node, weight in zip(density.nodes.tolist(), density.weights.tolist(), strict=True):
            yield {"part": "density", "eigenvalue": node, "weight": weight}


def spectrum_arrays(spectrum: Spectrum) -> Named:
    """Pairs with their errors and the audit; density, trace, layers and sampling error where there are."""
    yield from (("eigenvalues", spectrum.eigenvalues), ("residuals", spectrum.residuals))
    yield from (("verified", spectrum.verified), ("parameters", np.array(to_json(spectrum.parameters))))
    if spectrum.eigenvectors is not None:
        yield "eigenvectors", spectrum.eigenvectors
    if spectrum.audit is not None:
        yield "audit", np.array(record_to_json(spectrum.audit))
    if (sampling := spectrum.sampling) is not None:
        yield "sampling_standard_error", sampling.standard_error
        yield "sampling_groups", np.array(sampling.groups)
        yield "population", np.array(sampling.population)
        if sampling.over_population is not None:
            yield "over_all_samples", sampling.over_population
    yield from _density(spectrum)
    yield from _layers(spectrum)


def _density(spectrum: Spectrum) -> Named:
    if (trace := spectrum.trace) is not None:
        yield "trace", np.array(trace.value)
        yield "trace_standard_error", np.array(trace.standard_error)
    if (density := spectrum.density) is not None:
        width = density_width(density)
        axis = density_axis(density, width)
        yield from (("density_nodes", density.nodes), ("density_weights", density.weights))
        yield from (("density_x", axis), ("density_y", density_curve(density, axis, width)))
        yield "density_standard_deviation", np.array(width)


def _layers(spectrum: Spectrum) -> Named:
    table = spectrum.layer_table
    if not table:
        return
    yield "layers/name", np.array(to_json([row.layer for row in table]))
    yield "layers/parameters", np.array([row.parameters for row in table])
    yield "layers/top_eigenvalue", np.array([row.top_eigenvalue for row in table])
    yield "layers/residual", np.array([row.residual for row in table])
    yield "layers/trace", np.array([row.trace.value for row in table])
    yield "layers/trace_standard_error", np.array([row.trace.standard_error for row in table])
    yield "layers/share", np.array([row.share for row in table])
