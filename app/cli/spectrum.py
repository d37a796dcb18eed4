"""``corrie spectrum``: the Hessian's top eigenvalues, the loss along their eigenvectors, or a training's history."""

from dataclasses import replace
from pathlib import Path

import click

from app.cli.company import ALONE
from app.cli.inputs import DATA_HELP, network_and_data, resume_option, seed_type
from app.cli.opening import open_both
from app.cli.printing import print_results
from app.cli.spectrum_beside import (
    TOLERANCE,
    TOP,
    Beside,
    beside_options,
    curves_to_do,
    history_request,
    open_beside,
    perturbations_of,
)
from app.cli.spectrum_options import SpectrumOptions, spectrum_options
from app.cli.workbook import (
    INTERRUPTED,
    complete_result,
    compute_into,
    open_workbook,
    to_go_on_from,
)
from core.naming import Request
from core.networks.options import OpeningOptions
from core.session.document import ResultItem
from core.spectrum.spectrum import Spectrum


@click.command("spectrum", epilog=DATA_HELP)
@network_and_data
@click.option("--top", type=click.IntRange(min=1), show_default=str(TOP), help="How many eigenvalues.")
@click.option("--tolerance", type=float, show_default=f"{TOLERANCE:g}", help="Relative error of an eigenvalue.")
@spectrum_options
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
    wanted: SpectrumOptions,
    **others: object,
) -> int:
    """Compute the eigenvalues of largest magnitude of the Hessian of NETWORK's mean loss on DATA, and verify them.

    What was stopped or killed is gone on with by --resume FILE: a search from the directions that it had by then, or
    from the outermost of them where all take too much to be stored. And --resume FILE with other options takes over the
    eigenvectors that FILE holds of the same matrix, samples, tolerance and seed, and computes what they lack: density,
    trace, layers, more random vectors, the curvature over all of DATA, further eigenvalues. The result is added to the
    session.
    """
    asked = Beside(**others)  # type: ignore[arg-type]  # click has checked every one
    company = open_beside(asked, options, top or TOP)
    opened, samples_of = open_both(network, options, data)
    request: Request
    if asked.checkpoints is not None:
        wanted.refuse_for_checkpoints()
        request = history_request(asked, samples, seed, top, tolerance)
    else:
        found, exact = top or TOP, TOLERANCE if tolerance is None else tolerance
        request = wanted.request(top=found, tolerance=exact, samples=samples, seed=seed)
    kept = complete_result(resume, request, opened) if resume is not None and asked.perturb else None
    earlier, known = None, None
    if resume is not None and kept is None:
        earlier, known = to_go_on_from(resume, request, opened, samples_of)
    workbook = open_workbook(output or resume, opened.name)
    items: list[ResultItem] = []
    complete = True
    if kept is None:
        beside = company if asked.checkpoints is not None else ALONE
        kept, complete = compute_into(
            workbook, request, opened, samples_of, data, resume=earlier, known=known, company=beside
        )
        items.append(kept)
    if complete and asked.perturb and isinstance(kept.result, Spectrum):
        curves = perturbations_of(asked, kept.result, opened)
        for curve, begun in curves_to_do(curves, kept.result.request, opened, None if items else resume):
            along = replace(company, companions=replace(company.companions, directions=curve.directions))
            item, complete = compute_into(
                workbook, curve.request, opened, samples_of, data, resume=begun, company=along
            )
            items.append(item)
            if not complete:
                break
    print_results(workbook, items, as_json=as_json)
    return 0 if complete else INTERRUPTED
