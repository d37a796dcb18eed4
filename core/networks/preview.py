"""What a person may want to see before a network is taken into the session, and the card that is written for it."""

from dataclasses import dataclass
from pathlib import Path

import torch

from core.job import JobContext
from core.networks.architectures.recognising import Recognised
from core.networks.card import InputCard, read_network_card
from core.networks.card_writing import card_paths, write_card
from core.networks.file_kinds import CARD_SUFFIX
from core.networks.loading import open_explained
from core.networks.network import Network
from core.networks.options import options_with
from core.networks.parameters import evaluation_mode
from core.networks.trial import Trial, try_network

__all__ = ("NetworkPreview", "Trial", "card_paths", "preview_network", "try_network", "write_card")


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkPreview:
    """A network that was opened, with what was found out and assumed on the way."""

    network: Network
    kind: str  # "network card", "program", "ONNX", "TorchScript", "weights", "Python"
    input_shape: tuple[int, ...]  # of one sample
    parameters: int  # numbers that are trained; shared ones counted once
    outputs: int
    size_bytes: int  # of the file that holds the weights or the program
    notes: tuple[str, ...]  # what was assumed or changed, a sentence each
    suggestions: tuple[Recognised, ...]  # architectures the weights fit


def preview_network(
    path: Path,
    *,
    architecture: str | None = None,
    input_card: InputCard | None = None,
    classes: tuple[str, ...] = (),
    factory: str | None = None,
    agreed: bool = False,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
) -> NetworkPreview:
    """Open a network file of any kind and describe it. Weights that fit several architectures are taken for the first.

    Raises
    ------
    UnreadableFile, WeightsMismatch, InvalidRequest, UnsupportedNetwork, OutOfSpace, Cancelled
        As `core.networks.loading.open_network`.
    """
    options = options_with(
        input_card, architecture=architecture, classes=classes, factory=factory, agreed=agreed, likeliest=True
    )
    opened = open_explained(path, options, job)
    network = opened.network
    with evaluation_mode(network.module), torch.inference_mode():
        outputs = network.module(torch.zeros(1, *network.card.input.shape)).shape[1]
    return NetworkPreview(
        network=network,
        kind=opened.kind,
        input_shape=network.card.input.shape,
        parameters=sum(parameter.numel() for parameter in network.module.parameters()),
        outputs=int(outputs),
        size_bytes=_source(path).stat().st_size,
        notes=opened.notes,
        suggestions=opened.suggestions,
    )


def _source(path: Path) -> Path:
    """The file that holds the numbers: the card's, or the file itself."""
    if path.suffix.lower() != CARD_SUFFIX:
        return path
    card = read_network_card(path)
    return path.parent / (card.file or card.weights or path.name)
