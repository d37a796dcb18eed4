"""Heights between computed points from two sources: interpolated losses, and losses of interpolated outputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.landscape.evaluation.answers import Answers, Expected
from core.landscape.plane import FloatArray
from core.landscape.surfaces.growing import LOSSES, SHARES
from core.landscape.surfaces.heights import Compression
from core.landscape.surfaces.interpolant import LARGEST, Scattered

BoolArray = npt.NDArray[np.bool_]
FINITE = 12  # points with a finite value that an interpolation needs
SEEN = 1.0  # heights so far above the display limit may turn out to be shown
AROUND = 30  # points around a place that say which interpolation is better there
DRAWN = 0.3  # so much the others' say counts besides, to that of those around
MARGIN = 0.4  # heights so far above the display limit are refined too: what seems to lie there may be shown


def spans_a_plane(points: FloatArray) -> bool:
    """Whether there are enough points, and not all of them in a line."""
    return len(points) >= FINITE and int(np.linalg.matrix_rank(np.column_stack([np.ones(len(points)), points]))) == 3


@dataclass(frozen=True, eq=False)
class Told:
    """Maps at the points where they are computed and finite."""

    names: list[str]
    columns: FloatArray = field(repr=False)  # (n, c), losses as compressed heights
    finite: BoolArray = field(repr=False)  # (ny, nx), where the points are
    where: FloatArray = field(repr=False)  # (ny · nx, 2), coordinates of all cells


class Mixture:
    """As much of what the answers say, corrected at the points, as around each place leaves out points best.

    Near a minimum and on cliffs one of the two interpolations may be far better than the other. Far above the display
    limit nobody sees the difference: there heights are what the losses say.

    Parameters
    ----------
    told : Told
    check : callable
        Called between pieces of work of less than 100 ms or so.
    answers : by "loss" and "test_loss"
    """

    def __init__(
        self, told: Told, compression: Compression, check: Callable[[], None], answers: Mapping[str, Answers]
    ) -> None:
        self._told, self._compression, self._check = told, compression, check
        points = told.where[told.finite.ravel()]
        self._between = Scattered(points)
        others = self._between.without()
        self.errors: FloatArray = told.columns[:, 0] - others @ told.columns[:, 0]  # (n,), of points left out
        self._sources: dict[str, _Source] = {}
        for loss in LOSSES:
            source = self._source(loss, answers, points, others)
            if source is not None:
                self._sources[loss] = source
                if loss == told.names[0]:
                    self.errors = source.errors

    def __bool__(self) -> bool:
        """Whether the answers say anything."""
        return bool(self._sources)

    def at(self, places: FloatArray, plain: FloatArray) -> FloatArray:
        """(m, c), the maps at some places.

        Parameters
        ----------
        places : (m, 2)
        plain : (m, c)
            What the losses alone say there.
        """
        values, weights = plain.copy(), self._between.to(places)[0]
        for loss, share in zip(LOSSES, SHARES, strict=True):
            if loss not in self._sources:
                continue
            source, place = self._sources[loss], self._told.names.index(loss)
            seen = plain[:, place] <= self._compression.top + SEEN
            expected = source.expected(places[seen], self._check)
            trust = source.trust.around(places, itself=True)
            for name, said in ((loss, self._compression.to(expected.loss)), (share, expected.right)):
                if name in self._told.names and np.isfinite(said).all():
                    column = self._told.names.index(name)
                    base = plain[:, column].copy()
                    base[seen] = said
                    rest = weights @ (self._told.columns[:, column] - source.at_points[name])
                    values[:, column] += trust * (rest + base - plain[:, column])
        return values

    def _source(
        self, loss: str, answers: Mapping[str, Answers], points: FloatArray, others: FloatArray
    ) -> "_Source | None":
        """None where there are too few answers to say anything, or too many to be worth it."""
        told, compression = self._told, self._compression
        if loss not in told.names or loss not in answers or not FINITE <= len(answers[loss]) <= LARGEST:
            return None
        rows, columns = answers[loss].cells.T
        cells = rows * told.finite.shape[1] + columns
        if not (told.finite.ravel()[cells].all() and spans_a_plane(told.where[cells])):
            return None
        source = _Source(answers[loss], Scattered(told.where[cells]))
        known = told.columns[:, told.names.index(loss)]
        low = known <= compression.top + SEEN
        expected = source.expected(points[low], self._check)
        left_out = compression.to(answers[loss].at(source.between.without(), self._check).loss)
        missed = np.zeros(len(points))
        missed[(np.cumsum(told.finite.ravel()) - 1)[cells]] = compression.to(answers[loss].own()) - left_out
        for name, said in (
            (loss, compression.to(expected.loss)),
            (SHARES[LOSSES.index(loss)], expected.right),
        ):
            if name in told.names:
                source.at_points[name] = told.columns[:, told.names.index(name)].copy()
                source.at_points[name][low] = said
        rest = known - source.at_points[loss]
        if not (np.isfinite(rest).all() and np.isfinite(missed).all()):
            return None
        before, after = known - others @ known, rest - others @ rest + missed
        source.trust = _Trust(points, before, after, known <= compression.top + MARGIN)
        source.errors = before + source.trust.around(points, itself=False) * (after - before)
        return source


class _Source:
    """The answers that one set of samples got, and how far they are to be trusted."""

    trust: "_Trust"
    errors: FloatArray  # (n,), of points left out, with as much of the answers as they deserve

    def __init__(self, answers: Answers, between: Scattered) -> None:
        self.answers, self.between = answers, between
        self.at_points: dict[str, FloatArray] = {}  # (n,), what the answers say at the points, by map

    def expected(self, places: FloatArray, check: Callable[[], None]) -> Expected:
        return self.answers.at(self.between.to(places)[0], check)


class _Trust:
    """How much of a prediction, 0 to 1, leaves the smallest errors where points nearby are left out.

    Parameters
    ----------
    before, after : (n,)
        Errors at points left out, without the prediction and with all of it.
    shown : (n,) bool
        Points that count.
    """

    def __init__(self, points: FloatArray, before: FloatArray, after: FloatArray, shown: BoolArray) -> None:
        from scipy.spatial import cKDTree  # noqa: PLC0415

        used = shown if shown.any() else np.ones_like(shown)
        before, after = before[used], after[used]
        self._gain, self._most = before * (before - after), np.square(before - after)
        self._count = min(AROUND, len(before))
        self._drawn = DRAWN * self._count * float(np.median(self._most)) + 1e-12
        self._overall = float(np.clip(self._gain.sum() / (self._most.sum() + 1e-12), 0.0, 1.0))
        self._tree = cKDTree(points[used])

    def around(self, places: FloatArray, *, itself: bool) -> FloatArray:
        """(m,) at some places; a point has a say in its own only if asked for."""
        distance, near = (
            np.asarray(found).reshape(len(places), -1) for found in self._tree.query(places, k=self._count)
        )
        counted = (distance > 0) | itself
        top, bottom = (self._gain[near] * counted).sum(axis=1), (self._most[near] * counted).sum(axis=1)
        return np.asarray(np.clip((top + self._drawn * self._overall) / (bottom + self._drawn), 0.0, 1.0))
