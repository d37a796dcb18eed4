"""The loss along a line or a curve through weight space: what is asked, and what is answered."""

from dataclasses import dataclass, field

import numpy as np

from core.errors import InvalidRequest
from core.landscape.plane import (
    AnyDirections,
    BatchNorm,
    Directions,
    FloatArray,
    RandomDirections,
    Range,
    checked_range,
    checked_samples,
    checked_seed,
)
from core.landscape.surface import Status
from core.provenance import Provenance

MOST_DRAWS = 100


@dataclass(frozen=True, kw_only=True)
class CurveRequest:
    """Loss and accuracy along the first axis of some directions, or along a Bézier curve between two networks.

    The position t stands for the weights ``θ + t·δ``; on a Bézier curve for ``θ + t·x + 2t(1 − t)·y``.
    """

    points: int = 51
    x_range: Range | None = (-1.0, 1.0)  # None: −0.5 to 1.5 between networks (Li et al. 2018), 0 to 1 on a curve
    directions: AnyDirections = field(default_factory=RandomDirections)
    draws: int = 1  # of random directions, seeds counted upwards: what differs between them is chance
    samples: int | None = None
    batch_norm: BatchNorm = "frozen"
    test: bool = False
    test_samples: int | None = None

    def __post_init__(self) -> None:
        if self.points < 2:
            raise InvalidRequest(f"{self.points} points are no curve. Ask for at least 2.")
        if not 1 <= self.draws <= MOST_DRAWS:
            raise InvalidRequest(f"{self.draws} draws cannot be shown. Ask for 1 to {MOST_DRAWS}.")
        if self.draws > 1 and not isinstance(self.directions, RandomDirections):
            raise InvalidRequest("Only random directions can be drawn more than once.")
        if isinstance(self.directions, RandomDirections):
            checked_seed(self.directions.seed, self.draws)
        checked_range("x", self.x_range)
        checked_samples(self.samples)
        checked_samples(self.test_samples)


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """Mean loss and accuracy at points of a line; NaN where nothing is computed yet."""

    request: CurveRequest
    status: Status
    x: FloatArray = field(repr=False)  # (n,)
    loss: FloatArray = field(repr=False)  # (draws, n), mean per sample on the training set
    accuracy: FloatArray = field(repr=False)  # (draws, n), 0 to 1
    test_loss: FloatArray | None = field(repr=False)  # (draws, n), None where no test set was asked for
    test_accuracy: FloatArray | None = field(repr=False)  # (draws, n)
    directions: Directions  # of the first draw
    centre_loss: float  # of the network itself
    provenance: Provenance
    loss_unit: str = "nats"

    @property
    def parabola(self) -> FloatArray | None:
        """(n,), ``L(0) + λt²/2``: what the curvature at the network alone says; None where it is not known.

        Only of an eigenvector of unit length λ is known; the gradient along it, about 0 at a minimum, is left out.
        """
        if not self.directions.eigenvalues or not np.isfinite(self.centre_loss):
            return None
        return np.asarray(self.centre_loss + 0.5 * self.directions.eigenvalues[0] * self.x**2)


def meant_accuracy(accuracy: FloatArray, loss: FloatArray) -> FloatArray:
    """Accuracies, NaN where the loss is not a number: outputs that are no numbers get nothing right and nothing wrong.

    Running variances that were carried beyond those of two networks may be negative: nothing that is finite comes out.
    """
    meant: FloatArray = np.where(np.isnan(loss), np.nan, accuracy)
    return meant
