"""Every linear piece of a ReLU network in a rectangle that two of its inputs span.

The rectangle is one cell at first. Layer by layer, the pre-activation of every neuron is affine on each cell so far,
and its zero line cuts the cells it meets; after the last layer the logits are affine on every cell.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.mesh import PlanarMesh
from core.corrections.piecewise import PiecewiseLinear
from core.corrections.polygons import rings_of, vertex_means
from core.corrections.rounding import TOLERANCE, LayerError, placement_error
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
MOST_CELLS = 400_000  # about 2 GB at 200 neurons a layer; the papers' networks have 16 thousand


@dataclass(frozen=True, kw_only=True, eq=False)
class Slice2D:
    """The network on a rectangle, as convex cells with affine logits. Ragged arrays are flat, with offsets."""

    base: FloatArray = field(repr=False)  # (columns,), the input whose other features stay as they are
    columns: tuple[int, int]
    x_range: tuple[float, float]  # of the first free column, in the user's units
    y_range: tuple[float, float]
    points: FloatArray = field(repr=False)  # (n, 2), vertices, each once, in the user's units
    logits: FloatArray = field(repr=False)  # (n, classes), at the vertices
    corners: IntArray = field(repr=False)  # (v,), index into `points`, cell after cell, counter-clockwise
    offsets: IntArray = field(repr=False)  # (p + 1,), where each cell begins in `corners`
    affine: FloatArray = field(repr=False)  # (p, classes, 3), see `logits_in`
    error: FloatArray = field(repr=False)  # (classes,), by which a logit may be off anywhere: rounding, Higham §3.1

    @property
    def cells(self) -> int:
        """How many linear pieces the network has here."""
        return len(self.offsets) - 1

    @property
    def vertices(self) -> FloatArray:
        """(v, 2), the corners of all cells one after the other; cell i has those from offsets[i] to offsets[i + 1]."""
        return self.points[self.corners]

    @property
    def centre(self) -> FloatArray:
        """(2,), middle of the rectangle: the affine maps count from here, so that large units cancel nothing."""
        return np.array([sum(self.x_range) / 2, sum(self.y_range) / 2])

    @property
    def area(self) -> float:
        """Of the rectangle, in the user's units."""
        return (self.x_range[1] - self.x_range[0]) * (self.y_range[1] - self.y_range[0])

    def logits_in(self, cells: IntArray, points: FloatArray) -> FloatArray:
        """Logits (n, classes) at points (n, 2) by the affine maps of the cells (n,) that they lie in.

        ``affine[..., 0] * (x − centre x) + affine[..., 1] * (y − centre y) + affine[..., 2]``.
        """
        x, y = (points - self.centre).T[:, :, None]
        maps = self.affine[cells]
        logits: FloatArray = maps[..., 0] * x + maps[..., 1] * y + maps[..., 2]
        return logits


def exact_slice(
    network: PiecewiseLinear,
    base: FloatArray,
    columns: tuple[int, int],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    job: JobContext,
) -> Slice2D:
    """Decompose the rectangle into the linear pieces of the network.

    Parameters
    ----------
    base : (columns,) array
        An input in the user's units. Its values in the two free columns do not matter.
    columns : pair of int
        Which columns of the input are free.
    x_range, y_range : pair of float
        Sides of the rectangle, in the user's units.

    Raises
    ------
    InvalidRequest
        If the rectangle is empty, or the input does not fit the network.
    NumericalFailure
        If the network gives NaN or infinity, or has more than `MOST_CELLS` pieces here.

    Notes
    -----
    Time and memory grow as pieces × neurons per layer. Coordinates inside run from −1 to 1 over the rectangle,
    whatever the units. `Slice2D.error` bounds the difference to the network without rounding; see `rounding`.
    """
    _check(network, base, columns, x_range, y_range)
    half = np.array([x_range[1] - x_range[0], y_range[1] - y_range[0]]) / 2
    centre = base.astype(np.float64)
    centre[list(columns)] = sum(x_range) / 2, sum(y_range) / 2
    mesh = PlanarMesh.rectangle((-1.0, 1.0), (-1.0, 1.0))
    maps = _first_maps(network, centre, columns, half)
    error = LayerError.of_input(network.weights[0], network.biases[0], centre, columns, half)
    values = np.ascontiguousarray((mesh.points @ maps[0, :2] + maps[0, 2]).T)
    for layer, (weight, bias) in enumerate(zip(network.weights[1:], network.biases[1:], strict=True), start=1):
        slack = _cut_by_layer(mesh, values, error.scale, job)
        highest = mesh.values.max(axis=1)
        maps = _next_maps(mesh, maps, network.rows[layer], bias, job)
        error = LayerError.of_layer(weight, bias, highest, error.after_relu(highest, slack))
        values = weight @ np.maximum(mesh.values, 0.0) + bias[:, None]
        job.progress(layer, len(network.widths), f"layer {layer}: {mesh.cells} linear pieces")
    corners, offsets = rings_of(mesh)
    affine = np.ascontiguousarray((maps / np.array([half[0], half[1], 1.0])[:, None]).transpose(0, 2, 1))
    return Slice2D(
        base=base,
        columns=columns,
        x_range=x_range,
        y_range=y_range,
        points=_in_units(mesh.points, x_range, y_range),
        logits=np.ascontiguousarray(values.T),
        corners=corners,
        offsets=offsets,
        affine=affine,
        error=error.bound + placement_error(affine, (x_range, y_range)),
    )


def _first_maps(network: PiecewiseLinear, centre: FloatArray, columns: tuple[int, int], half: FloatArray) -> FloatArray:
    """The affine map (1, 3, width) of the first layer: coefficients of x and of y, and the constant."""
    free = network.weights[0][:, columns].T * half[:, None]
    return np.concatenate([free, (network.weights[0] @ centre + network.biases[0])[None]])[None]


def _check(
    network: PiecewiseLinear,
    base: FloatArray,
    columns: tuple[int, int],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
) -> None:
    if base.shape != (network.inputs,):
        raise InvalidRequest(
            f"The input has {base.size} columns, the network takes {network.inputs}. Choose a row of the data that "
            "the network was trained on."
        )
    if columns[0] == columns[1] or not all(0 <= column < network.inputs for column in columns):
        raise InvalidRequest(
            f"Columns {columns[0]} and {columns[1]} do not span a slice. Choose two different columns from 0 to "
            f"{network.inputs - 1}."
        )
    for low, high in (x_range, y_range):
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise InvalidRequest(f"The range {low:g} to {high:g} is empty. Give two finite numbers, the smaller first.")


def _cut_by_layer(mesh: PlanarMesh, values: FloatArray, scale: FloatArray, job: JobContext) -> FloatArray:
    """Cut the cells along the zero line of every neuron; return by how much a neuron may have the wrong sign."""
    if not np.isfinite(values).all():
        raise NumericalFailure("The network gives NaN or infinity in this slice. Are its weights finite?")
    mesh.begin_layer(values)
    tolerance = TOLERANCE * scale
    slack = 2 * tolerance  # once for vertices that count as on the line, once for interpolated values
    for neuron in np.flatnonzero((values.min(axis=1) < -tolerance) & (values.max(axis=1) > tolerance)):
        job.check()
        slack[neuron] += mesh.cut(int(neuron), float(tolerance[neuron]))
        if mesh.cells > MOST_CELLS:
            raise NumericalFailure(
                f"The network has more than {MOST_CELLS} linear pieces in this slice, too many to hold in memory. "
                "Narrow the ranges of the two features."
            )
    return slack


def _next_maps(mesh: PlanarMesh, maps: FloatArray, rows: FloatArray, bias: FloatArray, job: JobContext) -> FloatArray:
    """Affine maps (p, 3, width) of the next layer on the cells as they are now, from those on the cells before."""
    inside = vertex_means(mesh, mesh.points.T)
    result = np.empty((mesh.cells, 3, len(bias)))
    together = np.argsort(mesh.origin, kind="stable")  # cells of one origin share most of their inactive neurons
    for begin in range(0, mesh.cells, 512):  # small enough for the cache, and to stop in between
        job.check()
        part = together[begin : begin + 512]
        before = maps[mesh.origin[part]]
        x, y = inside[part].T[:, :, None]
        active = before[:, 0] * x + before[:, 1] * y + before[:, 2] > 0
        used = active.any(axis=0)
        masked = (before[:, :, used] * active[:, None, used]).reshape(3 * len(part), used.sum())
        result[part] = (masked @ rows[used]).reshape(len(part), 3, len(bias))
    result[:, 2] += bias
    return result


def _in_units(points: FloatArray, x_range: tuple[float, float], y_range: tuple[float, float]) -> FloatArray:
    """From −1…1 to the user's units; the edges of the rectangle to the last bit."""
    low, high = np.array([x_range, y_range]).T
    placed: FloatArray = np.where(
        points < 0, low + (points + 1) / 2 * (high - low), high - (1 - points) / 2 * (high - low)
    )
    return placed
