"""What goes into the session with a result: other networks, the test set, and the run whose checkpoints it is about."""

from dataclasses import dataclass, field

from core.companions import Companions
from core.data.dataset import Dataset
from core.data.storing import store_dataset
from core.networks.network import Network
from core.session.adding import known_dataset, known_network
from core.session.document import Document, Item, NetworkItem, RunItem


@dataclass(frozen=True, kw_only=True, eq=False)
class Company:
    """What a request refers to, ready for computing, and as the items that a reviewer needs to compute it again."""

    companions: Companions = field(default_factory=Companions)
    networks: tuple[Network, ...] = ()
    network_items: tuple[NetworkItem, ...] = ()  # the same, stored before an engine moves any of their weights
    test_origin: str = ""
    run: RunItem | None = None
    run_items: tuple[Item, ...] = ()  # data and network of the run

    @property
    def test(self) -> Dataset | None:
        """The test set."""
        return self.companions.test

    def enter(self, document: Document) -> tuple[Document, str, str]:
        """The document with all of it, and the ids of the test set and of the run; "" without."""
        for network in self.network_items:
            document = document.with_item(known_network(document, network))
        for item in () if self.run is None else (*self.run_items, self.run):
            if item.id not in document.items:
                document = document.with_item(item)
        test_id = ""
        if self.test is not None:  # after the data of the run, which it may be itself
            test = known_dataset(document, store_dataset(self.test, origin=self.test_origin, keep=False))
            document, test_id = document.with_item(test), test.id
        return document, test_id, "" if self.run is None else self.run.id


ALONE = Company()
