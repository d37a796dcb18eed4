"""A network written to a folder: its card, and beside it the weights or the program that the card names."""

import contextlib
from pathlib import Path

import tomli_w
from safetensors.torch import save

from core.errors import InvalidRequest
from core.naming import file_stem
from core.networks.card import InputCard, NetworkCard, card_as_table, read_network_card
from core.networks.file_kinds import CARD_SUFFIX, PROGRAM_SUFFIX
from core.networks.network import Network
from core.session.atomic import replace_with

WEIGHTS_SUFFIX = ".safetensors"


def card_paths(network: Network, folder: Path, name: str) -> tuple[Path, Path]:
    """Where `write_card` writes the card, and the weights or the program."""
    stem = file_stem(name) or "network"
    return folder / f"{stem}{CARD_SUFFIX}", folder / f"{stem}{PROGRAM_SUFFIX if network.program else WEIGHTS_SUFFIX}"


def write_card(
    network: Network,
    folder: Path,
    *,
    name: str,
    classes: tuple[str, ...],
    input_card: InputCard,
    description: str,
    overwrite: bool = False,
) -> Path:
    """Write a network card and, beside it, what it names; each whole or not at all. Returns the path of the card.

    Parameters
    ----------
    network : Network
        Its program, or its weights as they are now, are written.
    folder : Path
        Must be there.
    overwrite : bool
        Whether files of the same names may be replaced.

    Raises
    ------
    InvalidRequest
        If a file of that name is there already and may not be replaced.
    OutOfSpace, UnreadableFile
        If the folder cannot be written; nothing new is left in it.
    """
    card_path, content_path = card_paths(network, folder, name)
    there = [path for path in (card_path, content_path) if path.exists()]
    if there and not overwrite:
        raise InvalidRequest(f"{there[0]} is there already. Choose another name or folder, or agree to replace it.")
    held: dict[str, str | None] = (
        {"file": content_path.name, "architecture": None, "weights": None}
        if network.program is not None
        else {"file": None, "architecture": network.card.architecture, "weights": content_path.name}
    )
    card = NetworkCard(name=name, input=input_card, classes=classes, description=description, **held)
    content = network.program or _weights_of(network)
    try:
        replace_with(content, content_path)
        text = tomli_w.dumps(card_as_table(card)).encode()
        replace_with(text, card_path, verify=lambda path: _verify(path, card))
    except BaseException:
        if content_path not in there:
            with contextlib.suppress(OSError):
                content_path.unlink(missing_ok=True)
        raise
    return card_path


def _weights_of(network: Network) -> bytes:
    weights = {name: value.detach().cpu().contiguous().clone() for name, value in network.module.state_dict().items()}
    content: bytes = save(weights)
    return content


def _verify(path: Path, card: NetworkCard) -> None:
    if read_network_card(path) != card:
        raise InvalidRequest("The name, classes or description cannot be written as text. Choose plainer ones.")
