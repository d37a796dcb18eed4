"""Which data of a session a result can be tested on."""

from app.views.inspector.compute_panel import fits
from core.session.document import DatasetItem, Document, NetworkItem


def data_to_test_on(document: Document, network_id: str, dataset_id: str) -> tuple[DatasetItem, ...]:
    """Other data that the network takes, with targets of the same kind, in the order of the session."""
    network, data = document.items.get(network_id), document.items.get(dataset_id)
    if not isinstance(network, NetworkItem) or not isinstance(data, DatasetItem):
        return ()
    return tuple(
        other
        for other in document.datasets
        if other.sha256 != data.sha256 and fits(network, other) and bool(other.targets) == bool(data.targets)
    )
