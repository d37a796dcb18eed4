"""Put networks and data into a document once, however often they are opened."""

from itertools import count

from core.session.document import DatasetItem, Document, NetworkItem


def known_network(document: Document, item: NetworkItem) -> NetworkItem:
    """The item that holds the same network under the same name, or `item` itself if there is none yet."""
    same = (n for n in document.networks if n.sha256 == item.sha256 and n.card == item.card)
    return next(same, item)


def known_dataset(document: Document, item: DatasetItem) -> DatasetItem:
    """The item that holds the same samples under the same card, or `item` itself if there is none yet."""

    def same(other: DatasetItem) -> bool:
        return (other.sha256, other.name, other.classes, other.targets, other.features) == (
            item.sha256,
            item.name,
            item.classes,
            item.targets,
            item.features,
        )

    return next(filter(same, document.datasets), item)


def free_name(document: Document, name: str) -> str:
    """The name itself, or with the first number behind it that no item bears yet: ``Surface of ResNet-56 (2)``."""
    taken = {item.name for item in document.items.values()}
    candidates = (name if number == 1 else f"{name} ({number})" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)
