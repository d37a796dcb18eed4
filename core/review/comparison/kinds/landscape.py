"""Curves, trajectories, maps of convexity and initialisations: numbers place by place."""

import numpy as np

from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.trajectory import Trajectory
from core.review.comparison.kinds.plane import plane_row, same_axis
from core.review.comparison.kinds.question import Answer, Question
from core.review.comparison.numbers import LOSS_ERROR, FloatArray, array_row, loss_error, loss_row, number_row
from core.review.comparison.record import Row

OTHER_PLACES = "they are known at other places"
OTHER_LINE = "they lie along different lines through weight space"
OTHER_UNIT = "their losses are in different units"


def compare_curves(a: Curve, b: Curve, _question: Question) -> Answer:
    """Losses against the error of their evaluation, accuracies number by number."""
    plane, one_plane = plane_row(a.directions, b.directions)
    covered = {"x", "loss", "accuracy", "test_loss", "test_accuracy", "directions", "centre_loss", "loss_unit"}
    places = array_row("found", "Places", a.x, b.x, relative=1e-9, of="place")
    rows = [plane, places, _unit(a.loss_unit, b.loss_unit), _centre(a, b)]
    reason = ""
    if a.loss_unit != b.loss_unit:
        reason = OTHER_UNIT
    elif not same_axis(a.x, b.x) or a.loss.shape != b.loss.shape:
        reason = OTHER_PLACES
    else:
        reason = "" if one_plane else OTHER_LINE
        rows += _losses_and_accuracies(a, b, stated=one_plane)
    return Answer(rows=rows, covered=frozenset(covered), reason=reason)


def compare_trajectories(a: Trajectory, b: Trajectory, _question: Question) -> Answer:
    """Checkpoint by checkpoint."""
    plane, one_plane = plane_row(a.directions, b.directions)
    covered = {"epoch", "learning_rate", "x", "y", "loss", "accuracy", "off_plane", "distance", "explained_variance"}
    rows = [plane, array_row("found", "Epochs", a.epoch, b.epoch, of="checkpoint"), _unit(a.loss_unit, b.loss_unit)]
    if len(a.epoch) != len(b.epoch) or a.loss_unit != b.loss_unit:
        reason = OTHER_UNIT if a.loss_unit != b.loss_unit else "they have different checkpoints"
        return Answer(rows=rows, covered=frozenset(covered | {"directions", "loss_unit"}), reason=reason)
    of = "checkpoint"
    rows += [
        loss_row("Loss of the checkpoints", a.loss, b.loss, of=of),
        array_row("found", "Accuracy of the checkpoints", a.accuracy, b.accuracy, of=of),
        array_row("found", "Along the first axis", a.x, b.x, of=of),
        array_row("found", "Along the second axis", a.y, b.y, of=of),
        array_row("found", "Off the plane", a.off_plane, b.off_plane, of=of),
        array_row("found", "From the network", a.distance, b.distance, of=of),
        array_row("found", "Learning rate", a.learning_rate, b.learning_rate, of=of),
        array_row("found", "Explained variance", a.explained_variance, b.explained_variance, of="axis"),
    ]
    reason = "" if one_plane else "they lie in different planes"
    return Answer(rows=rows, covered=frozenset(covered | {"directions", "loss_unit"}), reason=reason)


def compare_convexity(a: Convexity, b: Convexity, _question: Question) -> Answer:
    """Extreme eigenvalues at every point against the residuals of both."""
    plane, one_plane = plane_row(a.directions, b.directions)
    covered = {"x", "y", "min_eigenvalue", "max_eigenvalue", "residual", "products", "directions"}
    axes = [array_row("found", f"{word} axis", one, other, relative=1e-9) for word, one, other in _axes(a, b)]
    rows = [plane, *axes, _residuals(a, b), _products(a, b)]
    if not (same_axis(a.x, b.x) and same_axis(a.y, b.y)):
        return Answer(rows=rows, covered=frozenset(covered), reason="they are known at other points")
    allowed = None
    if one_plane:
        allowed = np.nan_to_num(a.residual) + np.nan_to_num(b.residual)
    rows += [
        array_row("found", "Smallest eigenvalue", a.min_eigenvalue, b.min_eigenvalue, allowed=allowed, of="point"),
        array_row("found", "Largest eigenvalue", a.max_eigenvalue, b.max_eigenvalue, allowed=allowed, of="point"),
    ]
    return Answer(rows=rows, covered=frozenset(covered), reason="" if one_plane else "they lie in different planes")


def compare_initialisations(a: Initialisations, b: Initialisations, _question: Question) -> Answer:
    """Draw by draw; other seeds are other draws."""
    covered = frozenset({"seed", "loss", "calibrated_loss", "accuracy", "distance", "centre_loss", "loss_unit"})
    of = "draw"
    rows = [array_row("found", "Seeds", a.seed, b.seed, of=of), _unit(a.loss_unit, b.loss_unit), _centre(a, b)]
    if a.loss_unit != b.loss_unit:
        return Answer(rows=rows, covered=covered, reason=OTHER_UNIT)
    if not np.array_equal(a.seed, b.seed):
        return Answer(rows=rows, covered=covered, reason="they are draws of other seeds")
    rows += [
        loss_row("Loss", a.loss, b.loss, of=of),
        loss_row("Loss with statistics of the samples", a.calibrated_loss, b.calibrated_loss, of=of),
        array_row("found", "Accuracy", a.accuracy, b.accuracy, of=of),
        array_row("found", "Distance from the network", a.distance, b.distance, of=of),
    ]
    return Answer(rows=rows, covered=covered)


def _losses_and_accuracies(a: Curve, b: Curve, *, stated: bool) -> list[Row]:
    error, of = 2 * LOSS_ERROR if stated else None, "place"
    rows = [
        loss_row("Loss", a.loss, b.loss, of=of, error=error),
        array_row("found", "Accuracy", a.accuracy, b.accuracy, of=of),
    ]
    if a.test_loss is not None or b.test_loss is not None:
        rows.append(loss_row("Loss on the test set", a.test_loss, b.test_loss, of=of, error=error))
        rows.append(array_row("found", "Accuracy on the test set", a.test_accuracy, b.test_accuracy, of=of))
    return rows


def _centre(a: Curve | Initialisations, b: Curve | Initialisations) -> Row:
    allowed = loss_error(a.centre_loss, b.centre_loss)
    return number_row(
        "found", "Loss of the network itself", a.centre_loss, b.centre_loss, allowed=allowed, unit=a.loss_unit
    )


def _unit(a: str, b: str) -> Row:
    return Row(part="about", what="Unit of the loss", a=a, b=b, finding="same" if a == b else "differ")


def _residuals(a: Convexity, b: Convexity) -> Row:
    row = array_row("found", "Residuals", a.residual, b.residual, of="point")
    return row if row.finding in ("same", "differ") else Row(**{**vars(row), "finding": "noted"})


def _axes(a: Convexity, b: Convexity) -> tuple[tuple[str, FloatArray, FloatArray], ...]:
    return ("First", a.x, b.x), ("Second", a.y, b.y)


def _products(a: Convexity, b: Convexity) -> Row:
    sums = [int(side.products.sum()) for side in (a, b)]
    finding = "same" if np.array_equal(a.products, b.products) else "noted"
    return Row(part="made", what="Products", a=f"{sums[0]:,}", b=f"{sums[1]:,}", finding=finding)  # type: ignore[arg-type]  # of the two
