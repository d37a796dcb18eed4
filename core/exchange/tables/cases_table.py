"""Tables of cases of several networks, for readers and for files."""

import math
from collections.abc import Iterator

from core.corrections.records.cases_compared import CasesTable
from core.exchange.case_words import share_words
from core.exchange.shown_names import shown
from core.exchange.words import duration, number, whole

Row = tuple[str | int | float, ...]
Columns = tuple[tuple[str, ...], list[tuple[str, ...]]]
HOLDS_TIP = "Corrections that hold under that network: it accepts their whole boxes, proved"
FIRST_HELD = 7  # column
_TIPS = (
    "",
    "Rows that the network rejects, of those that it was asked about",
    "Rejected rows with a stable correction whose box is proved",
    "Rejected rows for which provably no stable correction exists within the ranges",
    "Rejected rows of which neither was proved in the time, or which failed",
    "Weighted distance of the smallest stable correction: how far away the boundary is",
    "Lower and upper quartile of the same",
    "How many times as wide as asked the proved boxes around the corrections are",
    "Rejected rows that the rules correct, proved",
    "Time for one row",
)


def head_tips(table: CasesTable) -> tuple[str, ...]:
    """What the columns of `network_columns` mean."""
    held = [HOLDS_TIP for _ in table.names if len(table.names) > 1]
    return (*_TIPS[:FIRST_HELD], *held, *_TIPS[FIRST_HELD:])


def network_columns(table: CasesTable) -> Columns:
    """Heads and cells, a network in each row; some columns tell under which networks its corrections hold."""
    several = len(table.names) > 1
    heads: tuple[str, ...] = (
        *("Network", "Rejected", "Corrected", "None exists", "Open", "Median distance", "Quartiles"),
        *(f"Under {shown(name, 24)}" for name in table.names if several),
        *("Proved box, ×", "By rules", "Time a row"),
    )
    rows: list[tuple[str, ...]] = []
    for row, name in enumerate(table.names):
        low, middle, high = table.distance[row].tolist()
        rejected = int(table.rejected[row])
        rows.append(
            (
                f"{name} (partial)" if table.partial[row] else name,
                share_words(rejected, int(table.looked_at[row])),
                share_words(int(table.corrected[row]), rejected),
                whole(int(table.none_exists[row])),
                whole(int(table.open[row] + table.failed[row])),
                _shown(middle),
                "—" if math.isnan(low) else f"{number(low, 3)} – {number(high, 3)}",
                *(_share(value) for value in table.held[row].tolist() if several),
                _shown(float(table.widened[row])),
                _by_rules(table, row),
                "—" if math.isnan(table.seconds[row]) else duration(float(table.seconds[row])),
            )
        )
    return heads, rows


def table_rows(table: CasesTable) -> Iterator[Row]:
    """The same with every digit, for files."""
    yield (
        *("network", "status", "looked at", "rejected", "corrected", "none exists", "open", "failed"),
        *("lower quartile", "median distance", "upper quartile", "proved box, times as wide"),
        *("rules", "share corrected by rules", "median seconds"),
        *(f"holds under {name}" for name in table.names),
    )
    for row, name in enumerate(table.names):
        yield (
            name,
            "partial" if table.partial[row] else "complete",
            *(int(column[row]) for column in (table.looked_at, table.rejected, table.corrected, table.none_exists)),
            int(table.open[row]),
            int(table.failed[row]),
            *(_cell(value) for value in table.distance[row].tolist()),
            _cell(float(table.widened[row])),
            int(table.rules[row]),
            _cell(float(table.covered[row])),
            _cell(float(table.seconds[row])),
            *(_cell(value) for value in table.held[row].tolist()),
        )


def _by_rules(table: CasesTable, row: int) -> str:
    if not table.rules[row]:
        return "—"
    return f"{_share(float(table.covered[row]))} by {whole(int(table.rules[row]))}"


def _cell(value: float) -> str | float:
    return "" if math.isnan(value) else value


def _shown(value: float) -> str:
    return "—" if math.isnan(value) else number(value, 3)


def _share(value: float) -> str:
    return "—" if math.isnan(value) else f"{int(100 * value)} %"
