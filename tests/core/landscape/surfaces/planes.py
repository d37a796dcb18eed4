"""Planes whose truth is known everywhere, and an evaluator that looks values up instead of computing them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.evaluation.plane import PointValues
from core.landscape.plane import Directions
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.surfaces.adaptive import Adaptive
from core.landscape.surfaces.growing import GrowingSurface, Subject
from core.landscape.surfaces.points import PointSource
from core.landscape.surfaces.timing import Pace
from core.landscape.surfaces.work import Work
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network

Losses = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]
CARD = NetworkCard(name="n", input=InputCard(shape=(1,)), file="p.pt2")
NETWORK = Network(card=CARD, module=nn.Identity(), sha256="0")


class TableEvaluator:
    """Answers from a table of losses and remembers what it was asked."""

    labels, operations = torch.zeros(0, dtype=torch.int64), 0

    def __init__(self, losses: Losses, x: FloatArray, y: FloatArray) -> None:
        self._losses, self._x, self._y = losses, x, y
        self.asked: list[tuple[int, int, int]] = []  # row, column, samples

    @property
    def samples(self) -> int:
        return len(self._losses[0, 0])

    def many(
        self,
        points: list[tuple[float, float]],
        job: JobContext,
        chosen: npt.NDArray[np.int64] | None = None,
        outputs_of: npt.NDArray[np.int64] | None = None,
    ) -> Iterator[tuple[int, PointValues]]:
        for index, (a, b) in enumerate(points):
            job.check()
            row, column = int(np.abs(self._y - b).argmin()), int(np.abs(self._x - a).argmin())
            losses = self._losses[row, column] if chosen is None else self._losses[row, column][chosen]
            self.asked.append((row, column, len(losses)))
            yield index, PointValues(losses, (losses < np.log(2)).astype(np.float32))


def request_for(losses: Losses, **options: object) -> SurfaceRequest:
    """An adaptive request of the table's shape."""
    rows, columns, _ = losses.shape
    return replace(SurfaceRequest(columns=columns, rows=rows, method="adaptive"), **options)  # type: ignore[arg-type]


def work_on(
    losses: Losses, job: JobContext | None = None, resume: Surface | None = None, **options: object
) -> tuple[Work, TableEvaluator]:
    """A surface that grows from a table."""
    rows, columns, samples = losses.shape
    x, y = np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)
    subject = Subject(
        request=request_for(losses, **options),
        network=NETWORK,
        data=Dataset(name="d", x=np.zeros((samples, 1)), y=np.zeros(samples, dtype=np.int64)),
        directions=Directions(x={}, y={}, cosine=0.0),
        x=x,
        y=y,
        centre_loss=0.0,
    )
    evaluator = TableEvaluator(losses, x, y)
    growing = GrowingSurface(subject, resume)
    return Work(growing, PointSource(x, y, evaluator), job or JobContext(), Pace(1e-3, samples)), evaluator


def computed(losses: Losses, **options: object) -> tuple[Surface, TableEvaluator]:
    """The adaptive surface of a table."""
    work, evaluator = work_on(losses, **options)  # type: ignore[arg-type]
    Adaptive(work).run()
    return work.growing.snapshot("complete"), evaluator


def share_within(surface: Surface, losses: Losses, tolerance: float) -> float:
    """The share of the plane shown whose display error is within a tolerance, by the truth."""
    truth = losses.mean(axis=2, dtype=np.float64)
    limit = surface.request.display_limit
    with np.errstate(invalid="ignore"):
        shown = (truth <= limit) | (surface.loss <= limit)
        error = np.abs(np.log(surface.loss + 0.1) - np.log(truth + 0.1))
    same = ~np.isfinite(truth) & ~np.isfinite(surface.loss)
    return float(((error <= tolerance) | same)[shown].mean()) if shown.any() else 1.0


def smooth_plane(rows: int = 25, columns: int = 25, samples: int = 32, seed: int = 0, height: float = 4.0) -> Losses:
    """Bowls around somewhat different places, with kinks as rectified units make them."""
    numbers = np.random.default_rng(seed)
    a, b = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    centre, stretch = numbers.normal(0, 0.2, (samples, 2)), numbers.uniform(0.5, 2, (samples, 2))
    away = np.stack([a, b], axis=-1)[:, :, None] - centre
    slope, offset = numbers.normal(size=(samples, 2)), numbers.normal(0, 0.5, samples)
    kink = np.maximum((away * slope).sum(axis=-1) - offset, 0)
    losses: Losses = (0.02 + height * (np.square(away) * stretch).sum(axis=-1) + kink).astype(np.float32)
    return losses


def rough_plane(
    rows: int = 25, columns: int = 25, samples: int = 32, seed: int = 0, patterns: int = 6, private: float = 0.02
) -> Losses:
    """A bowl with a structure as fine as the grid: patterns common to all samples, and some of each one's own."""
    numbers = np.random.default_rng(seed)
    a, b = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    common = np.exp(0.5 * numbers.normal(size=(rows, columns, patterns)))
    mix = numbers.dirichlet(np.full(patterns, 0.5), samples) * numbers.gamma(2, 0.5, (samples, 1)) * 2
    bowl = (0.2 + 3 * (a**2 + b**2))[:, :, None]
    own = np.exp(private * numbers.normal(size=(rows, columns, samples)))
    losses: Losses = (common @ mix.T * bowl * own).astype(np.float32)
    return losses


class AnsweringEvaluator(TableEvaluator):
    """Answers with outputs, from whose cross-entropy its losses come."""

    operations = 10**12

    def __init__(self, outputs: Losses, labels: npt.NDArray[np.int64], x: FloatArray, y: FloatArray) -> None:
        super().__init__(cross_entropy(outputs, labels), x, y)
        self._outputs, self.labels = outputs, torch.from_numpy(labels)

    def many(
        self,
        points: list[tuple[float, float]],
        job: JobContext,
        chosen: npt.NDArray[np.int64] | None = None,
        outputs_of: npt.NDArray[np.int64] | None = None,
    ) -> Iterator[tuple[int, PointValues]]:
        for index, values in super().many(points, job, chosen):
            row, column, _ = self.asked[-1]
            told = self._outputs[row, column][outputs_of] if outputs_of is not None and chosen is None else None
            yield index, replace(values, outputs=told)


def cross_entropy(outputs: Losses, labels: npt.NDArray[np.int64]) -> Losses:
    """(ny, nx, n) from (ny, nx, n, k)."""
    own = np.take_along_axis(outputs, labels[None, None, :, None], axis=3)[..., 0]
    losses: Losses = (np.log(np.exp(outputs.astype(np.float64)).sum(axis=3)) - own).astype(np.float32)
    return losses


def smooth_outputs(rows: int = 31, columns: int = 31, samples: int = 48, seed: int = 0) -> Losses:
    """Outputs that bend gently, so that samples change sides here and there: the loss of each then has an edge."""
    numbers = np.random.default_rng(seed)
    a, b = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    terms = np.stack([np.ones_like(a), a, b, a * b, a**2, b**2, a**3, b**3], axis=-1)
    outputs: Losses = (terms @ numbers.normal(0, 8, (samples, 3, 8)).transpose(0, 2, 1)[:, None]).astype(np.float32)
    return np.ascontiguousarray(outputs.transpose(1, 2, 0, 3))


def right_at_the_centre(outputs: Losses) -> npt.NDArray[np.int64]:
    """(n,) labels for a network that has learnt them."""
    labels: npt.NDArray[np.int64] = outputs[len(outputs) // 2, outputs.shape[1] // 2].argmax(axis=1)
    return labels


def answered(
    outputs: Losses,
    labels: npt.NDArray[np.int64],
    *,
    told: Losses | None = None,
    resume: Surface | None = None,
    job: JobContext | None = None,
    **options: object,
) -> tuple[Work, AnsweringEvaluator]:
    """A surface that grows from outputs; `told` are what the evaluator says that they are."""
    work, _ = work_on(cross_entropy(outputs, labels), job, resume, **options)
    evaluator = AnsweringEvaluator(outputs, labels, work.growing.subject.x, work.growing.subject.y)
    evaluator._outputs = outputs if told is None else told
    work.source = PointSource(work.growing.subject.x, work.growing.subject.y, evaluator)
    return work, evaluator
