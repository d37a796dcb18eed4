"""Two linear functions that enclose a neuron over a box of handles, for many boxes and all neurons of a layer.

A box has coordinates ξ from −1 to 1 of its own, one for each of its k handles. A neuron lies in
``middle(ξ) ± (radius(ξ) + error)``, where middle and radius are linear functions, k + 1 coefficients each, and error is
a number that holds what rounding did.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.curved import lines_about
from core.corrections.bounds.restriction import Entry, Restriction, Stage
from core.corrections.network.curves import CURVES, RELU, Curve
from core.corrections.network.matrices import Matrix, product
from core.corrections.slices.rounding import gamma

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
WORTH_LEAVING_OUT = 0.9  # share of a layer's neurons up to which the others are left out of its products


@dataclass(frozen=True, kw_only=True, eq=False)
class Boxes:
    """b boxes of handles, each in a lane."""

    centres: FloatArray  # (b, k)
    halves: FloatArray  # (b, k), half-widths
    lanes: IntArray  # (b,)

    @classmethod
    def between(cls, low: FloatArray, high: FloatArray, lanes: IntArray | None = None) -> "Boxes":
        """That hold at least everything from `low` to `high` (b, k), although centres and halves are rounded."""
        centres, halves = low / 2 + high / 2, (high - low) / 2
        # A single point needs no room if it is the centre, as it is but for numbers whose half float64 does not have.
        single = (low == centres) & (high == centres)
        room = np.where(single, 0.0, 4 * np.spacing(np.maximum(np.abs(low), np.abs(high))))
        return cls(
            centres=centres,
            halves=halves + room,
            lanes=np.zeros(len(low), np.intp) if lanes is None else lanes,
        )

    def __len__(self) -> int:
        return len(self.centres)

    def part(self, which: slice | IntArray | npt.NDArray[np.bool_]) -> "Boxes":
        """Some of them."""
        return Boxes(centres=self.centres[which], halves=self.halves[which], lanes=self.lanes[which])


@dataclass(frozen=True, kw_only=True, eq=False)
class Relaxation:
    """What ``relu(z)`` lies between, for z in the limits of a box: ``below · z`` and ``slope · z + shift``.

    Any other activation lies between ``below · z + base`` and the same upper line.
    """

    used: IntArray | slice  # neurons that are on somewhere in one of the boxes; of the others nothing is left
    slope: FloatArray  # (b, width)
    below: FloatArray  # (b, width), 0 or 1 for ReLUs
    shift: FloatArray  # (b, width), of ReLUs not negative, and 0 where the neuron keeps its sign
    most: FloatArray  # (b, width), the activation is nowhere larger in size
    tilts: FloatArray  # (b, k, width), what each handle changes of z from the middle to the side of the box
    scale: (
        FloatArray  # (b, width), at least every number that z and its limits are made of: what rounding is relative to
    )
    base: FloatArray | None = None  # (b, width); None for ReLUs, where it is zero
    gap: FloatArray | None = None  # (b, width), between both lines; None where that is `shift`


@dataclass(frozen=True, kw_only=True, eq=False)
class Activation:
    """Enclosure of what a layer gives after its ReLU. Neurons that are off in all boxes are left out."""

    used: IntArray | slice = field(repr=False)  # which neurons are there
    middle: FloatArray = field(repr=False)  # (b, k + 1, used)
    spread: FloatArray = field(repr=False)  # (b, k + 3, used): radius, then error, then size


@dataclass(frozen=True, kw_only=True, eq=False)
class Enclosure:
    """Bounds of the pre-activations of a layer over b boxes."""

    middle: FloatArray  # (b, k + 1, width): coefficients of ξ, and the constant
    radius: FloatArray  # (b, k + 1, width), not negative anywhere in the box
    error: FloatArray  # (b, width)
    scale: FloatArray  # (b, width), at least Σ|w||h| + |b| at every point of the box

    @classmethod
    def of_entry(cls, entry: Entry, boxes: Boxes) -> "Enclosure":
        """Of a layer that reads nothing but the input."""
        count, handles = boxes.centres.shape
        middle = np.empty((count, handles + 1, entry.slopes.shape[1]))
        if entry.silent:
            middle[:, :-1] = 0.0
        else:
            np.multiply(boxes.halves[:, :, None], entry.slopes, out=middle[:, :-1])
        middle[:, -1] = entry.values(boxes.centres, boxes.lanes)
        scale = entry.scale(boxes.centres, boxes.halves, boxes.lanes)
        return cls(middle=middle, radius=np.zeros_like(middle), error=entry.doubt * scale, scale=scale)

    @classmethod
    def of_stage(cls, stage: Stage, boxes: Boxes, sources: dict[int, Activation]) -> "Enclosure":
        """Of ``Σ W_j h_j + b``: the sum of what its sources give."""
        bounds = cls.of_entry(stage.entry, boxes)
        count, parts, width = bounds.middle.shape
        middle, radius = bounds.middle, bounds.radius
        error, scale = bounds.error, bounds.scale
        for term, sizes in zip(stage.terms, stage.sizes, strict=True):
            source = sources[term.source]
            before = source.middle.shape[2]  # none at all where the whole layer is off
            flat, wide = (
                source.middle.reshape(count * parts, before),
                source.spread.reshape(count * (parts + 2), before),
            )
            middle += product(flat, chosen_rows(term.rows, source.used)).reshape(count, parts, width)
            spread = product(wide, chosen_rows(sizes, source.used)).reshape(count, parts + 2, width)
            radius += spread[:, :-2]
            error += spread[:, -2]
            scale += spread[:, -2] + spread[:, -1]
        # Twice, for the sums that measure the rounding are themselves rounded.
        error += 2 * gamma(stage.longest + 6) * scale
        return cls(middle=middle, radius=radius, error=error, scale=scale)

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest value (b, width) in the box, rounded outward."""
        upper, lower = self.middle + self.radius, self.middle - self.radius
        lowest, highest, _ = self._limits(lower, upper)
        return lowest, highest

    def _limits(self, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Lowest and highest value, and a number (b, width) as large as all that pass through them together."""
        down, up = _sum_of_sizes(lower[:, :-1]), _sum_of_sizes(upper[:, :-1])
        size = down + up + np.abs(lower[:, -1]) + np.abs(upper[:, -1]) + self.error
        doubt = self.error + gamma(2 * lower.shape[1] + 14) * size
        return lower[:, -1] - down - doubt, upper[:, -1] + up + doubt, size

    def relu(self) -> tuple[Activation, Relaxation]:
        """Of the activations, and the lines between which each of them lies.

        Notes
        -----
        Where the sign may change, with limits l < 0 < u, ``relu(z) ≤ s (z − l)`` with ``s = u / (u − l)``, and
        ``relu(z) ≥ z`` or ``≥ 0``, whichever is the closer (Zhang et al. 2018, §3.3).
        """
        upper, lower = self.middle + self.radius, self.middle - self.radius
        lowest, highest, size = self._limits(lower, upper)
        on, off = lowest >= 0, highest <= 0
        unstable = ~(on | off)
        slope = on.astype(np.float64)
        np.divide(highest, highest - lowest, out=slope, where=unstable)
        below = np.where(unstable, highest > -lowest, on).astype(np.float64)
        shift = np.where(unstable, -slope * lowest, 0.0)
        size += np.maximum(highest, -lowest)
        used = _used(off)
        line = Relaxation(
            used=used,
            slope=slope,
            below=below,
            shift=shift,
            most=np.maximum(highest, 0.0),
            tilts=self.middle[:, :-1],
            scale=self.scale + size,
        )
        upper, lower, slope, below, shift = (part[..., used] for part in (upper, lower, slope, below, shift))
        count, parts, width = upper.shape
        spread = np.empty((count, parts + 2, width))
        upper *= (0.5 * slope)[:, None]
        upper[:, -1] += 0.5 * shift
        lower *= (0.5 * below)[:, None]
        np.subtract(upper, lower, out=spread[:, :-2])
        # A slope below one shrinks the error; the new roundings are of numbers no larger than size or the limits.
        spread[:, -2] = np.where(off, 0.0, self.error + gamma(24) * size)[:, used]
        spread[:, -1] = np.where(off, 0.0, 2 * size)[:, used]
        upper += lower
        return Activation(used=used, middle=upper, spread=spread), line

    def curved(self, curve: Curve) -> tuple[Activation, Relaxation]:
        """The same for an activation that bends everywhere."""
        upper, lower = self.middle + self.radius, self.middle - self.radius
        lowest, highest, size = self._limits(lower, upper)
        lines = lines_about(curve, lowest, highest)
        size += np.maximum(np.abs(highest), np.abs(lowest))
        # Slopes may be a little above one, and constants belong to the lines.
        size = 2 * size + np.abs(lines.shift) + np.abs(lines.base) + lines.most
        line = Relaxation(
            used=slice(None),
            slope=lines.slope,
            below=lines.below,
            shift=lines.shift,
            most=lines.most,
            tilts=self.middle[:, :-1],
            scale=2 * self.scale + size,
            base=lines.base,
            gap=lines.gap,
        )
        # A line that falls is above the activation where z is as low as it can be.
        above = lines.slope[:, None] * np.where(lines.slope[:, None] >= 0, upper, lower)
        below = lines.below[:, None] * np.where(lines.below[:, None] >= 0, lower, upper)
        above[:, -1] += lines.shift
        below[:, -1] += lines.base
        count, parts, width = above.shape
        spread = np.empty((count, parts + 2, width))
        np.subtract(0.5 * above, 0.5 * below, out=spread[:, :-2])
        spread[:, -2] = curve.steepest * self.error + gamma(32) * size
        spread[:, -1] = 2 * size
        return Activation(used=slice(None), middle=0.5 * above + 0.5 * below, spread=spread), line


def relaxations(network: Restriction, boxes: Boxes) -> list[Relaxation]:
    """Of every hidden layer, by linear bounds that go forward through the network."""
    kept: dict[int, Activation] = {}
    found = []
    for place, stage in enumerate(network.stages[:-1]):
        enclosure = Enclosure.of_stage(stage, boxes, kept)
        answer = enclosure.relu() if stage.curve == RELU else enclosure.curved(CURVES[stage.curve])
        kept[place + 1], relaxation = answer
        kept = {source: h for source, h in kept.items() if source > place or network.last_use[source] > place}
        found.append(relaxation)
    return found


def chosen_rows(matrix: Matrix, which: IntArray | slice) -> Matrix:
    """Some rows of a matrix that may be sparse; a slice stands for all of them."""
    return matrix if isinstance(which, slice) else matrix[which]


def _used(off: npt.NDArray[np.bool_]) -> IntArray | slice:
    """Columns that are not off in every box; all of them where that saves little."""
    used = np.flatnonzero(~off.all(axis=0))
    return used if len(used) < WORTH_LEAVING_OUT * off.shape[1] else slice(None)


def _sum_of_sizes(coefficients: FloatArray) -> FloatArray:
    """``Σ_i |c_i|`` over the handles (b, k, width) → (b, width), without a temporary of the full size."""
    total = np.abs(coefficients[:, 0])
    for handle in range(1, coefficients.shape[1]):
        total += np.abs(coefficients[:, handle])
    return total
