"""Tables of cases of several networks side by side: whose boundary is further away, and whose corrections hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.records.cases import FAILED, HOLDS, NONE_EXISTS, NOT_YET, OPEN, UNTRIED, Cases

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, kw_only=True, eq=False)
class CasesTable:
    """m networks that were asked the same about the same rows. NaN where nothing is known."""

    names: tuple[str, ...]  # (m,)
    looked_at: IntArray = field(repr=False)  # (m,), rows
    rejected: IntArray = field(repr=False)  # (m,)
    corrected: IntArray = field(repr=False)  # (m,), with a proved stable correction
    none_exists: IntArray = field(repr=False)  # (m,), proved
    open: IntArray = field(repr=False)  # (m,)
    failed: IntArray = field(repr=False)  # (m,), or not done yet
    distance: FloatArray = field(repr=False)  # (m, 3), quartiles over the corrected rows
    widened: FloatArray = field(repr=False)  # (m,), how many times as wide as asked the proved boxes are, median
    covered: FloatArray = field(repr=False)  # (m,), share of the rejected rows that the rules correct
    rules: IntArray = field(repr=False)  # (m,)
    seconds: FloatArray = field(repr=False)  # (m,), median of a row
    held: FloatArray = field(repr=False)  # (m, m), share of a row's corrections whose boxes a column's network accepts
    partial: tuple[bool, ...] = field(repr=False)  # (m,)


def same_question(cases: Cases) -> tuple[object, ...]:
    """What two tables must have in common to be compared."""
    asked = cases.request
    return cases.provenance.data_sha256, asked.free, asked.goal, asked.norm, asked.samples, asked.rows


def cases_table(named: Sequence[tuple[str, Cases]]) -> CasesTable:
    """Set networks side by side.

    Parameters
    ----------
    named : sequence of (str, Cases)
        Name of the network, and what was found of it, all of the same question; partial results count with what they
        have.
    """
    results = [found for _, found in named]

    def counts(*codes: int) -> IntArray:
        return np.array([int(np.isin(found.proof, codes).sum()) for found in results], dtype=np.int64)

    shas = [found.provenance.network_sha256 for found in results]
    return CasesTable(
        names=tuple(name for name, _ in named),
        looked_at=np.array([found.looked_at for found in results], dtype=np.int64),
        rejected=np.array([len(found.rows) for found in results], dtype=np.int64),
        corrected=np.array([int(found.corrected.sum()) for found in results], dtype=np.int64),
        none_exists=counts(NONE_EXISTS),
        open=counts(OPEN),
        failed=counts(FAILED, NOT_YET),
        distance=np.array([_quartiles(found.distance[found.corrected]) for found in results]).reshape(-1, 3),
        widened=np.array([_median(found.stability[found.corrected]) for found in results]),
        covered=np.array([float(found.covered.mean()) if len(found.rows) else np.nan for found in results]),
        rules=np.array([len(found.rule_box) for found in results], dtype=np.int64),
        seconds=np.array([_median(found.seconds) for found in results]),
        held=np.array([[_held(found, sha256) for sha256 in shas] for found in results]).reshape(len(shas), len(shas)),
        partial=tuple(found.status == "partial" for found in results),
    )


def _quartiles(values: FloatArray) -> list[float]:
    return [float(value) for value in np.quantile(values, QUARTILES)] if values.size else [np.nan] * 3


def _median(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def _held(found: Cases, sha256: str) -> float:
    """The share of the corrections that hold under a network: all under its own; NaN where that was not tried."""
    if sha256 == found.provenance.network_sha256:
        return 1.0 if found.corrected.any() else np.nan
    if sha256 not in found.request.others:
        return np.nan
    codes = found.held[found.request.others.index(sha256)]
    tried = codes[found.corrected]
    return float((tried == HOLDS).mean()) if tried.size and (tried != UNTRIED).any() else np.nan
