"""How sure attacks and measures of size and sharpness are."""

import math

import numpy as np

from core.exchange.facts.complexity import gap_words, sharpness_words
from core.exchange.facts.robustness import clean_words, worst_words
from core.exchange.report.certainty.statement import Statement, computed, sampled, unknown
from core.exchange.words import count, counted_samples, number
from core.generalisation.complexity import Complexity
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Robustness


def robustness_statements(found: Robustness) -> list[Statement]:
    """What the attacks turned, what that bounds, and what no attack can show."""
    where = counted_samples(found.provenance)
    names = ", ".join(ATTACK_NAMES[kind] for kind in found.request.attacks)
    strongest = f"ε up to {number(float(found.epsilon[-1]), 3)}" if len(found.epsilon) else "no strength"
    told = [computed(f"as they are: {clean_words(found)}", where)]
    told.append(computed(f"what becomes of each sample under {names}", f"{where}; {strongest}"))
    if words := worst_words(found):
        told.append(computed(words, f"{where}; {strongest}"))
    if found.clean_right is not None:
        told.append(sampled("intervals of accuracy (Wilson, 95 %)", "data of the same kind as these samples"))
    if found.input_eigenvalues is not None:
        told.append(computed("the extreme eigenvalues of the Hessian in the input, sample by sample", where))
    if unfinished := int(np.count_nonzero(~np.isfinite(found.changed))):
        told.append(unknown(f"{count(unfinished, 'strength')} not computed", where))
    return [
        *told,
        unknown(
            "whether another change of the same size turns more samples: an attack that fails proves nothing", strongest
        ),
    ]


def complexity_statements(found: Complexity) -> list[Statement]:
    """Norms, margins, sharpness, and what they do not say."""
    where = counted_samples(found.provenance)
    told = []
    if found.layers:
        told.append(computed(f"the norms of {count(len(found.layers), 'layer')}", "the weights"))
    if found.margins.size:
        told.append(computed(f"the margins of {count(found.margins.size, 'sample')}", where))
    if found.rises.size:
        told.append(sampled(sharpness_words(found), where))
    if found.test_samples and not math.isnan(found.gap):
        told.append(sampled(f"the generalisation gap: {gap_words(found)}", "data of the same kind"))
    reasons = (found.path_reason, found.eigenvalue_reason)
    told += [unknown(reason, "this network") for reason in reasons if reason]
    return [
        *told,
        unknown("how well the network will do on other data: none of these measures bounds that for certain", "—"),
    ]
