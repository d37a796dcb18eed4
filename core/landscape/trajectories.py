"""The trajectory engine: checkpoints in a plane, each at its own loss and with its distance from the plane."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.landscape.directions.finding import find_directions
from core.landscape.directions.projection import Places, places
from core.landscape.plane import Directions, FloatArray, PcaDirections
from core.landscape.snapshots import frozen
from core.landscape.surface import Status
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.networks.mean_loss import channels_last, mean_loss
from core.networks.network import Network
from core.networks.parameters import movable
from core.networks.states import copied_state, put_state
from core.networks.waypoint import Waypoint
from core.origin import Origin, refuse_foreign
from core.training.run import Run


def waypoints_of(run: Run) -> tuple[Waypoint, ...]:
    """The checkpoints of a training in the order of their epochs, each with the rate that it was learnt with.

    Epoch 0 is the initialisation, with the rate that training begins with.
    """
    rates = dict(zip(run.epoch.tolist(), run.learning_rate.tolist(), strict=True))
    return tuple(
        Waypoint(
            epoch=float(checkpoint.epoch),
            weights=checkpoint.weights,
            learning_rate=rates.get(checkpoint.epoch, float("nan")),
        )
        for checkpoint in sorted(run.checkpoints, key=lambda checkpoint: checkpoint.epoch)
    )


def waypoints_of_networks(networks: Sequence[Network]) -> tuple[Waypoint, ...]:
    """Networks as the checkpoints of one training, in the order given; their epochs count from 0."""
    return tuple(waypoint_of(network, epoch) for epoch, network in enumerate(networks))


def waypoint_of(network: Network, epoch: float) -> Waypoint:
    """A network as the checkpoint of an epoch, with arrays of its own."""
    return Waypoint(epoch=float(epoch), weights=copied_state(network.module))


def compute_trajectory(
    request: TrajectoryRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Trajectory | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Trajectory:
    """Project checkpoints into a plane, and compute the loss of each where it really is (Li et al. 2018, §7).

    A plane shows the loss of weights within it. A checkpoint beside it has another loss than its shadow, so both its
    own loss and its distance from the plane are given. Each is evaluated with its own running statistics.

    Parameters
    ----------
    request : TrajectoryRequest
    network : Network
        At the origin of the plane, usually the last checkpoint. Unchanged afterwards.
    data : Dataset
        The losses are means over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Trajectory` after every checkpoint; the places are all there from the first one on.
    resume : Trajectory, optional
        A partial one of the same request, network, data and checkpoints; no loss in it is computed again.
    companions : Companions
        `waypoints`; `directions` for the axes of an existing surface (`FileDirections`).

    Raises
    ------
    InvalidRequest
        If there are no checkpoints, the axes cannot be found, or `resume` belongs to something else.
    WeightsMismatch
        If a checkpoint is of another architecture.
    """
    waypoints = companions.waypoints
    if not waypoints:
        raise InvalidRequest("There are no checkpoints to draw a way through. Choose a training that kept some.")
    used = data.first(request.samples)
    inputs, labels = network.prepare(used)
    if resume is None:
        directions = find_directions(request.directions, network, inputs, labels, companions, job)
    else:
        directions = resume.directions
    growing = _GrowingTrajectory(request, network, used, waypoints, directions, job)
    if resume is not None:
        growing.take_over(resume)
    try:
        growing.grow(inputs, labels, job)
    except Cancelled:
        job.partial(growing.snapshot("partial"))
        raise
    return growing.snapshot("complete")


class _GrowingTrajectory:
    """The arrays while they fill; `snapshot` gives an immutable copy."""

    def __init__(
        self,
        request: TrajectoryRequest,
        network: Network,
        data: Dataset,
        waypoints: Sequence[Waypoint],
        directions: Directions,
        job: JobContext,
    ) -> None:
        self._origin = Origin(network, data)  # the time of the projection counts
        self._request, self._network, self._data = request, network, data
        self._waypoints, self._directions = waypoints, directions
        self._places: Places = places(network.module, directions, waypoints, job)
        self._epoch = frozen(np.array([waypoint.epoch for waypoint in waypoints]))
        self._rates = frozen(np.array([waypoint.learning_rate for waypoint in waypoints]))
        self._variance = frozen(_explained(request, directions, self._places))
        self._loss, self._accuracy = np.full(len(waypoints), np.nan), np.full(len(waypoints), np.nan)
        self._done = np.zeros(len(waypoints), dtype=bool)

    def take_over(self, resume: Trajectory) -> None:
        """Go on from a partial trajectory. Raises `InvalidRequest` if it belongs to something else."""
        refuse_foreign(resume, self._request, self._network, self._data, "trajectory")
        if not self._same_way(resume):
            raise InvalidRequest(
                "The partial trajectory to resume belongs to another training. "
                "Resume it with its own, or compute a new one."
            )
        # a loss of NaN was computed if there is an accuracy; numbers to be predicted have none, and are computed again
        self._done = ~(np.isnan(resume.loss) & np.isnan(resume.accuracy))
        self._loss[self._done], self._accuracy[self._done] = resume.loss[self._done], resume.accuracy[self._done]
        self._origin.take_over(resume)

    def _same_way(self, resume: Trajectory) -> bool:
        pairs = ((resume.epoch, self._epoch), (resume.distance, self._places.distance))
        return all(one.shape == other.shape and np.allclose(one, other, equal_nan=True) for one, other in pairs)

    def grow(self, inputs: Tensor, labels: Tensor, job: JobContext) -> None:
        """Evaluate every checkpoint that is not yet."""
        inputs = channels_last(inputs)
        module = self._network.module
        with movable(module):
            for index in np.flatnonzero(~self._done).tolist():
                put_state(module, self._waypoints[index].weights)
                self._loss[index], self._accuracy[index] = mean_loss(module, inputs, labels, job)
                self._done[index] = True
                job.progress(int(self._done.sum()), len(self._done), f"epoch {self._epoch[index]:g}")
                job.partial(self.snapshot("partial"))

    def snapshot(self, status: Status) -> Trajectory:
        """What is known now."""
        return Trajectory(
            request=self._request,
            status=status,
            epoch=self._epoch,
            learning_rate=self._rates,
            x=frozen(self._places.x),
            y=frozen(self._places.y),
            loss=frozen(self._loss.copy()),
            accuracy=frozen(self._accuracy.copy()),
            off_plane=frozen(self._places.off_plane),
            distance=frozen(self._places.distance),
            explained_variance=self._variance,
            directions=self._directions,
            loss_unit=self._data.loss_unit,
            provenance=self._origin.provenance(),
        )


def _explained(request: TrajectoryRequest, directions: Directions, found: Places) -> FloatArray:
    """The shares that the principal axes were chosen by, or those that other axes happen to hold."""
    if isinstance(request.directions, PcaDirections) and len(directions.explained_variance) == 2:
        return np.array(directions.explained_variance)
    return found.explained_variance
