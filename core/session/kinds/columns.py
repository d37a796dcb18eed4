"""Arrays of one record side by side in a group: what each is called there, and what a reader of the file is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter

OF_LOSS = "that of the loss"


@dataclass(frozen=True, kw_only=True)
class Column:
    """An array of float64 in the file."""

    what: str  # its long name
    stored: str = ""  # its name in the file; "": that of the field
    unit: str = ""  # `OF_LOSS`: the one in which the result has its loss
    optional: bool = False  # a file may be without


Columns = Mapping[str, Column]  # by the name of the record's field


def write_columns(
    writer: GroupWriter, columns: Columns, values: Mapping[str, npt.ArrayLike | None], loss_unit: str = ""
) -> None:
    """Write these columns of all the values of a record, ``vars(record)``. None leaves no trace."""
    for name, column in columns.items():
        array = values[name]
        if array is None:
            continue
        unit = loss_unit if column.unit == OF_LOSS else column.unit
        writer.array(column.stored or name, array, long_name=column.what, **({"units": unit} if unit else {}))


def read_columns(reader: GroupReader, columns: Columns, *shape: int | None) -> dict[str, Any]:
    """The arguments of a record that these columns give, all of one shape, in which None stands for any length.

    An optional one that is not there is None. Raises `Refusal` if another is missing, or one is not what it must be.
    """
    stored = {name: column.stored or name for name, column in columns.items()}
    return {
        name: None if columns[name].optional and not reader.has(link) else reader.floats(link, *shape)
        for name, link in stored.items()
    }
