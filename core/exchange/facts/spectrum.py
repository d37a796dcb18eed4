"""What a spectrum found, as names and values for readers."""

from core.exchange.subject import Subject
from core.exchange.words import audit_words, number, residual_words, verified_words
from core.spectrum.spectrum import Spectrum

_MOST_EIGENVALUES = 50


def spectrum_facts(spectrum: Spectrum, subject: Subject) -> list[tuple[str, str]]:
    """How certain it is, at what cost, and the eigenvalues with their errors."""
    del subject
    pairs = list(zip(spectrum.eigenvalues, spectrum.residuals, spectrum.verified, strict=True))
    facts = [
        (f"λ{rank}", f"{number(value, 6)} ± {number(error, 2)}, {'verified' if verified else 'not verified'}")
        for rank, (value, error, verified) in enumerate(pairs[:_MOST_EIGENVALUES], start=1)
    ]
    return [
        ("Certainty", f"{verified_words(spectrum)}; {audit_words(spectrum)}"),
        ("Errors", residual_words(spectrum)),
        ("Hessian-vector products", f"{spectrum.products:,}"),
        *facts,
    ]
