"""All pairs of features in words, with the user's own names, levels, classes and units."""

from functools import lru_cache

import numpy as np

from core.corrections.records.changes import is_changed
from core.corrections.records.correction import Norm, Proof
from core.corrections.records.pairs import Pairs, PairsRequest
from core.corrections.records.suggestion import Suggestion
from core.exchange.goal_words import goal_words, said_words
from core.exchange.shown_names import readable, shown
from core.exchange.subject import Subject
from core.exchange.words import NORMS, bound_words, made_words, number, partial_notes, quantity

PROOF_MARKS: dict[Proof, str] = {"proved": "✓", "none_exists": "∅", "sampled": "~", "unknown": "?"}
PAIR_PROOFS: dict[Proof, str] = {
    "proved": "proved",
    "none_exists": "provably no stable correction",
    "sampled": "sampled, not proved",
    "unknown": "not proved",
}
EXACT_WORDS = (
    "Of two numbers, and of a number with a category, the accepted regions are exact; stable is what holds for the "
    "half-widths of the features that may change"
)
ORDER_WORDS = (
    "Features stand in the order of what each alone promised to cost: sampled over its range where it reaches the "
    "goal, else what is missing over its best gain per unit of cost"
)


def pair_name(request: PairsRequest, first: int, second: int, longest: int = 34) -> str:
    """``duration × purpose``, or ``duration alone``."""
    names = [readable(request.features[place], longest) for place in (first, second)]
    return f"{names[0]} alone" if first == second else " × ".join(names)


def distance_unit(norm: Norm) -> str:
    """What the distances are: ``weighted L1 distance``."""
    return f"weighted {NORMS[norm]} distance"


def cell_words(pairs: Pairs, first: int, second: int, digits: int = 3) -> str:
    """What stands in a cell: ``0.588``, ``∅``, ``?``; "" while it was not looked at."""
    distance = float(pairs.distance[first, second])
    if np.isnan(distance):
        return ""
    return _known(distance, digits) if np.isfinite(distance) else PROOF_MARKS[pairs.proof_of(first, second)]


@lru_cache(maxsize=20_000)  # of a matrix that grows most distances are those of before
def _known(distance: float, digits: int) -> str:
    return number(distance, digits)


def answer_words(pairs: Pairs, first: int, second: int) -> str:
    """``0.588, proved``, ``between 0.4 and 0.588, proved stable``, ``provably no stable correction``."""
    distance, bound = float(pairs.distance[first, second]), float(pairs.lower_bound[first, second])
    proof = pairs.proof_of(first, second)
    if np.isnan(distance):
        return "not looked at yet"
    if not np.isfinite(distance):
        nearer = f"; none is nearer than {bound_words(bound)}" if 0 < bound < np.inf else ""
        return PAIR_PROOFS[proof] if proof == "none_exists" else f"none found{nearer}"
    if bound < distance * (1 - 1e-3):
        return f"between {bound_words(bound)} and {number(distance, 4)}, {PAIR_PROOFS[proof]}"
    return f"{number(distance, 4)}, {PAIR_PROOFS[proof]}"


def value_words(pairs: Pairs, subject: Subject, feature: int, value: float) -> str:
    """``8 months``, ``"no checking account"``."""
    request = pairs.request
    if request.is_category(feature):
        category = request.freedom.categories[feature - len(request.freedom.numbers)]
        return f'"{shown(category.levels[int(value)], 40)}"'
    return quantity(value, shown(subject.unit(request.features[feature]), 20))


def pair_change_words(pairs: Pairs, subject: Subject, first: int, second: int, *, names: bool = True) -> str:
    """``duration in month 24 → 8 months, purpose "others" → "business"``; "" where no correction is known.

    Without names, where these stand beside it: ``24 → 8 months, "others" → "business"``.
    """
    if not np.isfinite(pairs.distance[first, second]):
        return ""
    parts = []
    for feature in dict.fromkeys((first, second)):
        if _changed(pairs, first, second, feature):
            before, after = _both(pairs, first, second, feature)
            step = f"{_bare(pairs, feature, before)} → {value_words(pairs, subject, feature, after)}"
            parts.append(f"{readable(pairs.request.features[feature])} {step}" if names else step)
    return ", ".join(parts) or "no change is needed"


def pairs_wanted(pairs: Pairs, subject: Subject) -> str:
    """``"good"``, ``"good" or "fair"``, ``at least 3.5 bar``."""
    return goal_words(pairs.request.goal, subject)


def pairs_verdict(pairs: Pairs, subject: Subject) -> str:
    """What the network says of the input itself: ``"bad"``, ``2.9 bar``."""
    return said_words(pairs.verdict, pairs.value, subject)


def pairs_subtitle(pairs: Pairs, subject: Subject) -> str:
    """The question that was asked."""
    wanted = pairs_wanted(pairs, subject)
    features = len(pairs.request.features)
    return (
        f"How far the nearest stable correction to {wanted} is in every two of {features} features, and in each alone"
    )


def looked_words(pairs: Pairs) -> str:
    """How many answers there are, and of what kind."""
    upper = np.triu(np.ones_like(pairs.distance, bool))
    looked, none = upper & pairs.done, upper & np.isinf(pairs.lower_bound)
    found = looked & np.isfinite(pairs.distance)
    unsure = int((looked & ~found & ~none).sum())
    words = f"{int(found.sum())} of {int(looked.sum())} have a stable correction, {int(none.sum())} provably have none"
    return f"{words}, of {unsure} it is not known" if unsure else words


def best_words(pairs: Pairs, subject: Subject) -> str:
    """``duration alone: duration 24 → 8 months, at 0.588, proved``; that there is none, or nothing known yet."""
    if pairs.best is None:
        upper = np.triu(np.ones_like(pairs.distance, bool))
        if pairs.status == "complete" and np.isinf(pairs.lower_bound[upper]).all():
            return "provably no two of these features can be corrected"
        return "none is known"
    first, second = pairs.best
    words = pair_change_words(pairs, subject, first, second)
    return f"{words}: {answer_words(pairs, first, second)}"


def pairs_notes(pairs: Pairs, subject: Subject) -> list[str]:
    """Whose judgment it is, what was found, and how sure it is."""
    request = pairs.request
    row = f", row {request.row}" if request.row is not None else ""
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}{row}"
    found = looked_words(pairs)
    notes = [
        f"{owner} · judged {pairs_verdict(pairs, subject)} · all other features fixed.",
        f"Nearest of all: {best_words(pairs, subject)}.",
        f"{found[0].upper()}{found[1:]}. {EXACT_WORDS}.",
        f"{ORDER_WORDS}.",
    ]
    notes += partial_notes(pairs.status)
    return [*notes, made_words(pairs.provenance)]


def suggestion_words(one: Suggestion, rank: int) -> str:
    """``1. duration in month: enough alone, at a cost of about 0.59``, or an estimate by what it gains."""
    name = f"{rank}. {readable(one.name)}"
    if one.suffices:
        return f"{name}: enough alone, at a cost of about {number(one.estimate, 2)}"
    if one.gain <= 0:
        return f"{name}: does nothing for the goal alone"
    return f"{name}: not enough alone, helps at an estimated cost of {number(one.estimate, 2)}"


def _bare(pairs: Pairs, feature: int, value: float) -> str:
    """A value without its unit, which follows."""
    return value_words(pairs, Subject(title=""), feature, value)


def _both(pairs: Pairs, first: int, second: int, feature: int) -> tuple[float, float]:
    before = float(pairs.request.present[feature])
    return before, float(pairs.centres[first, second, 0 if feature == first else 1])


def _changed(pairs: Pairs, first: int, second: int, feature: int) -> bool:
    before, after = _both(pairs, first, second, feature)
    request = pairs.request
    if request.is_category(feature):
        return before != after
    one = request.freedom.numbers[feature]
    return bool(is_changed(before, after, one.low, one.high))
