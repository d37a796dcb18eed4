"""The nearest stable correction in several features at once, categories among them: what is asked and answered."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import Norm, Proof, Status
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
MOST_NUMBERS = 10


@dataclass(frozen=True, kw_only=True)
class JointRequest:
    """The smallest stable change of one input, in a few features, after which the network does what is wanted."""

    input: tuple[float, ...] = field(repr=False)  # every column of the encoded input, in the user's units
    freedom: Freedom
    goal: Goal
    norm: Norm = "L1"
    row: int | None = None  # where the input came from, if from a data set
    most_changed: int = 0  # at most so many of the features are changed, the others exactly known; 0: any number
    different: int = 0  # so many further corrections are asked for, each of another set of features
    seconds: float = 30.0  # for the search of one correction, and as much for the largest box
    tolerance: float = 1e-3  # relative, between the proved bound and the best, at which a search ends

    def __post_init__(self) -> None:
        if not np.isfinite(self.input).all():
            raise InvalidRequest("The input holds NaN or infinity. Correct the row, or choose another one.")
        if len(self.freedom.numbers) > MOST_NUMBERS:
            raise InvalidRequest(
                f"{len(self.freedom.numbers)} numbers are free; a search goes through {MOST_NUMBERS} at most. "
                "Let fewer change."
            )
        if not 0 <= self.most_changed <= len(self.freedom.names):
            raise InvalidRequest(
                f"{self.most_changed} of {len(self.freedom.names)} features cannot be changed. Ask for fewer."
            )
        if not 0 <= self.different <= 20:
            raise InvalidRequest("Ask for 0 to 20 further corrections.")
        if not (0 < self.seconds < np.inf and 0 < self.tolerance < 1):
            raise InvalidRequest("The time for a search is above zero, and its tolerance between 0 and 1.")
        point = np.array(self.input)
        self.freedom.start(point)
        self.freedom.present(point)

    @property
    def limited(self) -> bool:
        """Whether not all of the features may be changed at once; those left alone then count as exactly known."""
        return 0 < self.most_changed < len(self.freedom.names)

    @cached_property
    def start(self) -> FloatArray:
        """(k,), the free numbers in the input."""
        found = self.freedom.start(np.array(self.input))
        found.flags.writeable = False  # it is shared
        return found

    @cached_property
    def present(self) -> tuple[int, ...]:
        """Place of the level that each free category has in the input."""
        return self.freedom.present(np.array(self.input))


@dataclass(frozen=True, kw_only=True, eq=False)
class JointBox:
    """Ranges of the free numbers at certain levels of the categories, with what is known of them."""

    low: FloatArray = field(repr=False)  # (k,)
    high: FloatArray = field(repr=False)  # (k,)
    levels: tuple[int, ...]  # place of the level of each free category
    proof: Proof = "unknown"  # "proved": every point of it is accepted, by outward-rounded bounds


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundChange:
    """One correction: where it leads, what it costs, and how sure that is."""

    point: FloatArray | None = field(repr=False)  # (k,), the free numbers; None: none is known
    levels: tuple[int, ...]  # place of the level of each free category; () where there is no point
    distance: float | None  # weighted, in the norm of the request
    lower_bound: float  # nothing stable is nearer: proved; infinite where nothing stable exists
    proof: Proof  # of the box of half-widths around `point`; "none_exists" where nothing stable exists
    closed: bool  # bound and distance agree up to the tolerance, or nothing exists
    half_width: FloatArray | None = field(default=None, repr=False)  # (k,), that it holds for; None: as asked for


@dataclass(frozen=True, kw_only=True, eq=False)
class JointCorrection:
    """The nearest stable correction, between a proved bound and the best that was found.

    ``course`` tells how the two came together. ``tradeoff`` has what a correction costs when every half-width is
    multiplied by a scale: lowest possible and best known distance. ``along`` has the corrections themselves, one for
    each row of ``tradeoff``; empty in files from before it was kept.
    """

    request: JointRequest
    status: Status
    verdict: int  # class that the network gives to the input itself; `NO_CLASS` where it gives a value
    value: float | None  # that the network gives to the input itself, if it gives one
    nearest: FoundChange
    boxes: int  # that were bounded in the search
    course: FloatArray = field(repr=False)  # (n, 3): seconds, lower bound, distance (inf: none so far)
    box: JointBox | None  # the box the user works with; at first the largest that could be proved around `nearest`
    others: tuple[FoundChange, ...] = ()  # each changes another set of features; the cheapest first
    tradeoff: FloatArray = field(repr=False)  # (n, 3): scale of the half-widths, lower bound, distance (inf: none)
    along: tuple[FoundChange, ...] = ()  # the correction of each row of `tradeoff`, with the half-widths it holds for
    provenance: Provenance
