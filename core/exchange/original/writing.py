"""Results as files of the original tool, so that its plotting scripts, and others that read them, go on working.

Values are written in the order in which the tool counts them, ``row · len(x) + column``. The shape is (len(y), len(x)),
which for square grids is the tool's own. For other grids the tool writes (len(x), len(y)) with the very same order of
values, which its own contour plot then refuses; readers that go by flat place, as the tool's computing does, read both.
"""

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import numpy as np

from core.deferred import array_shapes
from core.errors import InvalidRequest
from core.exchange.original.directions import COUNTER
from core.exchange.original.surface import FLAGS, UNKNOWN, UNKNOWN_EIGENVALUES
from core.exchange.subject import Subject
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.plane import Direction, Directions, FloatArray
from core.landscape.surface import INTERPOLATED, Surface
from core.landscape.trajectory import Trajectory
from core.session.atomic import replace_with
from core.session.document import STATISTICS
from core.session.hdf5 import h5py

Fill = Callable[[h5py.File], None]
_NUMBERS = count()  # HDF5 takes two files of one name for the same one, in memory too


def directions_path(path: Path) -> Path:
    """Where the directions of a surface file go: beside it."""
    return path.with_name(f"{path.stem}_directions.h5")


def write_original_surface(surface: Surface, subject: Subject, path: Path) -> None:
    """Write a surface file, and its direction file beside it. Raises as `core.session.atomic.replace_file`.

    Interpolated values are written as values; ``corrie_evaluated``, which the tool passes over, tells them apart. What
    is not known yet is -1, so that the tool would go on computing there.
    """
    unknown = (surface.evaluated == INTERPOLATED) & ~np.isfinite(surface.loss)

    def fill(file: h5py.File) -> None:
        _coordinates(file, path, surface.directions, surface.x, surface.y)
        file["train_loss"] = np.where(unknown, UNKNOWN, surface.loss)
        file["train_acc"] = _percent(surface.accuracy, unknown)
        if surface.test_loss is not None:
            untested = (surface.evaluated == INTERPOLATED) & ~np.isfinite(surface.test_loss)
            file["test_loss"] = np.where(untested, UNKNOWN, surface.test_loss)
            accuracy = np.full_like(surface.test_loss, np.nan)
            accuracy = accuracy if surface.test_accuracy is None else surface.test_accuracy
            file["test_acc"] = _percent(accuracy, untested)
        file[FLAGS] = surface.evaluated

    _write_with_directions(path, surface.directions, subject, fill)


def write_original_curve(curve: Curve, subject: Subject, path: Path) -> None:
    """Write the first draw of a curve as a surface file of one coordinate, and its direction file beside it."""
    unknown = np.isnan(curve.loss[0])

    def fill(file: h5py.File) -> None:
        _coordinates(file, path, curve.directions, curve.x)
        file["train_loss"] = np.where(unknown, UNKNOWN, curve.loss[0])
        file["train_acc"] = _percent(curve.accuracy[0], unknown)
        if curve.test_loss is not None:
            untested = np.isnan(curve.test_loss[0])
            file["test_loss"] = np.where(untested, UNKNOWN, curve.test_loss[0])
            rows = np.full_like(curve.test_loss, np.nan) if curve.test_accuracy is None else curve.test_accuracy
            file["test_acc"] = _percent(rows[0], untested)

    _write_with_directions(path, curve.directions, subject, fill)


def write_original_convexity(convexity: Convexity, subject: Subject, path: Path) -> None:
    """Write extreme eigenvalues as a surface file, and its direction file beside it; of the mean loss, not summed."""
    unknown = np.isnan(convexity.min_eigenvalue) | np.isnan(convexity.max_eigenvalue)

    def fill(file: h5py.File) -> None:
        _coordinates(file, path, convexity.directions, convexity.x, convexity.y)
        for name, values, blank in (
            ("min_eig", convexity.min_eigenvalue, UNKNOWN_EIGENVALUES[0]),
            ("max_eig", convexity.max_eigenvalue, UNKNOWN_EIGENVALUES[1]),
        ):
            file[name] = np.where(unknown, blank, values)

    _write_with_directions(path, convexity.directions, subject, fill)


def write_original_way(trajectory: Trajectory, subject: Subject, path: Path) -> None:
    """Write a projection file, and the directions with their captured variance beside it."""

    def fill(file: h5py.File) -> None:
        file["proj_xcoord"], file["proj_ycoord"] = trajectory.x, trajectory.y

    shares = trajectory.explained_variance if np.isfinite(trajectory.explained_variance).all() else None
    _write_with_directions(path, trajectory.directions, subject, fill, shares)


def ordered(direction: Direction, every: Mapping[str, tuple[int, ...]]) -> list[np.ndarray]:
    """The tensors of a direction in the order of a network's; zeros for those that do not move.

    Parameters
    ----------
    every : mapping of name to shape
        All states of the network in order; empty where it is not at hand: then the direction's own order counts.
    """
    if not direction or not set(direction) <= set(every):
        return [np.asarray(array) for array in direction.values()]
    states = any(name.endswith(STATISTICS) for name in direction)
    names = [name for name in every if states or not name.endswith(STATISTICS)]
    return [
        np.asarray(direction[name])
        if name in direction
        else np.zeros(every[name], np.int64 if name.endswith(COUNTER) else np.float32)
        for name in names
    ]


def _coordinates(file: h5py.File, path: Path, directions: Directions, *axes: FloatArray) -> None:
    file["dir_file"] = _named(directions_path(path).name if directions.x else "")
    for name, values in zip(("xcoordinates", "ycoordinates"), axes, strict=False):
        file[name] = values


def _named(name: str) -> str:
    """A file name as HDF5 can hold it: file systems allow bytes that are no text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "")


def _percent(accuracy: FloatArray, unknown: np.ndarray) -> FloatArray:
    return np.asarray(np.where(unknown, UNKNOWN, 100 * accuracy))


def _write_with_directions(
    path: Path, directions: Directions, subject: Subject, fill: Fill, shares: FloatArray | None = None
) -> None:
    network = subject.network
    every = {} if network is None else array_shapes(network.weights)

    def fill_directions(file: h5py.File) -> None:
        for name, axis in (("xdirection", directions.x), ("ydirection", directions.y)):
            if axis:
                group = file.create_group(name)
                for place, array in enumerate(ordered(axis, every)):
                    group.create_dataset(str(place), data=array)
        if shares is not None:
            file["explained_variance_ratio_"] = shares

    if path == directions_path(path):
        raise InvalidRequest(f"{path} is where the directions go. Give the file another name.")
    if directions.x:
        _replace(directions_path(path), fill_directions)
    _replace(path, fill)


def _replace(path: Path, fill: Fill) -> None:
    """Make the file in memory: HDF5 itself never writes to a disk that may be full."""
    with h5py.File(f"original-{next(_NUMBERS)}", "w", driver="core", backing_store=False, block_size=2**20) as file:
        fill(file)
        file.flush()
        image: bytes = file.id.get_file_image()
    replace_with(image, path)
