"""Networks into the document and back, so that a session computes further without the files they came from."""

import numpy as np
import torch

from core.networks.building import network_from_program, network_from_weights
from core.networks.network import Network
from core.session.document import NetworkItem, new_id, utc_now


def store_network(network: Network) -> NetworkItem:
    """A network as an item of the document: all its weights, or its program."""
    weights = {} if network.program is not None else network.module.state_dict()
    return NetworkItem(
        id=new_id("network"),
        name=network.name,
        created_utc=utc_now(),
        card=network.card,
        weights={name: value.detach().cpu().numpy().copy() for name, value in weights.items()},
        program=network.program,
        sha256=network.sha256,
        origin=network.origin,
    )


def restore_network(item: NetworkItem) -> Network:
    """The inverse of `store_network`."""
    if item.program is not None:
        return network_from_program(item.card, item.program, item.name, origin=item.origin)
    weights = {name: torch.from_numpy(np.array(value)) for name, value in item.weights.items()}
    return network_from_weights(item.card, weights, origin=item.origin)
