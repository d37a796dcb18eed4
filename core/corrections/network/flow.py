"""Values inside a network while it is lowered: affine functions of the input and of ReLUs, many numbers at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.network.curves import RELU
from core.corrections.network.matrices import (
    Matrix,
    added,
    compact,
    composed,
    diagonal,
    is_zero,
    least,
    on_top_of_each_other,
    scattered,
    selection,
    stored,
)
from core.corrections.network.piecewise import Layer, Term
from core.errors import UnsupportedNetwork

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
MOST_NUMBERS = 100_000_000  # in all matrices together: about 2 GB with what bounds need beside them


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """``Σ terms[j] h_j + bias`` for one sample, with h_0 the input and h_j what the j-th ReLU layer gave."""

    terms: Mapping[int, Matrix] = field(repr=False)  # each (size, width of the source); none is all zero
    bias: FloatArray = field(repr=False)  # (size,)
    shape: tuple[int, ...]  # of one sample, without the batch

    @classmethod
    def constant(cls, values: FloatArray) -> "Flow":
        """The same numbers for every sample."""
        return cls(terms={}, bias=values.reshape(-1), shape=values.shape)

    @classmethod
    def of_source(cls, source: int, shape: tuple[int, ...]) -> "Flow":
        """All that a source gives, as it is."""
        size = int(np.prod(shape, dtype=np.int64))
        return cls(terms={source: selection(np.arange(size), size)}, bias=np.zeros(size), shape=shape)

    @property
    def size(self) -> int:
        """How many numbers a sample has here."""
        return len(self.bias)

    def mapped(self, matrix: Matrix, offset: FloatArray | None = None, shape: tuple[int, ...] | None = None) -> "Flow":
        """``matrix @ values + offset``."""
        bias: FloatArray = composed(matrix, self.bias)
        return Flow(
            terms=_without_zeros({source: composed(matrix, term) for source, term in self.terms.items()}),
            bias=bias if offset is None else bias + offset,
            shape=(len(bias),) if shape is None else shape,
        )

    def picked(self, places: IntArray) -> "Flow":
        """The values at these places, in the shape of `places`."""
        return self.mapped(selection(places.reshape(-1), self.size), shape=places.shape)

    def shaped(self, shape: tuple[int, ...]) -> "Flow":
        """The same values in another shape."""
        return Flow(terms=self.terms, bias=self.bias, shape=shape)

    def scaled(self, factor: FloatArray | float, offset: FloatArray | float = 0.0) -> "Flow":
        """``factor * values + offset``; arrays in a shape that fits the values."""
        wide, shift = (np.broadcast_to(value, self.shape).reshape(-1) for value in (factor, offset))
        if (wide == 1).all():
            return Flow(terms=self.terms, bias=self.bias + shift, shape=self.shape)
        return self.mapped(diagonal(wide), shift, self.shape)

    def plus(self, other: "Flow", factor: float = 1.0) -> "Flow":
        """``values + factor * other``, the smaller one repeated as numpy and torch do."""
        shape = np.broadcast_shapes(self.shape, other.shape)
        one, two = self.spread(shape), other.scaled(factor).spread(shape)
        terms = dict(one.terms)
        for source, term in two.terms.items():
            terms[source] = added(terms[source], term) if source in terms else term
        return Flow(terms=_without_zeros(terms), bias=one.bias + two.bias, shape=shape)

    def spread(self, shape: tuple[int, ...]) -> "Flow":
        """Repeated to a larger shape."""
        if shape == self.shape:
            return self
        return self.picked(np.broadcast_to(np.arange(self.size).reshape(self.shape), shape))

    @property
    def is_never_negative(self) -> bool:
        """Whether that can be read off where all sources are ReLUs: no negative factor."""
        return bool((self.bias >= 0).all()) and all(
            source > 0 and least(term) >= 0 for source, term in self.terms.items()
        )


def stacked(flows: Sequence[Flow]) -> Flow:
    """All values one after the other, flattened."""
    terms = {
        source: on_top_of_each_other(
            [flow.terms.get(source) for flow in flows],
            [flow.size for flow in flows],
        )
        for source in sorted({source for flow in flows for source in flow.terms})
    }
    bias = np.concatenate([flow.bias for flow in flows])
    return Flow(terms=terms, bias=bias, shape=(len(bias),))


@dataclass(frozen=True, kw_only=True, eq=False)
class Bend:
    """``weight * relu(sign * value + offset)``."""

    sign: float = 1.0
    offset: FloatArray | float = 0.0  # arrays in a shape that fits the values
    weight: FloatArray | float = 1.0


class Builder:
    """The layers of ReLUs that a network needs, in the order in which they turn up.

    Parameters
    ----------
    curved : bool
        Whether other activations may be layers as well; otherwise they are refused.
    """

    def __init__(self, *, curved: bool = False) -> None:
        self.layers: list[Layer] = []
        self.curved = curved
        self._numbers = 0

    def close(self, flow: Flow, curve: str = RELU) -> None:
        """Make a layer of the values; the last one so made gives the outputs."""
        terms = tuple(Term(source=source, matrix=compact(term)) for source, term in sorted(flow.terms.items()))
        self._numbers += sum(stored(term.matrix) for term in terms)
        if self._numbers > MOST_NUMBERS:
            raise UnsupportedNetwork(
                f"Written as matrices, the network has more than {MOST_NUMBERS:,} numbers up to layer "
                f"{len(self.layers) + 1}: too large for exact regions. Take a narrower network or smaller images."
            )
        self.layers.append(Layer(terms=terms, bias=flow.bias, curve=curve))

    def never_negative(self, flow: Flow) -> bool:
        """Whether that can be read off: sums of ReLUs with no negative factor."""
        return flow.is_never_negative and all(self.layers[source - 1].curve == RELU for source in flow.terms)

    def bend(self, flow: Flow, curve: str) -> Flow:
        """An activation that bends everywhere, as a layer of its own; only where `curved` allows for it."""
        self.close(flow, curve)
        return Flow.of_source(len(self.layers), flow.shape)

    def relu(self, flow: Flow) -> Flow:
        """``max(0, values)``."""
        if self.never_negative(flow):
            return flow
        self.close(flow)
        return Flow.of_source(len(self.layers), flow.shape)

    def bent(self, flow: Flow, bends: Sequence[Bend], constant: FloatArray | float = 0.0) -> Flow:
        """``constant + Σ weight * relu(sign * values + offset)``, in one layer. What has no weight needs no neuron."""
        all_weights = [np.broadcast_to(bend.weight, flow.shape).reshape(-1) for bend in bends]
        kept = [np.flatnonzero(weight) for weight in all_weights]
        heights = self.relu(
            stacked([flow.scaled(bend.sign, bend.offset).picked(rows) for bend, rows in zip(bends, kept, strict=True)])
        )
        weights = np.concatenate([weight[rows] for weight, rows in zip(all_weights, kept, strict=True)])
        matrix = scattered(np.concatenate(kept), np.arange(len(weights)), weights, (flow.size, heights.size))
        return heights.mapped(matrix, np.broadcast_to(constant, flow.shape).reshape(-1), flow.shape)

    def maximum(self, one: Flow, other: Flow) -> Flow:
        """The larger of each two values: ``a + relu(b − a)``."""
        above = self.relu(other.plus(one, -1.0))
        return one.plus(above)

    def largest(self, flow: Flow, windows: IntArray) -> Flow:
        """The largest value in each of w windows, (w, k) places or −1 for none; pairs that windows share count once."""
        universe, table = flow, windows
        while table.shape[1] > 1:
            even = table.shape[1] // 2 * 2
            first, second = table[:, :even:2], table[:, 1:even:2]
            first, second = np.where(first < 0, second, first), np.where(second < 0, first, second)
            if even < table.shape[1]:
                first, second = (np.concatenate([half, table[:, even:]], axis=1) for half in (first, second))
            pairs = np.stack([np.minimum(first, second), np.maximum(first, second)], axis=-1)
            distinct, inverse = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
            empty = int((distinct[:, 0] < 0).sum())  # at most one, at the front, where a whole window is missing
            universe = self._larger_of(universe, distinct[empty:])
            table = inverse.reshape(first.shape) - empty
        return universe.picked(table[:, 0])

    def _larger_of(self, flow: Flow, pairs: IntArray) -> Flow:
        """The larger value of each pair of places; of a value and itself without a neuron."""
        apart = np.flatnonzero(pairs[:, 0] != pairs[:, 1])
        base = flow.picked(pairs[:, 0])
        if not len(apart):
            return base
        above = self.relu(flow.picked(pairs[apart, 1]).plus(flow.picked(pairs[apart, 0]), -1.0))
        return base.plus(above.mapped(selection(apart, len(pairs), inverse=True)))


def _without_zeros(terms: Mapping[int, Matrix]) -> dict[int, Matrix]:
    return {source: term for source, term in terms.items() if not is_zero(term)}
