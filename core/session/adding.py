"""Put networks and data into a document once, however often they are opened."""

from core.session.document import DatasetItem, Document, NetworkItem


def known_network(document: Document, item: NetworkItem) -> NetworkItem:
    """The item that holds the same network under the same name, or `item` itself if there is none yet."""
    same = (n for n in document.networks if n.sha256 == item.sha256 and n.card == item.card)
    return next(same, item)


def known_dataset(document: Document, item: DatasetItem) -> DatasetItem:
    """The item that holds the same samples, or `item` itself if there is none yet."""
    return next((d for d in document.datasets if d.sha256 == item.sha256 and d.name == item.name), item)
