"""A table of cases in words: what became of each row, the rules in the user's units, and what they are worth."""

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.lattice import Lattice
from core.corrections.records.cases import (
    FAILED,
    FAILS,
    HOLDS,
    NONE_EXISTS,
    NOT_YET,
    OPEN,
    OWN_LEVEL,
    PROVED,
    Cases,
)
from core.corrections.records.correction import FreeFeature
from core.exchange.goal_words import goal_words
from core.exchange.rule_words import Side
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, duration, in_norm, made_words, number, partial_notes, quantity, signed, whole

OUTCOMES = {
    PROVED: "corrected, proved",
    OPEN: "open: nothing proved in the time",
    NONE_EXISTS: "proved: none exists within the ranges",
    FAILED: "failed",
    NOT_YET: "not done yet",
}
SHORT_OUTCOMES = {PROVED: "proved", OPEN: "open", NONE_EXISTS: "none exists", FAILED: "failed", NOT_YET: "not yet"}


def cases_subtitle(cases: Cases, subject: Subject) -> str:
    """The question that was asked."""
    names = [shown(name, 30) for name in cases.names]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"The smallest stable change of {listed} that makes the network say {cases_wanted(cases, subject)}"


def cases_wanted(cases: Cases, subject: Subject) -> str:
    """``"good"``, ``"good" or "fair"``, ``at least 3.5 bar``."""
    return goal_words(cases.request.goal, subject)


def rows_words(cases: Cases) -> str:
    """``79 rejected of 300 rows; 221 need no correction``."""
    return (
        f"{whole(len(cases.rows))} rejected of {count(cases.looked_at, 'row')}; {whole(cases.accepted)} "
        f"{'needs' if cases.accepted == 1 else 'need'} no correction"
    )


def found_words(cases: Cases) -> str:
    """``35 of 79 corrected (44 %), for 44 provably none exists``."""
    total = len(cases.rows)
    if not total:
        return "no row is rejected"
    parts = [f"{share_words(int(cases.corrected.sum()), total)} corrected, proved"]
    for code, words in (
        (NONE_EXISTS, "without any correction within the ranges, proved"),
        (OPEN, "open"),
        (FAILED, "failed"),
        (NOT_YET, "not done yet"),
    ):
        if amount := int((cases.proof == code).sum()):
            parts.append(f"{whole(amount)} {words}")
    return "; ".join(parts)


def share_words(amount: int, of: int) -> str:
    """``74 of 79 (94 %)``; shares are rounded down, so that only all is 100 %."""
    share = f" ({int(100 * amount / of)} %)" if of else ""
    return f"{whole(amount)} of {whole(of)}{share}"


def distances_words(cases: Cases) -> str:
    """Median and quartiles of the distances that were found; "" without any."""
    known = cases.distance[cases.corrected]
    if not known.size:
        return ""
    low, middle, high = np.quantile(known, (0.25, 0.5, 0.75)).tolist()
    unproved = int((cases.corrected & (cases.closed == 0)).sum())
    doubt = f"; of {whole(unproved)} not proved to be the smallest" if unproved else ""
    quartiles = f"quartiles {number(low, 3)} and {number(high, 3)}"
    return f"median {number(middle, 3)}{in_norm(cases.request.norm)}, {quartiles}{doubt}"


def stability_words(cases: Cases, subject: Subject) -> str:
    """``duration ± 2 months, amount ± 250 DM``; ``none`` where none is asked for."""
    parts = [
        f"{shown(name, 30)} ±\u00a0{quantity(half, shown(subject.unit(name), 20))}"
        for name, half in zip(cases.numbers, cases.half_widths.tolist(), strict=True)
        if half
    ]
    return ", ".join(parts) or "none"


def widened_words(cases: Cases) -> str:
    """How much wider than asked the proved boxes are; "" without any."""
    known = cases.stability[cases.corrected & np.isfinite(cases.stability)]
    if not known.size:
        return ""
    return f"{number(float(np.median(known)), 3)} times as wide as asked, median"


def changed_words(cases: Cases) -> list[tuple[str, int]]:
    """Each feature with how many corrections change it, the most often changed first."""
    amounts = cases.changed.sum(axis=0).tolist()
    pairs = zip(cases.names, amounts, strict=True)
    return sorted(((name, int(amount)) for name, amount in pairs), key=lambda pair: -pair[1])


def outcome_words(cases: Cases, place: int) -> str:
    """What became of one case, in a few words."""
    code = int(cases.proof[place])
    return f"failed: {cases.failure(place)}" if code == FAILED else OUTCOMES[code]


def verdict_words(cases: Cases, place: int, subject: Subject) -> str:
    """What the network says of a row: ``bad``, ``2.9 bar``."""
    if np.isfinite(cases.value[place]):
        return quantity(float(cases.value[place]), shown(subject.target_unit, 20))
    return shown(subject.class_name(int(cases.verdict[place])), 30)


def change_words(cases: Cases, place: int, subject: Subject) -> str:
    """``duration −12 months, purpose: car (new) → repairs``; "" where no correction is known."""
    if cases.proof[place] != PROVED:
        return ""
    parts = []
    for column, name in enumerate(cases.numbers):
        if cases.changed[place, column]:
            change = float(cases.point[place, column] - cases.start[place, column])
            parts.append(f"{shown(name, 30)} {signed(change, 4)} {shown(subject.unit(name), 20)}".rstrip())
    for column, category in enumerate(cases.categories):
        before, after = int(cases.present[place, column]), int(cases.levels[place, column])
        if before != after:
            parts.append(
                f"{shown(category.name, 30)}: {_level(category.levels, before)} → {_level(category.levels, after)}"
            )
    return ", ".join(parts)


def rule_text(cases: Cases, rule: int, subject: Subject) -> str:
    """``duration at most 27 months, amount 701–1 201 DM, purpose "repairs"``: rounded inwards, as it is proved."""
    parts = []
    ends = np.stack(Lattice.from_zero(cases.steps).of_boxes(*cases.rule_box[rule]), axis=1).tolist()
    for column, (name, sides) in enumerate(zip(cases.numbers, ends, strict=True)):
        low, high = _pooled(cases, column)
        feature = FreeFeature(name=name, low=low, high=high, step=float(cases.steps[column]))
        parts.append(Side(feature, shown(subject.unit(name), 20), tuple(sides)).asked())
    for column, category in enumerate(cases.categories):
        level = int(cases.rule_levels[rule, column])
        if level != OWN_LEVEL:
            parts.append(f"{shown(category.name, 30)} “{_level(category.levels, level)}”")
    return ", ".join(part for part in parts if part) or "no change at all"


def rule_worth(cases: Cases, rule: int) -> str:
    """``corrects 74 of 79 (94 %), proved; costs 1.31 on average, 2.25 at most``."""
    covers = cases.rule_covers[rule] == HOLDS
    cost = cases.rule_cost[rule][covers]
    worth = f"corrects {share_words(int(covers.sum()), len(covers))}, proved"
    if not cost.size:
        return worth
    norm = in_norm(cases.request.norm)
    return f"{worth}; costs {number(float(cost.mean()), 3)} on average, {number(float(cost.max()), 3)} at most{norm}"


def rules_words(cases: Cases) -> str:
    """What the rules are worth together, and whether they were cut short."""
    if not len(cases.rule_box):
        if not cases.request.rules:
            return "none were asked for"
        return "none was found" if cases.rules_finished else "none was found in the time"
    share = share_words(int(cases.covered.sum()), len(cases.rows))
    rules = len(cases.rule_box)
    together = f"1 rule corrects {share}" if rules == 1 else f"{whole(rules)} rules together correct {share}"
    return together if cases.rules_finished else f"{together}; cut short by the time, more may be had"


def held_words(cases: Cases, place: int) -> str:
    """``60 of 74 (81 %) hold, proved; 5 fail, 9 undecided``: the corrections under another network."""
    tried = int(cases.corrected.sum())
    held, fails = (int((cases.held[place] == code).sum()) for code in (HOLDS, FAILS))
    words = f"{share_words(held, tried)} hold, proved; {whole(fails)} fail"
    undecided = tried - held - fails
    return f"{words}, {whole(undecided)} undecided" if undecided else words


def cases_notes(cases: Cases, subject: Subject) -> list[str]:
    """Whose judgments they are, what was asked, and what was found."""
    owner = f"Network: {shown(subject.network_name)} · data: {shown(subject.dataset_name)}"
    notes = [
        f"{owner} · {rows_words(cases)} · stability asked for: {stability_words(cases, subject)}.",
        f"Result: {found_words(cases)}.",
    ]
    if words := distances_words(cases):
        notes.append(f"Distances: {words}; proved boxes: {widened_words(cases)}.")
    if cases.request.rules and cases.rows.size:
        notes.append(f"Rules: {rules_words(cases)}. Each is proved for every case that it is said to correct.")
    notes += partial_notes(cases.status)
    return [*notes, made_words(cases.provenance)]


def time_words(cases: Cases) -> str:
    """Median and most for one case; "" before any is done."""
    known = cases.seconds[np.isfinite(cases.seconds)]
    if not known.size:
        return ""
    return f"{duration(float(np.median(known)))} a case, median; {duration(float(known.max()))} at most"


def _level(levels: tuple[str, ...], place: int) -> str:
    return shown(levels[place], 30)


def _pooled(cases: Cases, column: int) -> tuple[float, float]:
    """The widest range of a number over the cases."""
    ranges: npt.NDArray[np.float64] = cases.ranges[:, :, column]
    return float(np.nanmin(ranges[:, 0])), float(np.nanmax(ranges[:, 1]))
