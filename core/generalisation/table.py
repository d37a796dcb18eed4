"""One table per set of networks: measures of size and sharpness against the generalisation gap.

Neyshabur et al. 2017: none of them decides by itself, sharpness least of all; so the table says how each orders the
networks, how sure that is, and how often so many measures would agree by chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.generalisation.complexity import Complexity, FloatArray
from core.generalisation.measures import MEASURES, Measure
from core.generalisation.ranks import SIGNIFICANT, RankCorrelation, least_significant, rank_correlation


@dataclass(frozen=True, kw_only=True, eq=False)
class ComplexityTable:
    """n networks by m measures, and how each measure orders the networks beside their generalisation gap."""

    names: tuple[str, ...]  # (n,)
    measures: tuple[Measure, ...]  # (m,)
    values: FloatArray = field(repr=False)  # (n, m); NaN where a measure is not defined or not known
    gap: FloatArray = field(repr=False)  # (n,); NaN without a test set
    gap_error: FloatArray = field(repr=False)  # (n,), standard error; NaN for regression
    gap_unit: str  # "share of the samples", or that of the loss
    correlations: tuple[RankCorrelation, ...] = field(repr=False)  # (m,)
    notes: tuple[str, ...] = field(repr=False)  # what is to be known of it, in sentences

    @property
    def compared(self) -> int:
        """Networks whose gap is known."""
        return int(np.isfinite(self.gap).sum())


def complexity_table(named: Sequence[tuple[str, Complexity]]) -> ComplexityTable:
    """Set networks side by side.

    Parameters
    ----------
    named : sequence of (str, Complexity)
        Name of the network, and what was measured of it; partial results count with what they have.
    """
    results = [found for _, found in named]
    shape = (len(results), len(MEASURES))
    with np.errstate(invalid="ignore"):
        values = np.array([[one.value(found) for one in MEASURES] for found in results], dtype=np.float64)
    values = values.reshape(shape)
    gap = np.array([found.gap for found in results], dtype=np.float64)
    correlations = tuple(rank_correlation(column, gap) for column in values.T)
    units = {_gap_unit(found) for found in results}
    if len(units) > 1:  # accuracies beside losses have no order
        correlations = tuple(rank_correlation(column, np.full(len(gap), np.nan)) for column in values.T)
    return ComplexityTable(
        names=tuple(name for name, _ in named),
        measures=MEASURES,
        values=values,
        gap=gap,
        gap_error=np.array([found.gap_error for found in results], dtype=np.float64),
        gap_unit=units.pop() if len(units) == 1 else "mixed",
        correlations=correlations,
        notes=_notes(results, gap, correlations),
    )


def _gap_unit(found: Complexity) -> str:
    return found.loss_unit if found.loss_unit != "nats" else "share of the samples"


def _notes(results: Sequence[Complexity], gap: FloatArray, correlations: Sequence[RankCorrelation]) -> tuple[str, ...]:
    return tuple(
        note
        for note in (
            _mixed(results),
            _same(results),
            _known(results, gap),
            _certainty(int(np.isfinite(gap).sum())),
            _tried(correlations),
            _spread(results, gap),
        )
        if note
    )


def _mixed(results: Sequence[Complexity]) -> str:
    """What makes numbers of two networks incomparable."""
    differing = []
    for what, values in (
        ("kinds of gap", {_gap_unit(found) for found in results}),
        ("training data", {found.provenance.data_sha256 for found in results}),
        ("test data", {found.provenance.test_sha256 for found in results if found.provenance.test_sha256}),
        ("radii of the sharpness", {found.request.radius for found in results}),
    ):
        if len(values) > 1:
            differing.append(f"{len(values)} different {what}")
    return f"Take care: the table mixes {', '.join(differing)}." if differing else ""


def _same(results: Sequence[Complexity]) -> str:
    """A test set that was learnt from has no gap."""
    made = [found.provenance for found in results]
    same = sum(bool(one.test_sha256) and one.test_sha256 == one.data_sha256 for one in made)
    return (
        f"{_networks(same)} tested on the training data themselves: such a gap is 0, whatever was learnt."
        if same
        else ""
    )


def _known(results: Sequence[Complexity], gap: FloatArray) -> str:
    without, partial = int((~np.isfinite(gap)).sum()), sum(found.status == "partial" for found in results)
    parts = []
    if without:
        parts.append(f"{_networks(without)} without a gap: measured without a test set")
    if partial:
        parts.append(f"{_networks(partial)} measured in part only")
    return f"{'; '.join(parts)}." if parts else ""


def _certainty(count: int) -> str:
    """What so many networks can show at all."""
    if count < 3:
        return f"{_networks(count)} with a gap: there is no order to compare. Measure at least five."
    least = least_significant(count)
    if math.isinf(least):
        chance = math.factorial(count) // 2
        return (
            f"{_networks(count)}: no rank correlation can be significant. Even a perfect order, rising or falling, "
            f"comes about by chance once in {chance} times."
        )
    if least > 1 - 1e-9:
        return f"{_networks(count)}: no Spearman correlation below 1 is significant (p ≤ {SIGNIFICANT:g}, two-sided)."
    return (
        f"{_networks(count)}: no Spearman correlation below {math.ceil(1000 * least - 1e-6) / 1000:g} is significant "
        f"(p ≤ {SIGNIFICANT:g}, two-sided)."
    )


def _tried(correlations: Sequence[RankCorrelation]) -> str:
    tried = sum(not math.isnan(one.spearman) for one in correlations)
    if tried < 2:
        return ""
    return (
        f"{tried} measures are tried at once: were none related to the gap, {SIGNIFICANT * tried:.1f} of them would on "
        "average pass for significant. A correlation is no cause."
    )


def _spread(results: Sequence[Complexity], gap: FloatArray) -> str:
    """Whether the gaps differ by more than the samples can tell."""
    errors = np.array([found.gap_error for found in results])
    known = np.isfinite(gap) & np.isfinite(errors)
    if known.sum() < 3 or np.ptp(gap[known]) > 2 * math.sqrt(2) * float(np.median(errors[known])):
        return ""
    return (
        "The gaps differ by less than samples of this number can tell (two standard errors of a difference): their "
        "order is mostly chance. Test on more samples."
    )


def _networks(count: int) -> str:
    return f"{count} network{'' if count == 1 else 's'}"
