"""The tables of cases of all networks of a session side by side, for people or for machines."""

from pathlib import Path

from app.cli.machine_numbers import finite
from app.cli.printing import print_json
from app.cli.tables import table
from core.exchange.cases_table import compared_cases
from core.exchange.tables.cases_table import network_columns, table_rows
from core.session.files import open_document


def print_tables(session: Path, *, as_json: bool) -> int:
    """Print one table for each question that was asked. Raises `InvalidRequest` if there is none."""
    found = compared_cases(open_document(session))
    if as_json:
        tables = []
        for one in found:
            heads, *rows = table_rows(one.table)
            networks = [
                {
                    str(head): finite(cell) if isinstance(cell, float) else cell
                    for head, cell in zip(heads, row, strict=True)
                }
                for row in rows
            ]
            tables.append({"what may change": one.title, "networks": networks})
        print_json({"session": str(session), "tables": tables})
        return 0
    for place, one in enumerate(found):
        print(("\n" if place else "") + one.title)
        print(table(*network_columns(one.table)))
    return 0
