"""What was measured of all networks of a session, in one table for people or for machines."""

from pathlib import Path

from app.cli.machine_numbers import finite
from app.cli.printing import print_json
from app.cli.tables import table
from core.exchange.complexity_table import session_table
from core.exchange.tables.complexity import correlation_columns, table_columns
from core.generalisation.table import ComplexityTable
from core.session.files import open_document

Values = dict[str, object]


def print_table(session: Path, *, as_json: bool) -> int:
    """Print the table of a session. Raises `InvalidRequest` if nothing was measured in it."""
    found = session_table(open_document(session))
    if as_json:
        print_json({"session": str(session), **table_values(found)})
        return 0
    heads, rows = table_columns(found)
    print(table(heads, rows[: len(found.names)]))
    print()
    print(table(*correlation_columns(found)))
    for note in found.notes:
        print(f"\n{note}")
    return 0


def table_values(found: ComplexityTable) -> Values:
    """The table with its numbers in full precision; what is not finite is null."""
    correlations = {
        measure.key: {
            "count": one.count,
            "spearman": finite(one.spearman),
            "spearman_p": finite(one.spearman_p),
            "kendall": finite(one.kendall),
            "kendall_p": finite(one.kendall_p),
        }
        for measure, one in zip(found.measures, found.correlations, strict=True)
    }
    networks = [
        {
            "name": name,
            "gap": finite(found.gap[row]),
            "gap_error": finite(found.gap_error[row]),
            **{
                measure.key: finite(value)
                for measure, value in zip(found.measures, found.values[row].tolist(), strict=True)
            },
        }
        for row, name in enumerate(found.names)
    ]
    return {
        "networks": networks,
        "gap_unit": found.gap_unit,
        "correlations": correlations,
        "notes": list(found.notes),
    }
