"""Computing cells of a growing surface, with progress, snapshots and the time that is left."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.job import JobContext, with_time_left
from core.landscape.evaluation.answers import Answers
from core.landscape.surface import EVALUATED, SAMPLED, Sampling
from core.landscape.surfaces.growing import GrowingSurface
from core.landscape.surfaces.keeping import Keeper
from core.landscape.surfaces.points import CellValues, PointSource
from core.landscape.surfaces.timing import Pace

IntArray = npt.NDArray[np.int64]
Keep = Callable[[int, int, CellValues], None]


class Work:
    """What every method needs to compute cells.

    Parameters
    ----------
    growing : GrowingSurface
    source : PointSource
    job : JobContext
    pace : Pace
        Seconds per sample measured so far.
    """

    def __init__(self, growing: GrowingSurface, source: PointSource, job: JobContext, pace: Pace) -> None:
        self.growing, self.source, self.job, self.pace = growing, source, job, pace
        self.expected = growing.kind.size  # points that will be computed in all, as far as one knows
        self.per_point = source.forwards()  # samples that each of those still to come takes
        self.keeper: Keeper | None = None  # gets the losses of samples at points computed in full
        self.answers: dict[str, Answers] = {}  # get the outputs there, by "loss" and "test_loss"

    def remember_answers(self) -> None:
        """Keep the outputs at points computed in full from now on."""
        self.answers = self.source.answers()

    def forget_answers(self) -> None:
        """Keep no outputs any more: nothing will be interpolated from them."""
        self.answers = {}
        self.source.without_answers()

    def exactly(self, cells: IntArray, words: str) -> None:
        """Evaluate those of some cells on all samples that were not yet.

        Parameters
        ----------
        cells : (n, 2) of (row, column)
        words : str
            The stage, for the progress.
        """
        missing = cells[~self.growing.exact[cells[:, 0], cells[:, 1]]]
        self._compute(missing, None, EVALUATED, words, self._keep)

    def _keep(self, row: int, column: int, values: CellValues) -> None:
        if self.keeper is not None:
            self.keeper.keep(row, column, values)
        for name, outputs in (("loss", values.outputs), ("test_loss", values.test_outputs)):
            if name in self.answers:
                self.answers[name].keep(row, column, outputs)

    def sampled(self, cells: IntArray, sampling: Sampling, words: str, keep: Keep | None = None) -> None:
        """Evaluate those of some cells on a part of the samples that were not computed at all yet.

        Parameters
        ----------
        keep : callable, optional
            Gets row, column and values of each cell, sample by sample.
        """
        missing = cells[~self.growing.computed[cells[:, 0], cells[:, 1]]]
        self._compute(missing, sampling, SAMPLED, words, keep)

    def _compute(self, cells: IntArray, sampling: Sampling | None, kind: int, words: str, keep: Keep | None) -> None:
        growing, each = self.growing, self.source.forwards(sampling)
        began = time.perf_counter()
        for row, column, values in self.source.compute(cells, self.job, sampling):
            growing.put(row, column, values, kind)
            growing.course = replace(
                growing.course,
                forwards=growing.course.forwards + each,
                full_points=growing.course.full_points + (kind == EVALUATED),
            )
            if keep is not None:
                keep(row, column, values)
            now = time.perf_counter()
            self.pace.add(now - began, each)
            began = now
            done = int((growing.computed if self.per_point < self.source.forwards() else growing.exact).sum())
            total = max(self.expected, done)
            self.job.progress(done, total, with_time_left(words, self.pace.duration((total - done) * self.per_point)))
            growing.offer(self.job)
