"""What a table of cases found, as names and values for readers."""

from core.corrections.records.cases import Cases
from core.exchange.case_words import (
    cases_wanted,
    changed_words,
    distances_words,
    found_words,
    held_words,
    rows_words,
    rule_text,
    rule_worth,
    rules_words,
    stability_words,
    time_words,
    widened_words,
)
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import whole

Facts = list[tuple[str, str]]


def case_facts(cases: Cases, subject: Subject) -> Facts:
    """How many rows can be corrected and how far away that is, which features matter, and each rule with its worth."""
    return [*case_summary(cases, subject), *rule_facts(cases, subject)]


def case_summary(cases: Cases, subject: Subject) -> Facts:
    """The same without the single rules."""
    changes = ", ".join(f"{shown(name, 30)} in {whole(amount)}" for name, amount in changed_words(cases))
    facts = [
        ("Rows", rows_words(cases)),
        ("Wanted", cases_wanted(cases, subject)),
        ("Stability", stability_words(cases, subject)),
        ("Finding", found_words(cases)),
        ("Distances", distances_words(cases)),
        ("Proved boxes", widened_words(cases)),
        ("Changed", changes if cases.corrected.any() else ""),
        ("Time for each", time_words(cases)),
        ("Rules", rules_words(cases) if cases.request.rules else ""),
    ]
    facts += [
        (f"Under {shown(subject.called(sha256), 40)}", held_words(cases, place))
        for place, sha256 in enumerate(cases.request.others)
    ]
    return [(name, words) for name, words in facts if words]


def rule_facts(cases: Cases, subject: Subject) -> Facts:
    """Each rule in the user's units, with what it is worth."""
    return [
        (f"Rule {rule + 1}", f"{rule_text(cases, rule, subject)}: {rule_worth(cases, rule)}")
        for rule in range(len(cases.rule_box))
    ]
