"""The arrays of a surface while they fill, and immutable snapshots of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.plane import Directions, FloatArray
from core.landscape.snapshots import SnapshotPacer
from core.landscape.surface import (
    EVALUATED,
    INTERPOLATED,
    SAMPLED,
    Certificate,
    Course,
    HeldOut,
    Sampling,
    Status,
    Surface,
    SurfaceRequest,
)
from core.landscape.surfaces.points import CellValues
from core.networks.network import Network
from core.origin import Origin

LOSSES = ("loss", "test_loss")
SHARES = ("accuracy", "test_accuracy")


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What a surface is of: the same for every snapshot."""

    request: SurfaceRequest
    network: Network
    data: Dataset  # the samples that count
    directions: Directions
    x: FloatArray  # (nx,)
    y: FloatArray  # (ny,)
    centre_loss: float  # of the network as it is
    test: Dataset | None = None  # the samples of the test set that count


class GrowingSurface:
    """Values that were computed, how, and what is shown between them."""

    def __init__(self, subject: Subject, resume: Surface | None = None) -> None:
        self.subject = subject
        self._origin = Origin(subject.network, subject.data, subject.test)
        shape = (len(subject.y), len(subject.x))
        self.kind: npt.NDArray[np.uint8] = np.full(shape, INTERPOLATED, dtype=np.uint8)
        names = (*LOSSES, *SHARES) if subject.request.test else (LOSSES[0], SHARES[0])
        self.values: dict[str, FloatArray] = {name: np.full(shape, np.nan) for name in names}  # where computed
        self.between: dict[str, FloatArray] = {
            name: np.full(shape, np.nan) for name in names
        }  # what is shown elsewhere
        self.course = Course()
        self.certificate: Certificate | None = None
        self.held_out: HeldOut | None = None
        self.sampling: Sampling | None = None
        if resume is not None:
            self._take(resume)
        self._pacer = SnapshotPacer()

    def _take(self, resume: Surface) -> None:
        # Sampled cells without their calibration are a preview: too rough to be kept.
        kept = [EVALUATED] if resume.sampling is None else [EVALUATED, SAMPLED]
        known = np.isin(resume.evaluated, kept)
        self.kind[known] = resume.evaluated[known]
        for name, values in self.values.items():
            before = getattr(resume, name)
            values[known] = before[known]
            self.between[name] = np.where(known, np.nan, before)
        self.course = resume.course or Course()
        self.certificate, self.held_out, self.sampling = resume.certificate, resume.held_out, resume.sampling
        self._origin.take_over(resume)

    @property
    def exact(self) -> npt.NDArray[np.bool_]:
        """(ny, nx), where a cell was computed on all samples."""
        known: npt.NDArray[np.bool_] = self.kind == EVALUATED
        return known

    @property
    def computed(self) -> npt.NDArray[np.bool_]:
        """(ny, nx), where a cell was computed on all samples or on a part of them."""
        known: npt.NDArray[np.bool_] = self.kind != INTERPOLATED
        return known

    def put(self, row: int, column: int, cell: CellValues, kind: int = EVALUATED) -> None:
        """Write the values of one cell."""
        for name, values in self.values.items():
            values[row, column] = getattr(cell, name)
        self.kind[row, column] = kind

    def shown(self, name: str = "loss") -> FloatArray:
        """(ny, nx), computed values and what is shown between them."""
        everywhere: FloatArray = np.where(self.computed, self.values[name], self.between[name])
        return everywhere

    def forget_sampled(self) -> None:
        """Take sampled cells for interpolated ones."""
        self.kind[self.kind == SAMPLED] = INTERPOLATED
        self.sampling = None

    def offer(self, job: JobContext) -> None:
        """Give a snapshot to the job if the last one is old enough."""
        self._pacer.offer(job, lambda: self.snapshot("partial"))

    def snapshot(self, status: Status) -> Surface:
        """What is known now, in arrays that nobody writes to any more."""
        maps = {name: self.shown(name) for name in self.values}
        evaluated = self.kind.copy()
        for values in maps.values():
            values.setflags(write=False)
        evaluated.setflags(write=False)
        subject = self.subject
        return Surface(
            request=subject.request,
            status=status,
            x=subject.x,
            y=subject.y,
            **maps,
            evaluated=evaluated,
            directions=subject.directions,
            centre_loss=subject.centre_loss,
            loss_unit=subject.data.loss_unit,
            certificate=self.certificate,
            held_out=self.held_out,
            course=self.course,
            sampling=self.sampling,
            provenance=self._origin.provenance(),
        )
