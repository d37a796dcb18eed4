"""What the sources of a network are on a slice: values at the vertices, and an affine map on every cell."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from core.corrections.network.matrices import product
from core.corrections.network.piecewise import Layer, Term
from core.corrections.records.subspace import Subspace
from core.corrections.slices.mesh import PlanarMesh
from core.corrections.slices.polygons import vertex_means
from core.corrections.slices.rounding import Reach
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
PORTION = 512 * 200  # cells × neurons at a time: small enough for the cache, and to stop in between


class Signal:
    """A source: the input, which is affine all over the slice, or a layer after its ReLU.

    Attributes
    ----------
    values : (alive, n) array
        Of the neurons that are not zero everywhere, at the vertices of the mesh; none of the input: see `at`.
    piece : (p,) int array
        Which of the cells there were when it arose each cell is a part of.
    reach : Reach
        How large it gets, and how wrong it may be.
    """

    def __init__(
        self, maps: FloatArray, origin: IntArray, inside: FloatArray | None, reach: Reach, alive: IntArray | None
    ) -> None:
        self._alive = alive  # which neurons they are; None for all
        self._maps = maps if alive is None else maps.take(alive, axis=2)  # (q, 3, alive), before the ReLU and the cut
        self._origin = origin  # (p,), which of them each cell after the cut is a part of
        self._inside = inside  # (p, 2), a point in each cell after the cut; None for the input, which has no ReLU
        self.piece = np.arange(len(origin))
        self.values = np.empty((self._maps.shape[2], 0))
        self.reach = reach

    @classmethod
    def of_input(cls, subspace: Subspace, centre: FloatArray, half: FloatArray) -> "Signal":
        """The input, where handles run from −1 to 1 within `half` of `centre`."""
        maps = np.concatenate([subspace.directions.T * half[:, None], subspace.inputs(centre[None])])
        return cls(maps[None], np.zeros(1, np.intp), None, Reach.of_input(subspace, centre, half), None)

    def at(self, points: FloatArray, term: Term) -> FloatArray:
        """``term.matrix`` times the source (outputs, n) at the vertices (n, 2) of the mesh."""
        if self._inside is not None:
            matrix = term.matrix if self._alive is None else term.matrix[:, self._alive]
            return product(matrix, self.values)
        maps = product(self._maps[0], term.rows)
        found: FloatArray = (points @ maps[:2] + maps[2]).T
        return found

    def contribution(self, term: Term, job: JobContext) -> FloatArray:
        """``term.matrix`` times the affine map (q, 3, outputs) on the cells there were when the signal arose."""
        if self._inside is None:
            return product(self._maps[0], term.rows)[None]
        result = np.empty((len(self._origin), 3, term.matrix.shape[0]))
        rows = term.rows if self._alive is None else term.rows[self._alive]
        for part in self._portions():
            job.check()
            before = self._maps[self._origin[part]]
            x, y = self._inside[part].T[:, :, None]
            active = before[:, 0] * x + before[:, 1] * y + before[:, 2] > 0
            used = active.any(axis=0)
            if isinstance(rows, np.ndarray):
                masked = (before[:, :, used] * active[:, None, used]).reshape(3 * len(part), used.sum())
                found = masked @ rows[used]
            else:
                found = product((before * active[:, None]).reshape(3 * len(part), -1), rows)
            result[part] = found.reshape(len(part), 3, -1)
        return result

    def _portions(self) -> Iterator[IntArray]:
        """Cells, a few at a time; those of one origin together, for they share most of their inactive neurons."""
        together = np.argsort(self._origin, kind="stable")
        size = max(16, PORTION // max(200, self._maps.shape[2]))
        for begin in range(0, len(together), size):
            yield together[begin : begin + size]


class Signals:
    """The sources that are still read, while a network is followed layer by layer."""

    def __init__(self, subspace: Subspace, centre: FloatArray, half: FloatArray) -> None:
        self._sources = {0: Signal.of_input(subspace, centre, half)}

    @property
    def reaches(self) -> dict[int, Reach]:
        """How large each gets, and how wrong it may be."""
        return {source: signal.reach for source, signal in self._sources.items()}

    def maps(self, layer: Layer, cells: int, job: JobContext) -> FloatArray:
        """Affine maps (p, 3, outputs) of the pre-activations on so many cells: factors of x and y, and the constant."""
        total: FloatArray | None = None
        for term in layer.terms:
            signal = self._sources[term.source]
            part = signal.contribution(term, job)
            if 1 < len(part) < cells:  # there are more cells now than when it arose
                part = part[signal.piece]
            total = part if total is None else total + part
        if total is None:
            total = np.zeros((1, 3, len(layer.bias)))
        total[:, 2] += layer.bias
        return total if len(total) == cells else np.repeat(total, cells, axis=0)

    def values(self, layer: Layer, points: FloatArray) -> FloatArray:
        """Pre-activations (outputs, n) at the vertices (n, 2) of the mesh."""
        total: FloatArray | None = None
        for term in layer.terms:
            part = self._sources[term.source].at(points, term)
            total = part if total is None else total + part
        if total is None:
            total = np.zeros((len(layer.bias), len(points)))
        total += layer.bias[:, None]
        return np.ascontiguousarray(total)

    def carry(self, last_use: tuple[int, ...], place: int) -> list[FloatArray]:
        """Forget what no layer after `place` reads; the values of the rest, which its cuts must interpolate."""
        self._sources = {source: signal for source, signal in self._sources.items() if last_use[source] > place}
        return [signal.values for source, signal in self._sources.items() if source]

    def cut(self, mesh: PlanarMesh, begin: int) -> None:
        """After the cuts of a layer: take the interpolated values back, which begin at a row of the mesh's."""
        for source, signal in self._sources.items():
            signal.piece = signal.piece[mesh.origin]
            if source:
                signal.values = mesh.values[begin : begin + len(signal.values)]
                signal.reach = signal.reach.carried()
                begin += len(signal.values)

    def add(self, source: int, maps: FloatArray, mesh: PlanarMesh, reach: Reach) -> None:
        """What a layer gives after its cuts; its pre-activations are the first rows of the mesh's values."""
        found = np.flatnonzero(reach.largest > 0)
        alive = None if len(found) == maps.shape[2] else found
        signal = Signal(maps, mesh.origin, vertex_means(mesh, mesh.points.T), reach, alive)
        signal.values = np.maximum(mesh.values[: maps.shape[2]] if alive is None else mesh.values[alive], 0.0)
        self._sources[source] = signal
