"""A user's own network on its way into the session: looked into, tried on data, written beside its file.

Everything here runs in a background thread, on networks of its own: it neither waits for the engine nor disturbs it.
"""

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.data.order import spread_rows
from core.data.storing import restore_dataset
from core.job import JobContext
from core.networks.card import InputCard, NetworkCard
from core.runtime import prepare_torch
from core.session.document import DatasetItem, NetworkItem

if TYPE_CHECKING:
    from core.networks.network import Network
    from core.networks.preview import NetworkPreview, Trial

TRIED = 512  # samples
SHOWN = 8  # of them


@dataclass(frozen=True, kw_only=True)
class NetworkSource:
    """A file, and what a person says of it that the file does not say itself."""

    path: Path
    architecture: str | None = None  # of weights
    input_card: InputCard | None = None  # None: as the file says, or as is usual
    factory: str | None = None  # of a Python file
    agreed: bool = False  # that the Python file runs


@dataclass(frozen=True, kw_only=True)
class CardTarget:
    """Where a card and its weights are written."""

    folder: Path
    overwrite: bool  # whether files that are there may be replaced


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialOnData:
    """How a network did, with some of the samples that it was tried on."""

    trial: "Trial"
    data: DatasetItem
    shown: npt.NDArray[np.int64]  # (at most `SHOWN`,) which of the tried samples are shown
    x: npt.NDArray[np.generic]  # (at most `SHOWN`, …)


def look_into(source: NetworkSource, job: JobContext) -> "NetworkPreview":
    """Open the file. Raises what `core.networks.preview.preview_network` raises."""
    prepare_torch()
    from core.networks.preview import preview_network  # noqa: PLC0415  imports torch

    return preview_network(
        source.path,
        architecture=source.architecture,
        input_card=source.input_card,
        factory=source.factory,
        agreed=source.agreed,
        job=job,
    )


def try_on(network: "Network", card: InputCard, data: DatasetItem, job: JobContext) -> TrialOnData:
    """Run the network, fed as that card says, on samples from all over the data."""
    from core.networks.preview import try_network  # noqa: PLC0415  imports torch

    samples = restore_dataset(data)
    fed = replace(network, card=replace(network.card, input=card, classes=()))
    trial = try_network(fed, samples, job, min(TRIED, len(samples)))
    shown = spread_rows(len(trial.rows), SHOWN)
    return TrialOnData(trial=trial, data=data, shown=shown, x=np.array(samples.x[trial.rows[shown]]))


def take_in(network: "Network", card: NetworkCard, target: CardTarget | None, job: JobContext) -> NetworkItem:
    """The network with that card as an item of the document; its card and weights are written first if wanted."""
    from core.networks.preview import write_card  # noqa: PLC0415  imports torch
    from core.networks.storing import store_network  # noqa: PLC0415

    job.check()
    named = replace(network, card=card)
    if target is not None:
        write_card(
            named,
            target.folder,
            name=card.name,
            classes=card.classes,
            input_card=card.input,
            description=card.description,
            overwrite=target.overwrite,
        )
    return store_network(named)


def export_card(item: NetworkItem, target: CardTarget, job: JobContext) -> Path:
    """Write the card of a network of the session, and its weights or program beside it. Returns the card's path."""
    prepare_torch()
    from core.networks.preview import write_card  # noqa: PLC0415  imports torch
    from core.networks.storing import restore_network  # noqa: PLC0415

    job.check()
    card = item.card
    return write_card(
        restore_network(item),
        target.folder,
        name=item.name,
        classes=card.classes,
        input_card=card.input,
        description=card.description,
        overwrite=target.overwrite,
    )


def factories_in(path: Path) -> tuple[str, ...]:
    """Functions and classes of a Python file that may be called without arguments. The file is read and not run."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    functions = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not _asks(node.args)
    ]
    return tuple(functions + [node.name for node in tree.body if isinstance(node, ast.ClassDef) and _is_plain(node)])


def _asks(arguments: ast.arguments) -> bool:
    """Whether a function cannot be called without arguments."""
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional > 0 or any(default is None for default in arguments.kw_defaults)


def _is_plain(node: ast.ClassDef) -> bool:
    """Whether a class is made without arguments, as far as can be seen."""
    made = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if made is None or not node.bases:
        return made is None and bool(node.bases)
    positional = len(made.args.posonlyargs) + len(made.args.args) - len(made.args.defaults)
    return positional <= 1 and not any(default is None for default in made.args.kw_defaults)
