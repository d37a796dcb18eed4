"""Size and sharpness of one network: what is asked, and what is answered; plain records of numpy arrays."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
Status = Literal["complete", "partial"]
LayerKind = Literal["dense", "convolution", "normalisation"]


def _nothing() -> FloatArray:
    return np.empty(0)


@dataclass(frozen=True, kw_only=True)
class ComplexityRequest:
    """Norms, margins and sharpness of a network (Neyshabur et al. 2017, "Exploring Generalization in Deep Learning").

    Sharpness is the mean rise of the loss when every filter is moved by `radius` times its own length in a random
    direction: it does not change when weights are rescaled from layer to layer.
    """

    samples: int | None = None  # the first so many of the data set, and of the test set; None: all
    radius: float = 0.05  # of the sharpness, relative to the length of each filter
    draws: int = 20  # random directions of the sharpness
    eigenvalue: bool = True  # also the top eigenvalue of the Hessian
    seed: int = 0
    test: bool = False  # also loss and accuracy on the test set, and with them the generalisation gap

    def __post_init__(self) -> None:
        if self.samples is not None and self.samples < 1:
            raise InvalidRequest(f"{self.samples} samples have no margins. Ask for at least one.")
        if not 0 < self.radius <= 10 or not 2 <= self.draws <= 10_000:
            raise InvalidRequest("The radius lies above 0 and up to 10; at least two random directions are drawn.")
        if self.seed < 0:
            raise InvalidRequest(f"The seed {self.seed} is negative. Ask for 0 or more.")


@dataclass(frozen=True, kw_only=True)
class LayerNorms:
    """The norms of one layer's weights.

    Batch normalisation is the diagonal map that it is in evaluation mode, γ / √(variance + ε): with it, a product over
    layers does not change when the weights before it are rescaled.
    """

    layer: str  # name of the module
    parameters: int
    frobenius: float  # of the weights; of a convolution, of its kernel
    spectral: float  # largest singular value; of a convolution, of the linear map on its own input size
    spectral_error: float  # bound on its error; 0 if exact
    kind: LayerKind = "dense"


@dataclass(frozen=True, kw_only=True, eq=False)
class Complexity:
    """What is measured of one network on one data set, and on a test set if there is one."""

    request: ComplexityRequest
    status: Status
    layers: tuple[LayerNorms, ...] = field(repr=False)
    path_norm: (
        float  # √ of the sum over all paths of the product of squared weights; NaN if not defined for the network
    )
    margins: FloatArray = field(
        repr=False
    )  # (n,), output of the right class minus the largest other; empty: regression
    train_loss: float
    train_accuracy: float  # 0 to 1; NaN for regression
    test_loss: float  # NaN without a test set
    test_accuracy: float
    sharpness: float  # mean rise of the loss within the radius; see the request
    sharpness_error: float  # its standard error over the draws
    worst_rise: float  # largest rise among the draws
    top_eigenvalue: float  # NaN if not asked for
    top_residual: float
    parameters: int
    provenance: Provenance
    loss_unit: str = "nats"
    rises: FloatArray = field(default_factory=_nothing, repr=False)  # (k,), of the draws so far, in their order
    test_samples: int = 0
    path_reason: str = ""  # why there is no path norm
    eigenvalue_reason: str = ""  # why there is no top eigenvalue although it was asked for
    unlisted: tuple[str, ...] = ()  # parameters that belong to no linear map, and so to none of the layers

    @property
    def gap_error(self) -> float:
        """Standard error of the gap in accuracy, as samples of this number give it; NaN for regression."""
        spread = self.train_accuracy * (1 - self.train_accuracy) / max(self.provenance.samples, 1)
        tested = self.test_accuracy * (1 - self.test_accuracy) / self.test_samples if self.test_samples else np.nan
        return float(np.sqrt(spread + tested))

    @property
    def gap(self) -> float:
        """Generalisation gap: accuracy lost on the test set, or loss gained for regression. NaN without a test set."""
        if np.isfinite(self.train_accuracy):
            return self.train_accuracy - self.test_accuracy
        return self.test_loss - self.train_loss
