"""Fresh initialisations of a network's architecture: what is asked, and what is answered."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.landscape.plane import FloatArray, checked_samples, checked_seed
from core.landscape.surface import Status
from core.provenance import Provenance


@dataclass(frozen=True, kw_only=True)
class InitialisationRequest:
    """Where training would begin: the loss of fresh random weights, against the barriers of a plane (Li et al. §5)."""

    count: int = 10
    seed: int = 0  # of the first; the others count upwards
    samples: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= 1000:
            raise InvalidRequest(f"{self.count} initialisations cannot be drawn. Ask for 1 to 1000.")
        checked_samples(self.samples)
        checked_seed(self.seed, self.count)


@dataclass(frozen=True, kw_only=True, eq=False)
class Initialisations:
    """Loss and accuracy of untrained networks of the same architecture; NaN where nothing is computed yet."""

    request: InitialisationRequest
    status: Status
    seed: npt.NDArray[np.int64] = field(repr=False)  # (k,)
    loss: FloatArray = field(repr=False)  # (k,), with the statistics of normalisation as initialised
    calibrated_loss: FloatArray = field(repr=False)  # (k,), with statistics of the samples, as training sees it
    accuracy: FloatArray = field(repr=False)  # (k,), 0 to 1
    distance: FloatArray = field(repr=False)  # (k,), from the trained network, in units of its weights
    centre_loss: float  # of the trained network
    provenance: Provenance
    loss_unit: str = "nats"
