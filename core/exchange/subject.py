"""Whom a result is about: the names, classes and units that its figures and tables are labelled with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.session.document import DatasetItem, Document, NetworkItem, ResultItem


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A result's name, and the network and data set it belongs to where the document has them."""

    title: str
    network: NetworkItem | None = None
    dataset: DatasetItem | None = None
    others: Mapping[str, str] = field(default_factory=dict)  # names of all networks of the document, by sha256

    def called(self, sha256: str) -> str:
        """The name of any network of the document; the beginning of its fingerprint where it is not there."""
        return self.others.get(sha256, f"network {sha256[:12]}…")

    @property
    def network_name(self) -> str:
        """For a note below a figure."""
        return self.network.name if self.network else "a network that is not in this session"

    @property
    def dataset_name(self) -> str:
        """For a note below a figure."""
        return self.dataset.name if self.dataset else "data that are not in this session"

    def class_name(self, index: int) -> str:
        """The name of a class, by the network's card or else the data's; a number where neither names it."""
        for names in (self.network.card.classes if self.network else (), self.dataset.classes if self.dataset else ()):
            if 0 <= index < len(names):
                return names[index]
        return f"class {index}"

    @property
    def target_unit(self) -> str:
        """Of the number that is predicted, by the feature card; "" if it has none."""
        card = self.dataset.features if self.dataset else None
        return card.target_unit if card else ""

    def unit(self, feature: str) -> str:
        """The unit of a feature, by the feature card; "" if it has none."""
        card = self.dataset.features if self.dataset else None
        found = [entry.unit for entry in card.features if entry.name == feature] if card else []
        return found[0] if found else ""


def subject_of(item: ResultItem, document: Document) -> Subject:
    """What the document knows about a result."""
    network, dataset = document.items.get(item.network_id), document.items.get(item.dataset_id)
    return Subject(
        title=item.name,
        network=network if isinstance(network, NetworkItem) else None,
        dataset=dataset if isinstance(dataset, DatasetItem) else None,
        others={one.sha256: one.name for one in document.networks},
    )
