"""Weights without a card: which architecture they belong to, and what is assumed of their input."""

from pathlib import Path

from torch import Tensor

from core.errors import InvalidRequest, WeightsMismatch
from core.networks.architectures.recognising import Recognised, outputs_of, recognise
from core.networks.architectures.registry import mlp_sizes
from core.networks.building import network_from_weights
from core.networks.card import NetworkCard
from core.networks.network import Network
from core.networks.options import CIFAR, OpeningOptions, Shape
from core.networks.weights import read_weights


def open_bare_weights(path: Path, options: OpeningOptions) -> tuple[Network, list[str], tuple[Recognised, ...]]:
    """The network of a weights file, what was assumed, and the architectures that the weights fit.

    Raises
    ------
    InvalidRequest
        If no architecture is named, and not exactly one fits.
    WeightsMismatch
        If the weights do not belong to the named one; the text names those that they fit.
    """
    weights = read_weights(path)
    fitting = recognise(weights)
    name = options.architecture or _recognised(path, fitting, likeliest=options.likeliest)
    found = next((one for one in fitting if one.architecture == name), None)
    notes = [] if options.architecture else [_fit(fitting)]
    if options.shape is None and found is not None and found.note:
        notes.append(found.note)
    shape = _usual_shape(name) if found is None else found.input_shape
    inputs, assumed = options.input_of(shape, images=True)
    notes += assumed
    outputs = outputs_of(name, weights)
    card = NetworkCard(
        name=path.stem,
        input=inputs,
        architecture=name,
        weights=path.name,
        classes=options.classes or tuple(str(index) for index in range(outputs)),
        description=" ".join(notes),
    )
    return _built(card, weights, fitting, path), notes, fitting


def _built(card: NetworkCard, weights: dict[str, Tensor], fitting: tuple[Recognised, ...], path: Path) -> Network:
    try:
        return network_from_weights(card, weights, origin=str(path))
    except WeightsMismatch as error:
        names = [one.architecture for one in fitting]
        if not names or card.architecture in names:
            raise
        raise WeightsMismatch(f"{error} They fit {' or '.join(names)}.") from error


def _fit(fitting: tuple[Recognised, ...]) -> str:
    name, *others = (one.architecture for one in fitting)
    if others:
        return f"The weights fit {name} and {' and '.join(others)}: {name} is taken."
    return f"The weights fit {name} and no other built-in architecture."


def _recognised(path: Path, fitting: tuple[Recognised, ...], *, likeliest: bool) -> str:
    names = [one.architecture for one in fitting]
    if len(names) == 1 or (names and likeliest):
        return names[0]
    if names:
        raise InvalidRequest(f"{path} fits {' and '.join(names)}. Name the architecture (--architecture NAME).")
    raise InvalidRequest(
        f"{path} holds weights only, and they fit no built-in architecture. Name their architecture "
        "(--architecture NAME), open a network card, or export the network as .pt2 or ONNX."
    )


def _usual_shape(architecture: str) -> Shape:
    """For weights that do not fit anyway: so that the refusal is about them."""
    sizes = mlp_sizes(architecture)
    return CIFAR.shape if sizes is None else (max(sizes[0], 1),)
