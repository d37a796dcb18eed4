"""How near a stable correction is for every two features of one input: what is asked and answered."""

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
IntArray = npt.NDArray[np.intp]
CodeArray = npt.NDArray[np.uint8]
MOST_FEATURES = 60  # 1830 answers
CODES: tuple[Proof, ...] = ("unknown", "sampled", "proved", "none_exists")  # of `Pairs.proof`, by number
NEARER = 1e-6  # relative: by less a correction is not nearer than another
ACCEPTED, REJECTED, DOUBTFUL = 1, 2, 0  # of `Table.judged`


@dataclass(frozen=True, kw_only=True)
class PairsRequest:
    """The smallest stable change of one input, once for every two of some features and for each alone."""

    input: tuple[float, ...] = field(repr=False)  # every column of the encoded input, in the user's units
    freedom: Freedom  # at least two features
    goal: Goal
    norm: Norm = "L1"
    row: int | None = None  # where the input came from, if from a data set
    seconds: float = 20.0  # for one pair: what its exact slice may take, and as much for a search where that is not all

    def __post_init__(self) -> None:
        if not np.isfinite(self.input).all():
            raise InvalidRequest("The input holds NaN or infinity. Correct the row, or choose another one.")
        if not 2 <= len(self.features) <= MOST_FEATURES:
            raise InvalidRequest(
                f"Pairs are ranked of 2 to {MOST_FEATURES} features; {len(self.features)} may change. Name others."
            )
        if not 0 < self.seconds < np.inf:
            raise InvalidRequest("The time for a pair must be above zero.")
        point = np.array(self.input)
        self.freedom.start(point)
        self.freedom.present(point)

    @property
    def features(self) -> tuple[str, ...]:
        """Names, of the numbers first: what the rows and columns of the matrix stand for."""
        return self.freedom.names

    def is_category(self, feature: int) -> bool:
        """Whether a feature, by its place, is a category."""
        return feature >= len(self.freedom.numbers)

    @cached_property
    def present(self) -> FloatArray:
        """(m,), the features in the input: the value of a number, the place of the level of a category."""
        point = np.array(self.input)
        found = np.array([*self.freedom.start(point), *self.freedom.present(point)], dtype=np.float64)
        found.flags.writeable = False  # it is shared: the words of every pair ask for it
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class NumberLane:
    """One number at one level of a category: where the network accepts, exactly, and the nearest stable value."""

    level: int  # place in the category's levels; 0 where there is no category
    accepted: FloatArray = field(repr=False)  # (n, 2) intervals of the number, rising; up to a margin for rounding
    centre: float | None  # the nearest stable value; None: none is known
    distance: float | None  # of `centre`, the price of the level added
    lower_bound: float  # nothing stable is nearer at this level; infinite: provably nothing is
    proof: Proof  # of ± the half-width about `centre`; "none_exists" where provably nothing is stable


@dataclass(frozen=True, kw_only=True, eq=False)
class Lanes:
    """A number and a category: one lane for each level that may be chosen. Zhang et al. 2018 call it cat × numeric."""

    number: int  # place among the features
    category: int  # place among the features; that of the number itself where it changes alone
    lanes: tuple[NumberLane, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Two categories, or one: what the network says of every combination of levels."""

    first: int  # place among the features, down
    second: int  # place among the features, across; that of the first itself where it changes alone
    judged: CodeArray = field(repr=False)  # (a, b): `ACCEPTED`, `REJECTED`, both proved, or `DOUBTFUL`; b = 1 alone
    leads: FloatArray = field(repr=False)  # (a, b), by how much the goal is exceeded; NaN where a level is not allowed
    verdicts: IntArray = field(repr=False)  # (a, b), the class that wins; −1 where the network gives a value


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """A matrix over the features: how far the nearest stable correction is in which only those two change.

    The diagonal has each feature alone. Everything is symmetric but for `centres`.
    """

    request: PairsRequest
    status: Status
    verdict: int  # class that the network gives to the input itself; −1 where it gives a value
    value: float | None  # that the network gives to the input itself, if it gives one
    order: IntArray = field(repr=False)  # (p, 2), in which the answers are looked for, the most promising first
    distance: FloatArray = field(repr=False)  # (m, m), in the norm; NaN: not looked at yet; infinite: none is known
    lower_bound: FloatArray = field(repr=False)  # (m, m), nothing stable is nearer; infinite: provably nothing is
    proof: CodeArray = field(repr=False)  # (m, m), places in `CODES`
    centres: FloatArray = field(repr=False)  # (m, m, 2): the corrected features of row and column; NaN without one
    seconds: FloatArray = field(repr=False)  # (m, m), that the answer took; NaN: not looked at yet
    lanes: tuple[Lanes, ...] = field(default=(), repr=False)
    tables: tuple[Table, ...] = field(default=(), repr=False)
    provenance: Provenance

    @property
    def done(self) -> npt.NDArray[np.bool_]:
        """(m, m), which were looked at."""
        looked: npt.NDArray[np.bool_] = ~np.isnan(self.distance)
        return looked

    def proof_of(self, first: int, second: int) -> Proof:
        """What is known of the answer for two features."""
        return CODES[int(self.proof[first, second])]

    @cached_property
    def searched(self) -> bool:
        """Whether numbers were searched by bounds because the network has no exact regions, or they took too long."""
        numbers = range(len(self.request.freedom.numbers))
        looked = [number for number in numbers if self.done[number, number]]
        return bool(looked) and all(self.lanes_of(number, number) is None for number in looked)

    def ranked(self) -> list[tuple[int, int]]:
        """Features and pairs (i ≤ j) that have a correction, the nearest first; of equal ones those that need less."""
        first, second = np.nonzero(np.isfinite(self.distance) & np.triu(np.ones_like(self.distance, bool)))
        distances = self.distance[first, second]
        order = np.lexsort((second, first, first != second, np.round(distances, 9)))
        return [(int(first[place]), int(second[place])) for place in order]

    def worth_a_look(self) -> list[tuple[int, int]]:
        """Of the ranked ones those that need all of their features: each alone, and pairs that need both."""
        return [(first, second) for first, second in self.ranked() if first == second or self.needs_both(first, second)]

    def needs_both(self, first: int, second: int) -> bool:
        """Whether two features together have a nearer correction than either has alone."""
        return bool(self.needing_both[first, second])

    @cached_property
    def needing_both(self) -> npt.NDArray[np.bool_]:
        """(m, m), the same of all."""
        each = self.distance.diagonal()
        alone = np.fmin.outer(each, each)  # what is not known yet is no rival
        needing: npt.NDArray[np.bool_] = (self.distance < alone * (1 - NEARER)) | np.isnan(alone)
        np.fill_diagonal(needing, val=False)
        return needing

    @property
    def promising(self) -> tuple[int, ...]:
        """The features in the order of what each alone promised: the one in which the matrix is shown."""
        return tuple(int(first) for first, second in self.order if first == second)

    @property
    def best(self) -> tuple[int, int] | None:
        """The nearest of all; None while none is known."""
        ranked = self.ranked()
        return ranked[0] if ranked else None

    def lanes_of(self, first: int, second: int) -> Lanes | None:
        """The lanes of a number and a category, in either order, or of a number alone."""
        wanted = {first, second}
        return next((one for one in self.lanes if {one.number, one.category} == wanted), None)

    def table_of(self, first: int, second: int) -> Table | None:
        """The table of two categories, in either order, or of one alone."""
        wanted = {first, second}
        return next((one for one in self.tables if {one.first, one.second} == wanted), None)
