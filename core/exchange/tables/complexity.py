"""Size and sharpness as tables: of one network with its layers, and of several beside their generalisation gap."""

import math
from collections.abc import Iterator

import numpy as np

from core.exchange.tables.arrays import Named
from core.exchange.tables.rows import Row
from core.exchange.words import number
from core.generalisation.complexity import Complexity
from core.generalisation.measures import MEASURES, normalised_margins
from core.generalisation.ranks import RankCorrelation
from core.generalisation.table import ComplexityTable
from core.session.json_text import to_json

_NUMBERS = (
    *("parameters", "path_norm", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "gap", "gap_error"),
    *("sharpness", "sharpness_error", "worst_rise", "top_eigenvalue", "top_residual"),
)
_CORRELATIONS = (
    ("Spearman ρ", "spearman"),
    ("p of ρ", "spearman_p"),
    ("Kendall τ-b", "kendall"),
    ("p of τ", "kendall_p"),
    ("pairs", "count"),
)


def complexity_rows(found: Complexity) -> Iterator[Row]:
    """Numbers of the whole network first, one a line; then its layers, the draws of the sharpness, and the margins."""
    yield ("part", "name", "value", "parameters", "frobenius", "spectral", "spectral_error")
    for name in _NUMBERS:
        yield ("network", name, getattr(found, name), "", "", "", "")
    for measure in MEASURES:
        yield ("measure", measure.key, measure.value(found), "", "", "", "")
    for layer in found.layers:
        norms = (layer.frobenius, layer.spectral, layer.spectral_error)
        yield (layer.kind, layer.layer, "", layer.parameters, *norms)
    yield from (("rise", draw, rise, "", "", "", "") for draw, rise in enumerate(found.rises.tolist()))
    yield from (("margin", sample, margin, "", "", "", "") for sample, margin in enumerate(found.margins.tolist()))


def complexity_arrays(found: Complexity) -> Named:
    """Margins, rises and norms by layer; the other numbers as JSON."""
    yield "facts", np.array(to_json({name: getattr(found, name) for name in _NUMBERS}))
    yield "measures", np.array(to_json({measure.key: measure.value(found) for measure in MEASURES}))
    yield "margins", found.margins
    yield "normalised_margins", normalised_margins(found)
    yield "rises", found.rises
    yield "layers", np.array(to_json([layer.layer for layer in found.layers]))
    for name in ("parameters", "frobenius", "spectral", "spectral_error"):
        yield f"layer_{name}", np.array([getattr(layer, name) for layer in found.layers])


def table_rows(table: ComplexityTable) -> Iterator[Row]:
    """One row per network, with the measures and the gap; then the correlations of each measure with the gap."""
    yield ("network", *(measure.key for measure in table.measures), f"gap ({table.gap_unit})", "gap_error")
    for row, name in enumerate(table.names):
        yield (name, *table.values[row].tolist(), float(table.gap[row]), float(table.gap_error[row]))
    for words, field in _CORRELATIONS:
        yield (words, *(getattr(one, field) for one in table.correlations), "", "")


def table_columns(table: ComplexityTable) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The same for readers: heads and cells, networks below one another and the correlations last."""
    scale = 100.0 if table.gap_unit == "share of the samples" else 1.0
    unit = "%" if scale == 100 else table.gap_unit
    heads = ("Network", f"Gap ({unit})", *(measure.head for measure in table.measures))
    rows = [
        (name, _gap(scale * table.gap[row], scale * table.gap_error[row]), *map(_shown, table.values[row].tolist()))
        for row, name in enumerate(table.names)
    ]
    rows.append(("Spearman ρ (p)", "", *(_with_chance(one.spearman, one.spearman_p) for one in table.correlations)))
    rows.append(("Kendall τ (p)", "", *(_with_chance(one.kendall, one.kendall_p) for one in table.correlations)))
    rows.append(("Networks compared", "", *(str(one.count) for one in table.correlations)))
    return heads, rows


def correlation_columns(table: ComplexityTable) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """One row per measure, for narrow pages: both correlations with their p-values, and the pairs they are of."""
    heads = ("Measure", "Spearman ρ", "p", "Kendall τ", "p", "Networks")
    rows = [(measure.name, *_cells(one)) for measure, one in zip(table.measures, table.correlations, strict=True)]
    return heads, rows


def _cells(one: RankCorrelation) -> tuple[str, ...]:
    values = (one.spearman, one.spearman_p, one.kendall, one.kendall_p)
    return (*(_shown(value, 2) for value in values), str(one.count))


def _gap(gap: float, error: float) -> str:
    return _shown(gap, 3) if math.isnan(error) else f"{_shown(gap, 3)} ± {number(error, 2)}"


def _with_chance(value: float, chance: float) -> str:
    return "—" if math.isnan(value) else f"{number(value, 2)} ({number(chance, 2)})"


def _shown(value: float, digits: int = 4) -> str:
    if not math.isfinite(value):
        return "—"
    return number(value, max(digits, 7) if value.is_integer() else digits)  # of a count every digit
