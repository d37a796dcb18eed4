"""``corrie landscape``: the loss over a plane through the weights."""

from pathlib import Path

import click

from app.cli.inputs import DATA_HELP, network_and_data, resume_option, seed_type
from app.cli.opening import open_both
from app.cli.printing import print_result
from app.cli.workbook import INTERRUPTED, compute_into, open_workbook, partial_to_resume
from core.landscape.surface import Ignore, Norm, RandomDirections, SurfaceRequest
from core.networks.options import OpeningOptions


@click.command("landscape", epilog=DATA_HELP)
@network_and_data
@click.option("--grid", type=click.IntRange(2, 2001), default=51, show_default=True, help="Points a side.")
@click.option("--range", "extent", type=float, nargs=2, default=(-1.0, 1.0), show_default=True, help="Of both axes.")
@click.option(
    "--directions", type=click.Choice(["random"]), default="random", show_default=True, help="The axes of the plane."
)
@click.option(
    "--norm",
    type=click.Choice(["filter", "layer", "weight", "dfilter", "dlayer", "none"]),
    default="filter",
    show_default=True,
    help="What directions are scaled to: the filters, layers or weights of the network.",
)
@click.option(
    "--ignore",
    type=click.Choice(["biasbn", "none"]),
    default="biasbn",
    show_default=True,
    help="Parameters that stay: biases and normalisation layers, or none.",
)
@click.option("--seed", type=seed_type, default=123, show_default=True, help="Of the random directions.")
@click.option("--method", type=click.Choice(["grid"]), default="grid", show_default=True, help="Every point of a grid.")
@click.option("--limit", type=float, default=10.0, show_default=True, help="Loss at which pictures are clipped.")
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    grid: int,
    extent: tuple[float, float],
    directions: str,  # noqa: ARG001  the only kind so far
    norm: Norm,
    ignore: Ignore,
    seed: int,
    method: str,  # noqa: ARG001  the only one so far
    limit: float,
    resume: Path | None,
) -> int:
    """Compute the loss of NETWORK on DATA over a plane of two filter-normalised directions."""
    request = SurfaceRequest(
        columns=grid,
        rows=grid,
        x_range=extent,
        y_range=extent,
        directions=RandomDirections(norm=norm, ignore=ignore, seed=seed),
        samples=samples,
        display_limit=limit,
    )
    opened, samples_of = open_both(network, options, data)
    earlier = None if resume is None else partial_to_resume(resume, request, opened)
    workbook = open_workbook(output or resume, opened.name)
    item, complete = compute_into(workbook, request, opened, samples_of, data, resume=earlier)
    print_result(workbook, item, as_json=as_json)
    return 0 if complete else INTERRUPTED
