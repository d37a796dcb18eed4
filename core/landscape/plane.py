"""The axes that a plane or a line through weight space may be asked to have, and the axes that came of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
Direction = Mapping[str, npt.NDArray[np.float32]]  # by name in the state dict, shape of the tensor; what lacks is still
Norm = Literal["filter", "layer", "weight", "dfilter", "dlayer", "none"]
Ignore = Literal["biasbn", "none"]
Moving = Literal["weights", "states"]  # trained parameters only, or the running statistics of normalisation with them
BatchNorm = Literal["frozen", "recalibrated"]
Range = tuple[float, float]
NARROWEST = 1e-9  # of the larger of its ends: the points of a narrower range fall together
THINNEST = 1e-300  # the same at zero
FARTHEST = 1e30  # beyond, weights overflow whatever the direction


@dataclass(frozen=True, kw_only=True)
class RandomDirections:
    """Two independent Gaussian directions, scaled to the network (Li et al. 2018, §4)."""

    kind: Literal["random"] = "random"
    norm: Norm = "filter"
    ignore: Ignore = "biasbn"  # biases and normalisation layers do not move
    seed: int = 123  # Li et al.: the seed of the original tool

    def __post_init__(self) -> None:
        checked_seed(self.seed)

    @property
    def others(self) -> tuple[str, ...]:
        """sha256 of the networks that the plane goes through, beside its own."""
        return ()


@dataclass(frozen=True, kw_only=True)
class EigenDirections:
    """Eigenvectors of the Hessian of the loss at the network (Yao et al. 2018, §3), by decreasing magnitude."""

    kind: Literal["eigen"] = "eigen"
    first: int = 1  # rank of the eigenvalue whose vector is the first axis
    second: int = 2
    norm: Norm = "none"  # none: of unit length; else scaled to the weights as random directions are
    seed: int = 0
    tolerance: float = 1e-3  # relative error of the eigenvalues

    def __post_init__(self) -> None:
        if min(self.first, self.second) < 1 or self.first == self.second:
            raise InvalidRequest(
                f"Eigenvectors {self.first} and {self.second} span no plane. Give two ranks, counted from 1."
            )
        if not 0 < self.tolerance < 1:
            raise InvalidRequest(f"The tolerance {self.tolerance:g} is not between 0 and 1, such as 1e-3.")
        checked_seed(self.seed)

    @property
    def others(self) -> tuple[str, ...]:
        """sha256 of the networks that the plane goes through, beside its own."""
        return ()


@dataclass(frozen=True, kw_only=True)
class PcaDirections:
    """The two principal axes of a training's checkpoints, seen from the last one (Li et al. 2018, §7.1)."""

    kind: Literal["pca"] = "pca"
    moving: Moving = "weights"
    ignore: Ignore = "none"

    @property
    def others(self) -> tuple[str, ...]:
        """sha256 of the networks that the plane goes through, beside its own."""
        return ()


@dataclass(frozen=True, kw_only=True)
class NetworkDirections:
    """Towards one other network (a line), or in the plane with two others (Garipov et al. 2018, §A.3).

    The first axis is the difference to `first`, which so lies at (1, 0). The second is what the difference to `second`
    has beyond it, as long as the first axis: distances in the plane are true in every direction.
    """

    first: str  # sha256
    kind: Literal["networks"] = "networks"
    second: str = ""  # sha256; "" for a line
    moving: Moving = "states"  # only so the other network is met itself, running statistics included

    def __post_init__(self) -> None:
        if self.first == self.second:
            raise InvalidRequest("A plane through three networks needs three different ones.")

    @property
    def others(self) -> tuple[str, ...]:
        """sha256 of the networks that the plane goes through, beside its own."""
        return (self.first, self.second) if self.second else (self.first,)


@dataclass(frozen=True, kw_only=True)
class BezierDirections:
    """A curve of low loss to another network: quadratic Bézier with a trained bend (Garipov et al. 2018, §3).

    The first axis is the difference to the other network. The second is the bend's distance from the middle of the
    two, so that the curve is ``θ + t·x + 2t(1 − t)·y`` and lies in the plane of the axes.
    """

    other: str  # sha256
    kind: Literal["bezier"] = "bezier"
    steps: int = 200  # of stochastic gradient descent on the bend
    batch_size: int = 128
    learning_rate: float = 0.1  # that a search begins with; if the loss is not finite, a tenth of it, twice at most
    seed: int = 0

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_size < 1 or not self.learning_rate > 0:
            raise InvalidRequest("A curve is found in at least one step of at least one sample at a rate above zero.")
        checked_seed(self.seed)

    @property
    def others(self) -> tuple[str, ...]:
        """sha256 of the networks that the plane goes through, beside its own."""
        return (self.other,)


@dataclass(frozen=True, kw_only=True)
class FileDirections:
    """Directions of the original tool's file, or of another Corrie result, as they are."""

    kind: Literal["file"] = "file"
    origin: str = ""  # the file, for the record
    sha256: str = ""  # `Directions.fingerprint`, so that a result says which ones were meant
    x_axis: str = ""  # what the axes are, in the words of the result they were taken from; "" where nobody knows
    y_axis: str = ""
    eigenvector: int = 0  # rank of the eigenvector of unit length that the first axis is; 0: none
    eigenvalue: float = 0.0  # that belongs to it

    @property
    def others(self) -> tuple[str, ...]:
        """sha256 of the networks that the plane goes through, beside its own."""
        return ()


AnyDirections = (
    RandomDirections | EigenDirections | PcaDirections | NetworkDirections | BezierDirections | FileDirections
)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A network that lies in a plane, or was projected into it."""

    name: str
    sha256: str
    x: float
    y: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Directions:
    """The axes of a plane in weight space, in units of the network's own weights."""

    x: Direction = field(repr=False)
    y: Direction = field(repr=False)  # empty for a line
    cosine: float  # of the angle between the two; random directions are almost, never exactly, orthogonal
    anchors: tuple[Anchor, ...] = ()  # the network itself is at (0, 0) and not among them
    eigenvalues: tuple[float, ...] = ()  # of the Hessian along the axes, where they are eigenvectors
    explained_variance: tuple[float, ...] = ()  # shares of the checkpoints' variance, where they are principal axes

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over names and values: results of one fingerprint lie in the same plane."""
        digest = hashlib.sha256()
        for axis in (self.x, self.y):
            for name in sorted(axis):
                digest.update(f"{name}{axis[name].shape}".encode())
                digest.update(np.ascontiguousarray(axis[name], dtype=np.float32).tobytes())
            digest.update(b"|")
        return digest.hexdigest()

    @cached_property
    def squared_lengths(self) -> tuple[float, float]:
        """Of both axes, in squared units of the weights; 0 for one that there is not."""
        x, y = (
            sum(float(np.square(part, dtype=np.float64).sum()) for part in axis.values()) for axis in (self.x, self.y)
        )
        return x, y


def checked_plane(directions: Directions) -> Directions:
    """The directions themselves. Raises `InvalidRequest` for a line, over which a plane would be flat one way."""
    if not directions.y:
        raise InvalidRequest(
            "There is only one direction, which spans no plane. Choose two, or compute a curve along this one."
        )
    return directions


def checked_range(name: str, extent: Range | None) -> None:
    """Raise `InvalidRequest` unless the range of an axis can be shown; None stands for one that suits the anchors."""
    if extent is not None and not (np.isfinite(extent).all() and extent[0] < extent[1]):
        raise InvalidRequest(
            f"The {name} range {extent[0]:g} to {extent[1]:g} is empty. Give two finite numbers, the smaller first."
        )
    if extent is None:
        return
    reach, width = max(map(abs, extent)), extent[1] - extent[0]
    if reach > FARTHEST or width < max(NARROWEST * reach, THINNEST):
        raise InvalidRequest(
            f"Between {extent[0]!r} and {extent[1]!r} the {name} positions of points cannot be told apart as numbers. "
            f"Give a wider range, but not beyond {FARTHEST:g}."
        )


def checked_seed(seed: int, count: int = 1) -> None:
    """Raise `InvalidRequest` unless generators take the seed, and the `count` − 1 next ones."""
    if not -(2**63) <= seed <= 2**63 - count:
        raise InvalidRequest(f"The seed {seed} is too large for a generator. Give one of at most 18 digits.")


def checked_samples(samples: int | None) -> None:
    """Raise `InvalidRequest` for fewer than one sample; None stands for all."""
    if samples is not None and samples < 1:
        raise InvalidRequest(f"{samples} samples have no mean loss. Ask for at least one.")
