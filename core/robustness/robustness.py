"""What is asked of the attacks on a network, and what they found: plain records of numpy arrays."""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.provenance import Provenance
from core.robustness.intervals import wilson_interval
from core.robustness.kinds import ALONG_GRADIENT, Attack

FloatArray = npt.NDArray[np.float64]
Status = Literal["complete", "partial"]
Verdicts = npt.NDArray[np.uint8]
MOST_EXAMPLES, MOST_STRENGTHS = 100, 1000
RIGHT, WRONG, NOT_YET = 1, 0, 255  # of a sample under an attack
ROUNDING = 1e-12  # of the largest eigenvalue: what float64 may make of a zero


@dataclass(frozen=True, kw_only=True)
class RobustnessRequest:
    """Accuracy under attack, by attack and strength (Yao et al. 2018, §4).

    Strengths are in units of the data's range. ε is the largest change of one number for attacks along a sign; attacks
    along a gradient change a sample by the L2 length ε·√D, which is that of a change by ε of all its D numbers (the
    paper's pairs 0.1 and 2.8 of MNIST).
    """

    attacks: tuple[Attack, ...] = ("fgsm", "fgsm10", "l2grad", "fhsm", "l2hess")
    epsilon: tuple[float, ...] = (0.005, 0.01, 0.02, 0.05, 0.1)  # ascending
    damping: float = 0.01  # of the second-order attacks, relative to each sample's largest eigenvalue
    steps: int = 10  # of PGD
    samples: int | None = None  # the first so many of the data set; None: all
    seed: int = 0  # of PGD's random start
    made_on: str = ""  # fingerprint of another network on which the attacks are made (transfer); "" the network itself
    input_hessian: bool = True  # eigenvalues of the Hessian in the input, of every sample
    examples: int = 12  # samples whose attacked inputs are kept to look at

    def __post_init__(self) -> None:
        unknown = set(self.attacks) - set(get_args(Attack))
        if not self.attacks or unknown or len(set(self.attacks)) < len(self.attacks):
            raise InvalidRequest(f"Ask for attacks among {', '.join(get_args(Attack))}, each once.")
        rising = all(0 < a < b for a, b in zip(self.epsilon, self.epsilon[1:], strict=False))
        if (
            not 1 <= len(self.epsilon) <= MOST_STRENGTHS
            or not rising
            or not 0 < self.epsilon[0] <= self.epsilon[-1] <= 1
        ):
            raise InvalidRequest("Strengths ascend and lie above 0 and up to 1, the whole range of the data.")
        if not 0 <= self.damping <= 1e6 or not 1 <= self.steps <= 10_000:
            raise InvalidRequest("The damping is not negative, and PGD takes at least one step.")
        if self.samples is not None and self.samples < 1:
            raise InvalidRequest(f"{self.samples} samples cannot be attacked. Ask for at least one.")
        if not 0 <= self.examples <= MOST_EXAMPLES:
            raise InvalidRequest(f"{self.examples} examples cannot be kept. Ask for 0 to {MOST_EXAMPLES}.")
        if self.seed < 0:
            raise InvalidRequest(f"The seed {self.seed} is negative. Take 0 or more.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Examples:
    """Some samples with what each attack made of them at every strength; e of them.

    They are the first of the data set that the network gets right, in their order; where these are too few, the first
    wrong ones follow. Of numbers that are predicted they are the first ones, without verdicts.
    """

    row: npt.NDArray[np.int64] = field(repr=False)  # (e,), in the data set
    label: npt.NDArray[np.int64] = field(repr=False)  # (e,)
    original: npt.NDArray[np.float32] = field(repr=False)  # (e, …), in units of the data
    attacked: npt.NDArray[np.float32] = field(repr=False)  # (attacks, m, e, …), in units of the data; NaN: not yet
    clean_verdict: npt.NDArray[np.int64] = field(repr=False)  # (e,)
    clean_confidence: FloatArray = field(repr=False)  # (e,), probability of the verdict
    verdict: npt.NDArray[np.int64] = field(repr=False)  # (attacks, m, e); −1: not yet
    confidence: FloatArray = field(repr=False)  # (attacks, m, e)
    # For numbers that are predicted: what is right, and what the network says of the original and of the attacked.
    target: FloatArray | None = field(repr=False, default=None)  # (e, k), in the target's unit
    clean_prediction: FloatArray | None = field(repr=False, default=None)  # (e, k)
    prediction: FloatArray | None = field(repr=False, default=None)  # (attacks, m, e, k); NaN: not yet


@dataclass(frozen=True, kw_only=True, eq=False)
class Robustness:
    """Accuracy and loss under every attack at every strength; NaN where nothing is computed yet."""

    request: RobustnessRequest
    status: Status
    epsilon: FloatArray = field(repr=False)  # (m,), of the attacks along a sign
    length: FloatArray = field(repr=False)  # (m,), L2 length ε·√D of the attacks along a gradient
    accuracy: FloatArray = field(repr=False)  # (attacks, m), 0 to 1
    loss: FloatArray = field(repr=False)  # (attacks, m), mean per sample
    changed: FloatArray = field(repr=False)  # (attacks, m), mean L2 length of the change after the box was kept
    clean_accuracy: float
    clean_loss: float
    samples: int  # attacked
    input_eigenvalues: FloatArray | None = field(repr=False)  # (samples, r) of the Hessian in the input, descending
    smallest_input_eigenvalue: float  # over all samples; not negative but for rounding; NaN if not computed
    piecewise_linear: bool  # whether that Hessian is exact; else it is the Gauss-Newton matrix
    examples: Examples | None = field(repr=False)
    provenance: Provenance
    loss_unit: str = "nats"
    range_low: FloatArray = field(repr=False, default_factory=lambda: np.zeros(0))  # (columns,), or (1,) for images
    range_high: FloatArray = field(repr=False, default_factory=lambda: np.zeros(0))  # one unit of ε lies between
    right: Verdicts | None = field(repr=False, default=None)  # (attacks, m, samples): 1, 0, or 255: not yet
    clean_right: Verdicts | None = field(repr=False, default=None)  # (samples,); None: numbers are predicted
    not_finite: int = 0  # samples whose clean outputs are not all finite; they count as wrong
    # Relative error of the closed form over all samples, in the Frobenius norm, estimated with one random vector for
    # each against differentiating twice; NaN if not computed, or torch knows no second derivative.
    hessian_deviation: float = np.nan
    made_on: str = ""  # name of the other network on which the attacks were made; "": of this one

    @property
    def strength(self) -> FloatArray:
        """(attacks, m), in units of the data's range: ε along a sign, the L2 length along a gradient."""
        return np.stack([self.length if kind in ALONG_GRADIENT else self.epsilon for kind in self.request.attacks])

    @property
    def interval(self) -> tuple[FloatArray, FloatArray]:
        """Both ends, each (attacks, m), of the accuracy on all samples of this kind; see `wilson_interval`."""
        return wilson_interval(self.accuracy, self.samples)

    @property
    def clean_interval(self) -> tuple[float, float]:
        """The same for samples as they are."""
        low, high = wilson_interval(self.clean_accuracy, self.samples)
        return float(low), float(high)

    @property
    def saddle_free(self) -> bool:
        """Whether no eigenvalue of the Hessian in the input is negative beyond rounding."""
        if self.input_eigenvalues is None or not np.isfinite(self.smallest_input_eigenvalue):
            return False
        largest = float(np.nanmax(self.input_eigenvalues[:, 0]))
        return self.smallest_input_eigenvalue >= -ROUNDING * largest

    @property
    def flat(self) -> int:
        """Samples around which the loss is flat: attacks along a gradient find nothing there, even if there is some."""
        return 0 if self.input_eigenvalues is None else int((self.input_eigenvalues[:, 0] == 0).sum())

    def worst(self, attacks: tuple[Attack, ...]) -> FloatArray:
        """(m,) share of the samples that none of these attacks turns at any strength up to each; NaN: not yet.

        An upper bound of the accuracy under any change of that size. A single attack may do worse at a larger strength
        than at a smaller one; what was found at the smaller one is then still there.
        """
        if self.right is None:
            return np.full(len(self.epsilon), np.nan)
        rows = self.right[[self.request.attacks.index(kind) for kind in attacks]]
        fallen = np.maximum.accumulate((rows != RIGHT).any(axis=0), axis=0)  # (m, samples)
        known = np.logical_and.accumulate((rows != NOT_YET).all(axis=(0, 2)))
        return np.where(known, 1.0 - fallen.mean(axis=1), np.nan)
