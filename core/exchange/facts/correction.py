"""What a correction found, as names and values for readers."""

from core.corrections.records.correction import Correction
from core.exchange.correction_words import (
    change_words,
    point_words,
    result_words,
    rule_of,
    verdict_words,
    wanted_words,
)
from core.exchange.rule_words import triangle_words
from core.exchange.subject import Subject
from core.exchange.tradeoff_words import largest_words
from core.exchange.words import count, number


def correction_facts(correction: Correction, subject: Subject) -> list[tuple[str, str]]:
    """The verdict, what would change it, and how much of the slice is accepted."""
    request = correction.request
    facts = [
        ("Verdict", verdict_words(correction, subject)),
        ("Wanted", wanted_words(correction, subject)),
        *([] if _by_handles(correction) else [("Input", point_words(correction, subject, request.point))]),
        ("Finding", result_words(correction).removeprefix("Result: ")),
    ]
    if correction.centre is not None:
        facts.append(("Nearest stable correction", point_words(correction, subject, correction.centre)))
        facts.append(("Change", change_words(correction, subject, correction.centre).replace("\n", ", ")))
    facts += [
        (name, words)
        for name, words in (
            ("Rule", rule_of(correction, subject)),
            ("Paper's triangle", triangle_words(correction)),
            ("Largest stability", largest_words(correction, subject)),
        )
        if words
    ]
    share = f"{number(100 * correction.accepted_share)} % of the slice, in {count(len(correction.accepted), 'part')}"
    return [*facts, ("Accepted", share), ("Linear pieces", f"{correction.cells:,}")]


def _by_handles(correction: Correction) -> bool:
    """Whether the input is where all of the changes are zero, which says nothing of it."""
    return all(move.shifts for move in correction.request.moves or ()) and correction.request.moves is not None
