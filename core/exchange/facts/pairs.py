"""All pairs of features as names and values for readers."""

from core.corrections.records.pairs import Pairs
from core.exchange.pair_words import (
    answer_words,
    best_words,
    distance_unit,
    looked_words,
    pair_change_words,
    pair_name,
    pairs_verdict,
    pairs_wanted,
)
from core.exchange.subject import Subject
from core.exchange.words import count

Facts = list[tuple[str, str]]
_MOST_RANKED = 12


def pairs_facts(pairs: Pairs, subject: Subject) -> Facts:
    """The verdict, the nearest, and the next ones of those that need both of their features."""
    ranked = pairs.worth_a_look()
    facts = [*short_facts(pairs, subject)]
    for place, (first, second) in enumerate(ranked[:_MOST_RANKED], start=1):
        change = pair_change_words(pairs, subject, first, second)
        facts.append(
            (f"{place}. {pair_name(pairs.request, first, second)}", f"{change}: {answer_words(pairs, first, second)}")
        )
    return facts


def short_facts(pairs: Pairs, subject: Subject) -> Facts:
    """The same without the ranking."""
    norm = distance_unit(pairs.request.norm)
    facts = [
        ("Verdict", pairs_verdict(pairs, subject)),
        ("Wanted", pairs_wanted(pairs, subject)),
        ("Nearest of all", best_words(pairs, subject)),
        ("Distance", f"{norm}, a change of category at its price"),
        ("Found", looked_words(pairs)),
    ]
    if spared := useless(pairs):
        facts.append(("No nearer together", f"{count(spared, 'pair')} no nearer than one of their features alone"))
    return facts


def useless(pairs: Pairs) -> int:
    """How many pairs have a correction, but one that is no nearer than that of one of their features alone."""
    return sum(first != second and not pairs.needs_both(first, second) for first, second in pairs.ranked())
