"""The nearest stable correction as a question about a few handles and categories, whatever features they stand for."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import Norm
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.lanes import Choice, Lane, Lanes
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Handle:
    """A number that may change: a feature, or several that change together."""

    low: float
    high: float
    half_width: float = 0.0  # stability: the correction must hold for ± this much
    weight: float = 1.0  # cost per unit
    step: float = 0.0  # values are origin + n · step; 0: any number
    origin: float = 0.0
    name: str = ""

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low <= self.high):
            raise InvalidRequest(
                f"{self.name!r} may change from {self.low:g} to {self.high:g}: that range is empty. "
                "Give two finite numbers, the smaller first."
            )
        for what, value in (("stability", self.half_width), ("price", self.weight), ("step", self.step)):
            if not 0 <= value < np.inf:
                raise InvalidRequest(f"The {what} of {self.name!r} must be finite and not negative, not {value:g}.")
        if self.weight == 0:
            raise InvalidRequest(f"A change of {self.name!r} must cost something. Give a price above zero.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """Which point, at the least distance from `start`, has its whole box of half-widths accepted and within the ranges?

    A handle that goes in steps needs its box accepted at the values of its steps only.
    """

    subspace: Subspace
    start: FloatArray  # (k,), where the input is; it may lie outside the ranges
    handles: tuple[Handle, ...]
    goal: Goal
    choices: tuple[Choice, ...] = ()
    norm: Norm = "L1"
    elsewhere: tuple[tuple[FloatArray, tuple[int, ...]], ...] = ()  # points (k,) and levels to keep away from
    apart: float = 0.0  # by this distance at least, where the levels are the same
    unchanged: tuple[int, ...] = ()  # handles that stay at the start, if that is in range; stability is asked for too
    kept: tuple[int, ...] = ()  # choices that stay at their level; lanes keep their places, so networks can be shared
    moved: tuple[int, ...] = ()  # choices that must change, because it is asked elsewhere what is best without
    most_choices: int | None = None  # so many of them may change at once; None: all
    known: Lanes | None = field(default=None, repr=False)  # of another question about the same choices

    def __post_init__(self) -> None:
        if len(self.handles) != self.subspace.handles or self.start.shape != (len(self.handles),):
            raise InvalidRequest(
                f"{len(self.handles)} handles and a start of {self.start.shape} do not fit a subspace of "
                f"{self.subspace.handles} directions."
            )
        if not np.isfinite(self.start).all():
            raise InvalidRequest("The input holds NaN or infinity. Correct the row, or choose another one.")
        for choice in self.choices:
            present = self.subspace.base[list(choice.columns)]
            if sorted(present.tolist()) != [0.0] * (len(present) - 1) + [1.0]:
                raise InvalidRequest(f"The columns of {choice.name!r} are not a one among zeros in this input.")
            if self.subspace.directions[list(choice.columns)].any():
                raise InvalidRequest(f"{choice.name!r} is a category and cannot be moved by a handle as well.")

    @property
    def weights(self) -> FloatArray:
        """(k,), cost per unit."""
        return np.array([handle.weight for handle in self.handles])

    @cached_property
    def lattice(self) -> Lattice:
        """Which values the handles may have."""
        return Lattice(
            steps=np.array([handle.step for handle in self.handles]),
            origins=np.array([handle.origin for handle in self.handles]),
        )

    @cached_property
    def half_widths(self) -> FloatArray:
        """(k,), of the box that must be accepted; whole steps where there are steps."""
        return self.lattice.whole(np.array([handle.half_width for handle in self.handles]))

    @cached_property
    def ranges(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest values (k,) of the handles, on the lattice."""
        low, high = np.array([[handle.low, handle.high] for handle in self.handles]).T
        return self.lattice.inward(low, high)

    @cached_property
    def room(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest centres (k,): their boxes are within the ranges. Low > high somewhere if none are.

        A box exactly as wide as its range leaves one centre, whatever rounding says.
        """
        low, high = self.ranges
        inner_low, inner_high = low + self.half_widths, high - self.half_widths
        slack = 4 * np.spacing(np.maximum(np.abs(low), np.abs(high)))
        crossed = (inner_low > inner_high) & (inner_low - inner_high <= slack)
        middle = low / 2 + high / 2
        stays = np.isin(np.arange(len(low)), self.unchanged)
        inner_low, inner_high = np.where(crossed, middle, inner_low), np.where(crossed, middle, inner_high)
        kept = stays & (self.start >= inner_low - slack) & (self.start <= inner_high + slack)
        empty = stays & ~kept  # what stays has no stable place within its range
        inner_low, inner_high = np.where(kept, self.start, inner_low), np.where(kept, self.start, inner_high)
        return np.where(empty, np.inf, inner_low), np.where(empty, -np.inf, inner_high)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every combination of levels, the cheapest first; one that changes nothing if there are no categories."""
        return self._lanes.all

    @cached_property
    def open_lanes(self) -> IntArray:
        """The places of lanes in which every kept choice has its level, and every moved one another."""
        return self._lanes.places(self.kept, self.moved)

    def placed(self, point: FloatArray, levels: tuple[int, ...]) -> tuple[FloatArray, int] | None:
        """A centre (k,) at these levels, on the lattice, and its lane; None if it is none of those asked about."""
        lane = self.lane_of.get(levels)
        if lane is None or lane not in self.open_lanes:
            return None
        (low, high), on_steps = self.room, self.lattice.nearest(point)
        return (on_steps, lane) if ((low <= on_steps) & (on_steps <= high)).all() else None

    @property
    def lane_costs(self) -> FloatArray:
        """(lanes,), of the change to each."""
        return self._lanes.costs

    @property
    def lane_of(self) -> dict[tuple[int, ...], int]:
        """Which lane has these levels."""
        return self._lanes.place_of

    @property
    def present(self) -> tuple[int, ...]:
        """The level that each category has in the input."""
        return self._lanes.present

    def keeping_lanes(self) -> "Question":
        """The same question; those made from it need not work out the lanes again."""
        return self if self.known is self._lanes else replace(self, known=self._lanes)

    def with_stability(self, scale: float) -> "Question":
        """The same question with all half-widths multiplied."""
        handles = tuple(replace(handle, half_width=scale * handle.half_width) for handle in self.handles)
        return replace(self, handles=handles)

    def restricted(self, network: PiecewiseLinear) -> Restriction:
        """The network as a function of the handles, in every lane."""
        return Restriction.of(network, self.subspace, np.array([lane.added for lane in self.lanes]))

    @cached_property
    def _lanes(self) -> Lanes:
        known, base, most = self.known, self.subspace.base, self.most_choices
        if known is not None and known.base is base and known.choices is self.choices and known.most == most:
            return known
        return Lanes(base=base, choices=self.choices, most=most)
