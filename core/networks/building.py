"""A network from its card and what the card describes: weights of a built-in architecture, or a program."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from core.errors import UnreadableFile
from core.networks.architectures.recognising import outputs_of
from core.networks.architectures.registry import build_architecture
from core.networks.card import NetworkCard
from core.networks.checking import checked
from core.networks.network import Network, fingerprint
from core.networks.program import load_program
from core.networks.weights import apply_weights


def network_from_weights(card: NetworkCard, weights: Mapping[str, Tensor], origin: str = "") -> Network:
    """Build the card's architecture and fill it with weights."""
    architecture = card.architecture or ""
    outputs = len(card.classes) or outputs_of(architecture, weights)
    module = build_architecture(architecture, card.input.shape, outputs)
    apply_weights(module, weights, architecture=architecture)
    return checked(Network(card=card, module=module, sha256=fingerprint(module.state_dict()), origin=origin))


def network_from_program(card: NetworkCard, program: bytes, path: Path | str, origin: str = "") -> Network:
    """Load the program that a card describes."""
    return network_from_module(card, load_program(program, path), program, origin)


def network_from_module(card: NetworkCard, module: nn.Module, program: bytes, origin: str) -> Network:
    """The network of a program that is loaded already."""
    sha256 = hashlib.sha256(program).hexdigest()
    return checked(Network(card=card, module=module, sha256=sha256, program=program, origin=origin))


def program_input_shape(module: nn.Module, path: Path | str) -> tuple[int, ...]:
    """Shape of one sample, from the program's own example input."""
    for node in module.graph.nodes:  # type: ignore[union-attr]  # a GraphModule has a graph
        value = node.meta.get("val") if node.op == "placeholder" else None
        if value is not None and value.ndim >= 2:
            return tuple(int(size) for size in value.shape[1:])
    raise UnreadableFile(path, "The program does not say what input it takes.", "Give its input shape.")
