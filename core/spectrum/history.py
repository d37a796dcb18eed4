"""Curvature through a training, from its checkpoints: what is asked, and what is answered."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.networks.waypoint import rate_drops
from core.provenance import Provenance
from core.spectrum.spectrum import FloatArray, Status


@dataclass(frozen=True, kw_only=True)
class HistoryRequest:
    """Top eigenvalues, gradient norm and loss at every checkpoint (Yao et al. 2018, §3, Figure 5)."""

    top: int = 1
    tolerance: float = 1e-3  # relative, of an eigenvalue
    samples: int | None = None  # the first so many of the data set; None: all
    seed: int = 0
    test: bool = False  # loss and accuracy of a test set as well
    test_samples: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.top <= 100:
            raise InvalidRequest(f"{self.top} eigenvalues at every checkpoint: ask for 1 to 100.")
        if not 0 < self.tolerance < 1:
            raise InvalidRequest(f"The tolerance {self.tolerance:g} is not between 0 and 1, such as 1e-3.")
        for samples in (self.samples, self.test_samples):
            if samples is not None and samples < 1:
                raise InvalidRequest(f"{samples} samples have no mean loss. Ask for at least one.")


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """The n checkpoints of a training in order; NaN where nothing is computed yet."""

    request: HistoryRequest
    status: Status
    epoch: FloatArray = field(repr=False)  # (n,)
    loss: FloatArray = field(repr=False)  # (n,), mean per sample
    accuracy: FloatArray = field(repr=False)  # (n,), 0 to 1; NaN for regression
    test_loss: FloatArray | None = field(repr=False)  # (n,); None without a test set
    test_accuracy: FloatArray | None = field(repr=False)  # (n,)
    gradient_norm: FloatArray = field(repr=False)  # (n,), ‖∇L‖₂ of the mean loss
    eigenvalues: FloatArray = field(repr=False)  # (n, top), signed, by decreasing magnitude
    residuals: FloatArray = field(repr=False)  # (n, top), ‖Hv − λv‖₂
    converged: npt.NDArray[np.uint8] = field(repr=False)  # (n,), 1: the residuals are within the tolerance
    provenance: Provenance
    loss_unit: str = "nats"
    learning_rate: FloatArray | None = field(default=None, repr=False)  # (n,), NaN where it is not known
    checkpoints_sha256: str = ""  # of all their weights and statistics together

    @property
    def done(self) -> npt.NDArray[np.bool_]:
        """(n,), which checkpoints are computed; one without a finite loss has an accuracy, or is computed again."""
        return ~(np.isnan(self.loss) & np.isnan(self.accuracy))

    @property
    def rate_drops(self) -> tuple[int, ...]:
        """Checkpoints at which the learning rate fell: the last ones learnt with the old rate."""
        return () if self.learning_rate is None else rate_drops(self.learning_rate)
