"""The adaptive method: compute only as much as the tolerance needs, by the lever that the plane itself suggests."""

import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.landscape.effort import SMALL_GRID
from core.landscape.surface import SAMPLED, Sampling
from core.landscape.surfaces.fewer_samples import MANY, FewerSamples, Plan, least_cost, plan_part
from core.landscape.surfaces.grid import compute_every_point, fill_level
from core.landscape.surfaces.heights import Compression
from core.landscape.surfaces.holding_out import look
from core.landscape.surfaces.keeping import Keeper
from core.landscape.surfaces.mixture import FINITE
from core.landscape.surfaces.preview import forget_preview, preview
from core.landscape.surfaces.refinement import Expectation, Fit, fit, next_cells
from core.landscape.surfaces.schedule import coarse_to_fine
from core.landscape.surfaces.work import Work

IntArray = npt.NDArray[np.int64]
COARSE = 25  # points of the coarse levels: a finer grid puts half of its points where they are not needed
THOROUGH = 81  # where these show next to nothing within the limit, or finite
CALIBRATED_ON = 81  # points for a calibration, where none are at hand
BATCH = 5
MOST_AT_ONCE = 8
BATCH_SHARE = 1 / 15  # of the points there are, for larger grids: a fit costs more with every point
MISSING = 0.005  # expected share of misses at which a certificate is tried
WORTH = 0.7  # of the points of a grid: where more are needed, every point is computed
HARDLY_KNOWN = 0.25  # of the points of a grid: where fewer are left that are shown, no more is given up
ORDER = 2.2  # errors fall as the spacing to that power: measured 2.4 with shortcuts
EDGE_POINTS = 3  # for each cell along the edge of a hole, until it is found
PLAINLY = 4.0  # times the error to be expected
CHEAPER = 0.6  # a part of the samples must cost at most so much of what is expected of fewer points
FIRST_PICTURE = 2.0  # seconds: what takes no longer needs no better picture between than the coarse levels are
PICTURES = 0.01  # share of the time for pictures on the way; they change nothing of what is chosen
DECIDED_AFTER = 130  # points before a plane may be called chaotic


class Adaptive:
    """One run of the adaptive method."""

    def __init__(self, work: Work) -> None:
        self._work, self._growing = work, work.growing
        self._request = work.growing.subject.request
        self._compression = Compression(self._request.display_limit)
        self._expectation = Expectation()
        self._next_picture = time.perf_counter() + FIRST_PICTURE
        # Statistics computed anew at every point take all samples, whatever part is evaluated afterwards.
        self._divisible = work.source.samples >= MANY and self._request.batch_norm == "frozen"
        self._keeper = Keeper(work.source.samples, work.source.test_samples)
        work.keeper = self._keeper if self._divisible else None

    def run(self) -> None:
        """Compute the surface, its course and its certificate."""
        if self._growing.kind.size <= SMALL_GRID:
            self._every_point("So small a grid is computed in full: a certificate would cost more than it saves.")
            return
        if self._growing.sampling is not None:
            self._fewer_samples(self._growing.sampling, self._growing.course.reason)
            return
        self._work.remember_answers()
        self._work.expected = self._growing.kind.size // 4  # a guess until the coarse levels are there
        if self._request.batch_norm == "frozen":
            preview(self._work)
        self._coarse(COARSE)
        forget_preview(self._work)
        reason = self._fewer_points()
        if reason and not self._part_instead(reason, WORTH * self._growing.kind.size):
            self._every_point(reason)

    def _every_point(self, reason: str) -> None:
        self._work.forget_answers()
        self._growing.course = replace(self._growing.course, lever="every point", reason=reason)
        compute_every_point(self._work)
        self._growing.sampling = None

    def _coarse(self, points: int) -> bool:
        """Compute the coarse levels of about so many points; whether any of them was missing."""
        known, before = 0, int(self._growing.exact.sum())
        for level in coarse_to_fine(*self._growing.kind.shape):
            known += len(level.points)
            if known > points * 1.5:
                break
            self._work.exactly(level.points, f"{len(level.rows)} × {len(level.columns)} points")
            if not (self._growing.kind == SAMPLED).any():  # a preview's picture is finer than that of the first levels
                fill_level(self._growing, level)
        return int(self._growing.exact.sum()) > before

    def _part_instead(self, reason: str, most: float) -> bool:
        """Compute from a part of the samples if one predicts the whole well enough for the cost of so many points."""
        if not self._divisible or least_cost(self._work) > most:
            return False
        if len(self._keeper) < CALIBRATED_ON // 2:  # resumed: the losses of single samples before are gone
            missing = np.argwhere(~self._growing.exact)
            some = np.random.default_rng(CALIBRATED_ON).permutation(missing)[: CALIBRATED_ON - len(self._keeper)]
            self._work.exactly(some, "points for a calibration")
        part = plan_part(self._work, self._keeper, self._request.tolerance)
        if part is None or part.cost > most:
            return False
        self._fewer_samples(part.sampling, f"{reason} {self._part_words(part)}")
        return True

    def _part_words(self, part: Plan) -> str:
        return (
            f"{part.size} of {self._work.source.samples:,} samples, weighted, predict all of them within "
            f"{part.error:.1%} at 95 % of the points that were left out."
        )

    def _fewer_samples(self, sampling: Sampling, reason: str) -> None:
        self._work.forget_answers()
        course = replace(self._growing.course, lever="fewer samples", reason=reason, subset=len(sampling.rows))
        self._growing.course = course
        if FewerSamples(self._work, self._keeper, sampling).run():
            return
        more = plan_part(self._work, self._keeper, self._request.tolerance, 2 * len(sampling.rows))
        if more is not None and more.cost <= WORTH * self._growing.kind.size:
            self._growing.forget_sampled()
            self._fewer_samples(more.sampling, f"{reason} That was too little: {self._part_words(more)}")
        else:
            self._every_point(f"{reason} At too many points that turned out not to be so.")

    def _fewer_points(self) -> str:
        """Refine until a certificate is found or all looks are spent; a reason if that is not worth it."""
        growing, top = self._growing, self._compression.top
        if self._finite() < FINITE:
            self._coarse(THOROUGH)
        if self._finite() < FINITE:
            return "Hardly a point of the coarse levels has a finite loss: nothing can be interpolated."
        while True:
            self._picture()
            state = self._fit(roughly=True)
            inside = state.open & ~(state.height > top)
            if not inside.any() and self._coarse(THOROUGH):
                continue
            if self._expectation.share_missing(state, self._request.tolerance, top) <= MISSING:
                if self._finished(self._fit() if state.rough else state):
                    return ""
                continue
            needed = self._points_needed(state)
            if growing.exact.sum() >= DECIDED_AFTER and self._too_many(needed, int(inside.sum())):
                return self._chaos(state, needed)
            if self._part_instead(self._chaos(state, needed), CHEAPER * needed):
                return ""
            self._work.expected = needed + 70
            known = int(growing.exact.sum())
            count = min(MOST_AT_ONCE, (needed - known) // 2)  # not all at once: each batch tells where the next belongs
            self._compute(state, next_cells(state, top, max(BATCH, count, int(known * BATCH_SHARE))))

    def _fit(self, *, roughly: bool = False) -> Fit:
        return fit(self._growing, self._compression, self._work.job, self._work.answers, roughly=roughly)

    def _picture(self) -> None:
        """Show all that is known while points are still being chosen, as often as that costs next to nothing."""
        began = time.perf_counter()
        if began >= self._next_picture:
            self._fit()
            ended = time.perf_counter()
            self._next_picture = ended + (ended - began) / PICTURES

    def _finished(self, state: Fit) -> bool:
        """Whether nothing is left to be computed, or a look finds the surface good enough."""
        if (state.open & ~(state.height > self._compression.top)).any():
            return self._look(state)
        self._say("Every point that is shown was computed; between those above the limit is interpolated.")
        return True

    def _finite(self) -> int:
        """How many points were computed that have a finite loss."""
        return int(np.isfinite(self._growing.values["loss"][self._growing.exact]).sum())

    def _too_many(self, needed: int, inside: int) -> bool:
        """Whether so many points are most of the plane, or of what is shown of it and not computed yet."""
        size, more = self._growing.kind.size, needed - int(self._growing.exact.sum())
        return needed > WORTH * size or (inside > HARDLY_KNOWN * size and more > WORTH * inside)

    def _compute(self, state: Fit, cells: IntArray) -> None:
        growing, state = self._growing, state.sharpened(cells)
        self._work.exactly(cells, f"{int(growing.exact.sum())} points, refining")
        rows, columns = cells.T
        heights = self._compression.to(growing.values["loss"][rows, columns])
        self._expectation.learn(state, cells, heights, self._compression.top)

    def _points_needed(self, state: Fit) -> int:
        """How many points there must be for the tolerance, extrapolated from the errors that are expected now."""
        top = self._compression.top
        shrink = self._expectation.shrink_needed(state, self._request.tolerance, top, MISSING)
        shown = int((state.height <= top).sum())
        known = int((self._growing.exact & (state.height <= top)).sum())
        edge = float((EDGE_POINTS / np.maximum(state.distance[state.edge], 1.0)).sum())
        more = min(shown, known * shrink ** (2 / ORDER)) - known + edge
        return int(self._growing.exact.sum() + max(more, 0))

    def _chaos(self, state: Fit, needed: int) -> str:
        growing = self._growing
        inside = state.open & (state.height <= self._compression.top)
        error = float(np.median(state.spread[inside])) * self._expectation.scale
        return (
            f"The plane is rough: between {int(growing.exact.sum())} points the typical error is {error:.1%}, and "
            f"{self._request.tolerance:.1%} would take about {needed:,} of {growing.kind.size:,} points."
        )

    def _look(self, state: Fit) -> bool:
        """Try a certificate; whether the surface is finished."""
        # What lies above the limit by many times its error is not shown, and says nothing about what is.
        sure = PLAINLY * self._expectation.scale * state.spread + self._request.tolerance
        candidates = state.open & ~(state.height > self._compression.top + sure)
        judged = look(self._work, candidates, self._request.tolerance)
        if judged is None:  # fewer cells were left than the test takes: all of them are computed now
            return False
        self._expectation.learn(state, judged.cells, self._compression.to(judged.loss), self._compression.top, 1.0)
        if not judged.finished:
            return False
        points, of = int(self._growing.exact.sum()), self._growing.kind.size
        self._say(f"The plane is smooth: {points:,} of {of:,} points predict the others.")
        return True

    def _say(self, reason: str) -> None:
        self._growing.course = replace(self._growing.course, lever="fewer points", reason=reason)
