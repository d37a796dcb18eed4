"""Where the next points of a smooth plane belong: where the error is, and only inside the range that is displayed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from core.job import JobContext
from core.landscape.evaluation.answers import Answers
from core.landscape.plane import FloatArray
from core.landscape.surfaces.between import NO_ANSWERS, Between, finite_together, leave_open, write_between
from core.landscape.surfaces.growing import GrowingSurface
from core.landscape.surfaces.heights import Compression
from core.landscape.surfaces.mixture import MARGIN, spans_a_plane

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FADING = 4.0  # how fast the need for points fades above the display limit
BESIDE = 4  # nearest computed cells that are asked whether they have a finite loss
EDGE = 1.0  # the error to be expected where some of them have and some have not: the edge of a hole must be found
CHOSEN = 1.05  # errors at chosen points turn out that much smaller against the expected than elsewhere: measured
RECENT = 60  # points on whose errors the expectation rests
TAILS = 6  # degrees of freedom of Student's t: errors over the expected have a kurtosis of 4.5 to 6.6, measured
LEAST_SCALE = 0.8  # of all errors against the expected: the first points chosen flatter
CAUTION = 0.5  # fewer points leave more room for larger errors
CROWDING = 1.5  # how far a chosen point makes others near it needless within a batch


@dataclass(frozen=True, eq=False)
class Fit:
    """What the points computed so far say of every cell."""

    height: FloatArray = field(repr=False)  # (ny, nx), compressed; NaN beside points without a finite loss
    spread: FloatArray = field(repr=False)  # (ny, nx), size of the error to be expected; 0 where computed
    distance: FloatArray = field(repr=False)  # (ny, nx), to the nearest computed cell, in cells
    open: BoolArray = field(repr=False)  # (ny, nx), not computed, and shown as far as one knows
    edge: BoolArray = field(repr=False)  # (ny, nx), not computed, between points with and without a finite loss
    between: Between = field(repr=False)
    rough: bool = False  # heights are what the losses alone say

    def sharpened(self, cells: IntArray) -> "Fit":
        """The same with heights at some cells that are as good as a fit that is not rough has them.

        Parameters
        ----------
        cells : (n, 2) of (row, column)
        """
        mixture, plain = self.between.mixture, self.between.found.values
        if mixture is None or not self.rough:
            return self
        rows, columns = cells.T
        height, flat = self.height.copy(), rows * self.height.shape[1] + columns
        sharper = mixture.at(places(*height.shape)[flat], plain[flat])[:, 0]
        height[rows, columns] = np.where(np.isnan(height[rows, columns]), np.nan, sharper)
        return replace(self, height=height)


def places(rows: int, columns: int) -> FloatArray:
    """(rows · columns, 2) coordinates of cells; the longer side of the grid is 2 long."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    return np.column_stack([row, column]) * (2 / (max(rows, columns) - 1))


def fit(
    growing: GrowingSurface,
    compression: Compression,
    job: JobContext,
    answers: Mapping[str, Answers] = NO_ANSWERS,
    *,
    roughly: bool = False,
) -> Fit:
    """Interpolate every map between the cells where it is computed and finite, and write what is shown between them.

    What lies beside a computed cell without a finite value stays open, in the maps of the training and the test set
    each for itself. A map with too few finite values has nothing between them.

    Parameters
    ----------
    roughly : bool
        Enough to choose the next points by: see `write_between`.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415  half a second, and the first points need none

    shape = growing.kind.shape
    where = places(*shape)
    exact = growing.exact
    distance, nearest = map(np.asarray, cKDTree(where[exact.ravel()]).query(where, k=BESIDE))
    near = np.flatnonzero(exact.ravel())[nearest]  # (m, BESIDE)
    trained, *tested = finite_together(growing)
    between = write_between(growing, trained, where, near, compression, job, answers, roughly=roughly)
    found = between.found
    for maps in tested:
        if spans_a_plane(where[maps.finite.ravel()]):
            write_between(growing, maps, where, near, compression, job, answers, roughly=roughly)
        else:
            leave_open(growing, maps)
    bad = ~trained.finite.ravel()[near]
    beside_hole, edge = bad[:, 0], bad.any(axis=1) & ~bad.all(axis=1)
    height = np.where(beside_hole, np.nan, found.values[:, 0]).reshape(shape)
    shown: BoolArray = ~exact & ~(height > compression.top + MARGIN)
    at_edge: BoolArray = edge.reshape(shape) & ~exact
    spread = np.where(at_edge, EDGE, found.spread.reshape(shape))
    inside_hole = beside_hole.reshape(shape) & ~at_edge
    cells = distance[:, 0].reshape(shape) * (max(shape) - 1) / 2
    rough = roughly and between.mixture is not None
    spread = np.where(exact, 0.0, spread)
    return Fit(height, spread, cells, shown & ~inside_hole, shown & at_edge, between, rough)


def next_cells(state: Fit, top: float, count: int) -> IntArray:
    """Choose cells with the largest expected error that do not crowd each other.

    Parameters
    ----------
    top : float
        The height of the display limit.

    Returns
    -------
    (at most count, 2) of (row, column)
    """
    height = np.where(np.isnan(state.height), top, state.height)
    need = np.where(state.open, state.spread * np.exp(-FADING * np.maximum(height - top, 0)), 0.0)
    where = np.indices(need.shape)
    chosen = []
    for _ in range(count):
        row, column = divmod(int(np.argmax(need)), need.shape[1])
        if need[row, column] <= 0:
            break
        chosen.append((row, column))
        reach = max(1, int(np.ceil(state.distance[row, column])))
        near = np.s_[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
        apart = np.hypot(where[0][near] - row, where[1][near] - column) / max(state.distance[row, column], 1.0)
        need[near] *= np.minimum(apart, 1.0) ** CROWDING
    return np.array(chosen, dtype=np.int64).reshape(-1, 2)


@dataclass
class Expectation:
    """How large errors turned out to be against what the fits let expect."""

    scale: float = 1.0
    _seen: list[float] = field(default_factory=list)

    def learn(self, state: Fit, cells: IntArray, heights: FloatArray, top: float, bias: float = CHOSEN) -> None:
        """Compare the cells of a batch with what the fit before it said of them.

        Parameters
        ----------
        bias : float
            1 for cells that were drawn at random.
        """
        rows, columns = cells.T
        expected, spread = state.height[rows, columns], state.spread[rows, columns]
        use = np.isfinite(heights) & np.isfinite(expected) & (spread > 0) & (np.minimum(heights, expected) <= top)
        use &= ~state.edge[rows, columns]
        self._seen.extend((bias * np.abs(heights - expected)[use] / spread[use]).tolist())
        recent = np.array(self._seen[-RECENT:])
        if len(recent) >= 10:
            measured = float(np.sqrt(np.mean(np.square(recent))) * (1 + CAUTION / np.sqrt(len(recent))))
            self.scale = max(measured, LEAST_SCALE)

    def share_missing(self, state: Fit, tolerance: float, top: float, shrink: float = 1.0) -> float:
        """The share of the shown cells not computed yet whose error is expected to exceed the tolerance.

        Parameters
        ----------
        shrink : float
            As if all errors were smaller by that factor.
        """
        inside = state.open & ~(state.height > top)
        if not inside.any():
            return 0.0
        size = np.maximum(state.spread[inside] * self.scale / shrink, 1e-12)
        beyond = 2 * stdtr(TAILS, -np.sqrt(TAILS / (TAILS - 2)) * tolerance / size)
        missing = np.where(state.edge[inside], shrink == 1, beyond)
        return float(missing.mean())

    def shrink_needed(self, state: Fit, tolerance: float, top: float, share: float) -> float:
        """By which factor all errors must shrink for the tolerance to be missed by that share only."""
        low, high = 1.0, 1.0
        while self.share_missing(state, tolerance, top, high) > share and high < 1e6:
            high *= 2
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if self.share_missing(state, tolerance, top, middle) > share else (low, middle)
        return high
