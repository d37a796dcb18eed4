"""The state of a result as one sign and its meaning; never colour alone."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.corrections.records.cases import NONE_EXISTS, PROVED, Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.case_words import found_words
from core.exchange.pair_words import looked_words
from core.exchange.words import certificate_words
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session.document import Result
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum

Mark = tuple[str, str]


def result_mark(result: Result) -> Mark:
    """Complete, partial, proved or in doubt, and in a sentence why."""
    if result.status == "partial":
        return "◐", "Partial: stopped before it was complete"
    return _MARKS.get(type(result), _plain_mark)(result)


def _plain_mark(result: Curve | Trajectory | Initialisations) -> Mark:
    return "✓", f"Complete: {_amount(result)}"


def _spectrum_mark(spectrum: Spectrum) -> Mark:
    verified = int(spectrum.verified.sum())
    return "✓" if verified == len(spectrum.verified) else "?", f"{verified} of {len(spectrum.verified)} verified"


def _surface_mark(surface: Surface) -> Mark:
    holes = f"; {surface.holes} points have no finite loss" if surface.holes else ""
    if (certificate := surface.certificate) is not None:
        return ("✓" if certificate.holds else "?"), f"Complete: {certificate_words(surface)}{holes}"
    if surface.evaluated_count < surface.loss.size:
        return "?", f"Complete, without a certificate: {surface.evaluated_count} of {surface.loss.size} points{holes}"
    return "✓", f"Complete: all {surface.loss.size} points evaluated{holes}"


def _convexity_mark(convexity: Convexity) -> Mark:
    unknown = int(np.count_nonzero(~np.isfinite(convexity.ratio)))
    if unknown:
        return "?", f"{unknown} of {convexity.ratio.size} points have no eigenvalues of the wanted exactness"
    return "✓", f"Complete: both eigenvalues at {convexity.ratio.size} points"


def _robustness_mark(found: Robustness) -> Mark:
    cells = f"{len(found.request.attacks)} attacks at {len(found.epsilon)} strengths"
    if found.not_finite:
        return "?", f"Complete: {cells}, but {found.not_finite} samples have no finite outputs"
    return "✓", f"Complete: {cells}"


def _history_mark(history: History) -> Mark:
    done, sure = int(history.done.sum()), int(np.count_nonzero(history.converged))
    if sure < done:
        return "?", f"Complete: {sure} of {done} checkpoints have eigenvalues of the wanted exactness"
    return "✓", f"Complete: {done} checkpoints"


def _complexity_mark(found: Complexity) -> Mark:
    lost = int(np.count_nonzero(~np.isfinite(found.rises)))
    if lost or found.eigenvalue_reason:
        return "?", f"Complete, but {f'{lost} directions have no finite loss' if lost else found.eigenvalue_reason}"
    gap = "" if np.isfinite(found.gap) else ", without a test set"
    return "✓", f"Complete: {len(found.layers)} layers, {len(found.rises)} random directions{gap}"


def _amount(result: Curve | Trajectory | Initialisations) -> str:
    unit = {Curve: "positions", Trajectory: "checkpoints", Initialisations: "initialisations"}[type(result)]
    losses: FloatArray = result.loss
    known = int(np.count_nonzero(np.isfinite(losses)))
    holes = f"; {losses.size - known} have no finite loss" if known < losses.size else ""
    return f"{losses.size} {unit}{holes}"


def _correction_mark(correction: Correction) -> Mark:
    return {
        "proved": ("✓", "Proved"),
        "none_exists": ("∅", "Provably no stable correction exists"),
        "sampled": ("?", "Sampled, not proved"),
        "unknown": ("?", "Not proved"),
    }[correction.proof]


def _cases_mark(cases: Cases) -> Mark:
    """Sure where every case is corrected, or proved to have no correction."""
    unsure = len(cases.rows) - int(np.isin(cases.proof, (PROVED, NONE_EXISTS)).sum())
    return ("?" if unsure else "✓"), f"Complete: {found_words(cases)}"


def _joint_mark(joint: JointCorrection) -> Mark:
    nearest = joint.nearest
    if nearest.proof == "none_exists":
        return "∅", "Provably no stable correction exists within these ranges"
    if nearest.point is None:
        return "?", "None was found, and not proved that there is none"
    return ("✓", "Proved, and proved minimal") if nearest.closed else ("✓", "Proved; a nearer one is not ruled out")


def _pairs_mark(pairs: Pairs) -> Mark:
    if pairs.best is not None:
        return ("✓" if pairs.proof_of(*pairs.best) == "proved" else "?"), f"Complete: {looked_words(pairs)}"
    none = bool(np.isinf(pairs.lower_bound).all())
    return ("∅", "Provably no two features have a stable correction") if none else ("?", looked_words(pairs))


_MARKS: dict[type, Callable[[Any], Mark]] = {
    Surface: _surface_mark,
    Spectrum: _spectrum_mark,
    Correction: _correction_mark,
    JointCorrection: _joint_mark,
    Pairs: _pairs_mark,
    Cases: _cases_mark,
    Convexity: _convexity_mark,
    Complexity: _complexity_mark,
    History: _history_mark,
    Robustness: _robustness_mark,
}
