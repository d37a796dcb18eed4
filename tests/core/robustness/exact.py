"""The smallest change of a sample that turns the verdict, proved: truth for attacks on small networks.

A fully connected ReLU network becomes a mixed-integer linear program with one binary number for each unit whose sign is
open within reach (Tjeng et al. 2019). HiGHS finds the smallest ε for which some other class is as large as the right
one, within the range of the data; what it proves holds up to its own tolerance. Where its time runs out, two ends are
known all the same: a change that turns the verdict, and a size below which none does. HiGHS writes to standard output
at times, past Python, which is why this is no part of the product.
"""

import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.errors import UnsupportedNetwork
from core.networks.network import Network

FloatArray = npt.NDArray[np.float64]
TOLERANCE = 1e-6  # of HiGHS, of everything it calls feasible
REACHES = 6  # halvings of the reach, from which on the search goes outwards
BEYOND = np.inf  # no change within reach turns the verdict


@dataclass(frozen=True, kw_only=True)
class Distance:
    """Between two ends, in units of the data's range; equal where the search came to its end."""

    lower: float  # no change smaller than this turns the verdict
    upper: float  # a change of this size does; infinite: none was found within reach


class ExactSearch:
    """A network ready for exact searches, its inputs in units of the data's range.

    Parameters
    ----------
    network : Network
    low, high : (D,) float64
        The range of the data, in their units; where both are equal, nothing is changed.

    Raises
    ------
    UnsupportedNetwork
        If the network is no chain of affine layers and ReLU.
    """

    def __init__(self, network: Network, low: FloatArray, high: FloatArray) -> None:
        try:
            plain = lower(network)
        except UnsupportedNetwork as error:
            raise UnsupportedNetwork(f"The smallest change cannot be searched for exactly: {error}") from error
        if plain.skips or not all(isinstance(weight, np.ndarray) for weight in plain.weights):
            raise UnsupportedNetwork("The smallest change is searched for exactly in plain chains of full layers only.")
        self._low, self._scale = low, np.where(high > low, high - low, 1.0)
        self._movable = high > low
        first = plain.weights[0]
        self._plain = PiecewiseLinear(
            weights=(first * self._scale, *plain.weights[1:]),
            biases=(plain.biases[0] + first @ low, *plain.biases[1:]),
        )

    def distance(self, sample: FloatArray, label: int, *, most: float, seconds: float) -> Distance:
        """The smallest ε of a sample (D,), in units of the data, that is right as it is or has the distance 0.

        Parameters
        ----------
        most : float
            Reach: larger changes are not looked for.
        seconds : float
            That the search may take.
        """
        place = (sample - self._low) / self._scale
        outputs = self._plain.forward(place[None])[0]
        if outputs.argmax() != label or np.delete(outputs, label).max() >= outputs[label]:
            return Distance(lower=0.0, upper=0.0)
        ends, reach = time.monotonic() + seconds, most / 2**REACHES
        found = Distance(lower=0.0, upper=BEYOND)
        while (left := ends - time.monotonic()) > 0:  # a near place has few units whose sign is open: quickly searched
            bottom = np.where(self._movable, np.maximum(place - reach, np.minimum(place, 0.0)), place)
            top = np.where(self._movable, np.minimum(place + reach, np.maximum(place, 1.0)), place)
            nearer = _Program(self._plain, place, bottom, top, label, reach).solved(left)
            found = Distance(lower=max(found.lower, nearer.lower), upper=nearer.upper)
            if np.isfinite(found.upper) or reach >= most:
                break
            reach = min(most, 2 * reach)
        return found


@dataclass(eq=False)
class _Rows:
    """Inequalities ``lower ≤ A x ≤ upper``, collected row by row."""

    rows: list[tuple[npt.NDArray[np.int64], FloatArray]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, columns: npt.NDArray[np.int64], values: FloatArray, low: float, high: float) -> None:
        self.rows.append((columns, values))
        self.low.append(low)
        self.high.append(high)

    def constraint(self, width: int) -> optimize.LinearConstraint:
        places = np.repeat(np.arange(len(self.rows)), [len(columns) for columns, _ in self.rows])
        columns = np.concatenate([columns for columns, _ in self.rows])
        values = np.concatenate([values for _, values in self.rows])
        matrix = sparse.csr_array((values, (places, columns)), shape=(len(self.rows), width))
        return optimize.LinearConstraint(matrix, self.low, self.high)


class _Program:
    """Minimise ε over a sample's neighbourhood. Variables: ε, the input, then layer by layer outputs and signs."""

    def __init__(
        self, plain: PiecewiseLinear, place: FloatArray, bottom: FloatArray, top: FloatArray, label: int, most: float
    ) -> None:
        self._rows = _Rows()
        self._low: list[FloatArray] = [np.zeros(1), bottom]
        self._high: list[FloatArray] = [np.full(1, most), top]
        self._whole: list[FloatArray] = [np.zeros(1), np.zeros(len(place))]
        self._width = 1 + len(place)
        self._most = most
        before = np.arange(1, self._width)
        for column, value in zip(before, place, strict=True):  # |u − x| ≤ ε
            pair = np.array([0, column])
            self._rows.add(pair, np.array([-1.0, 1.0]), -np.inf, float(value))
            self._rows.add(pair, np.array([1.0, 1.0]), float(value), np.inf)
        for weight, bias in zip(plain.weights[:-1], plain.biases[:-1], strict=True):
            low, high = _bounds(weight, bias, bottom, top)
            before = self._layer(weight, bias, before, low, high)
            bottom, top = np.maximum(low, 0.0), np.maximum(high, 0.0)
        self._verdict(plain.weights[-1], plain.biases[-1], before, bottom, top, label)

    def _variables(self, low: FloatArray, high: FloatArray, *, whole: bool) -> npt.NDArray[np.int64]:
        self._low.append(low)
        self._high.append(high)
        self._whole.append(np.full(len(low), float(whole)))
        self._width += len(low)
        return np.arange(self._width - len(low), self._width)

    def _layer(
        self,
        weight: FloatArray,
        bias: FloatArray,
        before: npt.NDArray[np.int64],
        low: FloatArray,
        high: FloatArray,
    ) -> npt.NDArray[np.int64]:
        """The outputs of ReLU: units whose sign is known are affine or zero, the others get a binary number."""
        units = self._variables(np.maximum(low, 0.0), np.maximum(high, 0.0), whole=False)
        open_ = np.flatnonzero((low < 0) & (high > 0))
        signs = self._variables(np.zeros(len(open_)), np.ones(len(open_)), whole=True)
        for unit in np.flatnonzero(low >= 0):
            self._affine(units[unit], weight[unit], before, float(bias[unit]), float(bias[unit]))
        for unit, sign in zip(open_, signs, strict=True):
            self._affine(units[unit], weight[unit], before, float(bias[unit]), np.inf)  # h ≥ z
            columns = np.concatenate([[units[unit]], before, [sign]])  # h ≤ z − low (1 − s)
            values = np.concatenate([[1.0], -weight[unit], [-low[unit]]])
            self._rows.add(columns, values, -np.inf, float(bias[unit] - low[unit]))
            self._rows.add(np.array([units[unit], sign]), np.array([1.0, -high[unit]]), -np.inf, 0.0)  # h ≤ high s
        return units

    def _affine(
        self, unit: np.int64, weight: FloatArray, before: npt.NDArray[np.int64], low: float, high: float
    ) -> None:
        self._rows.add(np.concatenate([[unit], before]), np.concatenate([[1.0], -weight]), low, high)

    def _verdict(
        self,
        weight: FloatArray,
        bias: FloatArray,
        before: npt.NDArray[np.int64],
        bottom: FloatArray,
        top: FloatArray,
        label: int,
    ) -> None:
        """One of the other classes is as large as the right one; which one is left to the search."""
        others = [index for index in range(len(bias)) if index != label]
        chosen = self._variables(np.zeros(len(others)), np.ones(len(others)), whole=True)
        self._rows.add(chosen, np.ones(len(others)), 1.0, np.inf)
        for other, choice in zip(others, chosen, strict=True):
            lead, offset = weight[other] - weight[label], float(bias[other] - bias[label])
            least = float(_bounds(lead[None], np.array([offset]), bottom, top)[0][0])
            # lead · h + offset ≥ least (1 − choice)
            self._rows.add(np.concatenate([before, [choice]]), np.concatenate([lead, [least]]), least - offset, np.inf)

    def solved(self, seconds: float) -> Distance:
        """The smallest ε, or both ends of what is known about it when the time is over."""
        cost = np.zeros(self._width)
        cost[0] = 1.0
        found = optimize.milp(
            cost,
            integrality=np.concatenate(self._whole),
            bounds=optimize.Bounds(np.concatenate(self._low), np.concatenate(self._high)),
            constraints=self._rows.constraint(self._width),
            options={"time_limit": seconds, "mip_rel_gap": TOLERANCE},
        )
        if found.status == 2:  # infeasible: proved
            return Distance(lower=self._most, upper=BEYOND)
        known = found.mip_dual_bound
        least = 0.0 if known is None or not np.isfinite(known) else float(np.clip(known, 0.0, self._most))
        if found.x is None:
            return Distance(lower=least, upper=BEYOND)
        upper = float(found.x[0])
        return Distance(lower=min(least, upper), upper=upper)


def _bounds(weight: FloatArray, bias: FloatArray, bottom: FloatArray, top: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Between which numbers an affine map of a box lies, unit by unit."""
    middle, radius = weight @ ((bottom + top) / 2) + bias, np.abs(weight) @ ((top - bottom) / 2)
    return middle - radius, middle + radius
