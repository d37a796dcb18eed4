"""Linear bounds of the outputs over a box, carried back from the outputs to the handles.

Every neuron lies between two lines of its own (`enclosure.relaxations`). A row of the outputs is bounded by putting in,
layer by layer from the end, whichever of the two lines is on the safe side (Zhang et al. 2018, CROWN): what several
neurons have in common cancels, which the bounds that go forward cannot see.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.enclosure import Boxes, Relaxation, chosen_rows, relaxations
from core.corrections.matrices import product
from core.corrections.restriction import Restriction, Stage
from core.corrections.rounding import gamma

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Minorant:
    """Linear functions of the handles that are nowhere in the box above the rows they belong to."""

    slopes: FloatArray = field(repr=False)  # (b, r, k), per unit of the handles
    middle: FloatArray = field(repr=False)  # (b, r), at the centre of the box, rounding allowed for in all of the box
    halves: FloatArray = field(repr=False)  # (b, k), of the boxes

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
    return carried_back(network, boxes, relaxations(network, boxes), rows, offsets)


def carried_back(
    network: Restriction, boxes: Boxes, lines: list[Relaxation], rows: FloatArray, offsets: FloatArray
) -> Minorant:
    """The same with the lines of every neuron already known.

    Notes
    -----
    Every number that is computed on the way is rounded relative to |coefficient| × `Relaxation.scale` of the neuron it
    stands before; the sum of these, times the number of roundings, is taken off the constant.
    """
    count, wanted = len(boxes), len(rows)
    slopes = np.zeros((count, wanted, network.handles))
    middle = np.broadcast_to(offsets, (count, wanted)).copy()
    doubt = gamma(8 + 4 * len(network.stages)) * np.abs(middle)
    last = len(network.stages) - 1
    due = {last + 1: np.broadcast_to(rows, (count, *rows.shape))}
    for place in range(last, -1, -1):
        if place + 1 not in due:
            continue  # nothing reads this layer
        stage, above = network.stages[place], due.pop(place + 1)
        if place == last:
            back, scale = above, _output_scale(stage, boxes, lines)
        else:
            line, scale = lines[place], lines[place].scale
            back, pushed = np.maximum(above, 0.0), np.minimum(above, 0.0)
            middle += _dots(pushed, line.shift)
            back *= line.below[:, None]
            pushed *= line.slope[:, None]
            back += pushed
        doubt += _roundings(stage, last) * _dots(np.abs(above), scale)
        middle += _dots(back, stage.entry.values(boxes.centres, boxes.lanes))
        slopes += np.matmul(back, stage.entry.slopes.T)
        used = slice(None) if place == last else lines[place].used
        passed = back[:, :, used].reshape(count * wanted, -1)
        for term in stage.terms:
            part = product(passed, chosen_rows(term.matrix, used)).reshape(count, wanted, -1)
            due[term.source] = due[term.source] + part if term.source in due else part
    return Minorant(slopes=slopes, middle=middle - doubt, halves=boxes.halves)


def _dots(coefficients: FloatArray, values: FloatArray) -> FloatArray:
    """(b, r) from coefficients (b, r, width) and values (b, width)."""
    sums: FloatArray = np.matmul(coefficients, values[:, :, None])[:, :, 0]
    return sums


def _roundings(stage: Stage, last: int) -> float:
    """How far everything computed about a layer may be off, relative to its scale. Twice, for it is rounded itself."""
    return 2 * (stage.entry.doubt + gamma(stage.longest + stage.width + 4 * last + 24))


def _output_scale(stage: Stage, boxes: Boxes, lines: list[Relaxation]) -> FloatArray:
    scale = stage.entry.scale(boxes.centres, boxes.halves, boxes.lanes)
    for term, sizes in zip(stage.terms, stage.sizes, strict=True):
        scale += product(lines[term.source - 1].most, sizes)
    return scale
