"""Every linear piece of a ReLU network in a rectangle that two handles of its input span.

The rectangle is one cell at first. Layer by layer, the pre-activation of every neuron is affine on each cell so far,
and its zero line cuts the cells it meets; after the last layer the logits are affine on every cell. An affine map is
known by its values at the corners of its cell, so the network is followed at the vertices alone, each once.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.subspace import Subspace
from core.corrections.slices.mesh import PlanarMesh
from core.corrections.slices.polygons import rings_of
from core.corrections.slices.rounding import TOLERANCE, USUAL_CUTS, LayerError, slack_of
from core.corrections.slices.signals import Signals
from core.errors import InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
USUAL_WIDTH = 100  # neurons of a layer, and of earlier ones that a later layer still reads
MOST_CELLS = 600_000  # about 2 GB at that width; the papers' networks have 16 thousand


class TooManyPieces(NumericalFailure):
    """The linear pieces of a slice do not fit into the memory."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Slice2D:
    """The network on a rectangle, as convex cells with affine logits. Ragged arrays are flat, with offsets.

    At a point of a cell that is ``Σ λ_i v_i`` of its corners, λ ≥ 0 with sum 1, the logits are ``Σ λ_i logits_i``.
    """

    subspace: Subspace = field(repr=False)  # with two handles, x and y here
    x_range: tuple[float, float]  # of the first handle, in the user's units
    y_range: tuple[float, float]
    points: FloatArray = field(repr=False)  # (n, 2), vertices, each once, in the user's units
    logits: FloatArray = field(repr=False)  # (n, classes), at the vertices
    corners: IntArray = field(repr=False)  # (v,), index into `points`, cell after cell, counter-clockwise
    offsets: IntArray = field(repr=False)  # (p + 1,), where each cell begins in `corners`
    error: FloatArray = field(repr=False)  # (classes,), by which a logit may be off anywhere: see `rounding`

    @property
    def cells(self) -> int:
        """How many linear pieces the network has here."""
        return len(self.offsets) - 1

    @property
    def vertices(self) -> FloatArray:
        """(v, 2), the corners of all cells one after the other; cell i has those from offsets[i] to offsets[i + 1]."""
        return self.points[self.corners]

    @property
    def area(self) -> float:
        """Of the rectangle, in the user's units."""
        return (self.x_range[1] - self.x_range[0]) * (self.y_range[1] - self.y_range[0])


def exact_slice(
    network: PiecewiseLinear,
    base: FloatArray,
    columns: tuple[int, int],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    job: JobContext,
) -> Slice2D:
    """`subspace_slice` of the plane in which two columns of the input are free, at their values in the user's units.

    Parameters
    ----------
    base : (columns,) array
        An input in the user's units. Its values in the two free columns do not matter.
    columns : pair of int
        Which columns of the input are free.
    """
    _check_input(network, base)
    if columns[0] == columns[1] or not all(0 <= column < network.inputs for column in columns):
        raise InvalidRequest(
            f"Columns {columns[0]} and {columns[1]} do not span a slice. Choose two different columns from 0 to "
            f"{network.inputs - 1}."
        )
    return subspace_slice(network, Subspace.of_columns(base, columns), x_range, y_range, job)


def subspace_slice(
    network: PiecewiseLinear,
    subspace: Subspace,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    job: JobContext,
) -> Slice2D:
    """Decompose a rectangle into the linear pieces of the network.

    Parameters
    ----------
    subspace : Subspace
        With two handles: the plane that the rectangle lies in.
    x_range, y_range : pair of float
        Sides of the rectangle, as values of the two handles.

    Raises
    ------
    InvalidRequest
        If the rectangle is empty, the subspace has not two handles, or does not fit the network.
    NumericalFailure
        If the network gives NaN or infinity.
    TooManyPieces
        If it has more pieces here than memory holds: `MOST_CELLS`, or fewer where its layers have more than
        `USUAL_WIDTH` neurons.

    Notes
    -----
    Time and memory grow as pieces × neurons per layer. Coordinates inside run from −1 to 1 over the rectangle,
    whatever the units. `Slice2D.error` bounds the difference to the network without rounding; see `rounding`.
    The outputs are those before the head of the network.
    """
    _check(network, subspace, x_range, y_range)
    cells, deepest = _followed(network, subspace, x_range, y_range, USUAL_CUTS, job)
    if deepest > USUAL_CUTS:  # as a very wide layer may: the cells are the same the second time, their error is not
        del cells
        cells, _ = _followed(network, subspace, x_range, y_range, deepest, job)
    return cells


def _followed(
    network: PiecewiseLinear,
    subspace: Subspace,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    cuts: int,
    job: JobContext,
) -> tuple[Slice2D, int]:
    """The slice, with errors that hold for so many cuts one upon another, and how many there were."""
    half = np.array([x_range[1] - x_range[0], y_range[1] - y_range[0]]) / 2
    centre = np.array([sum(x_range) / 2, sum(y_range) / 2])
    mesh = PlanarMesh.rectangle((-1.0, 1.0), (-1.0, 1.0))
    signals = Signals(subspace, centre, half, cuts)
    for place, layer in enumerate(network.layers):
        values = signals.values(layer, mesh.points, job)
        error = LayerError.of_layer(layer, signals.reaches)
        lowest, highest = values.min(axis=1), values.max(axis=1)
        _refuse_what_is_not_finite(lowest, highest)
        if place == len(network.widths):
            break
        tolerance = TOLERANCE * error.scale
        on = np.flatnonzero(highest > -tolerance)  # the others are zero in the whole slice
        mesh.begin_layer([values[on], *signals.carry(network.last_use, place)])
        slack = np.zeros(len(values))
        slack[on] = _cut_by_layer(mesh, lowest[on], highest[on], tolerance[on], job)
        signals.cut(mesh, len(on))
        highest[on] = mesh.values[: len(on)].max(axis=1)
        signals.add(place + 1, mesh, on, error.after_relu(highest, slack, mesh.deepest))
        job.progress(place + 1, len(network.widths), f"layer {place + 1}: {mesh.cells} linear pieces")
    corners, offsets = rings_of(mesh)
    _refuse_what_is_not_finite(error.bound, error.scale)  # products may overflow that cancel in a value
    found = Slice2D(
        subspace=subspace,
        x_range=x_range,
        y_range=y_range,
        points=_in_units(mesh.points, x_range, y_range),
        logits=np.ascontiguousarray(values.T),
        corners=corners,
        offsets=offsets,
        error=error.bound,
    )
    return found, mesh.deepest


def _check_input(network: PiecewiseLinear, base: FloatArray) -> None:
    if base.shape != (network.inputs,):
        raise InvalidRequest(
            f"The input has {base.size} columns, the network takes {network.inputs}. Choose a row of the data that "
            "the network was trained on."
        )


def _check(
    network: PiecewiseLinear, subspace: Subspace, x_range: tuple[float, float], y_range: tuple[float, float]
) -> None:
    _check_input(network, subspace.base)
    if not network.has_pieces:
        raise UnsupportedNetwork("A layer of the network bends everywhere, so a slice of it has no linear pieces.")
    if subspace.handles != 2:
        raise InvalidRequest(f"A slice has two handles, not {subspace.handles}. Choose two of them.")
    for low, high in (x_range, y_range):
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise InvalidRequest(f"The range {low:g} to {high:g} is empty. Give two finite numbers, the smaller first.")


def _refuse_what_is_not_finite(*values: FloatArray) -> None:
    if not all(np.isfinite(one).all() for one in values):
        raise NumericalFailure("The network gives NaN or infinity in this slice. Are its weights finite?")


def _cut_by_layer(
    mesh: PlanarMesh, lowest: FloatArray, highest: FloatArray, tolerance: FloatArray, job: JobContext
) -> FloatArray:
    """Cut the cells along the zero lines of neurons, the first functions of the mesh.

    Returns by how much each may have the wrong sign in a cell.
    """
    most = int(MOST_CELLS * min(1.0, USUAL_WIDTH / len(mesh.values))) if len(mesh.values) else MOST_CELLS
    left = np.zeros(len(lowest))
    for neuron in np.flatnonzero((lowest < -tolerance) & (highest > tolerance)):
        job.check()
        left[neuron] = mesh.cut(int(neuron), float(tolerance[neuron]))
        if mesh.cells > most:
            raise TooManyPieces(
                f"The network has more than {most} linear pieces in this slice, too many to hold in memory. "
                "Narrow the ranges of the two features."
            )
    slack = slack_of(tolerance, mesh.deepest)
    clear = (lowest > slack) | (highest < -slack)  # a neuron that stays clear of zero has the right sign everywhere
    return np.where(clear, 0.0, left + slack)


def _in_units(points: FloatArray, x_range: tuple[float, float], y_range: tuple[float, float]) -> FloatArray:
    """From −1…1 to the user's units; the edges of the rectangle to the last bit."""
    low, high = np.array([x_range, y_range]).T
    placed: FloatArray = np.where(
        points < 0, low + (points + 1) / 2 * (high - low), high - (1 - points) / 2 * (high - low)
    )
    return placed
