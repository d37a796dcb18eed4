"""Surface files of the original tool, read into what Corrie has for them: a surface, a curve, a map of curvature.

The layout is a trap. The tool allocates arrays of the shape (len(x), len(y)), but counts their places along the mesh
of both, x fastest: flat place ``row · len(x) + column``. So whatever the shape says, values are read by flat place.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.errors import UnreadableFile
from core.exchange.original.directions import read_original_directions
from core.exchange.original.file import OriginalFile, original_file
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.plane import Directions, FileDirections, FloatArray
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Surface, SurfaceRequest
from core.provenance import imported_provenance
from core.session.refusal import Refusal

UNKNOWN = -1.0  # of losses and accuracies: not computed yet. Zero is a value like any other.
UNKNOWN_EIGENVALUES = (1.0, -1.0)  # of min_eig and max_eig, together
FLAGS = "corrie_evaluated"  # written by Corrie beside the tool's own arrays, which the tool passes over
_SINGLE = re.compile(r"loss_(\d{1,5})_(\d{1,5})")
MOST_POINTS = 4_000_000  # of a grid: 2000 × 2000


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a file gave, and what a reader should know about it."""

    results: tuple[Surface | Curve | Convexity, ...]
    notes: tuple[str, ...] = field(default=())


def read_original_surface(path: Path, directions_file: Path | None = None) -> Imported:
    """Read a surface file: a surface, or a curve where it has one coordinate, and the curvature if it was computed.

    Parameters
    ----------
    directions_file : Path, optional
        None: the file of the name that the surface file gives, looked for beside it and nowhere else.

    Raises
    ------
    UnreadableFile
        If it is no surface file, damaged, or built to do harm; the same for the direction file that was named.
    """
    with original_file(path) as file:
        if not file.has("xcoordinates") and file.has("loss_0_0"):
            return _from_singles(file, path)
        if not file.has("xcoordinates"):
            raise Refusal("It holds no surface: there are no xcoordinates.")
        plane = _plane_of(file, path, directions_file)
        x = _Axis(file, "xcoordinates")
        if not file.has("ycoordinates"):
            return Imported(results=(_curve(file, x, plane, path),), notes=plane.notes)
        y = _Axis(file, "ycoordinates")
        if len(x.values) * len(y.values) > MOST_POINTS:
            raise Refusal(f"Its grid of {len(x.values):,} × {len(y.values):,} points is larger than can be shown.")
        if len(x.values) < 2 or len(y.values) < 2:
            raise Refusal(f"Its grid of {len(x.values)} × {len(y.values)} points is no surface.")
        results: list[Surface | Curve | Convexity] = []
        notes = list(plane.notes)
        if file.has("train_loss") or file.has("test_loss"):
            results.append(_surface(file, x, y, plane, path))
        if file.has("min_eig") and file.has("max_eig"):
            results.append(_convexity(file, x, y, plane, path))
            notes.append(
                "Eigenvalues of the original tool are sums over batches: only their ratio compares with other results."
            )
        if not results:
            raise Refusal("It holds coordinates, but neither losses nor eigenvalues.")
    return Imported(results=tuple(results), notes=tuple(notes))


class _Axis:
    """Coordinates in rising order, and how to bring values into it."""

    def __init__(self, file: OriginalFile, name: str) -> None:
        values = file.numbers(name, 1)
        steps = np.diff(values)
        if not np.isfinite(values).all() or not (bool((steps > 0).all()) or bool((steps < 0).all())):
            raise Refusal(f'"{name}" are not finite numbers in order.')
        self.falling = bool(steps.size and steps[0] < 0)
        self.values: FloatArray = values[::-1].copy() if self.falling else values

    @property
    def extent(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])


@dataclass(frozen=True)
class _Plane:
    directions: Directions
    asked: FileDirections
    notes: tuple[str, ...] = ()


def _plane_of(file: OriginalFile, path: Path, chosen: Path | None) -> _Plane:
    """The directions, if their file is given or lies beside the surface's."""
    named = file.text("dir_file") if file.has("dir_file") else ""
    origin = re.split(r"[/\\]", named)[-1]
    beside = chosen or (path.parent / origin if origin not in ("", ".", "..") else None)
    nothing = Directions(x={}, y={}, cosine=float("nan"))
    # The tool may write surface and directions into one file.
    if chosen is None and (beside is None or not beside.is_file()):
        note = f"Its direction file {origin or '(not named)'} is not beside it: results in its plane cannot be matched."
        return _Plane(nothing, FileDirections(origin=origin), (note,))
    if beside is None:
        return _Plane(nothing, FileDirections(origin=origin))
    try:
        directions = read_original_directions(beside).by_place
    except UnreadableFile as error:
        if chosen is not None:
            raise
        return _Plane(nothing, FileDirections(origin=origin), (f"Its directions are not used. {error}",))
    return _Plane(directions, FileDirections(origin=beside.name, sha256=directions.fingerprint))


def _grid(file: OriginalFile, name: str, x: _Axis, y: _Axis) -> FloatArray:
    """Values by flat place: (ny, nx)."""
    flat = file.numbers(name).ravel()
    if flat.size != len(x.values) * len(y.values):
        raise Refusal(f'"{name}" has {flat.size} values for {len(x.values)} × {len(y.values)} points.')
    grid = flat.reshape(len(y.values), len(x.values))
    return np.ascontiguousarray(grid[:: -1 if y.falling else 1, :: -1 if x.falling else 1])


def _surface(file: OriginalFile, x: _Axis, y: _Axis, plane: _Plane, path: Path) -> Surface:
    def grid(name: str) -> FloatArray | None:
        return _grid(file, name, x, y) if file.has(name) else None

    shape = (len(y.values), len(x.values))
    stored = grid("train_loss")
    flags = grid(FLAGS)
    loss, computed = _known(stored, shape)
    evaluated = np.where(computed, EVALUATED, INTERPOLATED)
    if flags is not None and np.isin(flags, (INTERPOLATED, EVALUATED, SAMPLED)).all() and stored is not None:
        evaluated = flags.astype(np.int64)
        loss = np.where((flags == INTERPOLATED) & ~computed, np.nan, stored)
    unknown = (evaluated == INTERPOLATED) & ~np.isfinite(loss)
    accuracy = _share(grid("train_acc"), shape)
    accuracy[unknown] = np.nan
    test_loss, test_accuracy = grid("test_loss"), grid("test_acc")
    return Surface(
        request=SurfaceRequest(
            columns=shape[1],
            rows=shape[0],
            x_range=x.extent,
            y_range=y.extent,
            directions=plane.asked,
            test=test_loss is not None,
        ),
        status="partial" if unknown.any() else "complete",
        x=x.values,
        y=y.values,
        loss=loss,
        accuracy=accuracy,
        evaluated=evaluated.astype(np.uint8),
        directions=plane.directions,
        centre_loss=_at_centre(x.values, y.values, loss),
        provenance=imported_provenance(path.name),
        test_loss=None if test_loss is None else _known(test_loss, shape)[0],
        test_accuracy=None if test_accuracy is None else _share(test_accuracy, shape),
    )


def _convexity(file: OriginalFile, x: _Axis, y: _Axis, plane: _Plane, path: Path) -> Convexity:
    smallest, largest = _grid(file, "min_eig", x, y), _grid(file, "max_eig", x, y)
    unknown = (smallest == UNKNOWN_EIGENVALUES[0]) & (largest == UNKNOWN_EIGENVALUES[1])
    smallest[unknown] = largest[unknown] = np.nan
    return Convexity(
        request=ConvexityRequest(
            columns=smallest.shape[1],
            rows=smallest.shape[0],
            x_range=x.extent,
            y_range=y.extent,
            directions=plane.asked,
        ),
        status="partial" if unknown.any() else "complete",
        x=x.values,
        y=y.values,
        min_eigenvalue=smallest,
        max_eigenvalue=largest,
        residual=np.full(smallest.shape, np.nan),
        products=np.zeros(smallest.shape, dtype=np.int32),
        directions=plane.directions,
        provenance=imported_provenance(path.name),
    )


def _curve(file: OriginalFile, x: _Axis, plane: _Plane, path: Path) -> Curve:
    if not file.has("train_loss"):
        raise Refusal("It holds one coordinate, but no train_loss.")
    if len(x.values) < 2:
        raise Refusal("It holds a single point, which is no curve.")

    def row(name: str, read: Callable[[FloatArray | None, tuple[int, int]], FloatArray]) -> FloatArray | None:
        if not file.has(name):
            return None
        values = file.numbers(name).ravel()
        if values.size != len(x.values):
            raise Refusal(f'"{name}" has {values.size} values for {len(x.values)} points.')
        return read(values[:: -1 if x.falling else 1].reshape(1, -1), (1, len(x.values)))

    shape = (1, len(x.values))
    loss = row("train_loss", lambda values, like: _known(values, like)[0])
    accuracy = row("train_acc", _share)
    if loss is None:
        raise Refusal("It holds no train_loss.")
    test_loss = row("test_loss", lambda values, like: _known(values, like)[0])
    centre = np.flatnonzero(x.values == 0)
    return Curve(
        request=CurveRequest(points=shape[1], x_range=x.extent, directions=plane.asked, test=test_loss is not None),
        status="partial" if bool(np.isnan(loss).any()) else "complete",
        x=x.values,
        loss=loss,
        accuracy=np.full(shape, np.nan) if accuracy is None else accuracy,
        test_loss=test_loss,
        test_accuracy=row("test_acc", _share),
        directions=plane.directions,
        centre_loss=float(loss[0, centre[0]]) if len(centre) else float("nan"),
        provenance=imported_provenance(path.name),
    )


def _from_singles(file: OriginalFile, path: Path) -> Imported:
    """Another program after the same paper (nreHieW/loss) keeps every value under a name of its own."""
    places = [(int(found[1]), int(found[2])) for name in file.names() if (found := _SINGLE.fullmatch(name))]
    columns, rows = (max(place[axis] for place in places) + 1 for axis in (0, 1))
    if columns * rows != len(set(places)) or len(places) > MOST_POINTS or min(columns, rows) < 2:
        raise Refusal(f"Its {len(places)} single losses do not fill a grid.")
    loss, accuracy = np.empty((rows, columns)), np.full((rows, columns), np.nan)
    for column, row in places:
        loss[row, column] = file.numbers(f"loss_{column}_{row}", 0)
        if file.has(f"acc_{column}_{row}"):
            accuracy[row, column] = file.numbers(f"acc_{column}_{row}", 0) / 100
    x, y = np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)
    surface = Surface(
        request=SurfaceRequest(columns=columns, rows=rows, directions=FileDirections(origin=path.name)),
        status="complete",
        x=x,
        y=y,
        loss=loss,
        accuracy=accuracy,
        evaluated=np.full(loss.shape, EVALUATED, dtype=np.uint8),
        directions=Directions(x={}, y={}, cosine=float("nan")),
        centre_loss=_at_centre(x, y, loss),
        provenance=imported_provenance(path.name),
    )
    return Imported(results=(surface,), notes=("The file holds no coordinates: −1 to 1 is assumed for both axes.",))


def _known(stored: FloatArray | None, shape: tuple[int, int]) -> tuple[FloatArray, np.ndarray]:
    """Losses with NaN where nothing was computed, and where something was. A NaN of the file was computed."""
    if stored is None:
        return np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    computed = stored != UNKNOWN
    return np.where(computed, stored, np.nan), computed


def _share(percent: FloatArray | None, shape: tuple[int, int]) -> FloatArray:
    """Accuracies as shares, 0 to 1; NaN where nothing was computed."""
    if percent is None:
        return np.full(shape, np.nan)
    return np.asarray(np.where(percent == UNKNOWN, np.nan, percent / 100))


def _at_centre(x: FloatArray, y: FloatArray, loss: FloatArray) -> float:
    """The loss at (0, 0) if the grid has that point, else NaN."""
    column, row = np.flatnonzero(np.abs(x) < 1e-12), np.flatnonzero(np.abs(y) < 1e-12)
    return float(loss[row[0], column[0]]) if len(row) and len(column) else float("nan")
