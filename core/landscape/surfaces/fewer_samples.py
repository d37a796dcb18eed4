"""Chaotic planes over many samples: a calibrated part of the samples at every point, all samples where that fails."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.landscape.plane import FloatArray
from core.landscape.surface import SAMPLED, Sampling
from core.landscape.surfaces.calibration import Calibration, calibrate, stratified
from core.landscape.surfaces.grid import fill_level
from core.landscape.surfaces.heights import height
from core.landscape.surfaces.holding_out import display_error, look
from core.landscape.surfaces.keeping import Keeper
from core.landscape.surfaces.points import CellValues
from core.landscape.surfaces.schedule import coarse_to_fine
from core.landscape.surfaces.work import Work

IntArray = npt.NDArray[np.int64]
Losses = npt.NDArray[np.float32]
MANY = 512  # samples; of fewer no part is worth the trouble
SIZES = (
    128,
    256,
    512,
    1024,
)  # fewer seem good enough by chance: on the paper's network 64 miss 3 % at a tenth of the points
SMALLEST_GAIN = 4  # times fewer samples at a point
NEEDED = 30  # points computed in full that a calibration needs
SAFETY = 1.2  # the error of points left out, at 95 %, against the tolerance: the worst are computed in full
TOO_ROUGH = 0.05  # of the points that will be computed in full because the part says too little of them
CERTIFIED = 100  # points computed in full for the certificate, or instead of it
MARGIN = 0.4  # heights so far above the display limit may be shown if the estimate is wrong
BATCH = 12
MISSING = 1e-5  # expected share of misses at which a certificate is tried at once: their tails are heavy
MOST_KEPT = 2**24  # losses of the part's samples at all points: beyond, memory would grow without bound
WORST = 0.02  # of the points, computed in full before a look because the part says too little of them
FAR_OFF = 0.15  # of the points held out: where more miss, the part is too small


@dataclass(frozen=True, eq=False)
class Plan:
    """A part of the samples that seems good enough."""

    sampling: Sampling
    size: int
    error: float  # at 95 % of the points left out
    cost: float  # of the whole surface, in points computed in full


def plan_part(work: Work, keeper: Keeper, tolerance: float, smallest: int = 0) -> Plan | None:
    """The smallest part of the samples whose calibration predicts points left out; None if there is none.

    Parameters
    ----------
    keeper : Keeper
        With the losses of points that were computed in full.
    smallest : int
        The fewest samples that are considered.
    """
    samples, cells = work.source.samples, keeper.cells
    if samples < MANY or len(cells) < NEEDED:
        return None
    growing = work.growing
    losses, whole = keeper.losses, growing.values["loss"][tuple(cells.T)]
    shown = whole <= growing.subject.request.display_limit
    for size in (size for size in SIZES if size >= smallest):
        if size * SMALLEST_GAIN > samples or size * growing.kind.size > MOST_KEPT or shown.sum() < NEEDED // 2:
            return None
        rows = stratified(losses, whole, size, np.random.default_rng([size, samples]))
        found = calibrate(losses[:, rows], whole)
        error = float(np.quantile(found.errors[shown], 0.95))
        if error <= SAFETY * tolerance:
            sampling = Sampling(rows=keeper.rows[rows].astype(np.float64), weights=found.weights)
            sampling = _with_test(sampling, work, keeper, size)
            return Plan(sampling, size, error, _cost(work, work.source.forwards(sampling)))
    return None


def least_cost(work: Work) -> float:
    """In points computed in full, what the surface costs from the smallest part of the samples, if that is enough."""
    return _cost(work, min(SIZES[0], work.source.samples) + min(SIZES[0], work.source.test_samples))


def _cost(work: Work, forwards: int) -> float:
    exact = int(work.growing.exact.sum())
    share = forwards / work.source.forwards()
    return exact + (work.growing.kind.size - exact) * (share + TOO_ROUGH) + CERTIFIED


def _with_test(sampling: Sampling, work: Work, keeper: Keeper, size: int) -> Sampling:
    if work.source.test_samples == 0:
        return sampling
    losses = keeper.test_losses
    whole = work.growing.values["test_loss"][tuple(keeper.cells.T)]
    rows = stratified(losses, whole, min(size, losses.shape[1]), np.random.default_rng([size, 7]))
    weights = calibrate(losses[:, rows], whole).weights
    return replace(sampling, test_rows=keeper.test_rows[rows].astype(np.float64), test_weights=weights)


class FewerSamples:
    """Computes a surface from a part of the samples."""

    def __init__(self, work: Work, keeper: Keeper, sampling: Sampling) -> None:
        self._work, self._growing, self._keeper, self._sampling = work, work.growing, keeper, sampling
        self._columns = np.searchsorted(keeper.rows, sampling.rows.astype(np.int64))  # of the part, in what is kept
        self._losses: Losses = np.full((*work.growing.kind.shape, len(sampling.rows)), np.nan, dtype=np.float32)
        request = work.growing.subject.request
        self._tolerance, self._limit = request.tolerance, request.display_limit
        self._usual = len(keeper) if len(keeper) >= NEEDED else None

    def run(self) -> bool:
        """Compute the surface; False if the part turns out to say too little, and every point must be computed."""
        growing, work = self._growing, self._work
        growing.sampling = self._sampling
        work.expected, work.per_point = growing.kind.size, work.source.forwards(self._sampling)
        for level in coarse_to_fine(*growing.kind.shape):
            words = f"{len(level.rows)} × {len(level.columns)} points on {len(self._columns)} samples"
            work.sampled(level.points, self._sampling, words, self._remember)
            if not growing.computed.all():
                fill_level(growing, level)
        work.per_point = work.source.forwards()
        worst = int(WORST * growing.kind.size)
        while True:
            cells, spread = self._refit()
            if self._expected_misses(cells, spread) > MISSING and worst > 0:
                # What a part says of a point is trusted too much where its errors have heavy tails: looks tell sooner.
                order = np.argsort(-spread, kind="stable")[: min(BATCH, worst)]
                worst -= len(order)
                self._work.expected = int(growing.exact.sum()) + 10 * BATCH
                self._work.exactly(cells[order], "points that the part says too little of")
                continue
            candidates = (growing.kind == SAMPLED) & ~(height(growing.shown()) > np.log(self._limit + 0.1) + MARGIN)
            judged = look(work, candidates, self._tolerance)
            if judged is None or judged.finished:
                return True
            if np.mean(display_error(judged.estimate, judged.loss) > self._tolerance) > FAR_OFF:
                return False
            worst = int(WORST * growing.kind.size)

    def _remember(self, row: int, column: int, values: CellValues) -> None:
        if values.losses is not None:
            self._losses[row, column] = values.losses

    def _refit(self) -> tuple[IntArray, FloatArray]:
        """Calibrate anew, correct the sampled cells, and give those that are shown with their expected errors."""
        growing = self._growing
        known = (growing.kind == SAMPLED) & np.isfinite(self._losses).all(axis=2)
        cells = np.argwhere(known)
        if len(self._keeper) < NEEDED or len(cells) == 0:  # resumed: the losses of the points before are gone
            return cells[:0], np.zeros(0)
        found = self._calibrated()
        means, spread = found.estimate(self._losses[known])
        growing.values["loss"][known] = means
        self._sampling = replace(self._sampling, weights=found.weights)
        growing.sampling = self._sampling
        shown = height(means) <= np.log(self._limit + 0.1) + MARGIN
        return cells[shown], spread[shown]

    def _calibrated(self) -> Calibration:
        cells = self._keeper.cells
        return calibrate(
            self._keeper.losses[:, self._columns], self._growing.values["loss"][tuple(cells.T)], self._usual
        )

    def _expected_misses(self, cells: IntArray, spread: FloatArray) -> float:
        from scipy.stats import norm  # noqa: PLC0415  half a second

        if len(cells) == 0:
            return 0.0
        return float(np.mean(2 * norm.sf(self._tolerance / np.maximum(spread, 1e-12))))
