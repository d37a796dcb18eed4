"""Sessions with surfaces of several networks, for tests of comparisons."""

from dataclasses import replace
from types import MappingProxyType

from core.landscape.surface import Surface
from core.session.document import Document, Item
from tests import documents
from tests.app import landscapes


def surface(height: float = 1.0, points: int = 11) -> Surface:
    """A bowl that is so many times as high."""
    plane = landscapes.plane(points)
    return replace(plane, loss=height * plane.loss)


def compared(*architectures: str, points: int = 11) -> Document:
    """A network for each of these names, with a surface ``surface-0`` and so on, each higher than the one before."""
    items: list[Item] = [documents.dataset_item()]
    for number, architecture in enumerate(architectures):
        network = documents.network_item(f"network-{number}", name=architecture, seed=number)
        card = replace(network.card, architecture=architecture)
        items.append(replace(network, card=card))
        result = documents.result_item(
            surface(1.0 + number, points), f"surface-{number}", f"Surface of {architecture} ({number})"
        )
        items.append(replace(result, network_id=f"network-{number}"))
    return Document(created_utc=documents.CREATED, items=MappingProxyType({item.id: item for item in items}))


def places(layout: object) -> dict[tuple[int, int], str]:
    """Which item stands where."""
    return {place: item.id for place, item in layout.cells.items()}  # type: ignore[attr-defined]
