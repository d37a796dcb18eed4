"""Loss of several networks along their first eigenvector, train and test (Yao et al. 2018, Figure 4)."""

import math
from collections.abc import Hashable, Sequence

import numpy as np

from core.exchange.layouts.members import Member, is_along_first, network_members, newest_alike
from core.exchange.layouts.picture import Axis, FloatArray, Panel, Picture, Series, Table
from core.exchange.layouts.spectra_by_batch import against_batch, spectra_of
from core.exchange.layouts.trends import losses_words, trend_words
from core.exchange.layouts.wanted import missing_curve
from core.exchange.tables.rows import Row
from core.exchange.words import count, made_words, number, whole
from core.landscape.curve import Curve
from core.session.document import Document, Result, ResultItem

CLAIM = "larger batches converge to points with a larger Hessian spectrum, where the loss rises more steeply along v₁"
_HEAD = ("network", "batch_size", "t", "train_loss", "train_accuracy", "test_loss", "test_accuracy")
_MARKS = 8  # of a curve


def members(document: Document) -> tuple[Member, ...]:
    """Networks that came of a training, or have a curve along their first eigenvector."""
    return network_members(document, is_along_first)


def curves_of(chosen: Sequence[Member]) -> tuple[ResultItem | None, ...]:
    """The curve of each, on the same samples and as far as each other, where that is possible."""
    return newest_alike(chosen, is_along_first, _made)


def losses_picture(document: Document, chosen: Sequence[Member]) -> Picture:
    """Draw what is there, and say what is missing."""
    items = curves_of(chosen)
    found = [item.result if item is not None and isinstance(item.result, Curve) else None for item in items]
    like = next((item for item in items if item is not None), None)
    known = [curve for curve in found if curve is not None]
    reach = common_reach(known)
    rises = [rise_of(curve, reach) for curve in found]
    batch = [member.batch for member in chosen]
    unit = known[0].loss_unit if known else "nats"
    tested = any(curve.test_loss is not None for curve in known)
    rise = Axis(name="rise of the train loss", unit=unit, logarithmic=all(not value <= 0 for value in rises))
    title = f"Rise at t = ±{number(reach, 3)}" if known else "Rise"
    spectra = spectra_of(chosen)
    return Picture(
        kind="figure4",
        title="Loss along v₁ by batch size",
        subtitle="Mean loss at θ + t·v₁, v₁ the first eigenvector of the Hessian, of unit length",
        names=tuple(member.label for member in chosen),
        panels=(
            curve_panel(found, test=False),
            *([curve_panel(found, test=True)] if tested else []),
            against_batch(chosen, rises, rise, title),
        ),
        statements=_statements(found, batch, rises, reach) if known else (),
        notes=curve_notes(known),
        missing=tuple(
            missing_curve(member, document, spectrum, like)
            for member, item, spectrum in zip(chosen, items, spectra, strict=True)
            if item is None
        ),
        table=_table(chosen, found, rises, reach),
        rows=tuple(_rows(chosen, found)),
    )


def _statements(
    found: Sequence[Curve | None], batch: Sequence[float], rises: Sequence[float], reach: float
) -> tuple[str, ...]:
    trend = trend_words(f"Rise of the train loss at t = ±{number(reach, 3)}", batch, rises, CLAIM)
    known = [curve for curve in found if curve is not None]
    uneven = losses_words([curve.centre_loss for curve in known], known[0].loss_unit)
    return (trend, uneven) if uneven else (trend,)


def curve_panel(found: Sequence[Curve | None], *, test: bool) -> Panel:
    """Losses on a logarithm, one line for each network."""
    series = []
    for group, curve in enumerate(found):
        values = None if curve is None else curve.test_loss if test else curve.loss
        if curve is None or values is None:
            continue
        every = max(1, len(curve.x) // _MARKS)
        series.append(Series(group=group, x=curve.x, y=values[0], every=every))
    unit = next((curve.loss_unit for curve in found if curve is not None), "nats")
    return Panel(
        title="Test" if test else "Train",
        x=Axis(name="t along v₁"),
        y=Axis(name="test loss" if test else "train loss", unit=unit, logarithmic=True),
        series=tuple(series),
        empty="" if series else "no curve yet",
    )


def common_reach(known: Sequence[Curve]) -> float:
    """How far all of the curves go in both directions; NaN without curves."""
    return float(min((min(abs(curve.x[0]), abs(curve.x[-1])) for curve in known), default=math.nan))


def rise_of(curve: Curve | None, reach: float) -> float:
    """How much the train loss rises at both ends in the mean, linear between points; NaN where it is not known."""
    if curve is None or not math.isfinite(reach):
        return math.nan
    ends = np.interp([-reach, reach], curve.x, curve.loss[0])
    return float(ends.mean() - curve.centre_loss)


def curve_notes(known: Sequence[Curve]) -> tuple[str, ...]:
    """On how many samples, and what differs."""
    if not known:
        return ()
    samples = sorted({curve.provenance.samples for curve in known})
    notes = [f"Train loss: mean over {' or '.join(map(whole, samples))} samples."]
    if len({_made(curve) for curve in known}) > 1:
        notes.append("The curves are not of the same samples or do not go equally far.")
    lost = sum(int(np.count_nonzero(~(curve.loss[0] > 0))) for curve in known)
    if lost:
        notes.append(f"{count(lost, 'position')} without a loss above zero: gaps on the logarithm.")
    return (*notes, f"The first of them: {made_words(known[0].provenance)}")


def _made(result: Result) -> Hashable:
    assert isinstance(result, Curve)  # noqa: S101  only such are asked about
    ends = (round(float(result.x[0]), 9), round(float(result.x[-1]), 9))
    return result.provenance.data_sha256, result.provenance.samples, ends


def _table(chosen: Sequence[Member], found: Sequence[Curve | None], rises: Sequence[float], reach: float) -> Table:
    head = ("network", "batch size", "train loss at 0", f"rise at t = ±{number(reach, 3)}", "test loss at 0", "λ₁")
    rows: list[Row] = []
    for member, curve, rise in zip(chosen, found, rises, strict=True):
        values = (math.nan, math.nan) if curve is None else (_top(curve), _test_at_centre(curve))
        centre = math.nan if curve is None else curve.centre_loss
        rows.append((member.name, member.batch, centre, rise, values[1], values[0]))
    return Table(head=head, rows=tuple(rows))


def _top(curve: Curve) -> float:
    return float(curve.directions.eigenvalues[0]) if curve.directions.eigenvalues else math.nan


def _test_at_centre(curve: Curve) -> float:
    if curve.test_loss is None or not curve.x[0] <= 0 <= curve.x[-1]:
        return math.nan
    return float(np.interp(0.0, curve.x, curve.test_loss[0]))


def _rows(chosen: Sequence[Member], found: Sequence[Curve | None]) -> list[Row]:
    rows: list[Row] = [_HEAD]
    for member, curve in zip(chosen, found, strict=True):
        if curve is None:
            continue
        nothing: FloatArray = np.full(len(curve.x), math.nan)
        tested = (nothing, nothing)
        if curve.test_loss is not None and curve.test_accuracy is not None:
            tested = (curve.test_loss[0], curve.test_accuracy[0])
        columns = (curve.x, curve.loss[0], curve.accuracy[0], *tested)
        lines = zip(*(column.tolist() for column in columns), strict=True)
        rows.extend((member.name, member.batch, *values) for values in lines)
    return rows
