"""What a spectrum says in plain words: one bar, the whole figure, and why a bar is not verified."""

import math
from collections.abc import Sequence

from app.render.plot.number_text import plain_number, significant, with_error
from core.exchange.spectrum_words import density_words, estimate_words, matrix_words
from core.spectrum.density_curve import DECADES
from core.spectrum.spectrum import END_NAMES, LIKELY_MISSED, Audit, Matrix, Spectrum, SpectrumRequest

EMPTY = (
    "No spectrum yet. Its bars tell how sharp this minimum is, and in how many directions; "
    "the first ones appear here soon after its job has begun."
)
HINT = "Point at a bar, or step through them with ← and →, to read its value and its errors."
MODE = "in evaluation mode: statistics of normalisation stand still"
WIDTH = f"every node drawn as a Gaussian whose standard deviation is {DECADES:g} of a decade"
LETTERS: dict[Matrix, str] = {"hessian": "H", "gauss_newton": "G", "fisher": "F"}
SHORT_NAMES: dict[Matrix, str] = {"hessian": "Hessian", "gauss_newton": "Gauss–Newton", "fisher": "Fisher"}
TOO_WIDE = "the residual does not prove an error within the tolerance"
TOO_SHORT = "the audit was too short to say that no larger one was missed"
ROUNDED = "the residual could be computed in float32 only, whose rounding is unknown"


def unit_words(spectrum: Spectrum) -> str:
    """The unit of its eigenvalues."""
    return f"{spectrum.loss_unit} per squared weight"


def axis_words(request: SpectrumRequest) -> tuple[str, str]:
    """What the bars measure, and the same where there is little room."""
    return f"eigenvalue of the {matrix_words(request)}", f"{SHORT_NAMES[request.matrix]} eigenvalue"


def bar_words(spectrum: Spectrum, index: int) -> str:
    """Rank, value with its interval, residual, error of sampling, and whether it is verified or why not."""
    *parts, verdict = bar_lines(spectrum, index)
    return f"{', '.join(parts)}; {verdict}"


def bar_lines(spectrum: Spectrum, index: int) -> tuple[str, ...]:
    """The same, one thing a line; the verdict is the last one."""
    value, residual = float(spectrum.eigenvalues[index]), float(spectrum.residuals[index])
    letter = LETTERS[spectrum.request.matrix]
    verdict = "verified" if spectrum.verified[index] else f"not verified: {why_not_verified(spectrum, index)}"
    return (
        f"Rank {index + 1}: eigenvalue {with_error(value, residual)}",
        f"residual ‖{letter}v − λv‖ = {significant(residual, 2)}",
        *_sampling_lines(spectrum, index, letter),
        verdict,
    )


def _sampling_lines(spectrum: Spectrum, index: int, letter: str) -> list[str]:
    sampling = spectrum.sampling
    if sampling is None:
        return []
    lines = []
    if math.isfinite(spread := float(sampling.standard_error[index])):
        lines.append(f"on other samples ± {significant(spread, 2)} (standard error)")
    over = math.nan if sampling.over_population is None else float(sampling.over_population[index])
    if math.isfinite(over):
        everything = _count(sampling.population, "sample")
        lines.append(f"v′{letter}v over all {everything} = {significant(over, 5)}")
    return lines


def why_not_verified(spectrum: Spectrum, index: int) -> str:
    """The reason, as far as the record tells it."""
    if (common := _why_none(spectrum)) is not None:
        return common
    value, residual = abs(float(spectrum.eigenvalues[index])), float(spectrum.residuals[index])
    if value == 0:
        return "the residual is not small beside the value, which is zero"
    reason = _why(spectrum, index)
    if reason == TOO_WIDE:
        share, tolerance = significant(100 * residual / value, 2), significant(100 * spectrum.request.tolerance, 2)
        return f"the residual is {share} % of the value, which does not prove an error within {tolerance} %"
    return reason


def _why_none(spectrum: Spectrum) -> str | None:
    """A reason that holds for every bar."""
    if spectrum.request.audit_products == 0:
        return "no audit was asked for, so a larger one may have been missed"
    if spectrum.audit is None:
        return "the audit for missed eigenvalues has not run yet"
    if spectrum.audit.missed:
        return f"the audit found {_count(spectrum.audit.missed, 'missed eigenvalue')}"
    return None


def _why(spectrum: Spectrum, index: int) -> str:
    """The reason where the audit found nothing: the error, the audit's length, or the type of the numbers."""
    value, residual = abs(float(spectrum.eigenvalues[index])), float(spectrum.residuals[index])
    if residual > spectrum.request.tolerance * value:
        return TOO_WIDE
    if spectrum.audit is not None and spectrum.audit.miss_probability > LIKELY_MISSED:
        return TOO_SHORT
    return ROUNDED


def unverified_words(spectrum: Spectrum) -> str:
    """Which of its eigenvalues are not verified and why; "" where all are."""
    left = [index for index, sure in enumerate(spectrum.verified) if not sure]
    if not left:
        return ""
    if (common := _why_none(spectrum)) is not None:
        return f"None is verified: {common}."
    groups: dict[str, list[int]] = {}
    for index in left:
        groups.setdefault(_why(spectrum, index), []).append(index + 1)
    told = "; ".join(f"{_ranks(ranks)}, because {reason}" for reason, ranks in groups.items())
    return f"Not verified: {told}."


def _ranks(ranks: Sequence[int]) -> str:
    """``rank 7``, ``ranks 3, 7–9``."""
    runs: list[list[int]] = []
    for rank in ranks:
        if runs and rank == runs[-1][-1] + 1:
            runs[-1].append(rank)
        else:
            runs.append([rank])
    written = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"rank{'s' if len(ranks) > 1 else ''} {written}"


def progress_words(spectrum: Spectrum) -> str:
    """What is missing from a partial spectrum; empty for a complete one."""
    if spectrum.status == "complete":
        return ""
    found, request = len(spectrum.eigenvalues), spectrum.request
    told = f"partial: {found} of {_count(request.top, 'eigenvalue')}"
    if found < request.top:
        return told
    if not spectrum.vectors:
        return f"{told}, their errors still estimates"
    density = request.density and (spectrum.density is None or spectrum.density.probes < request.probes)
    missing = [name for name, lacks in (("density", density), ("layers", request.layer_table)) if lacks]
    return f"{told}, {' and '.join(missing)} to come" if missing else told


def caption_words(spectrum: Spectrum, *, density: bool = False, brief: bool = False, least: bool = False) -> str:
    """What the figure shows and how it was obtained, for a reader who does not trust a picture.

    Parameters
    ----------
    density : bool
        Whether the density is to be seen, whose width is a choice.
    brief : bool
        Leave out what it cost.
    least : bool
        Say no more than what is shown and what is not verified.
    """
    request, made = spectrum.request, spectrum.provenance
    found, verified = len(spectrum.eigenvalues), int(spectrum.verified.sum())
    negative = int((spectrum.eigenvalues < 0).sum())
    end = END_NAMES[request.end]
    which = f"{_count(found, 'eigenvalue')} {end}" if request.end == "magnitude" else f"{end} {_count(found, 'value')}"
    samples = f"on {_count(made.samples, 'sample')}, {MODE}"
    shown = f"{which} of the {matrix_words(request)} {samples}: {negative or 'none'} negative, {verified} verified"
    work = (
        f"{_count(spectrum.products, f'{SHORT_NAMES[request.matrix]}-vector product')}, {made.dtype} on {made.device}"
    )
    none = spectrum.audit is None
    audit = audit_words(spectrum.audit, asked=request.audit_products > 0)
    sentences = [
        f"{shown[:1].upper()}{shown[1:]}.",
        audit if least and none else "" if none else unverified_words(spectrum),
    ]
    if not least:
        trace = _trace_words(spectrum)
        seen = spectrum.density if density else None
        sentences += [
            audit,
            f"Trace: {trace}." if trace else "",
            "" if seen is None else f"Density: {density_words(seen)}; {WIDTH}.",
            "" if brief else f"{work}, {_duration(made.seconds)}.",
        ]
    return " ".join(sentence for sentence in sentences if sentence)


def _trace_words(spectrum: Spectrum) -> str:
    """The trace with its error, and what that is."""
    if (trace := spectrum.trace) is None:
        return ""
    if trace.standard_error == 0:
        return estimate_words(trace)
    vectors = _count(spectrum.request.probes, "random vector")
    return f"{with_error(trace.value, trace.standard_error)} (standard error over {vectors})"


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
