"""``corrie corrections``: the smallest stable change of an input that changes the verdict."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import click

from app.cli.answering import answer
from app.cli.changes import with_changes
from app.cli.image_options import handle_option, handled_request
from app.cli.inputs import DATA_HELP, assignments, network_and_data, pairs, resume_option
from app.cli.joint_options import JointOptions, joint_options, joint_request, wants_several
from app.cli.opening import open_both
from core.corrections.network.lowering import why_no_pieces
from core.corrections.records.correction import CorrectionRequest, Norm
from core.corrections.records.joint import JointRequest
from core.corrections.records.pairs import PairsRequest
from core.corrections.requests.pairs import pairs_for_row
from core.corrections.requests.rows import Wanted, request_for_row
from core.networks.options import OpeningOptions

SECONDS = click.FloatRange(min=0, min_open=True)


@click.command("corrections", epilog=DATA_HELP)
@network_and_data
@click.option("--row", type=click.IntRange(min=0), metavar="I", default=0, show_default=True, help="Row of DATA.")
@click.option("--input", "changes", metavar='"a=1,b=2"', help="Values that take the place of the row's own.")
@click.option("--free", default="", metavar="a,b", help="The features that may change: numbers, groups, categories.")
@click.option(
    "--pairs", "all_pairs", is_flag=True, help="Rank all pairs of features: of all that may change, or --free."
)
@click.option(
    "--target",
    "targets",
    metavar="CLASS",
    multiple=True,
    help="Wanted class, by default the one on the feature card; given several times, any of them will do.",
)
@click.option("--at-least", type=float, metavar="V", help="Wanted of a network that predicts a number.")
@click.option("--at-most", type=float, metavar="V", help="The same from above; both together: between.")
@click.option("--stability", metavar='"a=.5,b=2.5"', help="The correction must hold for ± this much.")
@click.option("--weights", metavar='"a=1,b=2"', help="Cost of one unit of change, or of any change of a category.")
@click.option(
    "--norm",
    type=click.Choice(get_args(Norm), case_sensitive=False),
    default="L1",
    show_default=True,
    help="Of the change: sum of the weighted changes, their Euclidean length, or the largest.",
)
@joint_options
@handle_option
@click.option("--time-limit", type=SECONDS, metavar="S", help="Stop after so many seconds and keep what is there.")
@resume_option
def command(
    options: OpeningOptions,
    network: Path,
    data: str,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    row: int,
    changes: str | None,
    free: str,
    all_pairs: bool,
    targets: tuple[str, ...],
    at_least: float | None,
    at_most: float | None,
    stability: str | None,
    weights: str | None,
    norm: Norm,
    several: JointOptions,
    handles: tuple[str, ...],
    time_limit: float | None,
    resume: Path | None,
) -> int:
    """Find the nearest stable correction of a rejected row of DATA: of two numbers in the exact accepted region, of
    other features between a proved bound and the best that is found.

    --choose changes a few of many features, proved over all ways to choose them; those it leaves alone count as exactly
    known. --pairs tells of every two features, the nearest first. Everything is in the units of DATA. A partial result
    that is resumed goes on from what is there; of two numbers it is computed anew.
    """
    replaced = assignments(changes, "--input")
    half_widths = {} if handles else pairs(stability, "--stability")
    prices = pairs(weights, "--weights")
    names = [name.strip() for name in free.split(",") if name.strip()]
    if not (names or all_pairs or several.choose or handles):
        raise click.UsageError(
            "Say which features may change: --free a,b. Or the best few of all: --choose 2. Or rank all pairs: --pairs."
        )
    if all_pairs and (several.choose or several.different or several.levels):
        raise click.UsageError("--pairs looks at every two features: leave out --choose, --different and --levels.")
    opened, table = open_both(network, options, data)
    table = table.first(samples)
    if handles:
        along = handled_request(
            table, row, opened, handles, targets, stability or "", several.ranges, norm, several.seconds
        )
        return answer(along, opened, table, data, output=output, resume=resume, as_json=as_json, time_limit=time_limit)
    changed = with_changes(table, row, replaced)
    wanted = Wanted(classes=targets, at_least=at_least, at_most=at_most)
    request: CorrectionRequest | PairsRequest | JointRequest
    if not all_pairs and wants_several(names, several, changed.features):
        request = joint_request(changed, row, names, wanted, half_widths, prices, norm, several, opened)
    else:
        ask = pairs_for_row if all_pairs else request_for_row
        request = ask(changed, row, names, wanted, half_widths, several.ranges, prices, norm)
        if isinstance(request, PairsRequest) and several.seconds is not None:
            request = replace(request, seconds=several.seconds)
        if isinstance(request, CorrectionRequest) and (why := why_no_pieces(opened)):
            click.echo(f"{why} It is taken for these two.", err=True)
            request = joint_request(changed, row, names, wanted, half_widths, prices, norm, several, opened)
    if replaced:
        request = replace(request, row=None)  # no longer the row of the file
    return answer(request, opened, table, data, output=output, resume=resume, as_json=as_json, time_limit=time_limit)
