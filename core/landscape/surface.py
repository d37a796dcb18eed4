"""What is asked of the landscape engine, and what it answers: plain records of numpy arrays."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

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
)
from core.provenance import Provenance

Status = Literal["complete", "partial"]
Method = Literal["adaptive", "grid"]
Lever = Literal["every point", "fewer points", "fewer samples"]

LOG_OFFSET = 0.1  # Li et al. 2018, h52vtp.py --log: the height that one sees is log(loss + 0.1)

INTERPOLATED = 0  # not computed: interpolated between computed points
EVALUATED = 1  # computed at that very point on all samples
SAMPLED = 2  # computed at that very point on a calibrated part of the samples


@dataclass(frozen=True, kw_only=True)
class SurfaceRequest:
    """The loss over a rectangle of the plane through the network's weights.

    The point (a, b) stands for the weights ``θ + a·δ + b·η`` with δ, η the two directions.
    """

    columns: int = 51  # Li et al. 2018: 51 × 51
    rows: int = 51
    x_range: Range | None = (-1.0, 1.0)  # None: as far as the plane's networks and checkpoints, with a margin
    y_range: Range | None = (-1.0, 1.0)
    directions: AnyDirections = field(default_factory=RandomDirections)
    samples: int | None = None  # the first so many of the data set; None: all
    display_limit: float = 10.0  # loss above this is clipped in pictures (Li et al.: vmax 10)
    method: Method = "grid"  # adaptive: compute only as much as the tolerance needs, and certify it
    tolerance: float = 0.02  # adaptive: error of log(loss + 0.1) that the certificate is about
    batch_norm: BatchNorm = "frozen"  # or its statistics computed anew at every point (Garipov et al. 2018)
    test: bool = False  # also on the test set that goes with the result
    test_samples: int | None = None  # the first so many of the test set; None: all

    def __post_init__(self) -> None:
        if self.columns < 2 or self.rows < 2:
            raise InvalidRequest(
                f"A surface of {self.columns} × {self.rows} points is no surface. Ask for at least 2 × 2."
            )
        for axis, extent in (("x", self.x_range), ("y", self.y_range)):
            checked_range(axis, extent)
        checked_samples(self.samples)
        checked_samples(self.test_samples)
        if not self.display_limit > 0:
            raise InvalidRequest(f"The loss shown must be limited above zero, not at {self.display_limit:g}.")
        if not 0 < self.tolerance < 1:
            raise InvalidRequest(f"The tolerance {self.tolerance:g} is not between 0 and 1, such as 0.02.")


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What held-out points prove of a surface that was not computed everywhere.

    With `confidence`, at least the share `coverage` of the plane shown has an error of at most `tolerance`.
    """

    points: int  # held out: drawn at random among the points shown, computed exactly, never used for the estimate
    confidence: float
    coverage: float
    tolerance: float
    error: str = "log(loss+0.1)"  # the height that one sees
    display_limit: float = 10.0
    max_seen: float = 0.0  # the largest error among the held-out points; the true largest may be larger
    holds: bool = True  # False: the tolerance asked for was missed; `tolerance` is then what could be certified


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldOut:
    """The points behind a certificate."""

    x: FloatArray = field(repr=False)  # (m,)
    y: FloatArray = field(repr=False)  # (m,)
    loss: FloatArray = field(repr=False)  # (m,), exact
    estimate: FloatArray = field(repr=False)  # (m,), what the surface showed there before


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the engine decided on the way, and why: for the inspector and the report."""

    lever: Lever = "every point"
    reason: str = ""  # a sentence with the measured figures that the decision rests on
    engine: str = ""  # how a point was evaluated, such as "fused convolutions, batches of 64, 1 worker"
    engine_error: float = 0.0  # largest relative difference to float64 on the points that were checked
    subset: int = 0  # samples at every point, where fewer samples were the lever
    full_points: int = 0  # points computed on all samples
    forwards: int = 0  # samples that went through the network, all points together
    looks: int = 0  # how many times held-out points were asked; all looks share the certificate's probability of error


@dataclass(frozen=True, kw_only=True, eq=False)
class Sampling:
    """The calibrated part of the samples behind cells that are SAMPLED; a surface that is resumed goes on with it.

    The loss of such a cell is the sum of weight × loss over the part's samples.
    """

    rows: FloatArray = field(repr=False)  # (k,), which samples of the data set, whole numbers
    weights: FloatArray = field(repr=False)  # (k,), about 1/k each
    test_rows: FloatArray | None = field(default=None, repr=False)  # (j,), of the test set
    test_weights: FloatArray | None = field(default=None, repr=False)  # (j,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """Mean loss and accuracy over a rectangle of a plane; every cell says how it was obtained.

    A cell that was evaluated and is not finite keeps its NaN or infinity: it is drawn as a hole and counted.
    """

    request: SurfaceRequest
    status: Status
    x: FloatArray = field(repr=False)  # (nx,), multiples of the first direction
    y: FloatArray = field(repr=False)  # (ny,), multiples of the second
    loss: FloatArray = field(repr=False)  # (ny, nx), mean per sample; NaN where nothing is known yet
    accuracy: FloatArray = field(repr=False)  # (ny, nx), share classified right, 0 to 1; NaN where there are no classes
    evaluated: npt.NDArray[np.uint8] = field(repr=False)  # (ny, nx), EVALUATED, SAMPLED or INTERPOLATED
    directions: Directions
    centre_loss: float  # of the network itself, at (0, 0), computed apart from the grid
    provenance: Provenance
    loss_unit: str = "nats"  # or the square of the unit of the numbers that are predicted
    test_loss: FloatArray | None = field(default=None, repr=False)  # (ny, nx), as `loss`, on the test set
    test_accuracy: FloatArray | None = field(default=None, repr=False)  # (ny, nx)
    certificate: Certificate | None = None
    held_out: HeldOut | None = None
    course: Course | None = None
    sampling: Sampling | None = None

    @property
    def holes(self) -> int:
        """How many evaluated points have no finite loss."""
        return int(np.count_nonzero((self.evaluated == EVALUATED) & ~np.isfinite(self.loss)))

    @property
    def evaluated_count(self) -> int:
        """How many points were computed on all samples, finite or not."""
        return int(np.count_nonzero(self.evaluated == EVALUATED))

    @property
    def test_holes(self) -> int:
        """How many points that were computed have no finite loss on the test set; 0 without a test set."""
        return 0 if self.test_loss is None else self._not_finite(self.test_loss, self.evaluated != INTERPOLATED)

    @property
    def test_gaps(self) -> int:
        """How many points that were not computed are left open on the test set; 0 without a test set."""
        return 0 if self.test_loss is None else self._not_finite(self.test_loss, self.evaluated == INTERPOLATED)

    def _not_finite(self, loss: FloatArray, where: npt.NDArray[np.bool_]) -> int:
        return int(np.count_nonzero(where & ~np.isfinite(loss)))
