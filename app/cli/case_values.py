"""Tables of cases for scripts and for people."""

import numpy as np

from app.cli.machine_numbers import finite, finite_list
from core.corrections.records.cases import HOLDS, OWN_LEVEL, Cases
from core.exchange.case_words import SHORT_OUTCOMES, cases_wanted, rule_text, verdict_words
from core.exchange.facts.cases import case_facts
from core.exchange.subject import Subject

Values = dict[str, object]
Facts = list[tuple[str, str]]


def case_values(cases: Cases, subject: Subject) -> Values:
    """Everything in full precision; what is not finite is null."""
    known = cases.distance[cases.corrected]
    return {
        "wanted": cases_wanted(cases, subject),
        "norm": cases.request.norm,
        "looked_at": cases.looked_at,
        "rejected": len(cases.rows),
        "accepted": cases.accepted,
        "corrected": int(cases.corrected.sum()),
        "outcomes": {word: int((cases.proof == code).sum()) for code, word in SHORT_OUTCOMES.items()},
        "median_distance": finite(float(np.median(known))) if known.size else None,
        "free": [
            {
                "name": name,
                "unit": subject.unit(name),
                "half_width": float(half),
                "step": float(step) or None,
                "changed": int(changed),
            }
            for name, half, step, changed in zip(
                cases.names,
                [*cases.half_widths, *[0.0] * len(cases.categories)],
                [*cases.steps, *[0.0] * len(cases.categories)],
                cases.changed.sum(axis=0),
                strict=True,
            )
        ],
        "cases": [_case(cases, place, subject) for place in range(len(cases.rows))],
        "rules": [_rule(cases, rule, subject) for rule in range(len(cases.rule_box))],
        "rules_finished": cases.rules_finished,
        "held_under": {
            sha256: {
                "boxes": int((cases.held[place] == HOLDS).sum()),
                "points": int((cases.held_point[place] == HOLDS).sum()),
            }
            for place, sha256 in enumerate(cases.request.others)
        },
    }


def case_lines(cases: Cases, subject: Subject) -> Facts:
    """The same in a few lines."""
    return [(name[0].lower() + name[1:], words) for name, words in case_facts(cases, subject)]


def _case(cases: Cases, place: int, subject: Subject) -> Values:
    corrected = bool(cases.corrected[place])
    now: Values = dict(zip(cases.numbers, finite_list(cases.start[place]), strict=True))
    after: Values = dict(zip(cases.numbers, finite_list(cases.point[place]), strict=True))
    for column, category in enumerate(cases.categories):
        now[category.name] = category.levels[int(cases.present[place, column])]
        after[category.name] = category.levels[int(cases.levels[place, column])]
    return {
        "row": int(cases.rows[place]),
        "verdict": verdict_words(cases, place, subject),
        "outcome": SHORT_OUTCOMES[int(cases.proof[place])],
        "minimal": bool(cases.closed[place]),
        "distance": finite(float(cases.distance[place])),
        "lower_bound": finite(float(cases.lower_bound[place])),
        "input": now,
        "correction": after if corrected else None,
        "box_low": finite_list(cases.box[place, 0]) if corrected else None,
        "box_high": finite_list(cases.box[place, 1]) if corrected else None,
        "seconds": finite(float(cases.seconds[place])),
        "failure": cases.failure(place) or None,
    }


def _rule(cases: Cases, rule: int, subject: Subject) -> Values:
    covers = cases.rule_covers[rule] == HOLDS
    cost = cases.rule_cost[rule][covers]
    levels = {
        category.name: None if level == OWN_LEVEL else category.levels[int(level)]
        for category, level in zip(cases.categories, cases.rule_levels[rule], strict=True)
    }
    return {
        "words": rule_text(cases, rule, subject),
        "low": dict(zip(cases.numbers, cases.rule_box[rule, 0].tolist(), strict=True)),
        "high": dict(zip(cases.numbers, cases.rule_box[rule, 1].tolist(), strict=True)),
        "levels": levels,
        "rows": cases.rows[covers].tolist(),
        "share": float(covers.mean()) if covers.size else None,
        "mean_cost": finite(float(cost.mean())) if cost.size else None,
        "largest_cost": finite(float(cost.max())) if cost.size else None,
    }
