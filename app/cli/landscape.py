"""``corrie landscape``: the loss over a plane through the weights, or along a line, and what belongs to it."""

from pathlib import Path

import click

from app.cli.foretold import foretell
from app.cli.inputs import DATA_HELP, network_and_data, resume_option
from app.cli.landscape_options import LandscapeOptions, landscape_options
from app.cli.landscape_plan import open_company, requests_of
from app.cli.opening import open_both
from app.cli.printing import print_results
from app.cli.workbook import INTERRUPTED, compute_into, open_workbook, still_to_do
from core.networks.options import OpeningOptions
from core.session.document import ResultItem


@click.command("landscape", epilog=DATA_HELP)
@network_and_data
@landscape_options
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    resume: Path | None,
    **asked: object,
) -> int:
    """Compute the loss of NETWORK on DATA over a plane of two filter-normalised directions.

    Other directions, curves along one of them, trajectories, maps of the curvature and fresh initialisations are
    computed with the options below.
    """
    wishes = LandscapeOptions(**asked)  # type: ignore[arg-type]  # click has checked every one
    opened, samples_of = open_both(network, options, data)
    company = open_company(wishes, options, opened)
    requests = requests_of(wishes, company, samples)
    tasks = [(request, None) for request in requests] if resume is None else still_to_do(resume, requests, opened)
    if resume is None:
        foretell(requests, opened, samples_of, company)
    workbook = open_workbook(output or resume, opened.name)
    items: list[ResultItem] = []
    complete = True
    for request, earlier in tasks:
        item, complete = compute_into(workbook, request, opened, samples_of, data, resume=earlier, company=company)
        items.append(item)
        if not complete:
            break
    print_results(workbook, items, as_json=as_json)
    return 0 if complete else INTERRUPTED
