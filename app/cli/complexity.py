"""``corrie complexity``: norms, margins and sharpness of a network, and the table over all networks of a session."""

from pathlib import Path

import click

from app.cli.answering import answer
from app.cli.company import Company
from app.cli.complexity_table import print_table
from app.cli.inputs import DATA_HELP, network_and_maybe_data, resume_option, seed_type
from app.cli.opening import open_both, open_test
from core.companions import Companions
from core.generalisation.complexity import ComplexityRequest
from core.networks.options import OpeningOptions

_TABLE_HELP = "Of SESSION: print all that was measured in it against the generalisation gap, and compute nothing."


@click.command("complexity", epilog=DATA_HELP)
@network_and_maybe_data
@click.option("--test", metavar="DATA", help="Test set: gives the generalisation gap.")
@click.option("--radius", type=float, default=0.05, show_default=True, help="Of the sharpness, in lengths of a filter.")
@click.option("--draws", type=click.IntRange(min=2), default=20, show_default=True, help="Random directions of it.")
@click.option("--no-eigenvalue", is_flag=True, help="Leave out the top eigenvalue of the Hessian.")
@click.option("--seed", type=seed_type, default=0, show_default=True, help="Of the random directions.")
@click.option("--table", "as_table", is_flag=True, help=_TABLE_HELP)
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str | None,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    test: str | None,
    radius: float,
    draws: int,
    no_eigenvalue: bool,
    seed: int,
    as_table: bool,
    resume: Path | None,
) -> int:
    """Measure the size of NETWORK (norms, margins on DATA) and how sharp its minimum is.

    Sharpness alone does not decide how well a network generalises: with `-o SESSION` several networks come into one
    session, and `corrie complexity SESSION --table` sets every measure against the generalisation gap.
    """
    if as_table:
        if data is not None:
            raise click.UsageError("--table takes one session and no data: corrie complexity SESSION --table")
        return print_table(network, as_json=as_json)
    if data is None:
        raise click.UsageError("Missing argument 'DATA'.")
    request = ComplexityRequest(
        samples=samples,
        radius=radius,
        draws=draws,
        eigenvalue=not no_eigenvalue,
        seed=seed,
        test=test is not None,
    )
    opened, samples_of = open_both(network, options, data)
    test_set, test_origin = open_test(test)
    company = Company(companions=Companions(test=test_set), test_origin=test_origin)
    return answer(request, opened, samples_of, data, output=output, resume=resume, as_json=as_json, company=company)
