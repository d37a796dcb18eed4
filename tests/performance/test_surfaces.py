"""A whole surface of 51 × 51 points to a stated error, in CPU time, against the peers' own code.

The peers compute every point, and each costs them the same: theirs is the measured time of a point times 2,601. Ours is
the whole run, from opening the evaluator to the certificate. What is claimed of errors is checked at random points that
are computed exactly here and took no part in the surface.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from core.data.dataset import Dataset
from core.errors import Cancelled
from core.job import JobContext
from core.landscape.evaluation.plane import plane_evaluator
from core.landscape.surface import EVALUATED, Surface, SurfaceRequest
from core.landscape.surfaces.engine import compute_surface
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint
from tests.performance.peers import TOOLS, peer_seconds_per_point
from tests.performance.peers_cases import Case, papers_network, small_cnn

pytestmark = [pytest.mark.slow, pytest.mark.bench, pytest.mark.timeout(7200), pytest.mark.usefixtures("one_thread")]
GRID = 51 * 51
NOISE = 0.8  # what a busy machine may take of a ratio: caches and memory are shared with whatever else runs
ALL_IMAGES = 50_000  # of CIFAR-10's training set
CHECKED = 60  # random points that are computed to check a claim
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measured:
    """A surface, what it cost, and how wrong it is where that was checked."""

    surface: Surface
    seconds: float  # CPU
    display: FloatArray  # |log(estimate + 0.1) − log(loss + 0.1)| at random points within the display limit
    relative: FloatArray  # |estimate / loss − 1| there


def opened(case: Case) -> tuple[Network, Dataset]:
    """The case as the engine takes it; its inputs are normalised already."""
    card = NetworkCard(name=case.title, input=InputCard(shape=(3, 32, 32), mean=(0.0,), std=(1.0,)), file="n.pt2")
    network = Network(card=card, module=case.module, sha256=fingerprint(case.module.state_dict()))
    return network, Dataset(name="d", x=case.inputs.contiguous().numpy(), y=case.labels.numpy())


def measured(case: Case, request: SurfaceRequest) -> Measured:
    network, data = opened(case)
    began = time.process_time()
    surface = compute_surface(request, network, data, JobContext())
    seconds = time.process_time() - began
    display, relative = checked(case, surface)
    return Measured(surface, seconds, display, relative)


def checked(case: Case, surface: Surface) -> tuple[FloatArray, FloatArray]:
    """Errors at random points of the plane shown; points that the surface computed count with their error of zero."""
    cells = np.argwhere(surface.loss <= surface.request.display_limit)
    cells = np.random.default_rng(99).permutation(cells)[:CHECKED]
    estimate = surface.loss[tuple(cells.T)]
    job = JobContext()
    with plane_evaluator(case.module, surface.directions, case.inputs, case.labels, job) as evaluator:
        points = [(float(surface.x[column]), float(surface.y[row])) for row, column in cells]
        exact = np.zeros(len(points))
        for index, values in evaluator.many(points, job):
            exact[index] = values.loss
    return np.abs(np.log(estimate + 0.1) - np.log(exact + 0.1)), np.abs(estimate / exact - 1)


def _mean(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Of the peers before and after our run: on a busy machine a second of CPU is not worth the same all the time."""
    return {tool: (before[tool] + after[tool]) / 2 for tool in TOOLS}


def told(case: Case, found: Measured, peers: dict[str, float]) -> str:
    surface, course = found.surface, found.surface.course
    assert course is not None
    ratios = ", ".join(f"{tool} {peers[tool] * GRID / found.seconds:.1f}" for tool in TOOLS)
    certificate = surface.certificate
    return (
        f"\n{case.title}: {found.seconds:.1f} s of CPU, {course.full_points} points ({course.lever}); times {ratios}\n"
        f"  display error at {len(found.display)} random points: 95 % {np.quantile(found.display, 0.95):.2%}, "
        f"99 % {np.quantile(found.display, 0.99):.2%}, most {found.display.max():.2%}; of the loss "
        f"{found.relative.max():.2%}\n  {certificate}\n  {course.reason} [{course.engine}]"
    )


def projected(case: Case, found: Measured) -> str:
    """What the same surface takes over all images of CIFAR-10: a point's cost is in proportion to its images."""
    hours = found.seconds * ALL_IMAGES / len(case.labels) / 3600
    return f"over {ALL_IMAGES:,} images at this rate: {hours:.1f} h of CPU, {hours / 2:.1f} h on two cores"


def adaptive(tolerance: float, samples: int | None = None, side: int = 51) -> SurfaceRequest:
    return SurfaceRequest(columns=side, rows=side, method="adaptive", tolerance=tolerance, samples=samples)


def test_a_small_network_to_one_percent(capsys: pytest.CaptureFixture[str]) -> None:
    case = small_cnn()
    before = peer_seconds_per_point(case)
    found = measured(case, adaptive(0.01))
    peers = _mean(before, peer_seconds_per_point(case))
    with capsys.disabled():
        print(told(case, found, peers))  # noqa: T201
    assert found.surface.certificate is not None
    assert found.surface.certificate.holds
    assert np.quantile(found.display, 0.95) <= 0.01
    # To be reached: 50, 50 and 20. Measured: 51, 44 and 36 with 132 points; under load 50, 44, 34. 71 points
    # refine, and the certificate takes 61 more; two held-out points that miss cost 50 to 60 others.
    assert len(found.display) == CHECKED
    assert found.surface.evaluated_count < GRID / 13
    assert peers["loss-landscapes"] * GRID / found.seconds > 44 * NOISE
    assert peers["Landscaper"] * GRID / found.seconds > 40 * NOISE
    assert peers["plain loop"] * GRID / found.seconds > 30 * NOISE


@pytest.mark.realdata
@pytest.mark.parametrize(("tolerance", "p99", "times"), [(0.05, 0.05, 15), (0.025, 0.02, 9)])
def test_the_papers_network_with_shortcuts(
    tolerance: float, p99: float, times: float, capsys: pytest.CaptureFixture[str]
) -> None:
    case = papers_network("resnet56")
    before = peer_seconds_per_point(case)
    found = measured(case, adaptive(tolerance))
    peers = _mean(before, peer_seconds_per_point(case))
    with capsys.disabled():
        print(told(case, found, peers))  # noqa: T201
    assert found.surface.certificate is not None
    assert found.surface.certificate.holds
    with capsys.disabled():
        print(f"  {projected(case, found)}")  # noqa: T201
    # On the true plane, in orientations of the grid (no whole run): 299 points and p99 4.3 % at tolerance 0.05, but 314
    # and, where a look failed, 441 in two others; 480 to 508 points and p99 1.7 to 2.3 % at 0.025.
    assert np.quantile(found.display, 0.99) <= p99 * 1.2  # of 60 points, the 99 % quantile is about the largest
    assert peers["loss-landscapes"] * GRID / found.seconds > times * NOISE


class _UntilDecided(JobContext):
    """Stops as soon as the engine has decided to compute every point."""

    def __init__(self) -> None:
        self.surface: Surface | None = None

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, Surface)
        self.surface = snapshot

    def progress(self, done: int, total: int, text: str = "") -> None:
        del done, text
        course = self.surface.course if self.surface is not None else None
        if course is not None and course.lever == "every point" and course.reason and total == GRID:
            raise Cancelled("Decided.")


@pytest.mark.realdata
def test_the_papers_network_without_shortcuts_is_found_chaotic(capsys: pytest.CaptureFixture[str]) -> None:
    """Every point is computed then, each at the same cost: it is enough to see the decision and to time the points."""
    case = papers_network("resnet56_noshort")
    peers = peer_seconds_per_point(case)
    network, data = opened(case)
    job, began = _UntilDecided(), time.process_time()
    with pytest.raises(Cancelled):
        compute_surface(adaptive(0.02), network, data, job)
    assert job.surface is not None
    seconds = (time.process_time() - began) / job.surface.evaluated_count
    assert job.surface.course is not None
    with capsys.disabled():
        ratios = ", ".join(f"{tool} {peers[tool] / seconds:.2f}" for tool in TOOLS)
        print(f"\n{case.title}: {1000 * seconds:.0f} ms a point; times {ratios}\n  {job.surface.course.reason}")  # noqa: T201
    assert peers["loss-landscapes"] / seconds > 2.5 * NOISE  # measured: see test_evaluation.py


@pytest.mark.realdata
def test_a_chaotic_plane_over_many_samples(capsys: pytest.CaptureFixture[str]) -> None:
    """Over 4,000 images on 33 × 33 points: most of an hour. A peer's point costs in proportion to its images."""
    images = 4000
    peers = peer_seconds_per_point(papers_network("resnet56_noshort"))
    case = papers_network("resnet56_noshort", images)
    found = measured(case, adaptive(0.03, side=33))
    course, surface = found.surface.course, found.surface
    assert course is not None
    assert course.lever == "fewer samples"
    times = {tool: peers[tool] * images / 256 * surface.loss.size / found.seconds for tool in TOOLS}
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{case.title}, 33 × 33: {surface.loss.size * images / course.forwards:.1f} times fewer samples; "
            f"{course.full_points} points in full, {course.subset} samples elsewhere; "
            f"{found.seconds:.0f} s of CPU; times {', '.join(f'{tool} {ratio:.1f}' for tool, ratio in times.items())}\n"
            f"  display error 95 % {np.quantile(found.display, 0.95):.2%}, most "
            f"{found.display.max():.2%}\n  {surface.certificate}\n  {course.reason}"
        )
    assert np.quantile(found.display, 0.95) <= 0.03
    # On so small a grid the certificate's points weigh more than on 51 × 51.
    assert times["loss-landscapes"] > 8 * NOISE


def test_cost_is_linear_and_memory_is_not_a_matter_of_points_and_samples(capsys: pytest.CaptureFixture[str]) -> None:
    case = small_cnn(1024)
    network, data = opened(case)
    seconds, kept = {}, {}
    for side, samples in ((4, 512), (8, 512), (4, 1024)):
        request = SurfaceRequest(columns=side, rows=side, samples=samples)
        began = time.process_time()
        surface = compute_surface(request, network, data, JobContext())
        seconds[side, samples] = time.process_time() - began
        kept[side, samples] = sum(getattr(surface, name).nbytes for name in ("loss", "accuracy", "evaluated"))
        assert (surface.evaluated == EVALUATED).all()
    with capsys.disabled():
        print(f"\nCPU seconds by side and samples: {seconds}")  # noqa: T201
    assert kept[8, 512] == 4 * kept[4, 512]
    assert kept[4, 1024] == kept[4, 512]
