"""What the marks of a spectrum stand for; only marks that are in the picture are explained."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.render.plot.legend import LegendEntry
from app.render.plot.number_text import plain_number
from app.render.plot.spectra.paint import (
    BarColours,
    paint_bar,
    paint_diamond,
    paint_negative_mark,
    paint_spread,
    paint_tick,
    paint_whisker,
)
from app.render.plot.spectra.words import LETTERS
from app.render.plot.style import PlotColours
from core.spectrum.spectrum import Spectrum

Swatch = Callable[[QPainter, QRectF], None]


def legend_entries(spectrum: Spectrum | None, colours: PlotColours) -> list[LegendEntry]:
    """Entries for the bars of a spectrum, the solver's error and that of sampling told apart."""
    if spectrum is None:
        return []
    bar = BarColours.on(colours)
    values, verified = spectrum.eigenvalues, spectrum.verified.astype(bool)
    wanted: list[tuple[bool, str, Swatch]] = [
        (bool((values >= 0).any()), "positive", _positive(bar, verified=True)),
        (bool((values < 0).any()), "negative", _negative(bar)),
        (bool(verified.any()), "verified", lambda painter, place: paint_tick(painter, place.center(), bar.tick)),
        (not verified.all(), "not verified", _positive(bar, verified=False)),
        (len(values) > 0, solver_words(spectrum), _whisker(bar)),
        (_sampled(spectrum), "± standard error on other samples", _spread(bar)),
        (_over_all(spectrum), over_words(spectrum), lambda painter, place: paint_diamond(painter, place.center(), bar)),
    ]
    return [LegendEntry(text, swatch) for there, text, swatch in wanted if there]


def solver_words(spectrum: Spectrum) -> str:
    """What the whisker of the solver is: only a complete spectrum has had its residuals recomputed."""
    if spectrum.status == "partial" and not spectrum.vectors:
        return "± residual as the search estimates it"
    return "± residual: a true eigenvalue lies within"


def over_words(spectrum: Spectrum) -> str:
    """What the diamond is."""
    population = 0 if spectrum.sampling is None else spectrum.sampling.population
    return f"v′{LETTERS[spectrum.request.matrix]}v over all {plain_number(population, 0)} samples at hand"


def _sampled(spectrum: Spectrum) -> bool:
    return spectrum.sampling is not None and bool(np.isfinite(spectrum.sampling.standard_error).any())


def _over_all(spectrum: Spectrum) -> bool:
    over = None if spectrum.sampling is None else spectrum.sampling.over_population
    return over is not None and bool(np.isfinite(over).any())


def _positive(bar: BarColours, *, verified: bool) -> Swatch:
    def paint(painter: QPainter, place: QRectF) -> None:
        paint_bar(painter, place, bar.positive, negative=False, verified=verified)

    return paint


def _negative(bar: BarColours) -> Swatch:
    def paint(painter: QPainter, place: QRectF) -> None:
        paint_bar(painter, place.adjusted(0, 0, -11, 0), bar.negative, negative=True, verified=True)
        paint_negative_mark(painter, QPointF(place.right() - 4, place.center().y() + 3), bar.negative)

    return paint


def _whisker(bar: BarColours) -> Swatch:
    def paint(painter: QPainter, place: QRectF) -> None:
        paint_whisker(painter, place.center().x(), (place.top(), place.bottom()), 4, bar.whisker)

    return paint


def _spread(bar: BarColours) -> Swatch:
    def paint(painter: QPainter, place: QRectF) -> None:
        paint_spread(painter, place.center().x(), (place.top(), place.bottom()), bar, 3.2)

    return paint
