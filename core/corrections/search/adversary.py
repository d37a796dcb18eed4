"""Where a box around a point is most likely to be rejected: offsets that were good at it before, corners, and descent.

Nothing here proves anything. An offset that is found makes a bound strong, or spares the proof of a hopeless box.
"""

import itertools
from collections import deque

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.restriction import Restriction
from core.corrections.search.guesses import Guesses

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
ALL_CORNERS_UP_TO = 5  # handles with a half-width; beyond, some of the corners
SOME_CORNERS = 32
FEW = 8
REMEMBERED = 24
STRIDES = (1.0, 0.5, 0.25)  # of the half-width, one after the other along the sign of the gradient


class Adversary:
    """Looks for offsets within ±half-widths at which points are rejected."""

    def __init__(self, network: Restriction, rows: Rows, half_widths: FloatArray, lattice: Lattice) -> None:
        self._network = network
        self._guesses = Guesses(network)
        self._generator = np.random.default_rng(0)
        self._rows = rows
        self.half_widths = half_widths
        self._lattice = lattice.of_moves
        self.corners = _corners(half_widths)
        self._remembered: deque[FloatArray] = deque(maxlen=REMEMBERED)

    def remember(self, offset: FloatArray) -> None:
        """Try this offset elsewhere as well."""
        placed = np.clip(offset, -self.half_widths, self.half_widths)
        if not any(np.allclose(placed, known, atol=1e-3 * self.half_widths.max()) for known in self._remembered):
            self._remembered.append(placed)

    @property
    def remembered(self) -> FloatArray:
        """(m, k), the newest last; the centre if there are none."""
        return np.array(self._remembered) if self._remembered else np.zeros((1, len(self.half_widths)))

    @property
    def trivial(self) -> bool:
        """Whether no stability is asked for, so that a box is a point."""
        return not self.half_widths.any()

    def some_corners(self, most: int) -> FloatArray:
        """(m, k), so many corners of the box at most, drawn anew every time."""
        if len(self.corners) <= most:
            return self.corners
        return self.corners[self._generator.choice(len(self.corners), most, replace=False)]

    def leads(self, points: FloatArray, lanes: IntArray, offsets: FloatArray) -> FloatArray:
        """(n, m) at points (n, k) moved by offsets (m, k), or by their own (n, m, k)."""
        moved = points[:, None] + offsets
        count, tries, handles = moved.shape
        outputs = self._guesses.outputs(moved.reshape(-1, handles), np.repeat(lanes, tries))
        return self._rows.leads(outputs).reshape(count, tries)

    def best_of(self, points: FloatArray, lanes: IntArray, offsets: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The offset (n, k) of (n, m, k) or (m, k) with the least lead at each point, and that lead (n,)."""
        leads = self.leads(points, lanes, offsets)
        which = leads.argmin(axis=1)
        offsets = np.broadcast_to(offsets, (*leads.shape, points.shape[1]))
        places = np.arange(len(points))
        return offsets[places, which], leads[places, which]

    def attack(self, points: FloatArray, lanes: IntArray, *, thorough: bool = True) -> tuple[FloatArray, FloatArray]:
        """The worst offsets (n, k) that can be found with some effort, and the leads (n,) there."""
        if self.trivial:
            nothing = np.zeros_like(points)
            return nothing, self._rows.leads(self._network.at(points, lanes))
        corners, remembered = self.corners if thorough else self.some_corners(FEW), self.remembered
        known = np.concatenate(
            [corners, remembered if thorough else remembered[-FEW:], np.zeros((1, corners.shape[1]))]
        )
        offset, lead = self.best_of(points, lanes, known)
        offset, lead = offset.copy(), lead.copy()
        for stride in STRIDES if thorough else STRIDES[:1]:
            slopes = self._slopes(points + offset, lanes)
            tried = np.clip(offset - stride * np.sign(slopes) * self.half_widths, -self.half_widths, self.half_widths)
            tried = self._lattice.nearest(tried)
            found = self._rows.leads(self._guesses.outputs(points + tried, lanes))
            better = found < lead
            offset[better], lead[better] = tried[better], found[better]
        if thorough:
            lead = self._rows.leads(self._network.at(points + offset, lanes))
        return offset, lead

    def rows_at(self, points: FloatArray, lanes: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
        """All rows of the best alternative at points: values (m,), slopes (m, k), and which point each is of (m,)."""
        outputs, patterns = self._network.patterns(points, lanes)
        values = self._rows.values(outputs)
        best = self._rows.of_alternatives(values).argmax(axis=1)
        pairs = [
            (point, row)
            for point, (begin, end) in enumerate(zip(self._rows.starts[best], self._rows.ends[best], strict=True))
            for row in range(begin, end)
        ]
        which, row = np.array(pairs).T
        slopes = self._network.gradients([pattern[which] for pattern in patterns], self._rows.rows[row])
        return values[which, row], slopes, which

    def _slopes(self, points: FloatArray, lanes: IntArray) -> FloatArray:
        """Of the lead (n, k)."""
        row = self._rows.deciding(self._rows.values(self._guesses.outputs(points, lanes)))
        return self._guesses.gradients(points, lanes, self._rows.rows[row])


def _corners(half_widths: FloatArray) -> FloatArray:
    """(m, k), corners of the box: all of them if they are few."""
    wide = np.flatnonzero(half_widths)
    if len(wide) <= ALL_CORNERS_UP_TO:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=len(wide))))
    else:
        signs = np.random.default_rng(0).choice((-1.0, 1.0), size=(SOME_CORNERS, len(wide)))
    corners = np.zeros((len(signs), len(half_widths)))
    corners[:, wide] = signs.reshape(len(signs), -1) * half_widths[wide]
    return corners
