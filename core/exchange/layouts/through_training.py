"""Curvature, gradient and loss of several trainings, through time and against one another (Yao et al., Figure 5)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.exchange.layouts.members import Member, batch_size, by_batch
from core.exchange.layouts.picture import Axis, FloatArray, Panel, Picture, Series, Table
from core.exchange.layouts.trends import losses_words, trend_words
from core.exchange.layouts.wanted import missing_history
from core.exchange.tables.rows import Row
from core.exchange.words import count, number, whole
from core.session.document import Document, NetworkItem, RunItem
from core.spectrum.history import History

CLAIM = "larger batches converge to points with a larger Hessian spectrum"  # abstract of Yao et al. 2018
_HEAD = ("training", "batch_size", "source", "epoch", "train_loss", "gradient_norm", "top_eigenvalue")
_MARKS = 10  # of a line


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """What is known of one training, (n,) each; NaN where it was not measured."""

    epoch: FloatArray
    loss: FloatArray
    gradient: FloatArray
    top: FloatArray  # signed
    samples: int  # that curvature and gradient were measured on
    source: str
    loss_unit: str


def members(document: Document) -> tuple[Member, ...]:
    """Runs, and histories whose run is gone."""
    found = []
    for run in document.runs:
        network = document.items.get(run.network_id)
        results = tuple(item for item in document.results if item.run_id == run.id and isinstance(item.result, History))
        known = network if isinstance(network, NetworkItem) else None
        found.append(Member(id=run.id, name=run.name, network=known, run=run, batch=batch_size(run), results=results))
    for item in document.results:
        if isinstance(item.result, History) and not isinstance(document.items.get(item.run_id), RunItem):
            network = document.items.get(item.network_id)
            known = network if isinstance(network, NetworkItem) else None
            found.append(Member(id=item.id, name=item.name, network=known, run=None, batch=math.nan, results=(item,)))
    return by_batch(found)


def course_of(member: Member) -> Course | None:
    """From the newest history where there is one, else from the curves of the run; None if curvature is not known."""
    histories = [item.result for item in member.results if isinstance(item.result, History)]
    complete = [history for history in histories if history.status == "complete"]
    for history in [*reversed(complete), *reversed(histories)]:
        if np.isfinite(history.eigenvalues[:, 0]).any():
            return Course(
                epoch=history.epoch,
                loss=history.loss,
                gradient=history.gradient_norm,
                top=history.eigenvalues[:, 0],
                samples=history.provenance.samples,
                source="checkpoints",
                loss_unit=history.loss_unit,
            )
    if member.run is None or not np.isfinite(member.run.run.top_eigenvalue).any():
        return None
    run = member.run.run
    known = np.isfinite(run.top_eigenvalue)
    regression = not np.isfinite(run.train_accuracy).any()
    return Course(
        epoch=run.epoch[known].astype(np.float64),
        loss=run.train_loss[known],
        gradient=run.gradient_norm[known],
        top=run.top_eigenvalue[known],
        samples=run.request.curvature_samples,
        source="training",
        loss_unit="" if regression else "nats",
    )


def training_picture(document: Document, chosen: Sequence[Member]) -> Picture:
    """Draw what is there, and say what is missing."""
    found = [course_of(member) for member in chosen]
    known = [course for course in found if course is not None]
    unit = known[0].loss_unit if known else "nats"
    epoch = Axis(name="epoch")
    top = Axis(name="|λ₁|", unit=unit, logarithmic=True)
    gradient = Axis(name="norm of the gradient", logarithmic=True)
    loss = Axis(name="train loss", unit=unit, logarithmic=True)
    return Picture(
        kind="figure5",
        title="Curvature through training",
        subtitle="Top eigenvalue of the Hessian, norm of the gradient and loss of each training, through its epochs "
        "and against one another",
        names=tuple(member.label for member in chosen),
        panels=(
            _panel("Curvature", found, epoch, top),
            _panel("Gradient", found, epoch, gradient),
            _panel("Curvature against gradient", found, gradient, top),
            _panel("Curvature against loss", found, loss, top),
        ),
        styles=(("negative", "hollow"),) if any((course.top < 0).any() for course in known) else (),
        statements=tuple(_statements(chosen, found)),
        notes=_notes(known),
        missing=tuple(
            missing_history(member, document) for member, course in zip(chosen, found, strict=True) if course is None
        ),
        table=_table(chosen, found),
        rows=tuple(_rows(chosen, found)),
    )


def _panel(title: str, found: Sequence[Course | None], x: Axis, y: Axis) -> Panel:
    def values(course: Course, axis: Axis) -> FloatArray:
        if axis.name == "epoch":
            return course.epoch
        return {"|λ₁|": np.abs(course.top), "train loss": course.loss}.get(axis.name, course.gradient)

    series = []
    for group, course in enumerate(found):
        if course is None:
            continue
        across, up = values(course, x), values(course, y)
        known = np.isfinite(across) & np.isfinite(up)  # a loss may be measured more rarely than the curvature
        hollow = course.top[known] < 0 if y.name == "|λ₁|" else None
        every = max(1, int(known.sum()) // _MARKS)
        series.append(Series(group=group, x=across[known], y=up[known], every=every, hollow=hollow))
    return Panel(title=title, x=x, y=y, series=tuple(series), empty="" if series else "nothing measured yet")


def _statements(chosen: Sequence[Member], found: Sequence[Course | None]) -> list[str]:
    known = [course for course in found if course is not None]
    if not known:
        return []
    batch = [member.batch for member in chosen]
    last = [math.nan if course is None else _last(course.top) for course in found]
    words = [trend_words("Top eigenvalue at the end of training", batch, last, CLAIM)]
    falls = [_last(course.gradient) / _first(course.gradient) for course in known]
    finite = [fall for fall in falls if math.isfinite(fall)]
    if finite:
        low, high = (number(100 * end, 2) for end in (min(finite), max(finite)))
        share = f"{low} %" if low == high else f"{low} to {high} %"
        words.append(f"At the end the norm of the gradient is {share} of what was measured first.")
    if uneven := losses_words([_last(course.loss) for course in known], known[0].loss_unit):
        words.append(uneven)
    negative = sum(_last(course.top) < 0 for course in known)
    words.append(
        f"The eigenvalue of largest magnitude is negative at the end of {negative} of "
        f"{count(len(known), 'training')}"
        + (": no sign of saddle points with strong negative curvature." if not negative else ".")
    )
    return words


def _notes(known: Sequence[Course]) -> tuple[str, ...]:
    if not known:
        return ()
    samples = sorted({course.samples for course in known if course.samples})
    notes = [f"Curvature and gradient on {' or '.join(map(whole, samples)) or 'an unknown number of'} samples."]
    sources = {course.source for course in known}
    if len(sources) > 1:
        notes.append("Some were measured while they learnt, others afterwards at their checkpoints.")
    elif "checkpoints" in sources:
        notes.append("Measured afterwards, at the checkpoints.")
    else:
        notes.append("Measured while they learnt.")
    notes.append("Points of one training are not independent of one another: no p-value is given for its course.")
    return tuple(notes)


def _table(chosen: Sequence[Member], found: Sequence[Course | None]) -> Table:
    head = ("training", "batch size", "λ₁ first", "λ₁ largest", "λ₁ last", "gradient last", "loss last", "epochs")
    rows: list[Row] = []
    for member, course in zip(chosen, found, strict=True):
        if course is None:
            rows.append((member.name, member.batch, *(math.nan,) * 6))
            continue
        largest = float(course.top[np.nanargmax(np.abs(course.top))])
        values = (_first(course.top), largest, _last(course.top), _last(course.gradient), _last(course.loss))
        rows.append((member.name, member.batch, *values, float(course.epoch[-1])))
    return Table(head=head, rows=tuple(rows))


def _rows(chosen: Sequence[Member], found: Sequence[Course | None]) -> list[Row]:
    rows: list[Row] = [_HEAD]
    for member, course in zip(chosen, found, strict=True):
        if course is not None:
            columns = (course.epoch, course.loss, course.gradient, course.top)
            lines = zip(*(column.tolist() for column in columns), strict=True)
            rows.extend((member.name, member.batch, course.source, *values) for values in lines)
    return rows


def _last(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else math.nan


def _first(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known[0]) if len(known) else math.nan
