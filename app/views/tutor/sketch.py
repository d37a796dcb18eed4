"""What is on the paper, stroke by stroke, with undo and redo of its own."""

from collections.abc import Mapping

import numpy as np

from core.data.drawings.strokes import LARGEST, SLOTS, FloatArray, Strokes, line_count

MOST_STEPS = 200


class Sketch:
    """Strokes on whole pixels from 0 to 255. Every change is a step that can be undone."""

    def __init__(self) -> None:
        self.strokes: Strokes = ()
        self._undone: list[Strokes] = []  # what was there
        self._done: list[Strokes] = []  # what was there before each step

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._undone)

    def replace(self, strokes: Strokes) -> None:
        """Put another drawing on the paper, as one step."""
        self._done = [*self._done, self.strokes][-MOST_STEPS:]
        self._undone.clear()
        self.strokes = strokes

    def add(self, stroke: FloatArray) -> bool:
        """Add a stroke. Whether it was: not a mere dot, and not more lines than a network takes."""
        if stroke.shape[1] < 2 or line_count((*self.strokes, stroke)) > SLOTS:
            return False
        self.replace((*self.strokes, stroke))
        return True

    def remove(self, which: int) -> None:
        """Take a stroke away."""
        self.replace(tuple(stroke for place, stroke in enumerate(self.strokes) if place != which))

    def undo(self) -> bool:
        """Take back the last step. Whether there was one."""
        return self._back(self._done, self._undone)

    def redo(self) -> bool:
        """The inverse of `undo`."""
        return self._back(self._undone, self._done)

    def _back(self, steps: list[Strokes], others: list[Strokes]) -> bool:
        if not steps:
            return False
        others.append(self.strokes)
        self.strokes = steps.pop()
        return True


def nearest_stroke(strokes: Strokes, point: tuple[float, float], within: float) -> int | None:
    """The stroke that passes nearest to a point, if it does so within some pixels."""
    best, found = within, None
    for place, stroke in enumerate(strokes):
        if stroke.shape[1] > 1 and (distance := _distance(stroke, np.array(point))) <= best:
            best, found = distance, place
    return found


def _distance(stroke: FloatArray, point: FloatArray) -> float:
    """Of a point from the lines of a stroke."""
    start, along = stroke[:, :-1], np.diff(stroke, axis=1)
    squared = np.maximum((along**2).sum(axis=0), 1e-12)
    share = np.clip(((point[:, None] - start) * along).sum(axis=0) / squared, 0, 1)
    return float(np.hypot(*(start + share * along - point[:, None])).min())


def to_plain(strokes: Strokes) -> list[list[list[int]]]:
    """As Quick, Draw! writes strokes, for the session: ``[[xs, ys], …]``."""
    return [stroke.astype(int).tolist() for stroke in strokes]


def from_plain(value: object) -> Strokes:
    """The inverse; nothing where the value makes no sense."""
    if not isinstance(value, list):
        return ()
    strokes = []
    for one in value:
        try:
            stroke = np.array(one, dtype=np.float64)
        except (TypeError, ValueError):
            return ()
        fits = stroke.ndim == 2 and stroke.shape[0] == 2 and stroke.shape[1] > 1 and bool(np.isfinite(stroke).all())
        if not fits or stroke.min() < 0 or stroke.max() > LARGEST or (stroke != np.round(stroke)).any():
            return ()
        strokes.append(stroke)
    return tuple(strokes) if line_count(tuple(strokes)) <= SLOTS else ()


def strokes_by_key(value: object) -> dict[str, Strokes]:
    """Drawings by name, of a mapping that `to_plain` made."""
    if not isinstance(value, Mapping):
        return {}
    return {str(key): drawing for key, one in value.items() if (drawing := from_plain(one))}
