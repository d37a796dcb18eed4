"""What is asked of the corrections engine, and what it answers: plain records of numpy arrays."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.corrections.records.goal import Goal
from core.corrections.records.move import Move, moved_subspace, start_of
from core.corrections.records.subspace import Subspace
from core.corrections.records.tradeoff import Tradeoff
from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
Status = Literal["complete", "partial"]
Norm = Literal["L1", "L2", "Linf"]
Proof = Literal["proved", "sampled", "unknown", "none_exists"]
NO_CLASS = -1
NO_COLUMNS = (-1, -1)


@dataclass(frozen=True, kw_only=True)
class FreeFeature:
    """One feature that may change, in the user's units."""

    name: str
    low: float  # smallest value the change may reach
    high: float
    half_width: float = 0.0  # stability: the correction must hold for ± this much
    price: float = 0.0  # cost per unit in the distance; 0 stands for 1 / (high − low), as in Zhang et al. 2018
    step: float = 0.0  # the feature has whole multiples of it for values; 0: any number

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low < self.high):
            raise InvalidRequest(
                f"{self.name!r} may change from {self.low:g} to {self.high:g}: that range is empty. "
                "Give two finite numbers, the smaller first."
            )
        if not all(0 <= value < np.inf for value in (self.half_width, self.price, self.step)):
            raise InvalidRequest(f"Stability, price and step of {self.name!r} must be finite and not negative.")
        if 2 * self.half_width > self.high - self.low:
            raise InvalidRequest(
                f"A stability of ±{self.half_width:g} of {self.name!r} does not fit into its range "
                f"{self.low:g} to {self.high:g}. Ask for less stability or a wider range."
            )

    @property
    def weight(self) -> float:
        """What one unit of change costs."""
        return self.price if self.price > 0 else 1.0 / (self.high - self.low)


@dataclass(frozen=True, kw_only=True)
class CorrectionRequest:
    """The smallest stable change of two features of one input after which the network does what is wanted."""

    input: tuple[float, ...] = field(repr=False)  # every column of the encoded input, in the user's units
    free: tuple[FreeFeature, FreeFeature]
    columns: tuple[int, int] = NO_COLUMNS  # which columns of the input the two features are; none where they are moves
    target: int = NO_CLASS  # index of the wanted class; `NO_CLASS` where `goal` says what is wanted
    row: int | None = None  # where the input came from, if from a data set
    goal: Goal | None = None  # one of several classes, or a value within limits
    norm: Norm = "L1"  # of the distance: the sum of the priced changes, their Euclidean length, or the largest of them
    moves: tuple[Move, Move] | None = field(default=None, repr=False)  # how they act where they are more than a column

    def __post_init__(self) -> None:
        if (self.goal is None) == (self.target == NO_CLASS):
            raise InvalidRequest("Say what is wanted: one class, or a goal of several classes or of a value.")
        if self.moves is None and self.columns[0] == self.columns[1]:
            raise InvalidRequest(f"The two free features are the same one, {self.free[0].name!r}. Choose two.")
        if self.moves is not None and self.columns != NO_COLUMNS:
            raise InvalidRequest("The free features are two columns of the input, or two moves, and not both.")
        taken = [column for move in self.moves or () if not move.shifts for column in move.columns]
        if len(set(taken)) < len(taken):
            raise InvalidRequest("Two of the free features take the same column of the input.")
        if not np.isfinite(self.input).all():
            raise InvalidRequest("The input holds NaN or infinity. Correct the row, or choose another one.")
        self.subspace  # noqa: B018  refuses columns that are not there, and moves of which one makes up the other

    @property
    def wanted(self) -> Goal:
        """What the network is to do."""
        return Goal(classes=(self.target,)) if self.goal is None else self.goal

    @cached_property
    def point(self) -> tuple[float, float]:
        """Where the input lies in the slice, in the user's units."""
        given = np.array(self.input)
        x, y = (start_of(move, given, one.name) for move, one in zip(self.acting, self.free, strict=True))
        return x, y

    @property
    def acting(self) -> tuple[Move, Move]:
        """How the two features act on the input."""
        x, y = self.columns
        return self.moves or (Move(columns=(x,)), Move(columns=(y,)))

    @property
    def subspace(self) -> Subspace:
        """The plane of the slice in the space of inputs."""
        plane = moved_subspace(self.acting, np.array(self.input))
        if np.linalg.matrix_rank(plane.directions) < 2:
            raise InvalidRequest("The two free features change the input in the same way. Choose another one of them.")
        return plane

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x low, y low, x high, y high) of the slice, in the user's units."""
        x, y = self.free
        return x.low, y.low, x.high, y.high

    @property
    def half_width(self) -> tuple[float, float]:
        """Of the box for which the correction must hold."""
        x, y = self.free
        return x.half_width, y.half_width

    @property
    def weights(self) -> tuple[float, float]:
        """What one unit of change costs."""
        x, y = self.free
        return x.weight, y.weight

    @property
    def steps(self) -> tuple[float, float]:
        """The two features have whole multiples of them for values; 0: any number."""
        x, y = self.free
        return x.step, y.step


@dataclass(frozen=True, kw_only=True, eq=False)
class Polygon:
    """One connected part of a region of the slice: an outer ring and its holes, in the user's units."""

    exterior: FloatArray = field(repr=False)  # (v, 2), closed: first vertex = last vertex
    holes: tuple[FloatArray, ...] = field(default=(), repr=False)  # each (v, 2), closed


@dataclass(frozen=True, kw_only=True, eq=False)
class Box:
    """An axis-parallel box in the slice, in the user's units, with what is known about it."""

    centre: tuple[float, float]
    half_width: tuple[float, float]
    proof: Proof = "unknown"  # "proved": every point of the box is accepted, by outward-rounded bounds

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x low, y low, x high, y high)."""
        (x, y), (w, h) = self.centre, self.half_width
        return x - w, y - h, x + w, y + h


@dataclass(frozen=True, kw_only=True, eq=False)
class Triangle:
    """A triangle of accepted points, as Zhang et al. 2018 describe corrections in two features."""

    corners: FloatArray = field(repr=False)  # (3, 2), in the user's units
    share: float  # of the accepted area, 0 to 1
    centre: tuple[float, float] | None  # its nearest stable correction; None: no stability box fits into it
    distance: float | None  # of `centre` from the input, as in `Correction.distance` and never less


@dataclass(frozen=True, kw_only=True, eq=False)
class Correction:
    """The exact accepted region of a two-feature slice and the nearest stable correction in it.

    The slice is the rectangle of the two ranges; every other feature stays at the input's value. The regions hold every
    number, whether a feature goes in steps or not. The nearest stable correction lies on whole steps, or at the input's
    own value of a feature; what it is stable for is every value around it, those between the steps as well.
    """

    request: CorrectionRequest
    status: Status
    verdict: int  # class that the network gives to the input itself; `NO_CLASS` where it gives a value
    cells: int  # linear pieces of the network in the slice
    accepted: tuple[Polygon, ...] = field(repr=False)  # where the goal is reached, exactly (up to `margin`)
    stable: tuple[Polygon, ...] = field(repr=False)  # centres whose whole e-box is accepted and inside the ranges
    accepted_share: float  # of the area of the slice, 0 to 1
    margin: float  # by which the goal is exceeded everywhere in `accepted`, in logits or values: for rounding's sake
    centre: tuple[float, float] | None  # nearest stable correction; None: provably none exists in the slice
    distance: float | None  # weighted distance of `centre` from the input, in the norm of the request
    lower_bound: float | None  # no stable correction is nearer than this
    proof: Proof  # of the e-box around `centre`; "none_exists" when there is no stable correction
    box: Box | None  # the box the user works with; at first the e-box around `centre`
    provenance: Provenance
    value: float | None = None  # that the network gives to the input itself, if it gives one
    largest_box: Box | None = None  # the largest accepted one around the nearest stable correction, for a simple rule
    triangle: Triangle | None = None  # what the paper's greedy growth finds there, to compare
    tradeoff: Tradeoff | None = None  # the nearest distance over the stability; None: not computed

    @property
    def input_accepted(self) -> bool:
        """Whether the goal is reached by the input itself."""
        goal = self.request.wanted
        if self.value is None:
            return self.verdict in goal.classes
        low, high = goal.at_least, goal.at_most
        return (low is None or self.value >= low) and (high is None or self.value <= high)
