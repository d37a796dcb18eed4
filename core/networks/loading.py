"""One door for every kind of network file: a card, weights with an architecture, or a program."""

import hashlib
from pathlib import Path

import torch
from torch import nn

from core.errors import InvalidRequest, UnreadableFile
from core.networks.architectures.registry import build_architecture, mlp_sizes
from core.networks.card import WEIGHT_SUFFIXES, InputCard, NetworkCard, read_network_card
from core.networks.checking import checked
from core.networks.network import Network, fingerprint
from core.networks.program import load_program
from core.networks.weights import apply_weights, read_weights

CARD_SUFFIX = ".toml"
PROGRAM_SUFFIX = ".pt2"
# What a network without a card is taken to be fed: the paper's own CIFAR-10 preprocessing for 3 × 32 × 32 images.
CIFAR = InputCard(shape=(3, 32, 32), mean=(125.3, 123.0, 113.9), std=(63.0, 62.1, 66.7))


def open_network(path: Path, architecture: str | None = None) -> Network:
    """Open a network card (.toml), a program (.pt2), or weights of a built-in architecture.

    Parameters
    ----------
    path : Path
    architecture : str, optional
        Needed for bare weights, and only for those.

    Raises
    ------
    UnreadableFile, WeightsMismatch, InvalidRequest, UnsupportedNetwork
    """
    suffix = path.suffix.lower()
    if suffix in WEIGHT_SUFFIXES:
        return _bare_weights(path, architecture)
    if suffix in (CARD_SUFFIX, PROGRAM_SUFFIX) and architecture is not None:
        raise InvalidRequest(f'{path} says itself what network it is. Leave out the architecture "{architecture}".')
    if suffix == CARD_SUFFIX:
        return _from_card(path, read_network_card(path))
    if suffix == PROGRAM_SUFFIX:
        return _bare_program(path)
    if not path.exists():
        raise UnreadableFile(path, "There is no such file.", "Check the path.")
    raise UnreadableFile(
        path,
        f'"{path.suffix}" is no kind of network that Corrie reads.',
        f"Open a network card (.toml), a program (.pt2) or weights ({', '.join(WEIGHT_SUFFIXES)}).",
    )


def _from_card(path: Path, card: NetworkCard) -> Network:
    if card.file is not None:
        source = path.parent / card.file
        return network_from_program(card, _read(source), source, origin=str(path))
    if card.weights is None:
        raise UnreadableFile(path, f"It names {card.architecture} but no weights.", "Add a weights entry.")
    return network_from_weights(card, read_weights(path.parent / card.weights), origin=str(path))


def network_from_weights(card: NetworkCard, weights: dict[str, torch.Tensor], origin: str = "") -> Network:
    """Build the card's architecture and fill it with weights."""
    architecture = card.architecture or ""
    outputs = len(card.classes) or _outputs_of(architecture, weights)
    module = build_architecture(architecture, card.input.shape, outputs)
    apply_weights(module, weights, architecture=architecture)
    return checked(Network(card=card, module=module, sha256=fingerprint(module.state_dict()), origin=origin))


def network_from_program(card: NetworkCard, program: bytes, path: Path | str, origin: str = "") -> Network:
    """Load the program that a card describes."""
    module = load_program(program, path)
    sha256 = hashlib.sha256(program).hexdigest()
    return checked(Network(card=card, module=module, sha256=sha256, program=program, origin=origin))


def _bare_program(path: Path) -> Network:
    content = _read(path)
    module = load_program(content, path)
    card = NetworkCard(name=path.stem, input=InputCard(shape=_program_input(module, path)), file=path.name)
    sha256 = hashlib.sha256(content).hexdigest()
    return checked(Network(card=card, module=module, sha256=sha256, program=content, origin=str(path)))


def _bare_weights(path: Path, architecture: str | None) -> Network:
    if architecture is None:
        raise InvalidRequest(
            f"{path} holds weights only. Name their architecture (--architecture NAME), or open a network card."
        )
    weights = read_weights(path)
    sizes = mlp_sizes(architecture)
    inputs = InputCard(shape=(max(sizes[0], 1),)) if sizes is not None else CIFAR
    card = NetworkCard(
        name=path.stem,
        input=inputs,
        architecture=architecture,
        weights=path.name,
        classes=tuple(str(index) for index in range(_outputs_of(architecture, weights))),
    )
    return network_from_weights(card, weights, origin=str(path))


def _program_input(module: nn.Module, path: Path) -> tuple[int, ...]:
    """Shape of one sample, from the program's own example input."""
    for node in module.graph.nodes:  # type: ignore[union-attr]  # a GraphModule has a graph
        value = node.meta.get("val") if node.op == "placeholder" else None
        if value is not None and value.ndim >= 2:
            return tuple(int(size) for size in value.shape[1:])
    raise UnreadableFile(path, "The program does not say what input it takes.", "Write a network card for it.")


def _outputs_of(architecture: str, weights: dict[str, torch.Tensor]) -> int:
    """Number of outputs: what an mlp's name says, or the rows of the only matrix of a residual network.

    The last matrix would not do: in a file, ``11.weight`` comes before ``3.weight``.
    """
    sizes = mlp_sizes(architecture)
    if sizes is not None:
        return sizes[1]
    matrix = weights.get("linear.weight")
    # Where it is missing the number does not matter: the weights will be refused with the names that are missing.
    return int(matrix.shape[0]) if matrix is not None and matrix.ndim == 2 and len(matrix) else 10


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except OSError as error:
        raise UnreadableFile(path, f"It cannot be read ({error.strerror}).", "Check its permissions.") from error
