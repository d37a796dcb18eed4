"""What a spectrum found, as names and values for readers."""

import numpy as np

from core.exchange.spectrum_words import (
    bracket_words,
    density_words,
    eigenvalues_words,
    sampling_words,
    trace_words,
)
from core.exchange.subject import Subject
from core.exchange.words import audit_words, number, residual_words, verified_words
from core.spectrum.spectrum import Spectrum

_MOST_EIGENVALUES = 50


def spectrum_facts(spectrum: Spectrum, subject: Subject) -> list[tuple[str, str]]:
    """What it is of, how certain it is, at what cost, what else was found, and the eigenvalues with their errors."""
    del subject
    found = [
        ("Spectrum", eigenvalues_words(spectrum.request)),
        ("Certainty", f"{verified_words(spectrum)}; {audit_words(spectrum)}"),
        ("Errors", residual_words(spectrum)),
        ("Sampling error", sampling_words(spectrum)),
        ("Bracket", bracket_words(spectrum)),
        ("Trace", trace_words(spectrum)),
        ("Density", "" if spectrum.density is None else density_words(spectrum.density)),
        ("Matrix-vector products", f"{spectrum.products:,}"),
        ("Known before", spectrum.taken_over),
    ]
    return [(name, words) for name, words in found if words] + [
        (f"λ{rank}", words) for rank, words in enumerate(_eigenvalues(spectrum), start=1)
    ]


def _eigenvalues(spectrum: Spectrum) -> list[str]:
    sampling = spectrum.sampling
    spread = np.full(len(spectrum.eigenvalues), np.nan) if sampling is None else sampling.standard_error
    columns = zip(spectrum.eigenvalues, spectrum.residuals, spectrum.verified, spread, strict=True)
    return [
        f"{number(value, 6)} ± {number(error, 2)}, {'verified' if verified else 'not verified'}"
        + (f"; sampling ± {number(sampled, 2)}" if np.isfinite(sampled) else "")
        for value, error, verified, sampled in list(columns)[:_MOST_EIGENVALUES]
    ]
