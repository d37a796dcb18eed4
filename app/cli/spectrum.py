"""``corrie spectrum``: the top eigenvalues of the Hessian, the loss along their eigenvectors, or a training's history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from app.cli.company import ALONE, Company
from app.cli.inputs import DATA_HELP, network_and_data, resume_option, seed_type
from app.cli.opening import open_both
from app.cli.printing import print_results
from app.cli.spectrum_beside import (
    TOLERANCE,
    TOP,
    Beside,
    beside_options,
    history_request,
    open_beside,
    perturbations_of,
)
from app.cli.workbook import (
    INTERRUPTED,
    Workbook,
    complete_result,
    compute_into,
    open_workbook,
    partial_to_resume,
    still_to_do,
)
from core.data.dataset import Dataset
from core.naming import Request
from core.networks.network import Network
from core.networks.options import OpeningOptions
from core.session.document import ResultItem
from core.spectrum.spectrum import Spectrum, SpectrumRequest, product_limit


@click.command("spectrum", epilog=DATA_HELP)
@network_and_data
@click.option("--top", type=click.IntRange(min=1), show_default=str(TOP), help="Eigenvalues by magnitude.")
@click.option("--tolerance", type=float, show_default=f"{TOLERANCE:g}", help="Relative error of an eigenvalue.")
@click.option("--seed", type=seed_type, default=0, show_default=True, help="Of the search's random start.")
@beside_options
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    top: int | None,
    tolerance: float | None,
    seed: int,
    resume: Path | None,
    **others: object,
) -> int:
    """Compute the eigenvalues of largest magnitude of the Hessian of NETWORK's mean loss on DATA, and verify them.

    A partial spectrum that is resumed is computed anew: the search keeps too much to be stored. Curves and checkpoints
    are gone on with.
    """
    asked = Beside(**others)  # type: ignore[arg-type]  # click has checked every one
    company = open_beside(asked, options, top or TOP)
    opened, samples_of = open_both(network, options, data)
    request: Request
    if asked.checkpoints is not None:
        request = history_request(asked, samples, seed, top, tolerance)
    else:
        found, exact = top or TOP, TOLERANCE if tolerance is None else tolerance
        request = SpectrumRequest(
            top=found, tolerance=exact, samples=samples, seed=seed, max_products=product_limit(found)
        )
    work = _Work(network=opened, data=samples_of, origin=data, company=company, asked=asked, resume=resume)
    items, complete = work.done(request, output)
    print_results(work.workbook(output), items, as_json=as_json)
    return 0 if complete else INTERRUPTED
