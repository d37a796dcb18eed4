"""Sessions that are large for Corrie, though they are small for a test: the bounds are moved, not the sizes."""

from dataclasses import replace

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.deferred import Deferred, DeferredArrays, unread, unread_items
from core.landscape.plane import Directions
from core.session import contents, files, noted
from core.session.document import Document, NetworkItem, RunItem
from core.session.source import Place, Source
from core.spectrum.spectrum import Spectrum
from tests import documents
from tests.runs import run_item

SHAPES = {"1.weight": (200, 150), "1.bias": (200,), "3.weight": (10, 200)}  # the first is kept in pieces


def arrays(seed: int) -> dict[str, np.ndarray]:
    numbers = np.random.default_rng(seed)
    return {name: numbers.standard_normal(shape).astype(np.float32) for name, shape in SHAPES.items()}


def network() -> NetworkItem:
    weights = arrays(0)
    return replace(documents.network_item(), weights=weights, sha256=documents.fingerprint(weights))


def large_document() -> Document:
    """A network, pictures, a plane with two surfaces, eigenvectors, and a run with its checkpoints."""
    x = np.random.default_rng(1).integers(0, 256, (90, 32, 32, 3), dtype=np.uint8)
    data = Dataset(name="Pictures", x=x, y=np.arange(90) % 10)
    item = replace(documents.dataset_item(), samples=90, shape=(32, 32, 3), classes=(), features=None)
    document = Document(document_id="9b1c", created_utc=documents.CREATED)
    document = document.with_item(network()).with_item(replace(item, sha256=data.sha256, data=data))
    axes = Directions(x=arrays(2), y=arrays(3), cosine=0.01)
    for number in range(2):
        surface = replace(documents.surface(), directions=axes)
        document = document.with_item(documents.result_item(surface, f"surface-{number}", f"Surface {number}"))
    vectors = np.random.default_rng(4).standard_normal((8, 4000)).astype(np.float32)
    spectrum = replace(documents.spectrum(), eigenvectors=vectors)
    document = document.with_item(documents.result_item(spectrum, "spectrum-0", "Spectrum"))
    return document.with_item(run_item())


def parts_of(document: Document) -> list[Deferred]:
    """Everything that is or was read later; names and sizes are looked at for that."""
    held: list[object] = []
    for item in document.networks:
        held += [part for _, part in unread_items(item.weights)]
    held += [unread(item.data, "x") for item in document.datasets if item.data is not None]
    for run in document.runs:
        held += [part for checkpoint in run.run.checkpoints for _, part in unread_items(checkpoint.weights)]
    for result in (item.result for item in document.results):
        if isinstance(result, Spectrum):
            held.append(unread(result, "eigenvectors"))
        axes = getattr(result, "directions", None)
        if isinstance(axes, Directions):
            held += [part for axis in (axes.x, axes.y) for _, part in unread_items(axis)]
    return [part for part in held if isinstance(part, Deferred)]


def source_of(document: Document) -> Source:
    """The file that a document reads from."""
    place = parts_of(document)[0].kept
    assert isinstance(place, Place)
    return place.source


def nothing_is_small(patch: pytest.MonkeyPatch) -> None:
    """Every session counts as a large one."""
    patch.setattr(files, "LARGE", 0)
    patch.setattr(noted, "LARGE", 0)


def blocks_are_small(patch: pytest.MonkeyPatch) -> None:
    """So that most parts lie in blocks of their own. Not for what a child process does."""
    patch.setattr(contents, "BLOCK_BYTES", 4096)


__all__ = [
    "DeferredArrays",
    "RunItem",
    "blocks_are_small",
    "large_document",
    "network",
    "nothing_is_small",
    "parts_of",
    "source_of",
]
