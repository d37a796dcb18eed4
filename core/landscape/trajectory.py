"""The way a training took, projected into a plane: what is asked, and what is answered."""

from dataclasses import dataclass, field

from core.landscape.plane import AnyDirections, Directions, FloatArray, PcaDirections, checked_samples
from core.landscape.surface import Status
from core.networks.waypoint import rate_drops
from core.provenance import Provenance


@dataclass(frozen=True, kw_only=True)
class TrajectoryRequest:
    """Where the checkpoints lie in a plane, and what their own loss is (Li et al. 2018, §7)."""

    directions: AnyDirections = field(default_factory=PcaDirections)
    samples: int | None = None

    def __post_init__(self) -> None:
        checked_samples(self.samples)


@dataclass(frozen=True, kw_only=True, eq=False)
class Trajectory:
    """Checkpoints by least squares in a plane. Each loss is the checkpoint's own, not that of its shadow there."""

    request: TrajectoryRequest
    status: Status
    epoch: FloatArray = field(repr=False)  # (n,)
    learning_rate: FloatArray = field(repr=False)  # (n,), NaN where it is not known
    x: FloatArray = field(repr=False)  # (n,), multiples of the first direction
    y: FloatArray = field(repr=False)  # (n,), multiples of the second
    loss: FloatArray = field(repr=False)  # (n,), mean per sample at the checkpoint itself; NaN: not computed yet
    accuracy: FloatArray = field(repr=False)  # (n,), 0 to 1
    off_plane: FloatArray = field(repr=False)  # (n,), distance from the plane, in units of the weights
    distance: FloatArray = field(repr=False)  # (n,), distance from the network, in units of the weights
    explained_variance: FloatArray = field(repr=False)  # (2,), share of the way's variance that the axes hold; or NaN
    directions: Directions
    provenance: Provenance
    loss_unit: str = "nats"

    @property
    def rate_drops(self) -> tuple[int, ...]:
        """Checkpoints at which the learning rate fell: the last ones learnt with the old rate."""
        return rate_drops(self.learning_rate)
