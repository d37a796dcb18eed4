"""``corrie spectrum``: the top eigenvalues of the Hessian."""

from pathlib import Path

import click

from app.cli.inputs import DATA_HELP, network_and_data, resume_option, seed_type
from app.cli.opening import open_both
from app.cli.printing import print_result
from app.cli.workbook import INTERRUPTED, compute_into, open_workbook, partial_to_resume
from core.networks.options import OpeningOptions
from core.spectrum.spectrum import SpectrumRequest, product_limit


@click.command("spectrum", epilog=DATA_HELP)
@network_and_data
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="Eigenvalues by magnitude.")
@click.option("--tolerance", type=float, default=1e-4, show_default=True, help="Relative error of an eigenvalue.")
@click.option("--seed", type=seed_type, default=0, show_default=True, help="Of the search's random start.")
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    top: int,
    tolerance: float,
    seed: int,
    resume: Path | None,
) -> int:
    """Compute the eigenvalues of largest magnitude of the Hessian of NETWORK's mean loss on DATA, and verify them.

    A partial spectrum that is resumed is computed anew: the search keeps too much to be stored.
    """
    request = SpectrumRequest(top=top, tolerance=tolerance, samples=samples, seed=seed, max_products=product_limit(top))
    opened, samples_of = open_both(network, options, data)
    earlier = None if resume is None else partial_to_resume(resume, request, opened)
    workbook = open_workbook(output or resume, opened.name)
    item, complete = compute_into(workbook, request, opened, samples_of, data, resume=earlier)
    print_result(workbook, item, as_json=as_json)
    return 0 if complete else INTERRUPTED
