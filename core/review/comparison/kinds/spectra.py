"""Spectra: eigenvalues with their bars, eigenvectors by the angle that residual and gap allow, estimates by their σ."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.exchange.words import count, number, signed
from core.review.comparison.anatomy import identical
from core.review.comparison.kinds.layers import layer_rows
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import ROUNDING, FloatArray, array_row, loss_row, number_row
from core.review.comparison.record import Finding, Row
from core.spectrum.history import History
from core.spectrum.spectrum import Density, Estimate, LayerCurvature, Spectrum

MOST_RANKS = 100  # eigenvalues with a line of their own
SIGMAS = 2.0  # standard errors of a difference that chance alone exceeds one time in twenty
STORED = 1e-6  # what float32 leaves of the direction of a vector
_COVERED = frozenset(
    {"eigenvalues", "residuals", "verified", "eigenvectors", "products", "audit", "density", "trace"}
    | {"layer_table", "sampling", "between", "taken_over", "loss_unit"}
)


def compare_spectra(a: Spectrum, b: Spectrum, _question: Question) -> Answer:
    """Every eigenvalue of A with the one of B that its bar meets, else with that of its rank."""
    reason = _other_matrix(a, b)
    unit = Row(
        part="about", what="Unit of the loss", a=a.loss_unit, b=b.loss_unit, finding=_same(a.loss_unit == b.loss_unit)
    )
    rows = [unit]
    if not reason:
        partners = partners_of(a, b)
        rows += _eigenvalue_rows(a, b, partners)
        rows += _vector_rows(a, b, partners)
    rows += [*_estimate_rows("Trace", a.trace, b.trace), *_density_rows(a.density, b.density)]
    rows += [*_layer_rows(a.layer_table, b.layer_table), *_certainty_rows(a, b)]
    return Answer(rows=rows, covered=_COVERED, reason=reason)


def compare_histories(a: History, b: History, _question: Question) -> Answer:
    """Checkpoint by checkpoint: eigenvalues against the residuals of both, losses against their rounding."""
    covered = {"epoch", "loss", "accuracy", "test_loss", "test_accuracy", "gradient_norm", "eigenvalues", "residuals"}
    fields = frozenset(covered | {"converged"})
    of = "checkpoint"
    rows = [array_row("found", "Epochs", a.epoch, b.epoch, of=of)]
    if a.loss_unit != b.loss_unit or len(a.epoch) != len(b.epoch):
        why = "their losses are in different units" if a.loss_unit != b.loss_unit else "they have different checkpoints"
        return Answer(rows=rows, covered=fields, reason=why)
    rows += [
        loss_row("Loss", a.loss, b.loss, of=of),
        array_row("found", "Accuracy", a.accuracy, b.accuracy, of=of),
        array_row("found", "Gradient norm", a.gradient_norm, b.gradient_norm, of=of),
    ]
    if a.test_loss is not None or b.test_loss is not None:
        rows.append(loss_row("Loss on the test set", a.test_loss, b.test_loss, of=of))
        rows.append(array_row("found", "Accuracy on the test set", a.test_accuracy, b.test_accuracy, of=of))
    alike = a.residuals.shape == b.residuals.shape
    bars = np.nan_to_num(a.residuals) + np.nan_to_num(b.residuals) if alike else None
    rows += [
        array_row("found", "Eigenvalues", a.eigenvalues, b.eigenvalues, allowed=bars, of="eigenvalue"),
        _noted(array_row("found", "Residuals", a.residuals, b.residuals, of="eigenvalue")),
        array_row("found", "Within the tolerance", a.converged, b.converged, of=of),
    ]
    return Answer(rows=rows, covered=fields)


def _other_matrix(a: Spectrum, b: Spectrum) -> str:
    """Why no eigenvalue of one can be held against one of the other; "" if they can."""
    for name, words in (
        ("matrix", "they are of different matrices"),
        ("end", "they are of different ends of the spectrum"),
        ("layers", "they are of different layers"),
        ("weights_only", "they are of different parameters"),
    ):
        if getattr(a.request, name) != getattr(b.request, name):
            return words
    return "" if a.loss_unit == b.loss_unit else "their losses are in different units"


def partners_of(a: Spectrum, b: Spectrum) -> list[int]:
    """For every eigenvalue of A the place in B of the one that belongs to it; −1: none.

    Two of nearly the same magnitude may change places: whose bars meet belong together, the nearest ranks first, and
    those that are the same bit for bit before all others.
    """
    free = set(range(len(b.eigenvalues)))
    partners = [-1] * len(a.eigenvalues)
    for place in range(min(len(a.eigenvalues), len(b.eigenvalues))):
        if identical(float(a.eigenvalues[place]), float(b.eigenvalues[place])):
            partners[place] = place
            free.discard(place)
    for place in range(len(partners)):
        if partners[place] >= 0:
            continue
        allowed = a.residuals[place] + b.residuals
        meeting = [other for other in free if abs(a.eigenvalues[place] - b.eigenvalues[other]) <= allowed[other]]
        if meeting:
            partners[place] = min(meeting, key=lambda other: (abs(other - place), other))
            free.discard(partners[place])
    for place, partner in enumerate(partners):
        if partner < 0 and free:
            partners[place] = place if place in free else min(free, key=lambda other: (abs(other - place), other))
            free.discard(partners[place])
    return partners


def _eigenvalue_rows(a: Spectrum, b: Spectrum, partners: list[int]) -> list[Row]:
    """How many agree, then a line for each that is not the same down to the last bit."""
    lines = [_eigenvalue_row(a, b, place, partner) for place, partner in enumerate(partners)]
    alone = [
        Row(part="found", what=f"λ{place + 1}", a="", b=_bar(b, place), finding="only in B")
        for place in range(len(b.eigenvalues))
        if place not in partners
    ]
    every = [*lines, *alone]
    met = sum(line.finding in ("same", "agree") for line in lines)
    same = sum(line.finding == "same" for line in lines)
    words = f"{met:,} of {max(len(lines), len(b.eigenvalues)):,} agree within their bars"
    words = f"{words}, {same:,} of them bit for bit" if same else words
    finding: Finding = "same" if same == len(every) else "agree" if met == len(every) else "differ"
    summary = Row(
        part="found",
        what="Eigenvalues",
        a=count(len(a.eigenvalues), "pair"),
        b=count(len(b.eigenvalues), "pair"),
        difference="" if finding == "same" else words,
        finding=finding,
    )
    return [summary, *[line for line in every if line.differs][:MOST_RANKS]]


def _eigenvalue_row(a: Spectrum, b: Spectrum, place: int, partner: int) -> Row:
    if partner < 0:
        return Row(part="found", what=f"λ{place + 1}", a=_bar(a, place), b="", finding="only in A")
    one, other = float(a.eigenvalues[place]), float(b.eigenvalues[partner])
    errors = float(a.residuals[place]), float(b.residuals[partner])
    lost = bool(a.verified[place]) != bool(b.verified[partner])
    what = f"λ{place + 1}" if place == partner else f"λ{place + 1} (λ{partner + 1} in B)"
    row = Row(part="found", what=what, a=_bar(a, place), b=_bar(b, partner), finding="same", loud=lost)
    if identical((one, errors[0]), (other, errors[1])):
        return replace(row, finding="differ", difference="verified in one of them alone") if lost else row
    if not all(map(math.isfinite, (one, other, *errors))):
        return replace(row, finding="differ", difference="one of them is no number")
    size, allowed = abs(one - other), sum(errors)
    words = f"{signed(other - one, 3)} (bars allow {number(allowed, 3)})"
    if size > allowed:
        words = f"{words}: the bars do not meet"
    return replace(
        row,
        difference=f"{words}; verified in one of them alone" if lost else words,
        finding="differ" if size > allowed or lost else "agree",
        size=size,
        allowed=allowed,
    )


def _bar(spectrum: Spectrum, place: int) -> str:
    value, error = float(spectrum.eigenvalues[place]), float(spectrum.residuals[place])
    return f"{number(value, 6)} ± {number(error, 2)}{'' if spectrum.verified[place] else ', not verified'}"


def _vector_rows(a: Spectrum, b: Spectrum, partners: list[int]) -> list[Row]:
    """The angle between vectors that belong together: sin θ ≤ residual / gap (Davis & Kahan 1970) for each."""
    if a.eigenvectors is None and b.eigenvectors is None:
        return []
    if a.eigenvectors is None or b.eigenvectors is None or identical(a.eigenvectors, b.eigenvectors):
        kept = ["not kept" if v is None else count(len(v), "vector") for v in (a.eigenvectors, b.eigenvectors)]
        alike = _same(identical(a.eigenvectors, b.eigenvectors), "noted")
        return [Row(part="found", what="Eigenvectors", a=kept[0], b=kept[1], finding=alike)]
    sides = [f"{count(len(v), 'vector')} of {v.shape[1]:,}" for v in (a.eigenvectors, b.eigenvectors)]
    row = Row(part="found", what="Eigenvectors", a=sides[0], b=sides[1], finding="differ")
    if a.parameters != b.parameters or a.eigenvectors.shape[1] != b.eigenvectors.shape[1]:
        return [replace(row, difference="of other parameters")]
    pairs = [(place, partner) for place, partner in enumerate(partners) if partner >= 0]
    if not pairs:
        return [row]
    sines = np.array([_sine(a.eigenvectors[one], b.eigenvectors[other]) for one, other in pairs])
    bounds = _angle_bounds(a)[[one for one, _ in pairs]] + _angle_bounds(b)[[other for _, other in pairs]] + STORED
    bounded = np.isfinite(bounds)
    beyond = int(np.count_nonzero(sines[bounded] > bounds[bounded]))
    worst = int(np.argmax(np.where(bounded, sines, -1.0))) if bounded.any() else int(np.argmax(sines))
    words = f"sin θ at most {number(float(sines[worst]), 3)}, at λ{pairs[worst][0] + 1}"
    if bounded.any():
        said = f"{count(beyond, 'vector')} beyond" if beyond else "none beyond"
        words = f"{words}; {said} residual / gap"
    if not bounded.all():
        words = f"{words}; no bound for {count(int((~bounded).sum()), 'vector')}: what lies beyond is not known"
    finding: Finding = "differ" if beyond else "agree" if bounded.any() else "unstated"
    size = float(sines[worst])
    return [replace(row, difference=words, finding=finding, size=size if math.isfinite(size) else None)]


def _sine(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """Sine of the angle between two lines, exact for small angles."""
    first, second = one.astype(np.float64), other.astype(np.float64)
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    if not length or not math.isfinite(length):
        return math.inf
    first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
    cosine = float(first @ second)
    return float(np.linalg.norm(first - cosine * second))


def _angle_bounds(spectrum: Spectrum) -> FloatArray:
    """(k,) residual / gap of every vector; infinite where the gap to what lies further in is not known."""
    values, residuals = spectrum.eigenvalues, spectrum.residuals
    outward = {"magnitude": np.abs(values), "largest": values, "smallest": -values}[spectrum.request.end]
    gaps = np.abs(values[:, None] - values[None, :])
    np.fill_diagonal(gaps, np.inf)
    if not len(values):
        return residuals
    innermost = int(outward.argmin())  # all that is not known lies further in
    # Gaps are to eigenvalues, and one lies within its own residual of each of the other values.
    near = (gaps - residuals[None]).min(axis=1)
    gap = np.minimum(near, outward - outward[innermost] - residuals[innermost])
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds: FloatArray = np.where(gap > 0, residuals / gap, np.inf)
    return np.where(bounds >= 1, np.inf, bounds)


def _estimate_rows(what: str, a: Estimate | None, b: Estimate | None) -> list[Row]:
    """Two estimates from random vectors: they agree within two standard errors of their difference."""
    if a is None and b is None:
        return []
    if a is None or b is None:
        sides = ["not computed" if side is None else number(side.value, 6) for side in (a, b)]
        return [Row(part="found", what=what, a=sides[0], b=sides[1], finding="only in A" if b is None else "only in B")]
    spread = math.hypot(a.standard_error, b.standard_error)
    allowed = SIGMAS * spread if spread else ROUNDING * max(abs(a.value), abs(b.value))
    row = number_row("found", what, a.value, b.value, allowed=allowed)
    words = [f"{text} ± {number(side.standard_error, 2)}" for text, side in ((row.a, a), (row.b, b))]
    return [replace(row, a=words[0], b=words[1])]


@dataclass(frozen=True)
class _Steps:
    """The share of all eigenvalues up to a value."""

    density: Density

    def at(self, values: FloatArray) -> FloatArray:
        shares = np.concatenate([[0.0], np.cumsum(self.density.weights)])
        found: FloatArray = shares[np.searchsorted(self.density.nodes, values, side="right")]
        return found


def _density_rows(a: Density | None, b: Density | None) -> list[Row]:
    """How far an eigenvalue is moved on average (the Wasserstein distance of both); no error of a density is stated.

    Nodes of a quadrature carry much weight each, so shares up to a value jump, and say little.
    """
    if a is None and b is None:
        return []
    sides = ["not computed" if side is None else count(side.probes, "random vector") for side in (a, b)]
    row = Row(part="found", what="Density", a=sides[0], b=sides[1], finding="same")
    if identical(a, b):
        return [row]
    if a is None or b is None:
        return [replace(row, finding="only in A" if b is None else "only in B")]
    places = np.sort(np.concatenate([a.nodes, b.nodes]))
    shares = np.abs(_Steps(a).at(places[:-1]) - _Steps(b).at(places[:-1]))
    moved = float(np.sum(shares * np.diff(places)))
    words = f"an eigenvalue is moved by {number(moved, 3)} on average"
    return [replace(row, difference=words, finding="unstated", size=moved if math.isfinite(moved) else None)]


def _layer_rows(a: tuple[LayerCurvature, ...], b: tuple[LayerCurvature, ...]) -> list[Row]:
    """By name; only what is not the same."""
    if not a and not b:
        return []
    rows = layer_rows(a, b, _curvature_of_layer)
    return rows or [Row(part="found", what="Layers", a=str(len(a)), b=str(len(b)), finding="same")]


def _curvature_of_layer(name: str, one: LayerCurvature, other: LayerCurvature) -> list[Row]:
    bars = one.residual + other.residual
    return [
        number_row("found", f"{name}: top eigenvalue", one.top_eigenvalue, other.top_eigenvalue, allowed=bars),
        *_estimate_rows(f"{name}: trace", one.trace, other.trace),
        number_row("found", f"{name}: share of v₁", one.share, other.share),
    ]


def _certainty_rows(a: Spectrum, b: Spectrum) -> list[Row]:
    """The audit, the error from sampling, and what the search cost."""
    missed = ["not run" if side.audit is None else f"{side.audit.missed} missed" for side in (a, b)]
    loud = missed[0] != missed[1]
    finding: Finding = "same" if identical(a.audit, b.audit) else "differ" if loud else "noted"
    rows = [Row(part="found", what="Audit", a=missed[0], b=missed[1], finding=finding, loud=loud)]
    if not identical(a.sampling, b.sampling):
        sides = ["not known" if side.sampling is None else count(side.sampling.groups, "group") for side in (a, b)]
        rows.append(Row(part="found", what="Sampling error", a=sides[0], b=sides[1], finding="noted"))
        over = [None if side.sampling is None else side.sampling.over_population for side in (a, b)]
        if over[0] is not None and over[1] is not None:
            rows.append(array_row("found", "v'Hv over all samples", over[0], over[1]))
    same = identical((a.products, a.between, a.taken_over), (b.products, b.between, b.taken_over))
    rows.append(
        Row(part="made", what="Products", a=f"{a.products:,}", b=f"{b.products:,}", finding=_same(same, "noted"))
    )
    return rows


def _noted(row: Row) -> Row:
    return replace(row, finding="noted") if row.finding in ("unstated", "agree") else row


def _same(same: bool, otherwise: Finding = "differ") -> Finding:  # noqa: FBT001  reads as it is
    return "same" if same else otherwise
