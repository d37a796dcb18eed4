"""Data sets: always their description and fingerprint, their samples only if the user keeps them."""

from typing import Any

from core.data.dataset import Dataset
from core.data.tables.features import FeatureCard
from core.deferred import unread
from core.session.document import DatasetItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.head import read_head, write_head
from core.session.refusal import Refusal

ENCODING = "corrie-dataset"


def write_dataset(writer: GroupWriter, item: DatasetItem) -> None:
    """Write a data set into its own group."""
    write_head(writer, item, ENCODING)
    card = {"samples": item.samples, "shape": item.shape, "source": item.source, "origin": item.origin}
    writer.json("card", card | {"classes": item.classes, "targets": item.targets})
    writer.text("sha256", item.sha256)
    if item.features is not None:
        writer.record("features", item.features)
    if item.data is not None:
        _write_samples(writer, item.data)


def read_dataset(reader: GroupReader, item_id: str) -> DatasetItem:
    """The inverse of `write_dataset`."""
    head = read_head(reader, ENCODING, item_id)
    card = reader.json("card")
    try:
        described: dict[str, Any] = {
            "samples": int(card["samples"]),
            "shape": tuple(int(size) for size in card["shape"]),
            "classes": tuple(str(name) for name in card["classes"]),
            "targets": tuple(str(name) for name in card.get("targets", ())),  # files of version 0.1 have none
            "source": str(card["source"]),
            "origin": str(card["origin"]),
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal(f'The card of the data set "{item_id}" cannot be understood.') from None
    return DatasetItem(
        **head,
        **described,
        features=reader.record(FeatureCard, "features") if reader.has("features") else None,
        sha256=reader.text("sha256"),
        data=_read_samples(reader) if reader.has("x") else None,
    )


def _write_samples(writer: GroupWriter, data: Dataset) -> None:
    writer.array("x", unread(data, "x"))
    writer.array("y", data.y)
    # A set may have been renamed since: the samples keep the words they were opened with.
    kept = {"name": data.name, "classes": data.classes, "targets": data.targets, "source": data.source}
    writer.json("kept", kept)
    if data.features is not None:
        writer.record("kept_features", data.features)


def _read_samples(reader: GroupReader) -> Dataset:
    kept = reader.json("kept")
    return Dataset(
        name=kept["name"],
        x=reader.later("x"),
        y=reader.array("y"),
        classes=tuple(kept["classes"]),
        targets=tuple(kept.get("targets", ())),
        source=kept["source"],
        features=reader.record(FeatureCard, "kept_features") if reader.has("kept_features") else None,
    )
