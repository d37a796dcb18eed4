"""What a spectrum says in plain words: one bar, the whole figure, and why a bar is not verified."""

import math

from app.render.plot.number_text import plain_number, significant, with_error
from core.spectrum.spectrum import LIKELY_MISSED, Audit, Spectrum

EMPTY = (
    "No spectrum yet. Its bars tell how sharp this minimum is, and in how many directions; "
    "the first ones appear here soon after its job has begun."
)
HINT = "Point at a bar, or step through them with ← and →, to read its value and its error."


def bar_words(spectrum: Spectrum, index: int) -> str:
    """Rank, value with its interval, residual, and whether it is verified or why not."""
    value, residual = float(spectrum.eigenvalues[index]), float(spectrum.residuals[index])
    verdict = "verified" if spectrum.verified[index] else f"not verified: {why_not_verified(spectrum, index)}"
    return (
        f"Rank {index + 1}: eigenvalue {with_error(value, residual)}, "
        f"residual ‖Hv − λv‖ = {significant(residual, 2)}; {verdict}"
    )


def why_not_verified(spectrum: Spectrum, index: int) -> str:
    """The reason, as far as the record tells it."""
    if spectrum.request.audit_products == 0:
        return "no audit was asked for, so a larger one may have been missed"
    if spectrum.audit is None:
        return "the audit for missed eigenvalues has not run yet"
    if spectrum.audit.missed:
        return f"the audit found {_count(spectrum.audit.missed, 'missed eigenvalue')}"
    return _why_not_certain(spectrum, spectrum.audit, index)


def _why_not_certain(spectrum: Spectrum, audit: Audit, index: int) -> str:
    """The reason where the audit found nothing: the error, the audit's length, or the type of the numbers."""
    value, residual = abs(float(spectrum.eigenvalues[index])), float(spectrum.residuals[index])
    tolerance = spectrum.request.tolerance
    if value == 0:
        return "the residual is not small beside the value, which is zero"
    if residual > tolerance * value:
        return (
            f"the residual is {significant(100 * residual / value, 2)} % of the value, which does not prove an error "
            f"within {significant(100 * tolerance, 2)} %"
        )
    if audit.miss_probability > LIKELY_MISSED:
        return "the audit was too short to say that no larger one was missed"
    return "the residual could be computed in float32 only, whose rounding is unknown"


def progress_words(spectrum: Spectrum) -> str:
    """What is missing from a partial spectrum; empty for a complete one."""
    if spectrum.status == "complete":
        return ""
    found = len(spectrum.eigenvalues)
    return f"partial: {found} of {_count(spectrum.request.top, 'eigenvalue')}"


def caption_words(spectrum: Spectrum) -> str:
    """What the figure shows and how it was obtained, for a reader who does not trust a picture."""
    found, made = len(spectrum.eigenvalues), spectrum.provenance
    verified = int(spectrum.verified.sum())
    negative = int((spectrum.eigenvalues < 0).sum())
    shown = f"{_count(found, 'eigenvalue')} of largest magnitude, {negative or 'none'} negative, {verified} verified"
    work = f"{_count(spectrum.products, 'Hessian-vector product')} on {_count(made.samples, 'sample')}"
    machine = f"{made.dtype} on {made.device}, {_duration(made.seconds)}"
    return f"{shown}. {work}, {machine}. {audit_words(spectrum.audit, asked=spectrum.request.audit_products > 0)}"


def audit_words(audit: Audit | None, *, asked: bool = True) -> str:
    """Whether an eigenvalue was missed, in one sentence."""
    if audit is None:
        return "Audit: not run yet, nothing is verified." if asked else "Audit: not asked for, nothing is verified."
    spent = f"Audit: {_count(audit.products, 'further product')}"
    if audit.missed:
        return f"{spent} found {_count(audit.missed, 'missed eigenvalue')}."
    return (
        f"{spent} found no missed eigenvalue; one was missed all the same with probability "
        f"at most {significant(audit.miss_probability, 2)}."
    )


def _count(number: int, noun: str) -> str:
    return f"{plain_number(number, 0)} {noun}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{plain_number(seconds, 1)} s"
    return f"{plain_number(math.floor(seconds / 60), 0)} min {plain_number(seconds % 60, 0)} s"
