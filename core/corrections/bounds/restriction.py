"""A network as a function of a few handles: what each layer gets from the input is worked out once, for every lane.

A lane is one choice of the categories: the same handles, another input under them. Most networks read the input in
their first layer only, so that afterwards an evaluation costs the same whether there are ten columns or ten thousand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from core.corrections.network.curves import RELU, activated, slopes_of
from core.corrections.network.matrices import Matrix, magnitude, product, terms_in_a_row, transposed
from core.corrections.network.piecewise import PiecewiseLinear, Term
from core.corrections.records.subspace import Subspace
from core.corrections.slices.rounding import VANISHING, gamma
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
NUMBERS_AT_A_TIME = 100_000  # of one layer's values: they stay in the cache, which nearly halves the time
FEWEST_POINTS = 64  # that are worth the overhead
Slopes = npt.NDArray[Any]  # of activations: true or false for ReLUs, numbers for curves


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """What a layer computes without any hidden neuron: ``constants[lane] + u @ slopes``, its bias included."""

    slopes: FloatArray = field(repr=False)  # (k, width)
    constants: FloatArray = field(repr=False)  # (lanes, width)
    slope_sizes: FloatArray = field(repr=False)  # (k, width), sums of absolute values, for bounds of rounding
    constant_sizes: FloatArray = field(repr=False)  # (lanes, width)
    doubt: float  # relative to the sizes: how far slopes, constants and a value made of them may be off

    @cached_property
    def silent(self) -> bool:
        """Whether the layer reads no handle: its slopes are zeros then, which nobody needs to multiply."""
        return not self.slope_sizes.any()

    def coarse(self) -> "Entry":
        """The same in float32."""
        arrays = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "doubt"}
        return Entry(doubt=self.doubt, **{name: array.astype(np.float32) for name, array in arrays.items()})

    def part(self, neurons: IntArray) -> "Entry":
        """Of some of the neurons."""
        arrays = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "doubt"}
        return Entry(doubt=self.doubt, **{name: np.ascontiguousarray(a[:, neurons]) for name, a in arrays.items()})

    def values(self, points: FloatArray, lanes: IntArray) -> FloatArray:
        """(n, width) at points (n, k)."""
        constants: FloatArray = self.constants if len(self.constants) == 1 else self.constants[lanes]
        if self.silent:
            return np.broadcast_to(constants, (len(points), constants.shape[1]))  # not to be written to
        reached: FloatArray = constants + points @ self.slopes
        return reached

    def scale(self, centres: FloatArray, halves: FloatArray, lanes: IntArray) -> FloatArray:
        """(b, width), at least the sum of absolute values anywhere in boxes."""
        largest = np.abs(centres) + halves
        sizes: FloatArray = self.constant_sizes[lanes] + largest @ self.slope_sizes
        sizes += VANISHING * (1.0 + largest.sum(axis=1, keepdims=True))
        return sizes


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage:
    """One layer: what it gets from the input, and what from the neurons before."""

    entry: Entry
    terms: tuple[Term, ...]  # whose source is not the input
    curve: str = RELU  # what is done to its numbers before they are read; a name in `curves.CURVES`

    def coarse(self) -> "Stage":
        """The same in float32."""
        terms = (Term(source=term.source, matrix=cast("Any", term.matrix.astype(np.float32))) for term in self.terms)
        return Stage(entry=self.entry.coarse(), terms=tuple(terms), curve=self.curve)

    @property
    def width(self) -> int:
        """How many neurons the layer has."""
        return int(self.entry.slopes.shape[1])

    @cached_property
    def sizes(self) -> tuple[Matrix, ...]:
        """The absolute values of every term's numbers, transposed: ``radius @ size``."""
        return tuple(transposed(term.magnitude) for term in self.terms)

    @cached_property
    def longest(self) -> int:
        """The most numbers that one neuron sums up, its entry counted as one: what rounding grows with."""
        return 1 + sum(terms_in_a_row(term.matrix) for term in self.terms)


@dataclass(frozen=True, kw_only=True, eq=False)
class Restriction:
    """A network on a subspace, and on the lanes beside it."""

    stages: tuple[Stage, ...] = field(repr=False)
    handles: int
    lanes: int
    outputs: int
    last_use: tuple[int, ...]  # of every source, the last layer that reads it

    @classmethod
    def of(cls, network: PiecewiseLinear, subspace: Subspace, lanes: FloatArray | None = None) -> "Restriction":
        """With lanes (n, columns) that are added to the base of the subspace; without any, one lane that adds nothing.

        Raises
        ------
        InvalidRequest
            If the subspace does not fit the network.
        """
        if len(subspace.base) != network.inputs:
            raise InvalidRequest(
                f"The input has {len(subspace.base)} columns, the network takes {network.inputs}. Choose a row of the "
                "data that the network was trained on."
            )
        bases = subspace.base[None] if lanes is None else subspace.base + lanes
        stages = []
        for layer in network.layers:
            read = [term for term in layer.terms if term.source == 0]
            entry = _entry(read[0] if read else None, layer.bias, bases, subspace.directions)
            hidden = tuple(term for term in layer.terms if term.source > 0)
            stages.append(Stage(entry=entry, terms=hidden, curve=layer.curve))
        return cls(
            stages=tuple(stages),
            handles=subspace.handles,
            lanes=len(bases),
            outputs=network.classes,
            last_use=network.last_use,
        )

    def elsewhere(self, network: PiecewiseLinear, subspace: Subspace) -> "Restriction":
        """The same network on another subspace of as many handles; layers that do not read the input are shared.

        Raises `InvalidRequest` as `of` does.
        """
        if not all(term.source for layer in network.layers[1:] for term in layer.terms) or self.lanes > 1:
            return Restriction.of(network, subspace)
        first = network.layers[0]
        read = [term for term in first.terms if term.source == 0]
        entry = _entry(read[0] if read else None, first.bias, subspace.base[None], subspace.directions)
        return replace(self, stages=(Stage(entry=entry, terms=()), *self.stages[1:]))

    def thinned(self, kept: Sequence[npt.NDArray[np.bool_]]) -> "Restriction":
        """Without the neurons of the hidden layers that are not to be kept, each (width,), as if they were never on."""
        # A layer of no neurons at all is more than a sparse matrix can be multiplied with.
        places = [np.flatnonzero(some) if some.any() else np.zeros(1, np.intp) for some in kept]
        places.append(np.arange(self.stages[-1].width))
        stages = (
            replace(
                stage,
                entry=stage.entry.part(neurons),
                terms=tuple(
                    replace(term, matrix=term.matrix[neurons][:, places[term.source - 1]]) for term in stage.terms
                ),
            )
            for stage, neurons in zip(self.stages, places, strict=True)
        )
        return replace(self, stages=tuple(stages))

    @property
    def widest(self) -> int:
        """The most neurons in a layer."""
        return max(stage.width for stage in self.stages)

    @cached_property
    def coarse(self) -> "Restriction":
        """The same in float32, for guesses: twice as fast."""
        return replace(self, stages=tuple(stage.coarse() for stage in self.stages))

    def at(self, points: FloatArray, lanes: IntArray | None = None) -> FloatArray:
        """Outputs (n, outputs) at points (n, k), in these lanes (n,); in the first one if none are given."""
        few = max(FEWEST_POINTS, NUMBERS_AT_A_TIME // self.widest)
        where = np.zeros(len(points), np.intp) if lanes is None else lanes
        parts = [points[begin : begin + few] for begin in range(0, max(1, len(points)), few)]
        values = [self._last(part, where[place * few : (place + 1) * few]) for place, part in enumerate(parts)]
        return values[0] if len(values) == 1 else np.concatenate(values)

    def patterns(self, points: FloatArray, lanes: IntArray | None = None) -> tuple[FloatArray, list[Slopes]]:
        """Outputs (n, outputs), and for every hidden layer which ReLUs are on (n, width), or how steep it is there."""
        values = list(self._values(points, lanes))
        return values[-1], [slopes_of(z, stage.curve) for z, stage in zip(values[:-1], self.stages[:-1], strict=True)]

    def gradients(self, patterns: list[Slopes], rows: FloatArray) -> FloatArray:
        """Derivatives (n, k) of ``rows[i] @ outputs`` by the handles for what `patterns` gave; rows (n, outputs)."""
        due: dict[int, FloatArray] = {}
        total = np.zeros((len(rows), self.handles), rows.dtype)
        for place in range(len(self.stages) - 1, -1, -1):
            stage = self.stages[place]
            if place == len(self.stages) - 1:
                back = rows
            elif place + 1 in due:
                back = due.pop(place + 1) * patterns[place]
            else:
                continue  # nothing reads this layer
            total += back @ stage.entry.slopes.T
            for term in stage.terms:
                part = product(back, term.matrix)
                due[term.source] = due[term.source] + part if term.source in due else part
        return total

    def _last(self, points: FloatArray, lanes: IntArray) -> FloatArray:
        *_, last = self._values(points, lanes)
        return last

    def _values(self, points: FloatArray, lanes: IntArray | None) -> Iterator[FloatArray]:
        """Layer after layer before its ReLU."""
        where = np.zeros(len(points), np.intp) if lanes is None else lanes
        kept: dict[int, FloatArray] = {}
        for place, stage in enumerate(self.stages):
            z = stage.entry.values(points, where)
            z = z if stage.terms else np.array(z)
            for term in stage.terms:
                part = product(kept[term.source], term.rows)
                part += z
                z = part
            yield z
            kept[place + 1] = activated(z, stage.curve)
            kept = {source: h for source, h in kept.items() if source > place or self.last_use[source] > place}


def _entry(read: Term | None, bias: FloatArray, bases: FloatArray, directions: FloatArray) -> Entry:
    handles = directions.shape[1]
    if read is None:
        nothing = np.zeros((handles, len(bias)))
        constants = np.broadcast_to(bias, (len(bases), len(bias)))
        return Entry(
            slopes=nothing,
            constants=constants,
            slope_sizes=nothing,
            constant_sizes=np.abs(constants),
            doubt=gamma(handles + 8),
        )
    size = magnitude(read.matrix)
    # A point is placed (k + 1 terms), then multiplied: what was summed first is as exact as what is summed last.
    return Entry(
        slopes=np.ascontiguousarray(product(read.matrix, directions).T),
        constants=product(read.matrix, bases.T).T + bias,
        slope_sizes=np.ascontiguousarray(product(size, np.abs(directions)).T),
        constant_sizes=product(size, np.abs(bases).T).T + np.abs(bias),
        doubt=gamma(terms_in_a_row(read.matrix) + handles + 16),
    )
