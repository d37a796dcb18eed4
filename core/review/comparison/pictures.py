"""Two results of one kind in one picture: A and B as lines in the same panels, for the window and for reports."""

from collections.abc import Sequence

import numpy as np

from core.exchange.layouts.picture import Axis, FloatArray, Panel, Picture, Series
from core.exchange.layouts.spectra_by_batch import spectrum_panel, styles_of
from core.exchange.plane_words import short_axis_labels
from core.landscape.curve import Curve
from core.landscape.trajectory import Trajectory
from core.review.comparison.kinds.plane import same_axis
from core.review.comparison.kinds.spectra import partners_of
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Robustness
from core.session.document import Item, ResultItem, RunItem
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum
from core.training.run import Run

WIDE_RANGE = 30.0  # largest over smallest value, from which on a logarithm shows more
MOST_PANELS = 4
_MARKS = 12  # of a line, about
Line = tuple[FloatArray, FloatArray]


def pair_picture(one: Item, other: Item) -> Picture | None:
    """Both in the same panels; None for kinds without such a picture, and where there is nothing to be seen."""
    panels, styles = _panels(one, other)
    if not panels:
        return None
    return Picture(
        kind="twins",
        title=one.name if one.name == other.name else f"{one.name} / {other.name}",
        subtitle="A and B in the same panels",
        names=("A", "B"),
        panels=tuple(panels[:MOST_PANELS]),
        styles=styles,
    )


def _panels(one: Item, other: Item) -> tuple[Sequence[Panel], tuple[tuple[str, str], ...]]:
    a, b = (_record(item) for item in (one, other))
    if isinstance(a, Spectrum) and isinstance(b, Spectrum):
        known = len(a.eigenvalues) and len(b.eigenvalues)
        return ([spectrum_panel([a, b]), _apart(a, b)], styles_of([a, b])) if known else ((), ())
    return [panel for panel in _lines(a, b) if panel is not None], ()


def _record(item: Item) -> object:
    if isinstance(item, RunItem):
        return item.run
    return item.result if isinstance(item, ResultItem) else None


def _lines(a: object, b: object) -> list[Panel | None]:
    if isinstance(a, Curve) and isinstance(b, Curve) and a.loss_unit == b.loss_unit:
        return _of_curves(a, b)
    if isinstance(a, Run) and isinstance(b, Run):
        return _of_runs(a, b)
    if isinstance(a, History) and isinstance(b, History):
        lines = (a.epoch, a.eigenvalues[:, 0]), (b.epoch, b.eigenvalues[:, 0])
        return [_panel("Top eigenvalue", Axis(name="epoch"), Axis(name="λ₁"), *lines)]
    if isinstance(a, Trajectory) and isinstance(b, Trajectory) and a.loss_unit == b.loss_unit:
        unit = Axis(name="loss", unit=a.loss_unit)
        return [_panel("Loss of the checkpoints", Axis(name="epoch"), unit, (a.epoch, a.loss), (b.epoch, b.loss))]
    if isinstance(a, Robustness) and isinstance(b, Robustness):
        return _of_attacks(a, b)
    return []


def _of_curves(a: Curve, b: Curve) -> list[Panel | None]:
    axis = Axis(name=short_axis_labels(a.request.directions)[0])
    both = _panel("Loss", axis, Axis(name="loss", unit=a.loss_unit), (a.x, a.loss[0]), (b.x, b.loss[0]))
    if not same_axis(a.x, b.x):
        return [both]
    return [both, _difference(axis, Axis(name="loss of B less A", unit=a.loss_unit), a.x, b.loss[0] - a.loss[0])]


def _apart(a: Spectrum, b: Spectrum) -> Panel:
    """Eigenvalues of B less those of A that belong to them, in units of both bars: within ±1 the bars meet."""
    places = [(one, other) for one, other in enumerate(partners_of(a, b)) if other >= 0]
    first, second = [one for one, _ in places], [other for _, other in places]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        apart = (b.eigenvalues[second] - a.eigenvalues[first]) / (a.residuals[first] + b.residuals[second])
    ranks = np.array(first, dtype=np.float64) + 1
    ends = [Series(group=-1, x=ranks, y=np.full(len(ranks), level)) for level in (-1.0, 0.0, 1.0)]
    line = Series(group=1, x=ranks, y=apart, label="less A", joined=False)
    name = Axis(name="λ of B less A, in bars of both")
    return Panel(title="Difference: within ±1 the bars meet", x=spectrum_panel([a, b]).x, y=name, series=(*ends, line))


def _difference(x: Axis, y: Axis, places: FloatArray, apart: FloatArray) -> Panel:
    """A difference around zero."""
    zero = Series(group=-1, x=places, y=np.zeros(len(places)))
    line = Series(group=1, x=places, y=apart, label="less A", every=max(1, len(places) // _MARKS))
    return Panel(title="Difference", x=x, y=y, series=(zero, line))


def _of_runs(a: Run, b: Run) -> list[Panel | None]:
    epochs = a.epoch.astype(np.float64), b.epoch.astype(np.float64)
    found = []
    for title, name, field, factor, unit in (
        ("Training loss", "loss", "train_loss", 1.0, ""),
        ("Accuracy on the test set", "accuracy", "test_accuracy", 100.0, "%"),
    ):
        lines = [(epoch, factor * getattr(run, field)) for epoch, run in zip(epochs, (a, b), strict=True)]
        found.append(_panel(title, Axis(name="epoch"), Axis(name=name, unit=unit), lines[0], lines[1]))
    return found


def _of_attacks(a: Robustness, b: Robustness) -> list[Panel | None]:
    kinds = [kind for kind in a.request.attacks if kind in b.request.attacks]
    panels = []
    for kind in kinds:
        places = a.request.attacks.index(kind), b.request.attacks.index(kind)
        lines = (a.epsilon, 100 * a.accuracy[places[0]]), (b.epsilon, 100 * b.accuracy[places[1]])
        strength = Axis(name="strength ε", logarithmic=True)
        panels.append(_panel(ATTACK_NAMES[kind], strength, Axis(name="accuracy", unit="%"), *lines))
    return panels


def _panel(title: str, x: Axis, y: Axis, a: Line, b: Line) -> Panel | None:
    """A solid, B dashed, on a logarithm where the values are far apart; None where neither has a finite value."""
    values = np.concatenate([a[1], b[1]])
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    wide = bool(known.min() > 0 and known.max() > WIDE_RANGE * known.min())
    series = tuple(
        Series(group=group, x=line[0], y=line[1], dashed=group == 1, every=max(1, len(line[0]) // _MARKS))
        for group, line in enumerate((a, b))
    )
    return Panel(title=title, x=x, y=Axis(name=y.name, unit=y.unit, logarithmic=wide), series=series)
