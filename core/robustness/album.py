"""Examples of attacked inputs, collected for people to look at."""

import math
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from torch import Tensor

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.robustness.judging import Judge, Judgement
from core.robustness.robustness import Examples, RobustnessRequest

A = TypeVar("A", bound=npt.NDArray[Any])

MOST_BYTES = 2**28  # of all attacked inputs that are kept


def refuse_large(request: RobustnessRequest, data: Dataset) -> None:
    """Raise `InvalidRequest` if the examples would take too much memory."""
    each = len(request.attacks) * len(request.epsilon) * math.prod(data.x.shape[1:]) * 4
    if request.examples * each > MOST_BYTES:
        raise InvalidRequest(
            f"{request.examples} examples under every attack at every strength take "
            f"{request.examples * each / 1e9:.1f} GB. Ask for at most {MOST_BYTES // each} of them, or for fewer "
            "strengths."
        )


def chosen_rows(right: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.int64]:
    """The first so many samples that are right, then the first others; ascending within both."""
    order = np.concatenate([np.flatnonzero(right == 1), np.flatnonzero(right != 1)])
    return order[:count].astype(np.int64)


class Album:
    """The examples, as they come."""

    def __init__(
        self, request: RobustnessRequest, data: Dataset, rows: npt.NDArray[np.int64], clean: Judgement
    ) -> None:
        cells, count = (len(request.attacks), len(request.epsilon)), len(rows)
        regression = data.task == "regression"
        outputs = clean.outputs[rows].double().numpy()
        nothing = np.full(count, -1, dtype=np.int64)
        self.rows = rows
        self._label = nothing if regression else np.asarray(data.y[rows], dtype=np.int64)
        self._original = np.asarray(data.x[rows], dtype=np.float32)
        self._attacked = np.full((*cells, *self._original.shape), np.nan, dtype=np.float32)
        self._clean_verdict = nothing if regression else clean.verdict[rows]
        self._clean_confidence = np.full(count, np.nan) if regression else clean.confidence[rows]
        self._verdict = np.full((*cells, count), -1, dtype=np.int64)
        self._confidence = np.full((*cells, count), np.nan)
        self._target = np.asarray(data.y[rows], dtype=np.float64).reshape(count, -1) if regression else None
        self._clean_prediction = outputs if regression else None
        self._prediction = np.full((*cells, count, outputs.shape[1]), np.nan) if regression else None

    def add(self, cell: tuple[int, int], part: slice, attacked: Tensor, judged: Judgement, judge: Judge) -> None:
        """Take in those of a batch's samples that are examples, all of which are given."""
        places = np.flatnonzero((self.rows >= part.start) & (self.rows < part.stop))
        if not len(places):
            return
        chosen = self.rows[places] - part.start
        self._attacked[(*cell, places)] = judge.restored(attacked[chosen])
        if self._prediction is not None:
            self._prediction[(*cell, places)] = judged.outputs.double().numpy()[chosen]
            return
        self._verdict[(*cell, places)] = judged.verdict[chosen]
        self._confidence[(*cell, places)] = judged.confidence[chosen]

    def take_over(self, examples: Examples) -> None:
        """What a partial result has of the same examples."""
        self._attacked[:] = examples.attacked
        self._verdict[:], self._confidence[:] = examples.verdict, examples.confidence
        if self._prediction is not None and examples.prediction is not None:
            self._prediction[:] = examples.prediction

    def snapshot(self) -> Examples:
        """A copy that nobody writes to any more."""
        return Examples(
            row=self.rows,
            label=self._label,
            original=self._original,
            attacked=fixed_copy(self._attacked),
            clean_verdict=self._clean_verdict,
            clean_confidence=self._clean_confidence,
            verdict=fixed_copy(self._verdict),
            confidence=fixed_copy(self._confidence),
            target=self._target,
            clean_prediction=self._clean_prediction,
            prediction=None if self._prediction is None else fixed_copy(self._prediction),
        )


def fixed_copy(array: A) -> A:
    """A copy that nobody can write to."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy
