"""What the sources of a network are on a slice: their values at the vertices, which say all that happens between."""

import numpy as np
import numpy.typing as npt

from core.corrections.network.matrices import Matrix, product, stored
from core.corrections.network.piecewise import Layer, Term
from core.corrections.records.subspace import Subspace
from core.corrections.slices.mesh import PlanarMesh
from core.corrections.slices.rounding import Reach
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
PORTION = 100_000_000  # products of two numbers at a time: small enough for the cache, and to stop in between


class Signal:
    """What a layer gives after its ReLU.

    A ReLU changes its sign in no cell, so what it gives is affine on every cell, and the values at the corners of a
    cell are its affine map. Nothing else is kept.

    Attributes
    ----------
    values : (alive, n) array
        Of the neurons that are not zero everywhere, at the vertices of the mesh.
    reach : Reach
        How large it gets, and how wrong it may be.
    """

    def __init__(self, values: FloatArray, reach: Reach, alive: IntArray | None) -> None:
        self._alive = alive  # which neurons they are; None for all
        self.values = values
        self.reach = reach

    def factor(self, term: Term) -> Matrix:
        """What `values` are multiplied by (outputs, alive) for ``term.matrix`` times the source."""
        return term.matrix if self._alive is None else term.matrix[:, self._alive]


class InputSignal(Signal):
    """The input, where handles run from −1 to 1 within `half` of `centre`; its values are x, y and one."""

    def __init__(self, subspace: Subspace, centre: FloatArray, half: FloatArray, cuts: int) -> None:
        super().__init__(np.empty((3, 0)), Reach.of_input(subspace, centre, half, cuts), None)
        self._maps = np.concatenate([subspace.directions.T * half[:, None], subspace.inputs(centre[None])])

    def place(self, points: FloatArray) -> None:
        """At these vertices (n, 2) of the mesh."""
        self.values = np.concatenate([points.T, np.ones((1, len(points)))])

    def factor(self, term: Term) -> Matrix:
        return product(self._maps, term.rows).T


class Signals:
    """The sources that are still read, while a network is followed layer by layer.

    Parameters
    ----------
    cuts : int
        So many one upon another are allowed for in where the corners are.
    """

    def __init__(self, subspace: Subspace, centre: FloatArray, half: FloatArray, cuts: int) -> None:
        self._input = InputSignal(subspace, centre, half, cuts)
        self._sources: dict[int, Signal] = {0: self._input}

    @property
    def reaches(self) -> dict[int, Reach]:
        """How large each gets, and how wrong it may be."""
        return {source: signal.reach for source, signal in self._sources.items()}

    def values(self, layer: Layer, points: FloatArray, job: JobContext) -> FloatArray:
        """Pre-activations (outputs, n) at the vertices (n, 2) of the mesh."""
        self._input.place(points)
        read = [self._sources[term.source] for term in layer.terms]
        factors = [signal.factor(term) for signal, term in zip(read, layer.terms, strict=True)]
        total = np.empty((len(layer.bias), len(points)))
        size = max(64, PORTION // max(1, sum(stored(factor) for factor in factors)))
        for begin in range(0, len(points), size):
            job.check()
            part = slice(begin, begin + size)
            summands = [product(factor, one.values[:, part]) for factor, one in zip(factors, read, strict=True)]
            np.add(sum(summands[1:], summands[0]) if summands else 0.0, layer.bias[:, None], out=total[:, part])
        return total

    def carry(self, last_use: tuple[int, ...], place: int) -> list[FloatArray]:
        """Forget what no layer after `place` reads; the values of the rest, which its cuts must interpolate."""
        self._sources = {source: signal for source, signal in self._sources.items() if last_use[source] > place}
        return [signal.values for source, signal in self._sources.items() if source]

    def cut(self, mesh: PlanarMesh, begin: int) -> None:
        """After the cuts of a layer: take the interpolated values back, which begin at a row of the mesh's."""
        for source, signal in self._sources.items():
            if source:
                signal.values = mesh.values[begin : begin + len(signal.values)]
                signal.reach = signal.reach.carried(mesh.deepest)
                begin += len(signal.values)

    def add(self, source: int, mesh: PlanarMesh, on: IntArray, reach: Reach) -> None:
        """What a layer gives after its cuts; of these of its neurons the mesh's first rows are the pre-activations."""
        alive = np.flatnonzero(reach.largest[on] > 0)
        every = len(alive) == len(reach.largest)
        before = mesh.values[: len(on)] if len(alive) == len(on) else mesh.values[alive]
        self._sources[source] = Signal(np.maximum(before, 0.0), reach, None if every else on[alive])
