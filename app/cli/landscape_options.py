"""What `corrie landscape` can be asked: its options in the order of its help, and what they mean together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from app.cli.inputs import file_type, seed_type
from core.landscape.plane import BatchNorm, Ignore, Moving, Norm, Range
from core.landscape.surface import Method

F = TypeVar("F", bound=Callable[..., Any])

DIRECTIONS_HELP = (
    "The axes: random; eigen, or eigen:1,3 for other eigenvectors of the Hessian; pca of --checkpoints; a direction "
    "file of the original tool (.h5); to:NETWORK for the line towards another network, to:NETWORK,NETWORK for the "
    "plane through three; curve:NETWORK for a curve of low loss to another network."
)
CHECKPOINTS_HELP = (
    "Checkpoints of a training: a folder of `corrie train`, a session with runs, or a folder of numbered weights."
)


@dataclass(frozen=True, kw_only=True)
class LandscapeOptions:
    """The options as they were given."""

    grid: int
    extent: Range | None  # None: as suits the directions
    directions: str
    norm: Norm
    ignore: Ignore
    moving: Moving | None  # None: as suits the directions
    seed: int
    method: Method
    tolerance: float
    limit: float
    one_dimensional: bool
    draws: int
    batch_norm: BatchNorm
    test: str | None
    test_samples: int | None
    checkpoints: Path | None
    run: str | None
    trajectory: bool
    convexity: int | None
    initialisations: int | None


def landscape_options(command: F) -> F:
    """All options but those of the network and the data."""
    decorated: Any = command
    for decorate in reversed((*_PLANE, *_HOW, *_ALSO)):
        decorated = decorate(decorated)
    result: F = decorated
    return result


def _choice(name: str, *values: str, default: str | None, help_text: str) -> Callable[[F], F]:
    return click.option(
        name, type=click.Choice(values), default=default, show_default=default is not None, help=help_text
    )


_NORMS = ("filter", "layer", "weight", "dfilter", "dlayer", "none")
_PLANE = (
    click.option("--grid", type=click.IntRange(2, 2001), default=51, show_default=True, help="Points a side."),
    click.option(
        "--range",
        "extent",
        type=float,
        nargs=2,
        default=None,
        help="Of both axes. Without it -1 to 1; between networks and checkpoints as far as they lie.",
    ),
    click.option("--directions", default="random", show_default=True, metavar="WHICH", help=DIRECTIONS_HELP),
    _choice("--norm", *_NORMS, default="filter", help_text="What random directions are scaled to."),
    _choice(
        "--ignore", "biasbn", "none", default="biasbn", help_text="Parameters that stay: biases and norms, or none."
    ),
    _choice(
        "--moving",
        "weights",
        "states",
        default=None,
        help_text="Between networks: trained weights only, or the statistics of normalisation too (the default there).",
    ),
    click.option("--seed", type=seed_type, default=123, show_default=True, help="Of the random directions."),
    click.option("--one-dimensional", is_flag=True, help="A curve along the first axis instead of a surface."),
    click.option(
        "--draws",
        type=click.IntRange(1, 100),
        default=1,
        show_default=True,
        help="Random curves, seeds counted upwards: what differs between them is chance.",
    ),
)
_HOW = (
    _choice(
        "--method",
        "adaptive",
        "grid",
        default="adaptive",
        help_text="As few points or samples as the tolerance needs, with a certificate; or every point of the grid.",
    ),
    click.option(
        "--tolerance",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        default=0.02,
        show_default=True,
        help="Error of log(loss + 0.1), the height one sees, that the certificate is about.",
    ),
    click.option("--limit", type=float, default=10.0, show_default=True, help="Loss at which pictures are clipped."),
    _choice(
        "--batch-norm",
        "frozen",
        "recalibrated",
        default="frozen",
        help_text="Statistics of batch normalisation: the network's own, or computed anew at every point.",
    ),
    click.option("--test", metavar="DATA", default=None, help="A test set to evaluate as well."),
    click.option("--test-samples", type=click.IntRange(min=1), metavar="N", help="Take its first N samples."),
)
_ALSO = (
    click.option("--checkpoints", type=file_type, metavar="PATH", help=CHECKPOINTS_HELP),
    click.option("--run", metavar="NAME", help="Which run, where the checkpoints of several are there."),
    click.option("--trajectory", is_flag=True, help="Also the way of the checkpoints in this plane."),
    click.option(
        "--convexity",
        type=click.IntRange(2, 501),
        metavar="N",
        help="Also the extreme eigenvalues of the Hessian on N × N points of this plane.",
    ),
    click.option(
        "--initialisations", type=click.IntRange(1, 1000), metavar="N", help="Also the loss of N fresh initialisations."
    ),
)
