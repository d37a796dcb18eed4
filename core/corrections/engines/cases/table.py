"""The arrays of a table of cases: empty at first, then with what is known of each case."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.corrections.engines.cases.one_case import CaseAnswer
from core.corrections.engines.cases.rows import Rejected
from core.corrections.records.cases import FAILED, NOT_YET, UNTRIED, Cases, CasesRequest
from core.corrections.records.freedom import Freedom
from core.corrections.search.rules import Rule
from core.provenance import Provenance


def empty_table(
    request: CasesRequest, rejected: Rejected, freedoms: Sequence[Freedom | str], usual: Freedom, made: Provenance
) -> Cases:
    """Before any case is done. `usual` is what may change in most rows: its names, moves and levels hold for all."""
    cases, numbers, categories = len(rejected.rows), len(usual.numbers), len(usual.categories)
    start, ranges = np.full((cases, numbers), np.nan), np.full((cases, 2, numbers), np.nan)
    prices = np.full((cases, numbers + categories), np.nan)
    present = np.zeros((cases, categories), np.int64)
    for place, freedom in enumerate(freedoms):
        if isinstance(freedom, Freedom):
            start[place] = freedom.start(rejected.inputs[place])
            present[place] = usual.present(rejected.inputs[place])
            ranges[place] = np.array([[one.low, one.high] for one in freedom.numbers]).reshape(-1, 2).T
            prices[place] = [one.weight for one in freedom.numbers] + [one.price for one in freedom.categories]
    others = len(request.others)
    return Cases(
        request=request,
        status="partial",
        looked_at=rejected.looked_at,
        accepted=rejected.looked_at - cases,
        numbers=tuple(one.name for one in usual.numbers),
        moves=usual.moves,
        categories=usual.categories,
        half_widths=np.array([one.half_width for one in usual.numbers], dtype=np.float64),
        steps=np.array([one.step for one in usual.numbers], dtype=np.float64),
        rows=rejected.rows,
        inputs=rejected.inputs,
        verdict=rejected.verdict,
        value=rejected.value,
        start=start,
        present=present,
        ranges=ranges,
        prices=prices,
        proof=np.full(cases, NOT_YET, np.uint8),
        closed=np.zeros(cases, np.uint8),
        distance=np.full(cases, np.nan),
        lower_bound=np.full(cases, np.nan),
        point=np.full((cases, numbers), np.nan),
        levels=present.copy(),
        box=np.full((cases, 2, numbers), np.nan),
        seconds=np.full(cases, np.nan),
        rule_box=np.zeros((0, 2, numbers)),
        rule_levels=np.zeros((0, categories), np.int64),
        rule_covers=np.zeros((0, cases), np.uint8),
        rule_cost=np.zeros((0, cases)),
        held=np.full((others, cases), UNTRIED, np.uint8),
        held_point=np.full((others, cases), UNTRIED, np.uint8),
        provenance=made,
    )


def table_with(table: Cases, answers: Mapping[int, CaseAnswer]) -> Cases:
    """With the answers of some cases, by their place. The arrays of the table that is given stay as they are."""
    arrays = {
        name: getattr(table, name).copy()
        for name in ("proof", "closed", "distance", "lower_bound", "point", "levels", "box", "seconds")
    }
    failures = list(table.failures)
    for place, answer in answers.items():
        arrays["proof"][place], arrays["closed"][place] = answer.proof, answer.closed
        arrays["distance"][place], arrays["lower_bound"][place] = answer.distance, answer.lower_bound
        arrays["seconds"][place] = answer.seconds
        if answer.point is not None:
            arrays["point"][place], arrays["levels"][place] = answer.point, answer.levels
        if answer.box is not None:
            arrays["box"][place] = answer.box
        if answer.proof == FAILED:
            failures.append((place, answer.failure))
    return replace(table, failures=tuple(failures), **arrays)


def with_rules(table: Cases, rules: Sequence[Rule]) -> Cases:
    """With these rules in the place of those that it had."""
    cases, numbers, categories = len(table.rows), len(table.numbers), len(table.categories)
    return replace(
        table,
        rule_box=np.array([rule.box for rule in rules], dtype=np.float64).reshape(len(rules), 2, numbers),
        rule_levels=np.array([rule.levels for rule in rules], dtype=np.int64).reshape(len(rules), categories),
        rule_covers=np.array([rule.covers for rule in rules], dtype=np.uint8).reshape(len(rules), cases),
        rule_cost=np.array([rule.cost for rule in rules], dtype=np.float64).reshape(len(rules), cases),
    )
