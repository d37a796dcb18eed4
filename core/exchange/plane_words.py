"""Planes and their axes in words: the same on the screen, in figures, in reports and on the command line."""

from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    Directions,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
)

LENGTH = "norm in weight space"  # of distances between networks
CURVATURE = "loss per squared weight"  # of eigenvalues of the Hessian
NORMALISED = {
    "filter": "filter-normalised",
    "layer": "layer-normalised",
    "weight": "weight-normalised",
    "dfilter": "unit filters",
    "dlayer": "unit layers",
    "none": "not normalised",
}


def directions_words(asked: AnyDirections) -> str:
    """Which directions, and what to ask for to get the same again."""
    if isinstance(asked, RandomDirections):
        fixed = ", biases and normalisation layers fixed" if asked.ignore == "biasbn" else ""
        return f"random directions, {NORMALISED[asked.norm]}{fixed}, seed {asked.seed}"
    if isinstance(asked, EigenDirections):
        scaled = "unit length" if asked.norm == "none" else NORMALISED[asked.norm]
        return f"eigenvectors {asked.first} and {asked.second} of the Hessian, {scaled}"
    if isinstance(asked, PcaDirections):
        return "principal axes of the checkpoints"
    if isinstance(asked, NetworkDirections):
        towards = "the plane through three networks" if asked.second else "the line to another network"
        return f"{towards}, {_MOVING[asked.moving]}"
    if isinstance(asked, BezierDirections):
        return f"the plane of a Bézier curve to another network, trained in {asked.steps} steps, seed {asked.seed}"
    return _file_words(asked)


def _file_words(asked: FileDirections) -> str:
    if asked.eigenvector:
        return f"eigenvector {asked.eigenvector} of {asked.origin}, unit length, λ = {asked.eigenvalue:.4g}"
    named = f": {', '.join(short_axis_labels(asked))}" if asked.x_axis and asked.y_axis else ""
    return f"directions from {asked.origin}{named}" if asked.origin else f"directions from a file{named}"


def axis_labels(asked: AnyDirections) -> tuple[str, str]:
    """Labels of the two axes; coordinates have no unit but the direction's length."""
    if isinstance(asked, RandomDirections):
        norm = f" ({NORMALISED[asked.norm]})"
        return f"multiples of direction δ{norm}", f"multiples of direction η{norm}"
    if isinstance(asked, EigenDirections):
        unit = " (unit length)" if asked.norm == "none" else f" ({NORMALISED[asked.norm]})"
        return f"multiples of eigenvector {asked.first}{unit}", f"multiples of eigenvector {asked.second}{unit}"
    if isinstance(asked, PcaDirections):
        return "first principal axis (unit length)", "second principal axis (unit length)"
    if isinstance(asked, NetworkDirections):
        return "towards the first network (its distance)", "towards the second network (same unit)"
    if isinstance(asked, BezierDirections):
        return "towards the other network (its distance)", "towards the bend"
    if isinstance(asked, FileDirections):
        return asked.x_axis or "multiples of the first direction", asked.y_axis or "multiples of the second direction"
    raise TypeError(type(asked))


def axis_units(asked: AnyDirections) -> tuple[str, str]:
    """What 1 on each axis stands for, to be put in parentheses behind the name of a column; without commas."""
    first, second = (
        label.strip().replace(" (", "; ").replace(")", "").replace(",", ";") for label in axis_labels(asked)
    )
    return first, second


def short_axis_labels(asked: AnyDirections) -> tuple[str, str]:
    """The same in a word or two, for axes that have little room."""
    if isinstance(asked, RandomDirections):
        return "multiples of δ", "multiples of η"
    if isinstance(asked, EigenDirections):
        return f"eigenvector {asked.first}", f"eigenvector {asked.second}"
    if isinstance(asked, PcaDirections):
        return "first principal axis", "second principal axis"
    if isinstance(asked, NetworkDirections):
        return "towards the first", "towards the second"
    if isinstance(asked, BezierDirections):
        return "towards the other", "towards the bend"
    return _short(asked.x_axis) or "first direction", _short(asked.y_axis) or "second direction"


def same_directions(origin: str, asked: AnyDirections, found: Directions) -> FileDirections:
    """Ask for the very directions of another result; its axes keep their names.

    Parameters
    ----------
    origin : str
        The result, for the record.
    asked : AnyDirections
        What that result was asked for with.
    found : Directions
        What it found.
    """
    x_axis, y_axis = axis_labels(asked)
    return FileDirections(origin=origin, sha256=found.fingerprint, x_axis=x_axis, y_axis=y_axis)


def _short(label: str) -> str:
    """Without the unit, and a direction by its letter alone."""
    return label.partition(" (")[0].replace("direction δ", "δ").replace("direction η", "η")


_MOVING = {"weights": "trained parameters only", "states": "running statistics included"}
