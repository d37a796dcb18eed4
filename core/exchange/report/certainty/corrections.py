"""How sure corrections are, in which slice or ranges."""

import numpy as np

from core.corrections.records.cases import FAILED, NONE_EXISTS, NOT_YET, OPEN, PROVED, Cases
from core.corrections.records.correction import Correction, FreeFeature, Proof
from core.corrections.records.freedom import Freedom
from core.corrections.records.joint import FoundChange, JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.case_words import found_words, held_words, rule_worth, rules_words
from core.exchange.correction_words import rule_of
from core.exchange.joint_words import BOX_PROOFS, JOINT_PROOFS, bracket_words, joint_rule
from core.exchange.pair_words import looked_words
from core.exchange.report.certainty.statement import Certainty, Statement, computed, proved, sentence, unknown
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import PROOFS, bound_words, count, in_norm, number, quantity, whole

_CERTAINTY: dict[Proof, Certainty] = {
    "proved": "proved",
    "none_exists": "proved",
    "sampled": "sampled",
    "unknown": "unknown",
}
_CAUSES = "whether the change can be made in the world, and whether it has the effect there that it has on the network"


def correction_statements(correction: Correction, subject: Subject) -> list[Statement]:
    """The exact region, the nearest correction with its bound, and the boxes around it."""
    where = f"slice, {_ranges(correction.request.free, subject)}; everything else as in the input"
    found = [
        computed(
            f"the accepted region: exact geometry of {count(correction.cells, 'linear piece')} of the network; for "
            f"rounding's sake what is wanted is exceeded by at least {number(correction.margin, 2)} everywhere in it",
            where,
        )
        if correction.status == "complete"
        else unknown("the accepted region: the slice was not gone through to the end", where)
    ]
    found.append(_stated(correction.proof, f"the stability box: {PROOFS[correction.proof]}", where))
    if correction.lower_bound is not None and np.isfinite(correction.lower_bound):
        bound = bound_words(correction.lower_bound, 4, correction.distance)
        least = f"no stable correction is nearer than {bound}{in_norm(correction.request.norm)}"
        there = "" if correction.distance is None else f"; the one that was found is at {number(correction.distance)}"
        found.append(proved(f"{least}{there}", where))
    if correction.largest_box is not None:
        found.append(_stated(correction.largest_box.proof, f"the rule: {rule_of(correction, subject)}", where))
    return [
        *found,
        unknown("corrections in other features, or in more than these two", "outside of the slice"),
        _world(),
    ]


def joint_statements(joint: JointCorrection, subject: Subject) -> list[Statement]:
    """The bracket of the distance, the boxes, and what was left open."""
    where = f"{_free(joint.request.freedom, subject)}; everything else as in the input"
    found = [*_change(joint.nearest, "the nearest stable correction", joint, where)]
    if joint.box is not None:
        found.append(
            _stated(joint.box.proof, f"the box: {joint_rule(joint, subject) or BOX_PROOFS[joint.box.proof]}", where)
        )
    for place, other in enumerate(joint.others, start=2):
        found += _change(other, f"another way, {place}", joint, where)
    if not joint.nearest.closed:
        found.append(unknown("whether a nearer one exists between the bound and the distance that was found", where))
    return [*found, _world()]


def pairs_statements(pairs: Pairs, subject: Subject) -> list[Statement]:
    """How many answers are proved, and how many are not."""
    where = f"every two of {_free(pairs.request.freedom, subject)}; everything else as in the input"
    upper = np.triu(np.ones_like(pairs.distance, bool))
    kinds = [pairs.proof_of(first, second) for first, second in np.argwhere(upper & pairs.done).tolist()]
    amount = {kind: kinds.count(kind) for kind in _CERTAINTY}
    found = []
    if amount["proved"]:
        found.append(proved(f"{count(amount['proved'], 'stable correction')}: each box is accepted everywhere", where))
    if amount["none_exists"]:
        found.append(proved(f"for {count(amount['none_exists'], 'pair')} there is no stable correction", where))
    if amount["sampled"]:
        found.append(
            _stated("sampled", f"{count(amount['sampled'], 'correction')}: no counterexample was found", where)
        )
    if amount["unknown"]:
        found.append(unknown(f"{count(amount['unknown'], 'pair')} without an answer in the time", where))
    if left := int(upper.sum()) - len(kinds):
        found.append(unknown(f"{count(left, 'pair')} not looked at", where))
    return [*found, computed(looked_words(pairs), where), _world()]


def cases_statements(cases: Cases, subject: Subject) -> list[Statement]:
    """How many rows are corrected for certain, which rules hold, and what is open."""
    where = f"{', '.join(shown(name, 30) for name in cases.names)}, within the ranges of each row"
    codes = {code: int((cases.proof == code).sum()) for code in (PROVED, NONE_EXISTS, OPEN, FAILED, NOT_YET)}
    found = [computed(found_words(cases), where)]
    if codes[PROVED]:
        found.append(proved(f"{count(codes[PROVED], 'row')} with a correction whose box is accepted everywhere", where))
    if codes[NONE_EXISTS]:
        found.append(proved(f"for {count(codes[NONE_EXISTS], 'row')} there is no stable correction", where))
    found += [proved(f"rule {rule + 1} {rule_worth(cases, rule)}", where) for rule in range(len(cases.rule_box))]
    for place, sha256 in enumerate(cases.request.others):
        found.append(computed(f"under {shown(subject.called(sha256), 40)}: {held_words(cases, place)}", where))
    if left := codes[OPEN] + codes[FAILED] + codes[NOT_YET]:
        found.append(unknown(f"{whole(left)} of {count(len(cases.rows), 'row')} without an answer", where))
    if cases.request.rules and not cases.rules_finished:
        found.append(unknown(f"whether better rules exist: {rules_words(cases)}", where))
    return [*found, _world()]


def _change(change: FoundChange, what: str, joint: JointCorrection, where: str) -> list[Statement]:
    """A correction, or that there is none, and how near any could be."""
    norm = joint.request.norm
    found = [_stated(change.proof, f"{what}: {bracket_words(change, norm)}; {JOINT_PROOFS[change.proof]}", where)]
    if change.proof != "none_exists" and 0 < change.lower_bound < np.inf:
        bound = bound_words(change.lower_bound, 4, change.distance)
        found.append(proved(f"{what} is no nearer than {bound}{in_norm(norm)}", where))
    return found


def _stated(proof: Proof, claim: str, domain: str) -> Statement:
    return Statement(certainty=_CERTAINTY[proof], claim=sentence(claim), domain=domain)


def _world() -> Statement:
    return unknown(_CAUSES, "the world")


def _ranges(features: tuple[FreeFeature, ...], subject: Subject) -> str:
    return ", ".join(
        f"{shown(one.name, 30)} {number(one.low)} to {quantity(one.high, shown(subject.unit(one.name), 20))}"
        for one in features
    )


def _free(freedom: Freedom, subject: Subject) -> str:
    """All that may change, with its range or the number of its levels."""
    levels = [f"{shown(one.name, 30)} ({count(len(one.levels), 'level')})" for one in freedom.categories]
    return ", ".join([*([_ranges(freedom.numbers, subject)] if freedom.numbers else []), *levels])
