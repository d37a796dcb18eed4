"""Projection files of the original tool: where the checkpoints of a training lie in a plane."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.exchange.original.directions import read_original_directions
from core.exchange.original.file import original_file
from core.landscape.plane import Directions, FileDirections, FloatArray
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.provenance import imported_provenance
from core.session.refusal import Refusal


@dataclass(frozen=True, kw_only=True, eq=False)
class OriginalWay:
    """Coordinates of checkpoints, the first one first. The tool divides by the length of a direction: see `read`."""

    x: FloatArray = field(repr=False)  # (n,)
    y: FloatArray = field(repr=False)  # (n,)


def read_original_way(path: Path) -> OriginalWay:
    """Read a projection file (``proj_xcoord``, ``proj_ycoord``).

    The tool's ``cos`` projection is dot(θ, δ) / ‖δ‖: multiples of a direction of unit length, as its principal axes
    are. For directions of another length these are not multiples of the direction.

    Raises
    ------
    UnreadableFile
        If it is no projection file, damaged, or built to do harm.
    """
    with original_file(path) as file:
        if not (file.has("proj_xcoord") and file.has("proj_ycoord")):
            raise Refusal("It holds no projected checkpoints: there are no proj_xcoord and proj_ycoord.")
        x, y = (file.numbers(name, 1) for name in ("proj_xcoord", "proj_ycoord"))
        if x.shape != y.shape or not x.size:
            raise Refusal(f"It has {len(x)} and {len(y)} coordinates, which are no points.")
    return OriginalWay(x=x, y=y)


def trajectory_from_original(path: Path, directions_file: Path | None = None) -> Trajectory:
    """A projection file as a result that can be looked at: places only, since it knows neither losses nor distances.

    Parameters
    ----------
    directions_file : Path, optional
        Of the plane; its captured variance is shown, and its directions tell which surfaces lie in the same plane.

    Raises
    ------
    UnreadableFile
        As `read_original_way` and `read_original_directions`.
    """
    way = read_original_way(path)
    directions = Directions(x={}, y={}, cosine=float("nan"))
    asked = FileDirections()
    if directions_file is not None:
        directions = read_original_directions(directions_file).by_place
        asked = FileDirections(origin=directions_file.name, sha256=directions.fingerprint)
    points = len(way.x)
    unknown = np.full(points, np.nan)
    shares = np.array(directions.explained_variance or (np.nan, np.nan), dtype=np.float64)
    return Trajectory(
        request=TrajectoryRequest(directions=asked),
        status="complete",
        epoch=np.arange(points, dtype=np.float64),
        learning_rate=unknown.copy(),
        x=way.x,
        y=way.y,
        loss=unknown.copy(),
        accuracy=unknown.copy(),
        off_plane=unknown.copy(),
        distance=unknown.copy(),
        explained_variance=shares,
        directions=directions,
        provenance=imported_provenance(path.name),
    )
