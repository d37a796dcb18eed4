"""One door for every kind of network file: a card, weights with an architecture, or a program."""

import hashlib
from pathlib import Path

import torch
from torch import nn

from core.errors import InvalidRequest, UnreadableFile, UnsupportedNetwork
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard, read_network_card
from core.networks.network import Network, fingerprint
from core.networks.program import load_program
from core.networks.weights import SUFFIXES, apply_weights, read_weights

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
    if path.suffix == CARD_SUFFIX:
        return _from_card(path, read_network_card(path))
    if path.suffix == PROGRAM_SUFFIX:
        return _bare_program(path)
    if path.suffix in SUFFIXES:
        return _bare_weights(path, architecture)
    if not path.exists():
        raise UnreadableFile(path, "There is no such file.", "Check the path.")
    raise UnreadableFile(
        path,
        f'"{path.suffix}" is no kind of network that Corrie reads.',
        f"Open a network card (.toml), a program (.pt2) or weights ({', '.join(SUFFIXES)}).",
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
    module = build_architecture(architecture, card.input.shape, len(card.classes) or _outputs_of(weights))
    apply_weights(module, weights, architecture=architecture)
    return _checked(card, module, fingerprint(module.state_dict()), origin=origin)


def network_from_program(card: NetworkCard, program: bytes, path: Path | str, origin: str = "") -> Network:
    """Load the program that a card describes."""
    module = load_program(program, path)
    return _checked(card, module, hashlib.sha256(program).hexdigest(), program=program, origin=origin)


def _bare_program(path: Path) -> Network:
    content = _read(path)
    module = load_program(content, path)
    card = NetworkCard(name=path.stem, input=InputCard(shape=_program_input(module, path)), file=path.name)
    return _checked(card, module, hashlib.sha256(content).hexdigest(), program=content, origin=str(path))


def _bare_weights(path: Path, architecture: str | None) -> Network:
    if architecture is None:
        raise InvalidRequest(
            f"{path} holds weights only. Name their architecture (--architecture NAME), or open a network card."
        )
    weights = read_weights(path)
    if architecture.startswith("mlp:"):
        inputs = InputCard(shape=(int(architecture.removeprefix("mlp:").split("-")[0]),))
    else:
        inputs = CIFAR
    card = NetworkCard(
        name=path.stem,
        input=inputs,
        architecture=architecture,
        weights=path.name,
        classes=tuple(str(index) for index in range(_outputs_of(weights))),
    )
    return network_from_weights(card, weights, origin=str(path))


def _checked(
    card: NetworkCard, module: nn.Module, sha256: str, *, program: bytes | None = None, origin: str
) -> Network:
    """The network, after one forward pass on zeros has shown that card and module fit."""
    if program is None:
        module.eval()  # an exported program is in evaluation mode already, and refuses to be asked
    for parameter in module.parameters():
        parameter.requires_grad_(requires_grad=True)
    network = Network(card=card, module=module, sha256=sha256, program=program, origin=origin)
    try:
        with torch.inference_mode():
            outputs = module(torch.zeros(2, *card.input.shape))
    except (RuntimeError, ValueError, AssertionError, TypeError) as error:
        raise UnsupportedNetwork(
            f'"{card.name}" cannot take an input of shape {card.input.shape}: {str(error).splitlines()[0][:200]} '
            "Correct the input shape in the network card."
        ) from error
    if not isinstance(outputs, torch.Tensor) or outputs.ndim != 2 or len(outputs) != 2:
        raise UnsupportedNetwork(f'"{card.name}" does not give one row of logits per sample. Export such a network.')
    if card.classes and outputs.shape[1] != len(card.classes):
        raise InvalidRequest(
            f'The card of "{card.name}" names {len(card.classes)} classes, but it has {outputs.shape[1]} outputs.'
        )
    return network


def _program_input(module: nn.Module, path: Path) -> tuple[int, ...]:
    """Shape of one sample, from the program's own example input."""
    for node in module.graph.nodes:  # type: ignore[union-attr]  # a GraphModule has a graph
        value = node.meta.get("val") if node.op == "placeholder" else None
        if value is not None and value.ndim >= 2:
            return tuple(int(size) for size in value.shape[1:])
    raise UnreadableFile(path, "The program does not say what input it takes.", "Write a network card for it.")


def _outputs_of(weights: dict[str, torch.Tensor]) -> int:
    """Number of outputs: the rows of the last matrix."""
    matrices = [value for value in weights.values() if value.ndim == 2]
    if not matrices:
        raise InvalidRequest("The weights do not tell the number of classes. List the classes in a network card.")
    return int(matrices[-1].shape[0])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except OSError as error:
        raise UnreadableFile(path, f"It cannot be read ({error.strerror}).", "Check its permissions.") from error
