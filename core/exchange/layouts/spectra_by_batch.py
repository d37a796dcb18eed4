"""Spectra of several networks over one another, and their top eigenvalue against batch size (Yao et al., Figure 3)."""

import math
from collections.abc import Sequence

import numpy as np

from core.exchange.layouts.members import (
    Member,
    is_whole_hessian,
    network_members,
    newest_alike,
    samples_key,
)
from core.exchange.layouts.picture import Axis, FloatArray, Panel, Picture, Series, Table
from core.exchange.layouts.trends import losses_words, trend_words
from core.exchange.layouts.wanted import missing_spectrum
from core.exchange.tables.rows import Row
from core.exchange.words import count, made_words, whole
from core.session.document import Document, ResultItem
from core.spectrum.spectrum import Spectrum

CLAIM = "larger batches converge to points with a larger Hessian spectrum"  # abstract of Yao et al. 2018
_HEAD = ("network", "batch_size", "rank", "eigenvalue", "residual", "sampling_error", "verified", "samples")


def members(document: Document) -> tuple[Member, ...]:
    """Networks that came of a training, or have a spectrum."""
    return network_members(document, is_whole_hessian)


def spectra_of(chosen: Sequence[Member]) -> tuple[ResultItem | None, ...]:
    """The spectrum of each, on the same samples as far as that is possible."""
    return newest_alike(chosen, is_whole_hessian, samples_key)


def spectra_picture(document: Document, chosen: Sequence[Member]) -> Picture:
    """Draw what is there, and say what is missing."""
    items = spectra_of(chosen)
    found = [item.result if item is not None and isinstance(item.result, Spectrum) else None for item in items]
    like = next((item for item in items if item is not None), None)
    known = [spectrum for spectrum in found if spectrum is not None]
    return Picture(
        kind="figure3",
        title="Spectrum by batch size",
        subtitle="Eigenvalues of largest magnitude of the Hessian of each network, and the first against batch size",
        names=tuple(member.label for member in chosen),
        panels=(spectrum_panel(found), _against_batch(chosen, found)),
        styles=styles_of(known),
        statements=tuple(filter(None, (_trend(chosen, found), trained_words(chosen)))) if known else (),
        notes=spectrum_notes(known),
        missing=tuple(
            missing_spectrum(member, document, like) for member, item in zip(chosen, items, strict=True) if item is None
        ),
        table=_table(chosen, found),
        rows=tuple(_rows(chosen, found)),
    )


def spectrum_panel(found: Sequence[Spectrum | None]) -> Panel:
    """Magnitudes by rank, one line for each network; negative ones are hollow."""
    series = [
        Series(
            group=group,
            x=np.arange(1.0, len(spectrum.eigenvalues) + 1),
            y=np.abs(spectrum.eigenvalues),
            error=error_of(spectrum),
            hollow=spectrum.eigenvalues < 0,
        )
        for group, spectrum in enumerate(found)
        if spectrum is not None
    ]
    most = max((len(one.x) for one in series), default=1)
    step = 1 if most <= 10 else 5 * math.ceil(most / 40)
    ticks = (1.0, *(float(rank) for rank in range(max(2, step), most + 1) if rank % step == 0))
    unit = next((spectrum.loss_unit for spectrum in found if spectrum is not None), "nats")
    return Panel(
        title="Spectrum",
        x=Axis(name="rank", ticks=ticks),
        y=Axis(name="|λ|", unit=unit, logarithmic=True),
        series=tuple(series),
        empty="" if series else "no spectrum yet",
    )


def error_of(spectrum: Spectrum) -> FloatArray:
    """(k,) what is known of the error of each eigenvalue: of sampling, or the residual where that is larger."""
    if spectrum.sampling is None:
        return spectrum.residuals
    return np.fmax(spectrum.residuals, spectrum.sampling.standard_error)


def top_of(spectrum: Spectrum | None) -> float:
    """The signed eigenvalue of largest magnitude; NaN without a spectrum."""
    return math.nan if spectrum is None else float(spectrum.eigenvalues[0])


def styles_of(known: Sequence[Spectrum]) -> tuple[tuple[str, str], ...]:
    """What a legend has to say beside the names."""
    return (("negative", "hollow"),) if any((spectrum.eigenvalues < 0).any() for spectrum in known) else ()


def against_batch(
    chosen: Sequence[Member],
    values: Sequence[float],
    y: Axis,
    title: str,
    errors: Sequence[float] | None = None,
) -> Panel:
    """One number of each network over its batch size, and a grey line through the means of each size."""
    batch, numbers = np.array([member.batch for member in chosen]), np.asarray(values, dtype=float)
    placed = np.flatnonzero(np.isfinite(batch) & np.isfinite(numbers))
    sizes = np.unique(batch[placed])
    means = np.array([numbers[placed][batch[placed] == size].mean() for size in sizes])
    series = [Series(group=-1, x=sizes, y=means, every=0)] if len(sizes) > 1 else []
    series += [
        Series(
            group=group,
            x=batch[[group]],
            y=np.abs(numbers[[group]]) if y.logarithmic else numbers[[group]],
            error=None if errors is None else np.array([errors[group]]),
            hollow=numbers[[group]] < 0,
            joined=False,
        )
        for group in placed.tolist()
    ]
    known = tuple(sorted({float(size) for size in batch[np.isfinite(batch)]}))
    empty = "" if len(placed) else "no batch size is known" if not known else "nothing computed yet"
    return Panel(
        title=title,
        x=Axis(name="batch size", unit="samples", logarithmic=True, ticks=known),
        y=y,
        series=tuple(series),
        empty=empty,
    )


def spectrum_notes(known: Sequence[Spectrum]) -> tuple[str, ...]:
    """On what the eigenvalues are, how certain they are, and where they come from."""
    if not known:
        return ()
    samples = sorted({spectrum.provenance.samples for spectrum in known})
    notes = [f"Hessian of the mean loss of {' or '.join(map(whole, samples))} samples, in evaluation mode."]
    if len({samples_key(spectrum) for spectrum in known}) > 1:
        notes.append("The spectra are not of the same samples: differences may be those of the data.")
    sampled = sum(spectrum.sampling is not None for spectrum in known)
    bars = "one standard error of sampling, or the residual where that is larger" if sampled else "residuals"
    sure = sum(int(np.count_nonzero(spectrum.verified)) for spectrum in known)
    pairs = sum(len(spectrum.eigenvalues) for spectrum in known)
    notes.append(f"Whiskers: {bars}. {whole(sure)} of {count(pairs, 'pair')} verified.")
    if partial := sum(spectrum.status == "partial" for spectrum in known):
        notes.append(f"{count(partial, 'spectrum', 'spectra')} partial, stopped before complete.")
    return (*notes, f"The first of them: {made_words(known[0].provenance)}")


def _against_batch(chosen: Sequence[Member], found: Sequence[Spectrum | None]) -> Panel:
    errors = [math.nan if spectrum is None else float(error_of(spectrum)[0]) for spectrum in found]
    unit = next((spectrum.loss_unit for spectrum in found if spectrum is not None), "nats")
    values = [top_of(spectrum) for spectrum in found]
    return against_batch(chosen, values, Axis(name="top eigenvalue λ₁", unit=unit), "Top eigenvalue", errors)


def _trend(chosen: Sequence[Member], found: Sequence[Spectrum | None]) -> str:
    return trend_words(
        "Top eigenvalue", [member.batch for member in chosen], [top_of(spectrum) for spectrum in found], CLAIM
    )


def _table(chosen: Sequence[Member], found: Sequence[Spectrum | None]) -> Table:
    head = (
        "network",
        "batch size",
        "λ₁",
        "± error",
        "smallest shown",
        "verified pairs",
        "train loss",
        "test accuracy (%)",
    )
    rows: list[Row] = []
    for member, spectrum in zip(chosen, found, strict=True):
        learnt = (last_of(member, "train_loss"), 100 * last_of(member, "test_accuracy"))
        values = (math.nan,) * 4
        if spectrum is not None:
            sure = float(np.count_nonzero(spectrum.verified))
            values = (top_of(spectrum), float(error_of(spectrum)[0]), float(spectrum.eigenvalues[-1]), sure)
        rows.append((member.name, member.batch, *values, *learnt))
    return Table(head=head, rows=tuple(rows))


def last_of(member: Member, name: str) -> float:
    """The last value of a curve of its training, NaN where it has none."""
    if member.run is None:
        return math.nan
    values = getattr(member.run.run, name)
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else math.nan


def trained_words(chosen: Sequence[Member]) -> str:
    """A warning where the trainings have not come equally far."""
    classes = any(math.isfinite(last_of(member, "train_accuracy")) for member in chosen)
    return losses_words([last_of(member, "train_loss") for member in chosen], "nats" if classes else "")


def _rows(chosen: Sequence[Member], found: Sequence[Spectrum | None]) -> list[Row]:
    rows: list[Row] = [_HEAD]
    for member, spectrum in zip(chosen, found, strict=True):
        if spectrum is None:
            continue
        sampling = spectrum.sampling
        for index, value in enumerate(spectrum.eigenvalues.tolist()):
            error = float(sampling.standard_error[index]) if sampling is not None else math.nan
            residual, sure = float(spectrum.residuals[index]), int(spectrum.verified[index])
            samples = spectrum.provenance.samples
            rows.append((member.name, member.batch, index + 1, value, residual, error, sure, samples))
    return rows
