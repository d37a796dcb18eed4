"""``corrie corrections``: the smallest stable change of an input that changes the verdict."""

from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from app.cli.inputs import network_and_data, pairs, print_summary
from app.cli.summaries import summary
from app.cli.workbook import INTERRUPTED, compute_into, open_workbook
from core.corrections.requests import request_for_row
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.networks.loading import open_network
from core.runtime import prepare_torch


@click.command("corrections")
@network_and_data
@click.option("--row", type=click.IntRange(min=0), metavar="I", default=0, show_default=True, help="Row of DATA.")
@click.option("--input", "changes", metavar='"a=1,b=2"', help="Values that take the place of the row's own.")
@click.option("--free", required=True, metavar="a,b", help="The two features that may change.")
@click.option("--target", metavar="CLASS", help="Wanted class; by default the one on the feature card.")
@click.option("--stability", metavar='"a=.5,b=2.5"', help="The correction must hold for ± this much.")
@click.option("--weights", metavar='"a=1,b=2"', help="Cost of one unit of change.")
@click.option("--time-limit", type=float, metavar="S", help="Stop after so many seconds and keep what is there.")
def command(
    network: Path,
    data: str,
    architecture: str | None,
    samples: int | None,
    output: Path | None,
    as_json: bool,
    row: int,
    changes: str | None,
    free: str,
    target: str | None,
    stability: str | None,
    weights: str | None,
    time_limit: float | None,
) -> int:
    """Find the exact accepted region of a rejected row of DATA, and the nearest stable correction in it."""
    prepare_torch()
    opened, table = open_network(network, architecture), open_dataset(data).first(samples)
    table = with_changes(table, row, pairs(changes, "--input"))
    request = request_for_row(
        table,
        row,
        [name.strip() for name in free.split(",")],
        target,
        pairs(stability, "--stability"),
        weights=pairs(weights, "--weights"),
    )
    if changes:
        request = replace(request, row=None)  # no longer the row of the file
    workbook = open_workbook(output, opened.name)
    item, complete = compute_into(workbook, request, opened, table, data, time_limit=time_limit)
    print_summary({"session": str(workbook.path), "item": item.id, **summary(item.result)}, as_json=as_json)
    return 0 if complete else INTERRUPTED


def with_changes(table: Dataset, row: int, changes: dict[str, float]) -> Dataset:
    """The table with other numbers in one row."""
    if not changes or table.features is None or row >= len(table):
        return table
    x = np.array(table.x, dtype=np.float64)
    for name, value in changes.items():
        x[row, table.features.column_of(name)] = value
    return replace(table, x=x)
