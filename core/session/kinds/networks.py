"""Networks: the card, and the weights or the program, so that a reviewer can compute further without their files."""

import numpy as np

from core.deferred import unread_items
from core.networks.card import NetworkCard
from core.session.document import NetworkItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.head import read_head, write_head

ENCODING = "corrie-network"


def write_network(writer: GroupWriter, item: NetworkItem) -> None:
    """Write a network into its own group."""
    write_head(writer, item, ENCODING)
    writer.record("card", item.card)
    writer.text("sha256", item.sha256)
    writer.text("origin", item.origin)
    weights = writer.group("weights")
    for name, array in unread_items(item.weights):
        weights.array(name, array)
    if item.program is not None:
        writer.array("program", np.frombuffer(item.program, dtype=np.uint8))


def read_network(reader: GroupReader, item_id: str) -> NetworkItem:
    """The inverse of `write_network`."""
    head = read_head(reader, ENCODING, item_id)
    weights = reader.group("weights")
    return NetworkItem(
        **head,
        card=reader.record(NetworkCard, "card"),
        weights=weights.arrays(),
        program=reader.flags("program", None).tobytes() if reader.has("program") else None,
        sha256=reader.text("sha256"),
        origin=reader.text("origin"),
    )
