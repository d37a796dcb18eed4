"""Evaluates cells of a grid on the training samples, and on the test samples where they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
from torch import Tensor

from core.job import JobContext
from core.landscape.evaluation.answers import Answers
from core.landscape.evaluation.plane import PointValues
from core.landscape.plane import FloatArray
from core.landscape.surface import Sampling

IntArray = npt.NDArray[np.int64]
WITH_TEST = 8  # cells on the training samples before the same cells on the test samples


class Evaluator(Protocol):
    """What of a `PlaneEvaluator` is needed here."""

    @property
    def samples(self) -> int: ...

    @property
    def labels(self) -> Tensor: ...

    @property
    def operations(self) -> int: ...

    def many(
        self,
        points: list[tuple[float, float]],
        job: JobContext,
        chosen: IntArray | None = None,
        outputs_of: IntArray | None = None,
    ) -> Iterator[tuple[int, PointValues]]: ...


@dataclass(frozen=True, eq=False)
class CellValues:
    """What was computed for one cell."""

    loss: float
    accuracy: float
    test_loss: float = float("nan")
    test_accuracy: float = float("nan")
    losses: npt.NDArray[np.float32] | None = field(default=None, repr=False)  # (n,), of each sample evaluated
    test_losses: npt.NDArray[np.float32] | None = field(default=None, repr=False)
    outputs: npt.NDArray[np.float32] | None = field(default=None, repr=False)  # (m, k), of the samples remembered
    test_outputs: npt.NDArray[np.float32] | None = field(default=None, repr=False)


class PointSource:
    """Computes cells of a grid, on all samples or on a weighted part of them.

    Parameters
    ----------
    x, y : (nx,), (ny,)
        Coordinates of columns and rows.
    train : Evaluator
    test : Evaluator, optional
    """

    def __init__(self, x: FloatArray, y: FloatArray, train: Evaluator, test: Evaluator | None = None) -> None:
        self._x, self._y, self._train, self._test = x, y, train, test
        self._outputs_of: dict[bool, IntArray | None] = {False: None, True: None}

    def answers(self) -> dict[str, Answers]:
        """A new memory for the outputs at points computed in full, by "loss" and "test_loss"."""
        found = {"loss": _remembered(self._train, len(self._x) * len(self._y))}
        self._outputs_of[False] = found["loss"].rows
        if self._test is not None:
            found["test_loss"] = _remembered(self._test, len(self._x) * len(self._y))
            self._outputs_of[True] = found["test_loss"].rows
        return found

    def without_answers(self) -> None:
        """Ask for no outputs any more."""
        self._outputs_of = {False: None, True: None}

    @property
    def samples(self) -> int:
        """How many samples of the training set a whole point takes."""
        return self._train.samples

    @property
    def test_samples(self) -> int:
        """How many samples of the test set a whole point takes."""
        return 0 if self._test is None else self._test.samples

    def forwards(self, sampling: Sampling | None = None) -> int:
        """How many samples go through the network for one cell."""
        if sampling is None:
            return self.samples + self.test_samples
        return len(sampling.rows) + (0 if sampling.test_rows is None else len(sampling.test_rows))

    def compute(
        self, cells: IntArray, job: JobContext, sampling: Sampling | None = None
    ) -> Iterator[tuple[int, int, CellValues]]:
        """Evaluate cells; each comes as row, column and values as soon as it is there, in any order.

        Parameters
        ----------
        cells : (n, 2) int array
            Of (row, column).
        sampling : Sampling, optional
            The part of the samples to evaluate; None: all.
        """
        if self._test is None:
            for index, values in self._many(self._train, cells, job, sampling, test=False):
                yield int(cells[index, 0]), int(cells[index, 1]), _cell(values, None, sampling)
            return
        for start in range(0, len(cells), WITH_TEST):
            part = cells[start : start + WITH_TEST]
            trained = dict(self._many(self._train, part, job, sampling, test=False))
            for index, tested in self._many(self._test, part, job, sampling, test=True):
                yield int(part[index, 0]), int(part[index, 1]), _cell(trained[index], tested, sampling)

    def _many(
        self, evaluator: Evaluator, cells: IntArray, job: JobContext, sampling: Sampling | None, *, test: bool
    ) -> Iterator[tuple[int, PointValues]]:
        points = [(float(self._x[column]), float(self._y[row])) for row, column in cells]
        rows = None if sampling is None else sampling.test_rows if test else sampling.rows
        if rows is not None:
            return evaluator.many(points, job, rows.astype(np.int64))
        return evaluator.many(points, job, None, self._outputs_of[test])


def _remembered(evaluator: Evaluator, cells: int) -> Answers:
    return Answers(evaluator.labels, evaluator.operations / cells)


def _cell(values: PointValues, tested: PointValues | None, sampling: Sampling | None) -> CellValues:
    loss, accuracy = _mean(values, None if sampling is None else sampling.weights)
    if tested is None:
        return CellValues(loss, accuracy, losses=values.losses, outputs=values.outputs)
    test_loss, test_accuracy = _mean(tested, None if sampling is None else sampling.test_weights)
    return CellValues(
        loss, accuracy, test_loss, test_accuracy, values.losses, tested.losses, values.outputs, tested.outputs
    )


def _mean(values: PointValues, weights: FloatArray | None) -> tuple[float, float]:
    if weights is None:
        return values.loss, values.accuracy
    loss, accuracy = float(values.losses @ weights), float(values.right @ weights / weights.sum())
    return max(loss, 0.0), float(np.clip(accuracy, 0.0, 1.0))
