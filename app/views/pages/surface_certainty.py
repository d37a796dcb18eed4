"""How sure a surface is, in one line below its picture."""

import numpy as np

from app.actions.wording import short
from core.exchange.words import certificate_words, count, counted_samples, number, whole
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Surface


def certainty_words(surface: Surface) -> str:
    """The certificate, or in plain words why there is none."""
    computed = int(np.count_nonzero(surface.evaluated == EVALUATED))
    sampled = int(np.count_nonzero(surface.evaluated == SAMPLED))
    between = int(np.count_nonzero((surface.evaluated == INTERPOLATED) & np.isfinite(surface.loss)))
    samples = counted_samples(surface.provenance)
    if words := certificate_words(surface):
        return f"Certificate: {words}."
    if surface.status == "partial":
        if sampled and surface.course is not None and surface.course.lever == "fewer samples":
            part = f"{count(sampled, 'point')} computed on {_subset(surface)} of {samples}"
            return f"Not complete: {part}, {count(computed, 'point')} on all of them. No certificate yet."
        if sampled:
            return f"Preview on {_subset(surface)} of {samples}: exact values follow."
        rest = f", {count(between, 'point')} between them interpolated" if between else ""
        done = f"{count(computed, 'point')} computed on {samples}"
        return f"Not complete: {done}{rest}. No certificate yet."
    if sampled or between:
        return _uncertified(surface, sampled, between)
    file = short(surface.provenance.imported)
    unknown = f"Every point has the value that {file} holds; how it was computed is not recorded."
    return unknown if file else f"Every point is computed on all {samples}: nothing is interpolated or estimated."


def _uncertified(surface: Surface, sampled: int, between: int) -> str:
    """What nobody knows the error of; where that lies above what is shown, the picture does not suffer."""
    limit = surface.request.display_limit
    if not sampled and bool(np.all(surface.loss[surface.evaluated == INTERPOLATED] > limit)):
        return (
            f"Every point up to a loss of {number(limit)} is computed on all "
            f"{counted_samples(surface.provenance)}; {count(between, 'point')} above it are interpolated, and "
            "nothing is known of their error."
        )
    parts = [f"{count(between, 'point')} interpolated"] if between else []
    parts += [f"{count(sampled, 'point')} computed on a part of the samples only"] if sampled else []
    return f"No certificate: {' and '.join(parts)}, and nothing is known of their error."


def _subset(surface: Surface) -> str:
    """How many samples were used at points that were not computed on all of them."""
    known = len(surface.sampling.rows) if surface.sampling is not None else 0
    if not known and surface.course is not None:
        known = surface.course.subset
    return f"{whole(known)}" if known else "a part"
