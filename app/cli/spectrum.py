"""``corrie spectrum``: the top eigenvalues of the Hessian."""

from pathlib import Path

import click

from app.cli.inputs import network_and_data, print_summary
from app.cli.summaries import summary
from app.cli.workbook import INTERRUPTED, compute_into, open_workbook
from core.data.loading import open_dataset
from core.networks.loading import open_network
from core.runtime import prepare_torch
from core.spectrum.spectrum import SpectrumRequest


@click.command("spectrum")
@network_and_data
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="Eigenvalues by magnitude.")
@click.option("--tolerance", type=float, default=1e-4, show_default=True, help="Relative error of an eigenvalue.")
@click.option("--seed", type=int, default=0, show_default=True)
def command(
    network: Path,
    data: str,
    architecture: str | None,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    top: int,
    tolerance: float,
    seed: int,
) -> int:
    """Compute the eigenvalues of largest magnitude of the Hessian of NETWORK's mean loss on DATA, and verify them."""
    request = SpectrumRequest(top=top, tolerance=tolerance, samples=samples, seed=seed, max_products=max(200, 4 * top))
    prepare_torch()
    opened, samples_of = open_network(network, architecture), open_dataset(data)
    workbook = open_workbook(output, opened.name)
    item, complete = compute_into(workbook, request, opened, samples_of, data)
    print_summary({"session": str(workbook.path), "item": item.id, **summary(item.result)}, as_json=as_json)
    return 0 if complete else INTERRUPTED
