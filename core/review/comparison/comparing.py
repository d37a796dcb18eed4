"""Two sessions side by side: which items belong together, and what differs between them, number by number."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.subject import Subject
from core.exchange.words import count
from core.generalisation.complexity import Complexity
from core.job import JobContext
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.review.comparison.anatomy import differing_paths, identical
from core.review.comparison.kinds.cases import compare_cases
from core.review.comparison.kinds.corrections import compare_corrections, compare_joint, compare_pairs
from core.review.comparison.kinds.landscape import (
    compare_convexity,
    compare_curves,
    compare_initialisations,
    compare_trajectories,
)
from core.review.comparison.kinds.measured import compare_complexity, compare_robustness
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.kinds.runs import compare_runs
from core.review.comparison.kinds.spectra import compare_histories, compare_spectra
from core.review.comparison.kinds.surfaces import compare_surfaces
from core.review.comparison.making import making_rows, same_question, subject_rows
from core.review.comparison.matching import Match, kind_word, matches
from core.review.comparison.notes import notes_pair
from core.review.comparison.numbers import array_row, number_row
from core.review.comparison.record import Comparison, Pair, Row, Side, Verdict, verdict_of
from core.review.comparison.requests import asked_rows
from core.review.comparison.sources import dataset_rows, network_rows
from core.robustness.robustness import Robustness
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem, RunItem
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum
from core.training.run import Run

_UNUSED = JobContext()
_ELSEWHERE = frozenset({"request", "status", "provenance"})  # compared for results of every kind
_MOST_PATHS = 6

_KINDS: dict[type, Callable[[Any, Any, Question], Answer]] = {
    Surface: compare_surfaces,
    Curve: compare_curves,
    Trajectory: compare_trajectories,
    Convexity: compare_convexity,
    Initialisations: compare_initialisations,
    Spectrum: compare_spectra,
    History: compare_histories,
    Robustness: compare_robustness,
    Complexity: compare_complexity,
    Correction: compare_corrections,
    JointCorrection: compare_joint,
    Pairs: compare_pairs,
    Cases: compare_cases,
    Run: compare_runs,
}


def compare_sessions(
    a: Document, b: Document, *, a_name: str = "A", b_name: str = "B", job: JobContext = _UNUSED
) -> Comparison:
    """What differs between two sessions. Neither is changed, nor kept.

    Two numbers are called the same only where every bit is; they agree where the errors that both state allow for the
    difference. Of a result that is the same in all that was asked and found, it does not matter when it was computed.

    Parameters
    ----------
    a_name, b_name : str
        What the sessions are called, such as their files.

    Raises
    ------
    Cancelled
        If the job is stopped.
    """
    pairs: list[Pair] = []
    found = matches(a, b)
    people = _Subjects(a), _Subjects(b)
    for number, match in enumerate(found):
        job.check()
        one = match.a or match.b
        job.progress(number, len(found), one.name if one is not None else "")
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # whatever numbers a file may hold
            pairs.append(_pair(match, people))
    if (notes := notes_pair(a, b)) is not None:
        pairs.append(notes)
    job.progress(len(found), len(found), "")
    return Comparison(a=_side(a, a_name), b=_side(b, b_name), pairs=tuple(pairs))


def _side(document: Document, name: str) -> Side:
    return Side(
        name=name,
        document_id=document.document_id,
        created_utc=document.created_utc,
        items=len(document.items),
    )


class _Subjects:
    """Whom the results of a session are about."""

    def __init__(self, document: Document) -> None:
        self._items = document.items
        self._others = {one.sha256: one.name for one in document.networks}

    def of(self, item: ResultItem) -> Subject:
        """As `core.exchange.subject` has it, without looking for all networks for each of a thousand results."""
        network, dataset = self._items.get(item.network_id), self._items.get(item.dataset_id)
        return Subject(
            title=item.name,
            network=network if isinstance(network, NetworkItem) else None,
            dataset=dataset if isinstance(dataset, DatasetItem) else None,
            others=self._others,
        )


def _pair(match: Match, people: tuple[_Subjects, _Subjects]) -> Pair:
    one, other = match.a, match.b
    rows, reason = _rows(one, other, people) if one is not None and other is not None else ([], "")
    verdict: Verdict = "only in B" if one is None else "only in A" if other is None else verdict_of(rows)
    if reason:
        verdict = "not comparable"
    item = one or other
    return Pair(
        kind=kind_word(item) if item is not None else "",
        a_id=one.id if one is not None else "",
        b_id=other.id if other is not None else "",
        a_name=one.name if one is not None else "",
        b_name=other.name if other is not None else "",
        matched_by=match.why,
        verdict=verdict,
        reason=reason or (next((row.difference for row in rows if row.finding == "not comparable"), "")),
        rows=tuple(rows),
    )


def _rows(one: Item, other: Item, people: tuple[_Subjects, _Subjects]) -> tuple[list[Row], str]:
    """All lines of two items of one kind, and why they cannot be compared, if so."""
    rows, reason = [*_named(one, other)], ""
    if isinstance(one, NetworkItem) and isinstance(other, NetworkItem):
        rows += network_rows(one, other)
    elif isinstance(one, DatasetItem) and isinstance(other, DatasetItem):
        rows += dataset_rows(one, other)
    elif isinstance(one, RunItem) and isinstance(other, RunItem):
        subjects = Subject(title=one.name), Subject(title=other.name)
        made = one.run.provenance, other.run.provenance
        rows += subject_rows(*made, network=False)
        rows += asked_rows(one.run.request, other.run.request, subjects)
        rows += [_status(one.run.status, other.run.status)]
        answer = _found(one.run, other.run, Question(subjects=subjects, same=False))
        rows, reason = [*rows, *answer.rows, *making_rows(*made)], answer.reason
    elif isinstance(one, ResultItem) and isinstance(other, ResultItem):
        more, reason = _result_rows(one, other, (people[0].of(one), people[1].of(other)))
        rows += more
    return rows, reason


def _result_rows(one: ResultItem, other: ResultItem, subjects: tuple[Subject, Subject]) -> tuple[list[Row], str]:
    made = one.result.provenance, other.result.provenance
    answer = _found(one.result, other.result, Question(subjects=subjects, same=same_question(one, other)))
    rows = [
        *subject_rows(*made),
        *_linked(one, other, subjects),
        *asked_rows(one.result.request, other.result.request, subjects),
        _status(one.result.status, other.result.status),
        *answer.rows,
        *making_rows(*made),
    ]
    return rows, answer.reason


def _found(one: Any, other: Any, question: Question) -> Answer:
    """What the kind has to say, and whatever it leaves out: nothing that differs stays unsaid."""
    if all(identical(getattr(one, f.name), getattr(other, f.name)) for f in fields(one) if f.name not in _ELSEWHERE):
        everything = Row(part="found", what="All numbers", a="", b="", difference="bit for bit", finding="same")
        answer = _KINDS[type(one)](one, other, question)
        return Answer(rows=[everything, *answer.rows], covered=answer.covered, reason=answer.reason)
    answer = _KINDS[type(one)](one, other, question)
    rest = [f.name for f in fields(one) if f.name not in answer.covered | _ELSEWHERE]
    left = [_plain_row(name, getattr(one, name), getattr(other, name)) for name in rest]
    return Answer(rows=[*answer.rows, *(row for row in left if row is not None)], reason=answer.reason)


def _plain_row(name: str, one: object, other: object) -> Row | None:
    """A field that no kind speaks of, if it is not the same down to the last bit."""
    if identical(one, other):
        return None
    what = name.replace("_", " ").capitalize()
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and _numeric(one) and _numeric(other):
        return array_row("found", what, one, other)
    if isinstance(one, int | float) and isinstance(other, int | float) and not isinstance(one, bool):
        return number_row("found", what, float(one), float(other))
    if isinstance(one, str) and isinstance(other, str):
        return Row(part="found", what=what, a=one or "none", b=other or "none", finding="differ")
    if one is None or other is None:
        return Row(part="found", what=what, a="", b="", finding="only in A" if other is None else "only in B")
    paths = differing_paths(one, other)
    shown = ", ".join(path.lstrip(".").replace("_", " ") or "all" for path in paths[:_MOST_PATHS])
    more = f" … ({len(paths):,} in all)" if len(paths) > _MOST_PATHS else ""
    sides = [_size(side) for side in (one, other)]
    return Row(part="found", what=what, a=sides[0], b=sides[1], difference=f"in {shown}{more}", finding="unstated")


def _size(value: object) -> str:
    if isinstance(value, tuple | list):
        return count(len(value), "entry", "entries")
    return type(value).__name__.lower() if is_dataclass(value) else str(value)[:60]


def _numeric(values: Any) -> bool:
    return values.dtype.kind in "biuf"


def _named(one: Item, other: Item) -> list[Row]:
    """Name, id and time: they say which is which, and nothing of what was found."""
    sides = (("Name", one.name, other.name), ("Id", one.id, other.id), ("Created", one.created_utc, other.created_utc))
    return [
        Row(part="made" if what == "Created" else "about", what=what, a=a, b=b, finding="same" if a == b else "noted")
        for what, a, b in sides
    ]


def _linked(one: ResultItem, other: ResultItem, subjects: tuple[Subject, Subject]) -> list[Row]:
    """What results of other tools, which record no fingerprints, are said to belong to."""
    if not (one.result.provenance.imported or other.result.provenance.imported):
        return []
    rows = []
    for what, sides in (
        ("Belongs to the network", [subject.network for subject in subjects]),
        ("Belongs to the data", [subject.dataset for subject in subjects]),
    ):
        prints = ["none" if side is None else side.sha256 for side in sides]
        rows.append(
            Row(
                part="about",
                what=what,
                a=prints[0],
                b=prints[1],
                finding="same" if prints[0] == prints[1] else "differ",
            )
        )
    return rows


def _status(a: str, b: str) -> Row:
    return Row(part="found", what="Status", a=a, b=b, finding="same" if a == b else "differ", loud=a != b)
