"""How numbers and results are put into words, the same in figures, tables and reports."""

import math

import numpy as np

from core.corrections.records.correction import Correction, Norm, Proof
from core.exchange.plane_words import axis_labels, directions_words
from core.landscape.surface import INTERPOLATED, SAMPLED, Course, Surface
from core.provenance import Provenance
from core.spectrum.spectrum import Spectrum

MINUS = "\u2212"
NARROW_SPACE = "\u202f"  # between thousands (ISO 80000-1, 7.3.1)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

NORMS: dict[Norm, str] = {"L1": "L1", "L2": "L2", "Linf": "L∞"}
PROOFS: dict[Proof, str] = {
    "proved": "proved: every point of the box is accepted",
    "sampled": "sampled only: no counterexample was found, nothing is proved",
    "unknown": "not proved",
    "none_exists": "proved: there is no stable correction in this slice",
}
_AGREES = 1e-6  # relative; what the slices leave between bound and distance for rounding's sake is less
_NO_TEST = "no point has a finite loss"
_HEIGHTS = {"log(loss+0.1)": "log(loss + 0.1), the height that one sees"}


def number(value: float, digits: int = 4) -> str:
    """A value with that many significant digits, a true minus sign, and thousands apart."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    mantissa, power = f"{abs(value):.{digits - 1}e}".split("e")
    sign, exponent = MINUS if value < 0 else "", int(power)
    if not -4 <= exponent < 7:
        return f"{sign}{_trimmed(mantissa)}×10{superscript(exponent)}"
    decimals = max(0, digits - 1 - exponent)
    text = f"{float(f'{mantissa}e{power}'):,.{decimals}f}"
    return sign + _trimmed(text.replace(",", NARROW_SPACE if exponent >= 4 else ""))


def partial_notes(status: str) -> list[str]:
    """What is said below the figure of a result that was stopped; nothing of a complete one."""
    return ["Partial result: the computation was stopped before it was complete."] if status == "partial" else []


def superscript(power: int) -> str:
    """``³`` for 3."""
    return str(power).translate(_SUPERSCRIPTS)


def rounded_down(value: float, digits: int) -> float:
    """The next number below a positive one that has so many significant digits: for the most that can be had."""
    if value <= 0 or not math.isfinite(value):
        return value
    unit = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    nearest = round(value / unit)
    # A number that has so few digits is itself, although its quotient is rounded.
    whole_units = nearest if math.isclose(nearest * unit, value, rel_tol=1e-14) else math.floor(value / unit)
    return min(whole_units * unit, value)


def bound_words(bound: float, digits: int = 3, distance: float | None = None) -> str:
    """A distance that was proved to be the least: rounded down, so that it stays proved.

    Where it agrees with the best that was found, it is written as that is.
    """
    agrees = distance is not None and bound >= distance * (1 - _AGREES)
    return number(bound if agrees else rounded_down(bound, digits), digits)


def signed(value: float, digits: int = 4) -> str:
    """As `number`, with a plus sign before a positive value: for changes."""
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)


def quantity(value: float, unit: str, digits: int = 5) -> str:
    """A value with its unit, never parted at the end of a line."""
    return f"{number(value, digits)}\u00a0{unit}".rstrip()


def whole(amount: int) -> str:
    """A count with thousands apart, as `number` writes them."""
    return f"{amount:,}".replace(",", NARROW_SPACE)


def count(amount: int, one: str, several: str = "") -> str:
    """``1 point``, ``2 points``."""
    return f"{whole(amount)} {one if amount == 1 else several or one + 's'}"


def duration(seconds: float) -> str:
    """Wall time, as coarse as anyone wants to know it."""
    if not math.isfinite(seconds):
        return "an unknown time"
    if seconds < 100:
        return f"{number(seconds, 2)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def lowest_point(surface: Surface) -> tuple[int, int] | None:
    """Row and column of the lowest evaluated point; None if there is none with a finite loss."""
    losses = np.where((surface.evaluated != INTERPOLATED) & np.isfinite(surface.loss), surface.loss, np.inf)
    row, column = np.unravel_index(int(np.argmin(losses)), losses.shape)
    return (int(row), int(column)) if np.isfinite(losses[row, column]) else None


def plane_words(surface: Surface) -> str:
    """Which plane the surface lies in, and what to ask for to get the same plane again."""
    return directions_words(surface.request.directions)


def axis_words(surface: Surface) -> tuple[str, str]:
    """Labels of the two axes: coordinates of the plane have no unit but the direction's length."""
    return axis_labels(surface.request.directions)


def points_words(surface: Surface) -> str:
    """How many points were computed, and what became of the others."""
    parts = [f"{surface.evaluated_count:,} of {count(surface.loss.size, 'point')} evaluated".replace(",", NARROW_SPACE)]
    unknown = int(np.count_nonzero((surface.evaluated == INTERPOLATED) & ~np.isfinite(surface.loss)))
    if sampled := int(np.count_nonzero(surface.evaluated == SAMPLED)):
        parts.append(f"{count(sampled, 'computed', 'computed')} on a calibrated part of the samples")
    if between := surface.loss.size - surface.evaluated_count - sampled - unknown:
        parts.append(f"{count(between, 'interpolated', 'interpolated')}")
    if unknown:
        parts.append(f"{count(unknown, 'not computed', 'not computed')}")
    if surface.holes:
        parts.append(f"{count(surface.holes, 'hole')} without a finite loss")
    return ", ".join(parts)


def words_on_test_set(surface: Surface) -> str:
    """What is known on the test set, what is not, and how sure that is; "" without a test set."""
    if surface.test_loss is None:
        return ""
    known = surface.test_loss[np.isfinite(surface.test_loss)]
    parts = [f"loss {number(known.min())} to {number(known.max())} {surface.loss_unit}" if known.size else _NO_TEST]
    if holes := surface.test_holes:
        parts.append(f"{count(holes, 'hole')} without a finite test loss")
    between = int(np.count_nonzero(surface.evaluated == INTERPOLATED)) - surface.test_gaps
    if between:
        parts.append(f"{count(between, 'point')} interpolated, without a certificate")
    if gaps := surface.test_gaps:
        why = "not computed yet" if surface.status == "partial" else "left open: too few finite test losses near them"
        parts.append(f"{count(gaps, 'point')} {why}")
    return "; ".join(parts)


def certificate_words(surface: Surface) -> str:
    """How large the error of the surface is, and how sure that is; "" where there is no certificate."""
    if (found := surface.certificate) is None:
        return ""
    confidence, coverage = (number(100 * share, 3) for share in (found.confidence, found.coverage))
    points, error = count(found.points, "held-out point"), _HEIGHTS.get(found.error, found.error)
    seen = f"largest error seen {number(100 * found.max_seen, 2)} %"
    missed = "" if found.holds else f"; the tolerance of {number(100 * surface.request.tolerance, 2)} % was missed"
    return (
        f"with {confidence} % confidence at least {coverage} % of the displayed plane is within "
        f"{number(100 * found.tolerance, 2)} % ({points}, {seen}{missed}); errors are those of {error}"
    )


def course_words(surface: Surface) -> str:
    """Which lever the engine pulled, why, and at what cost; "" where it is not recorded."""
    if (course := surface.course) is None:
        return ""
    parts = [course.lever + (f": {course.reason.rstrip('.')}" if course.reason else "")]
    if surface.status == "partial" and not course.reason:
        parts = []  # which lever it will be is not known before a part of the plane is
    if course.subset:
        parts.append(f"{count(course.subset, 'sample')} at every point, all at {count(course.full_points, 'point')}")
    if course.engine:
        parts.append(engine_words(course))
    if course.forwards:
        parts.append(f"{count(course.forwards, 'sample')} through the network")
    return "; ".join(parts)


def engine_words(course: Course) -> str:
    """How a point was evaluated, and how far that is from the arithmetic of float64."""
    way = course.engine.partition("; within ")[0]  # the engine tells its error in its name, too
    return way + (f", within {number(course.engine_error, 2)} of float64" if course.engine_error else "")


def samples_words(made: Provenance) -> str:
    """On how many samples; a file of another tool does not say."""
    return f"first {count(made.samples, 'sample')}" if made.samples else "how many samples is not recorded"


def counted_samples(made: Provenance) -> str:
    """How many samples, as part of a sentence; a file of another tool does not say."""
    return count(made.samples, "sample") if made.samples else "samples whose number is not recorded"


def audit_words(spectrum: Spectrum) -> str:
    """Whether an eigenvalue may have been missed."""
    audit = spectrum.audit
    if audit is None:
        return "no audit: an eigenvalue may have been missed"
    found = "no eigenvalue missed" if audit.missed == 0 else f"{count(audit.missed, 'missed eigenvalue')} found"
    # The bound of Kuczyński & Woźniakowski holds for eigenvalues that stand out from the smallest one shown.
    chance = number(audit.miss_probability, 2)
    bound = f"one of at least 1.25 times the smallest magnitude shown was missed with probability ≤ {chance}"
    return f"audit of {count(audit.products, 'product')}: {found}; {bound}"


def residual_words(spectrum: Spectrum) -> str:
    """What the errors beside the eigenvalues are: only a complete spectrum has had them recomputed."""
    if spectrum.status == "partial":
        return "Lanczos' own estimates of the residuals ‖Hv − λv‖, not recomputed"
    return "residuals ‖Hv − λv‖ recomputed from the operator; a true eigenvalue lies within"


def verified_words(spectrum: Spectrum) -> str:
    """How many pairs are certain."""
    return f"{int(np.count_nonzero(spectrum.verified))} of {count(len(spectrum.eigenvalues), 'pair')} verified"


def in_norm(norm: Norm) -> str:
    """`` in L2`` behind a distance; "" in L1, which is meant where none is named."""
    return "" if norm == "L1" else f" in {NORMS[norm]}"


def distance_words(correction: Correction) -> str:
    """How far the correction is, and how far it must be at least."""
    if correction.distance is None:
        return "no distance"
    text = f"weighted distance {number(correction.distance)}{in_norm(correction.request.norm)}"
    if correction.lower_bound is None:
        return text
    least = bound_words(correction.lower_bound, 4, correction.distance)
    return f"{text}, at least {least} for any stable correction"


def made_words(made: Provenance) -> str:
    """Which program, network and data a figure comes from, short enough for its last line."""
    if made.imported:
        return f"Read from {made.imported}; which network, data and arithmetic it was made with is not recorded."
    return (
        f"Corrie {made.versions.get('corrie', '')} · network sha256 {made.network_sha256[:12]}… · "
        f"data sha256 {made.data_sha256[:12]}… · {made.dtype} on {made.device}."
    )


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
