"""Linear bounds of the outputs over a box, carried back from the outputs to the handles.

Every neuron lies between two lines of its own (`enclosure.relaxations`). A row of the outputs is bounded by putting in,
layer by layer from the end, whichever of the two lines is on the safe side (Zhang et al. 2018, CROWN): what several
neurons have in common cancels, which the bounds that go forward cannot see.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.enclosure import Boxes, Relaxation, chosen_rows, relaxations
from core.corrections.bounds.restriction import Restriction, Stage
from core.corrections.network.matrices import product
from core.corrections.slices.rounding import VANISHING, gamma

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
EVERY = slice(None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Minorant:
    """Linear functions of the handles that are nowhere in the box above the rows they belong to."""

    slopes: FloatArray = field(repr=False)  # (b, r, k), per unit of the handles
    middle: FloatArray = field(repr=False)  # (b, r), at the centre of the box, rounding allowed for in all of the box
    halves: FloatArray = field(repr=False)  # (b, k), of the boxes
    blame: FloatArray = field(repr=False)  # (b, k), which handles make the bound loose, and how much

    def lowest(self) -> FloatArray:
        """(b, r), nowhere in the box is a row less."""
        reach = np.matmul(np.abs(self.slopes), self.halves[:, :, None])[:, :, 0]
        lowest: FloatArray = self.middle - reach * (1 + gamma(self.slopes.shape[2] + 4))
        return lowest - gamma(4) * np.abs(self.middle)


def minorant(network: Restriction, boxes: Boxes, rows: FloatArray, offsets: FloatArray) -> Minorant:
    """Bound ``rows @ outputs + offsets`` from below over each of the boxes.

    Parameters
    ----------
    rows : (r, outputs) array
    offsets : (r,) array

    Notes
    -----
    For bounds from above, ask for the negative rows and offsets.
    """
    lines = relaxations(network, boxes)
    count, wanted = len(boxes), len(rows)
    stage = network.stages[-1]
    box = np.repeat(np.arange(count), wanted)
    doubt = gamma(8 + 4 * len(network.stages)) * np.abs(offsets).max() + VANISHING
    carried = Carried(boxes, box, np.tile(offsets, count), doubt)
    scale = stage.entry.scale(boxes.centres, boxes.halves, boxes.lanes)
    for term, sizes in zip(stage.terms, stage.sizes, strict=True):
        scale += product(lines[term.source - 1].most, sizes)
    carried.begin(network, np.tile(rows, (count, 1)), scale)
    carried.down(network, lines)
    return carried.minorant(wanted)


class Carried:
    """Rows of neurons on their way back to the handles, each over its own box.

    Notes
    -----
    Every number that is computed on the way is rounded relative to |coefficient| × `Relaxation.scale` of the neuron it
    stands before; the sum of these, times the number of roundings, is taken off the constant. A coefficient too small
    for float64 counts as `VANISHING`, for the neuron may be as large.
    """

    def __init__(self, boxes: Boxes, box: IntArray, constant: FloatArray, doubt: float) -> None:
        self._boxes = boxes
        self._box = box  # (n,), which box each row is over
        self._middle = constant  # (n,)
        self._doubt = np.full(len(box), doubt)
        self._slopes = np.zeros((len(box), boxes.centres.shape[1]))
        self._blame = np.zeros_like(self._slopes)
        self._due: dict[int, FloatArray] = {}  # coefficients (n, width) of the activations that a source gives

    def begin(self, network: Restriction, back: FloatArray, scale: FloatArray) -> None:
        """From coefficients (n, outputs) of the last layer to those of its sources."""
        stage = network.stages[-1]
        self._doubt += _roundings(stage, len(network.stages)) * _dots(np.abs(back), scale, self._box)
        self._through(stage, back, EVERY)

    def down(self, network: Restriction, lines: list[Relaxation]) -> None:
        """Through every layer that is still due, to the handles."""
        while self._due:
            source = max(self._due)
            place = source - 1
            above, line, stage = self._due.pop(source), lines[place], network.stages[place]
            back, pushed = np.maximum(above, 0.0), np.minimum(above, 0.0)
            self._middle += _dots(pushed, line.shift, self._box)
            if line.base is not None:
                self._middle += _dots(back, line.base, self._box)
            self._doubt += _roundings(stage, len(network.stages)) * _dots(
                np.abs(above) + VANISHING, line.scale, self._box
            )
            self._blame += _blame(above, line, self._box)
            back *= line.below[self._box]
            pushed *= line.slope[self._box]
            back += pushed
            self._through(stage, back, line.used)

    def minorant(self, wanted: int) -> Minorant:
        """What has arrived, as so many rows for each box."""
        middle = (self._middle - self._doubt).reshape(-1, wanted)
        return Minorant(
            slopes=self._slopes.reshape(len(middle), wanted, -1),
            middle=middle,
            halves=self._boxes.halves,
            blame=self._blame.reshape(len(middle), wanted, -1).max(axis=1),
        )

    def _through(self, stage: Stage, back: FloatArray, used: IntArray | slice) -> None:
        entry = stage.entry
        self._middle += _dots(back, entry.values(self._boxes.centres, self._boxes.lanes), self._box)
        self._slopes += back @ entry.slopes.T
        passed = back if isinstance(used, slice) else back[:, used]
        for term in stage.terms:
            self._add(term.source, product(passed, chosen_rows(term.matrix, used)))

    def _add(self, source: int, part: FloatArray) -> None:
        self._due[source] = self._due[source] + part if source in self._due else part


def _blame(above: FloatArray, line: Relaxation, box: IntArray) -> FloatArray:
    """(n, k), the gaps between both lines of all neurons, each shared among the handles that move it."""
    gap = line.shift if line.gap is None else line.gap
    bent = np.flatnonzero((gap > 0).any(axis=0))
    tilts = np.abs(line.tilts[:, :, bent])
    shares = gap[:, bent] / np.maximum(tilts.sum(axis=1), np.finfo(np.float64).tiny)
    gaps = np.abs(above[:, bent]) * shares[box]
    parts: FloatArray = np.matmul(tilts[box], gaps[:, :, None])[:, :, 0]
    return parts


def _dots(coefficients: FloatArray, values: FloatArray, box: IntArray) -> FloatArray:
    """(n,) from coefficients (n, width) and values (b, width), of which each row has its own."""
    sums: FloatArray = np.einsum("nw,nw->n", coefficients, values[box])
    return sums


def _roundings(stage: Stage, layers: int) -> float:
    """How far everything computed about a layer may be off, relative to its scale. Twice, for it is rounded itself."""
    return 2 * (stage.entry.doubt + gamma(stage.longest + stage.width + 4 * layers + 24))
