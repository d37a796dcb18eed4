"""All pairs of features on the command line: the ranked list for people, every number for machines."""

import numpy as np

from app.cli.machine_numbers import finite
from app.cli.tables import Facts, figure, table
from core.corrections.records.pairs import Lanes, NumberLane, Pairs, Table
from core.exchange.facts.pairs import short_facts
from core.exchange.pair_words import PAIR_PROOFS, pair_change_words, pair_name, pairs_verdict, pairs_wanted
from core.exchange.subject import Subject

Values = dict[str, object]
_JUDGED = ("unknown", "accepted", "rejected")
_LISTED = ("Distance", "Found", "No nearer together")


def pair_values(pairs: Pairs, subject: Subject) -> Values:
    """The answers, the nearest first, then those without one; and the lanes and tables of the categories."""
    request = pairs.request
    ranked = pairs.ranked()
    rest = [(i, j) for i, j in pairs.order.tolist() if (i, j) not in set(ranked)]
    return {
        "row": request.row,
        "verdict": finite(pairs.value) if request.goal.by_value else subject.class_name(pairs.verdict),
        "wanted": pairs_wanted(pairs, subject),
        "norm": request.norm,
        "features": list(request.features),
        "pairs": [_answer(pairs, first, second) for first, second in [*ranked, *rest]],
        "lanes": [_lane(pairs, one, lane) for one in pairs.lanes for lane in one.lanes],
        "tables": [_levels(pairs, one) for one in pairs.tables],
    }


def _answer(pairs: Pairs, first: int, second: int) -> Values:
    present, centre = pairs.request.present, pairs.centres[first, second]
    features = [(first, centre[0])] if first == second else [(first, centre[0]), (second, centre[1])]
    return {
        "features": [pairs.request.features[feature] for feature, _ in features],
        "distance": finite(pairs.distance[first, second]),
        "lower_bound": finite(pairs.lower_bound[first, second]),
        "proof": pairs.proof_of(first, second),
        "done": bool(pairs.done[first, second]),
        "needs_both": pairs.needs_both(first, second),
        "value": [_value(pairs, feature, float(present[feature])) for feature, _ in features],
        "correction": [_value(pairs, feature, float(value)) for feature, value in features],
        "seconds": finite(pairs.seconds[first, second]),
    }


def _lane(pairs: Pairs, lanes: Lanes, lane: NumberLane) -> Values:
    alone = lanes.number == lanes.category
    return {
        "number": pairs.request.features[lanes.number],
        "category": None if alone else pairs.request.features[lanes.category],
        "level": None if alone else _value(pairs, lanes.category, float(lane.level)),
        "accepted": lane.accepted.tolist(),
        "correction": lane.centre,
        "distance": lane.distance,
        "lower_bound": finite(lane.lower_bound),
        "proof": lane.proof,
    }


def _levels(pairs: Pairs, one: Table) -> Values:
    allowed = np.isfinite(one.leads)
    return {
        "first": pairs.request.features[one.first],
        "second": None if one.first == one.second else pairs.request.features[one.second],
        "judged": [
            [_JUDGED[code] if known else None for code, known in zip(codes, row, strict=True)]
            for codes, row in zip(one.judged.tolist(), allowed.tolist(), strict=True)
        ],
    }


def _value(pairs: Pairs, feature: int, value: float) -> object:
    if not pairs.request.is_category(feature) or np.isnan(value):
        return finite(value)
    return pairs.request.freedom.categories[feature - len(pairs.request.freedom.numbers)].levels[int(value)]


def pair_summary(pairs: Pairs, subject: Subject) -> Facts:
    """What was asked, and the ranked list of what is worth a look."""
    verdict = f"{pairs_verdict(pairs, subject)}; wanted is {pairs_wanted(pairs, subject)}"
    found = [(name.lower(), words) for name, words in short_facts(pairs, subject) if name in _LISTED]
    return [("verdict", verdict), *found, ("nearest first", _ranked(pairs, subject))]


def _ranked(pairs: Pairs, subject: Subject) -> str:
    rows = [
        (
            figure(float(pairs.distance[first, second]), 5),
            PAIR_PROOFS[pairs.proof_of(first, second)],
            pair_name(pairs.request, first, second, 40),
            pair_change_words(pairs, subject, first, second),
        )
        for first, second in pairs.worth_a_look()
    ]
    return table(("distance", "proof", "features", "change"), rows) if rows else "none has a stable correction"
