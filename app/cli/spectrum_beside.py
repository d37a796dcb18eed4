"""What `corrie spectrum` computes besides a spectrum: loss along eigenvectors, or curvature through a training."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from app.cli.checkpoint_sources import open_checkpoints
from app.cli.company import Company
from app.cli.inputs import file_type
from app.cli.landscape_options import CHECKPOINTS_HELP
from app.cli.opening import open_test
from app.cli.workbook import still_to_do
from core.companions import Companions
from core.landscape.curve import CurveRequest
from core.landscape.plane import FileDirections, Range, checked_range
from core.networks.network import Network
from core.networks.options import OpeningOptions
from core.perturbation import POINTS, REACH, Perturbation, perturbations
from core.session.document import ResultItem
from core.spectrum.history import HistoryRequest
from core.spectrum.spectrum import Spectrum, SpectrumRequest

F = TypeVar("F", bound=Callable[..., Any])
TOP, TOLERANCE = 20, 1e-4  # of a spectrum, where nothing is said
HISTORY_TOP, HISTORY_TOLERANCE = 1, 1e-3  # of every checkpoint

_OPTIONS = (
    click.option(
        "--perturb",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Also the loss along the first N eigenvectors, in both directions.",
    ),
    click.option(
        "--perturb-range",
        type=float,
        nargs=2,
        default=REACH,
        show_default=True,
        help="Ends of these curves, in lengths of the change of all weights together.",
    ),
    click.option(
        "--perturb-points",
        type=click.IntRange(2, 2001),
        default=POINTS,
        show_default=True,
        metavar="N",
        help="Points of each.",
    ),
    click.option("--test", metavar="DATA", default=None, help="A test set for these curves and for checkpoints."),
    click.option("--test-samples", type=click.IntRange(min=1), metavar="N", help="Take its first N samples."),
    click.option(
        "--checkpoints",
        type=file_type,
        metavar="PATH",
        help="Loss, gradient and --top eigenvalues (1 if it is not said, to 1e-3) of every one, instead of NETWORK's "
        f"spectrum. {CHECKPOINTS_HELP}",
    ),
    click.option("--run", metavar="NAME", help="Which run, where the checkpoints of several are there."),
)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The options as they were given."""

    perturb: int
    perturb_range: Range
    perturb_points: int
    test: str | None
    test_samples: int | None
    checkpoints: Path | None
    run: str | None


def beside_options(command: F) -> F:
    """All of them."""
    decorated: Any = command
    for decorate in reversed(_OPTIONS):
        decorated = decorate(decorated)
    result: F = decorated
    return result


def open_beside(asked: Beside, options: OpeningOptions, top: int) -> Company:
    """Open the test set and the checkpoints.

    Raises
    ------
    click.UsageError
        If options contradict one another.
    CorrieError
        If the curves would have no length, or something cannot be opened.
    """
    if asked.perturb > top:
        raise click.UsageError(f"--perturb {asked.perturb} needs as many eigenvectors: add --top {asked.perturb}.")
    if asked.checkpoints is not None and asked.perturb:
        raise click.UsageError("--perturb is about NETWORK alone: leave --checkpoints out.")
    if asked.test is not None and asked.checkpoints is None and not asked.perturb:
        raise click.UsageError("A test set has no part in a spectrum: add --perturb N or --checkpoints PATH.")
    checked_range("x", asked.perturb_range)
    if asked.run is not None and asked.checkpoints is None:
        raise click.UsageError("Say where the run is: --checkpoints PATH.")
    test, test_origin = open_test(asked.test)
    waypoints, run, run_items = open_checkpoints(asked.checkpoints, asked.run, options)
    return Company(
        companions=Companions(test=test, waypoints=waypoints),
        test_origin=test_origin,
        run=run,
        run_items=run_items,
    )


def history_request(
    asked: Beside, samples: int | None, seed: int, top: int | None, tolerance: float | None
) -> HistoryRequest:
    """Curvature through the training whose checkpoints were named."""
    return HistoryRequest(
        top=HISTORY_TOP if top is None else top,
        tolerance=HISTORY_TOLERANCE if tolerance is None else tolerance,
        samples=samples,
        seed=seed,
        test=asked.test is not None,
        test_samples=asked.test_samples,
    )


def perturbations_of(asked: Beside, spectrum: Spectrum, network: Network) -> tuple[Perturbation, ...]:
    """The curves along its first eigenvectors. Raises `InvalidRequest` if a request contradicts itself."""
    shapes = {name: tuple(value.shape) for name, value in network.module.named_parameters()}
    return perturbations(
        spectrum,
        shapes,
        range(1, asked.perturb + 1),
        test=asked.test is not None,
        test_samples=asked.test_samples,
        x_range=asked.perturb_range,
        points=asked.perturb_points,
    )


def curves_to_do(
    curves: Sequence[Perturbation], spectrum: SpectrumRequest, network: Network, resume: Path | None
) -> list[tuple[Perturbation, ResultItem | None]]:
    """Those that are not complete in a session whose spectrum is, each with its partial result if there is one.

    Raises
    ------
    InvalidRequest
        If all are complete.
    """
    if resume is None:
        return [(curve, None) for curve in curves]
    left = still_to_do(resume, [spectrum, *(curve.request for curve in curves)], network)
    begun = {curve.directions.fingerprint: curve for curve in curves}
    return [
        (begun[request.directions.sha256], partial)
        for request, partial in left
        if isinstance(request, CurveRequest) and isinstance(request.directions, FileDirections)
    ]
