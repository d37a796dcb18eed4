"""``corrie cases``: what every rejected row of a table needs to be accepted, and rules that correct most of them."""

from pathlib import Path

import click

from app.cli.case_options import SECONDS, CaseOptions, case_options, requests_of
from app.cli.case_tables import print_tables
from app.cli.company import Company
from app.cli.inputs import DATA_HELP, network_and_maybe_data, resume_option
from app.cli.opening import open_both, open_other
from app.cli.printing import print_results
from app.cli.workbook import INTERRUPTED, Task, compute_into, open_workbook, still_to_do_of_several
from core.companions import Companions
from core.networks.network import Network
from core.networks.options import OpeningOptions
from core.networks.storing import store_network
from core.session.document import ResultItem

_TABLE_HELP = "Of SESSION: set the tables of all its networks side by side, and compute nothing."


@click.command("cases", epilog=DATA_HELP)
@network_and_maybe_data
@case_options
@click.option("--time-limit", type=SECONDS, metavar="S", help="Stop after so many seconds and keep what is there.")
@click.option("--table", "as_table", is_flag=True, help=_TABLE_HELP)
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str | None,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    time_limit: float | None,
    as_table: bool,
    resume: Path | None,
    **asked: object,
) -> int:
    """Correct every row of DATA that NETWORK rejects, and find a few rules that between them correct most.

    Everything is in the units of DATA. A row takes at most --seconds; whatever goes wrong with one stands in the table,
    and the others go on. What is done is saved on the way: --resume with the same options goes on after a crash.
    """
    if as_table:
        if data is not None:
            raise click.UsageError("--table takes one session and no data: corrie cases SESSION --table")
        return print_tables(network, as_json=as_json)
    if data is None:
        raise click.UsageError("Missing argument 'DATA'.")
    wishes = CaseOptions(**asked)  # type: ignore[arg-type]  # click has checked every one
    opened, table = open_both(network, options, data)
    networks = [opened, *(open_other(path, options) for path in wishes.also)]
    requests = requests_of(wishes, networks, table, samples)
    tasks: list[Task] = [(request, one, None) for request, one in zip(requests, networks, strict=True)]
    tasks = tasks if resume is None else still_to_do_of_several(resume, tasks)
    workbook = open_workbook(output or resume, opened.name)
    items: list[ResultItem] = []
    complete = True
    for request, one, earlier in tasks:
        company = _company([other for other in networks if other is not one])
        item, complete = compute_into(
            workbook, request, one, table, data, resume=earlier, time_limit=time_limit, company=company
        )
        items.append(item)
        if not complete:
            break
    print_results(workbook, items, as_json=as_json)
    return 0 if complete else INTERRUPTED


def _company(others: list[Network]) -> Company:
    """The networks on which the corrections are tried as well."""
    return Company(
        companions=Companions(networks={other.sha256: other for other in others}),
        networks=tuple(others),
        network_items=tuple(store_network(other) for other in others),
    )
