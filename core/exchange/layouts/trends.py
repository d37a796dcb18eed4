"""Whether a trend of the paper is there: rank correlations in words, with the chance that they mean nothing."""

import math
from collections.abc import Sequence

import numpy as np

from core.exchange.words import count, number
from core.generalisation.ranks import SIGNIFICANT, RankCorrelation, least_significant, rank_correlation

MUCH = 2.0  # times the smallest loss


def trend_words(what: str, batch: Sequence[float], values: Sequence[float], claim: str) -> str:
    """A sentence on a measure against batch size.

    Parameters
    ----------
    what : str
        The measure, such as "Top eigenvalue"; it begins the sentence.
    batch, values : sequence of float
        One of each network; NaN where not known.
    claim : str
        What the paper says of it when it rises with the batch, such as "larger batches end where it is sharper".
    """
    found = rank_correlation(np.asarray(batch, dtype=float), np.asarray(values, dtype=float))
    sizes = len({size for size, value in zip(batch, values, strict=True) if math.isfinite(size + value)})
    networks, beginning = count(found.count, "network"), f"{what} against batch size"
    if sizes < 2:
        return f"{beginning}: {networks} of {count(sizes, 'batch size')}; no trend can be told."
    if math.isnan(found.spearman):
        why = "too few to say anything" if found.count < 3 else "all the same: no trend"
        return f"{beginning}: {networks}, {why}."
    measured = f"{beginning}: Spearman ρ = {number(found.spearman, 2)}, n = {found.count}, "
    return f"{measured}p = {number(found.spearman_p, 2)}; {_verdict(found, claim)}."


def _verdict(found: RankCorrelation, claim: str) -> str:
    if math.isinf(least_significant(found.count)):
        least = number(2 / math.factorial(found.count), 2)
        return f"too few to say: even a perfect order has p = {least}. The paper: {claim}"
    if found.spearman_p > SIGNIFICANT:
        return f"no trend beyond chance here. The paper: {claim}"
    if found.spearman > 0:
        return f"the paper's trend holds here: {claim}"
    return f"the opposite of the paper's trend, which is: {claim}"


def losses_words(losses: Sequence[float], unit: str) -> str:
    """A warning where networks that are compared have not learnt equally much; "" where they have, or nothing is known.

    Curvature depends on how far a network has learnt: by itself, and not by its batch size.
    """
    known = [loss for loss in losses if math.isfinite(loss)]
    if len(known) < 2 or not max(known) > MUCH * max(min(known), 0.0):
        return ""
    low, high = number(min(known), 2), number(max(known), 2)
    return (
        f"They have not learnt equally much: train losses from {low} to {high} {unit}".rstrip()
        + ". What differs may be due to that, and not to the batch size."
    )
