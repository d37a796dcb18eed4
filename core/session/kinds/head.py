"""What every item carries: its encoding, name, time, status; a result also where it came from."""

from typing import Any

from core.provenance import Provenance
from core.session import layout
from core.session.document import Item, ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.refusal import Refusal


def write_head(writer: GroupWriter, item: Item, encoding: str, status: str = "complete") -> None:
    """Write what an item of any kind has."""
    writer.text("encoding-type", encoding)
    writer.number("encoding-version", layout.ENCODING_VERSION)
    writer.text("name", item.name)
    writer.text("status", status)
    writer.text("created_utc", item.created_utc)


def read_head(reader: GroupReader, encoding: str, item_id: str) -> dict[str, Any]:
    """The arguments `id`, `name` and `created_utc` of an item. Raises `Refusal` if it is of another encoding."""
    if reader.text("encoding-type") != encoding or reader.integer("encoding-version") > layout.ENCODING_VERSION:
        raise Refusal(
            f'The item "{item_id}" is written in a way that this version does not know.', "Open it with a newer Corrie."
        )
    return {"id": item_id, "name": reader.text("name"), "created_utc": reader.text("created_utc")}


def write_result_head(writer: GroupWriter, item: ResultItem, encoding: str) -> None:
    """Write what every result has, its request apart."""
    write_head(writer, item, encoding, item.result.status)
    writer.text("network", item.network_id)
    writer.text("dataset", item.dataset_id)
    for name, other in (("test", item.test_id), ("run", item.run_id)):
        if other:
            writer.text(name, other)
    writer.record("provenance", item.result.provenance)


def read_result_head(reader: GroupReader, encoding: str, item_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that every `ResultItem` takes, and those that every result takes."""
    head = read_head(reader, encoding, item_id)
    head |= {"network_id": reader.text("network"), "dataset_id": reader.text("dataset")}
    head |= {f"{name}_id": reader.text(name) for name in ("test", "run") if reader.has(name)}
    status = reader.text("status")
    if status not in ("complete", "partial"):
        raise Refusal(f'The item "{item_id}" has the status {status!r}, which there is not.')
    return head, {"status": status, "provenance": reader.record(Provenance, "provenance")}
