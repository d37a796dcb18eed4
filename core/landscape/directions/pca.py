"""The principal axes of the way that a training took (Li et al. 2018, §7.1)."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from torch import nn

from core.errors import InvalidRequest
from core.job import JobContext
from core.landscape.directions.states import movable_names, refuse_not_finite
from core.landscape.directions.vectors import cosine, length, matrix_product, scaled
from core.landscape.plane import Directions, FloatArray, PcaDirections
from core.networks.network import Network
from core.networks.states import refuse_other_architecture, state_of
from core.networks.waypoint import Waypoint

PIECE_BYTES = 1 << 22  # of all checkpoints together that are widened to float64 at a time
ROUNDING = 2.0**-24  # half a unit in the last place of float32, relative
FEWEST = 3

Piece = tuple[str, slice, FloatArray]  # name, entries, (n, m) checkpoints there less their mean


def pca_directions(
    asked: PcaDirections, network: Network, waypoints: Sequence[Waypoint], job: JobContext
) -> Directions:
    """The two directions in which a training's checkpoints are spread most, of unit length.

    The original tool gives the rows ``θᵢ − θₙ`` of all checkpoints, the last among them, to scikit-learn, whose PCA
    takes their mean away again. So θₙ does not matter for the axes: they are those of ``θᵢ − mean``, here as there,
    and the shares of variance are about the mean too. The origin of the plane stays the network, which is θₙ.
    The axes come from the n × n matrix of inner products, summed in float64 over a few megabytes of all checkpoints at
    a time: nothing is held twice.

    With ``ignore`` "biasbn", tensors of one axis (biases, normalisation) are left out, and of the variance as well.
    The way begins on the left, and its largest excursion is upwards.

    Raises
    ------
    InvalidRequest
        If there are fewer than three different checkpoints, they lie on one line, or one of them holds NaN.
    WeightsMismatch
        If they are of another architecture; the text names what differs.
    """
    _refuse_few(waypoints)
    names = _names(asked, network.module)
    for waypoint in waypoints:
        refuse_other_architecture(network.module, waypoint.weights, f"the checkpoint of epoch {waypoint.epoch:g}")
        moved = {name: waypoint.weights[name] for name in names}
        refuse_not_finite(moved, f"The checkpoint of epoch {waypoint.epoch:g}")
    products = _inner_products(names, waypoints, job)
    values, vectors = np.linalg.eigh(products)
    values, vectors = values[::-1], vectors[:, ::-1]
    _refuse_line(values, waypoints, names)
    axes = _axes(names, waypoints, vectors[:, :2] / np.sqrt(values[:2]), job)
    coordinates = vectors[:, :2] - vectors[-1, :2]  # of the checkpoints as seen from the last, but for a factor
    signs = (1.0 if coordinates[0, 0] <= 0 else -1.0, _sign_of_largest(coordinates[:, 1]))
    x, y = (scaled(sign / length(axis), axis) for sign, axis in zip(signs, axes, strict=True))
    shares = values[:2] / products.trace()
    return Directions(x=x, y=y, cosine=cosine(x, y), explained_variance=(float(shares[0]), float(shares[1])))


def _names(asked: PcaDirections, module: nn.Module) -> tuple[str, ...]:
    names, state = movable_names(module, asked.moving), state_of(module)
    chosen = tuple(name for name in names if asked.ignore == "none" or state[name].ndim > 1)
    if not chosen:
        raise InvalidRequest("The network has only biases and normalisation layers, and these are to be left out.")
    return chosen


def _refuse_few(waypoints: Sequence[Waypoint]) -> None:
    if len(waypoints) < FEWEST:
        raise InvalidRequest(
            f"Principal axes need at least {FEWEST} checkpoints of a training, and there are {len(waypoints)}. Train "
            "with a checkpoint after every epoch, or choose other directions."
        )


def _refuse_line(values: FloatArray, waypoints: Sequence[Waypoint], names: Sequence[str]) -> None:
    """Raise unless the spread along the second axis is more than the rounding of the weights themselves."""
    size = sum(
        float(np.square(waypoint.weights[name], dtype=np.float64).sum()) for waypoint in waypoints for name in names
    )
    noise = ROUNDING**2 * size
    if values[0] <= noise:
        raise InvalidRequest("All checkpoints are the same: the training did not move the weights.")
    if values[1] <= noise:
        raise InvalidRequest(
            "The checkpoints lie on one line, which spans no plane. Choose a training with more different checkpoints, "
            "or look along the line between two networks."
        )


def _pieces(names: Sequence[str], waypoints: Sequence[Waypoint]) -> Iterator[Piece]:
    """All checkpoints less their mean, in float64, a few megabytes at a time."""
    step = max(1, PIECE_BYTES // (8 * len(waypoints)))
    for name in names:
        flat = [waypoint.weights[name].reshape(-1) for waypoint in waypoints]
        for start in range(0, len(flat[0]), step):
            part = np.stack([one[start : start + step] for one in flat]).astype(np.float64)
            yield name, slice(start, start + step), part - part.mean(axis=0)


def _inner_products(names: Sequence[str], waypoints: Sequence[Waypoint], job: JobContext) -> FloatArray:
    """(n, n) inner products of the checkpoints less their mean."""
    total = np.zeros((len(waypoints), len(waypoints)))
    for _, _, part in _pieces(names, waypoints):
        job.check()
        total += matrix_product(part, part.T)
    return total


def _axes(
    names: Sequence[str], waypoints: Sequence[Waypoint], coefficients: FloatArray, job: JobContext
) -> tuple[dict[str, npt.NDArray[np.float32]], dict[str, npt.NDArray[np.float32]]]:
    """The checkpoints less their mean, added up with the two columns of coefficients (n, 2)."""
    found = tuple(
        {name: np.empty(waypoints[0].weights[name].size, dtype=np.float32) for name in names} for _ in range(2)
    )
    for name, where, part in _pieces(names, waypoints):
        job.check()
        for axis, numbers in zip(found, matrix_product(coefficients.T, part), strict=True):
            axis[name][where] = numbers
    first, second = (
        {name: flat.reshape(waypoints[0].weights[name].shape) for name, flat in axis.items()} for axis in found
    )
    return first, second


def _sign_of_largest(coordinates: FloatArray) -> float:
    return 1.0 if coordinates[np.abs(coordinates).argmax()] >= 0 else -1.0
