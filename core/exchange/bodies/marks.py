"""What lies upon a body, as the window lays it: networks, and a training with its checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.exchange.beside import Beside
from core.exchange.figures.draping import Ground, LaidWay
from core.exchange.figures.relief import heights
from core.exchange.words import number
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

Kind = Literal["network", "other network", "checkpoint", "rate falls"]

MOST_CHECKPOINTS = 300  # as marks; the line goes through all of them


@dataclass(frozen=True, kw_only=True, eq=False)
class Mark:
    """One network."""

    kind: Kind
    name: str
    place: FloatArray = field(repr=False)  # (3,), in units of the plane and of the heights


@dataclass(frozen=True, kw_only=True, eq=False)
class Upon:
    """Everything that lies upon a body."""

    marks: tuple[Mark, ...]
    line: FloatArray = field(repr=False)  # (m, 2, 3), pieces of a training's way


def ground_of(surface: Surface, *, logarithmic: bool, limit: float | None) -> Ground:
    """The heights of a body, to lay marks upon."""
    most = surface.request.display_limit if limit is None else limit
    return Ground(surface, lambda loss: heights(loss, logarithmic=logarithmic, limit=most))


def marks_upon(surface: Surface, ground: Ground, beside: Beside) -> Upon:
    """Lay the network at its own loss, others on the surface, and checkpoints at their own loss."""
    marks = []
    if ground.inside(np.zeros(1), np.zeros(1)).all():
        marks.append(Mark(kind="network", name="the network", place=ground.place(0.0, 0.0, surface.centre_loss)))
    marks += [
        Mark(kind="other network", name=anchor.name, place=ground.place(anchor.x, anchor.y))
        for anchor in surface.directions.anchors
        if ground.inside(np.array([anchor.x]), np.array([anchor.y])).all()
    ]
    if beside.trajectory is None:
        return Upon(marks=tuple(marks), line=np.empty((0, 2, 3)))
    way = ground.way(beside.trajectory)
    return Upon(marks=(*marks, *_checkpoints(beside.trajectory, way)), line=_pieces(way.line))


def _checkpoints(trajectory: Trajectory, way: LaidWay) -> Iterator[Mark]:
    """Marks of those over the plane: all, or as many as there may be, and those where the learning rate fell."""
    inside = np.flatnonzero(way.inside)
    chosen = inside[np.linspace(0, len(inside) - 1, min(len(inside), MOST_CHECKPOINTS)).round().astype(int)]
    drops = set(trajectory.rate_drops) & set(inside.tolist())
    for index in sorted({*chosen.tolist(), *drops}):
        kind: Kind = "rate falls" if index in drops else "checkpoint"
        name = f"epoch {number(trajectory.epoch[index])}" + (", learning rate falls" if index in drops else "")
        yield Mark(kind=kind, name=name, place=way.spots[index])


def _pieces(line: FloatArray) -> FloatArray:
    """Both ends of every piece of a line, where it is not interrupted: (m, 2, 3)."""
    if len(line) < 2:
        return np.empty((0, 2, 3))
    pieces = np.stack([line[:-1], line[1:]], axis=1)
    return np.asarray(pieces[np.isfinite(pieces).all(axis=(1, 2))])
