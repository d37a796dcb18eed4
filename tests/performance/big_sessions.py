"""Sessions of the size that reviews of real networks have: weights, directions and eigenvectors of tens of millions.

The numbers are drawn at random, as such arrays look to a packer: they hardly shrink.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.landscape.plane import Directions
from core.session.document import DatasetItem, Document, NetworkItem
from tests import documents

MEGABYTE = 10**6
LAYERS = 60  # of the network
PAIRS = 5  # eigenvectors that were kept
SURFACES = 12  # in the plane of the directions


def big_session(size: int) -> Document:
    """A document whose arrays take about so many bytes: a network, its plane, eigenvectors, pictures, surfaces."""
    share = size // 10  # one for the network, two for the plane, five for eigenvectors, two for the pictures
    weights = _arrays(share, 0)
    axes = Directions(x=_arrays(share, 1), y=_arrays(share, 2), cosine=0.001)
    document = Document().with_item(network(weights)).with_item(pictures(2 * share))
    for number in range(SURFACES):
        surface = replace(documents.surface(101, 101), directions=axes)
        document = document.with_item(documents.result_item(surface, f"surface-{number}", f"Surface {number}"))
    plain = documents.spectrum(PAIRS)
    vectors = _numbers(3, PAIRS * (share // 4)).reshape(PAIRS, -1)
    spectrum = replace(plain, eigenvectors=vectors, parameters=tuple(weights))
    return document.with_item(documents.result_item(spectrum, "spectrum-0", "Spectrum"))


def network(weights: dict[str, npt.NDArray[np.float32]]) -> NetworkItem:
    """A network of these weights."""
    return replace(documents.network_item(), weights=weights, sha256=documents.fingerprint(weights))


def pictures(size: int) -> DatasetItem:
    """So many bytes of small pictures with smooth parts and noise."""
    numbers = np.random.default_rng(4)
    count = size // 3072
    coarse = numbers.integers(0, 256, (count, 8, 8, 3), dtype=np.uint8).repeat(4, axis=1).repeat(4, axis=2)
    x = coarse + numbers.integers(0, 16, coarse.shape, dtype=np.uint8)
    data = Dataset(name="Pictures", x=x, y=numbers.integers(0, 10, count), classes=tuple("0123456789"))
    described = replace(documents.dataset_item(), name="Pictures", samples=count, shape=(32, 32, 3))
    return replace(described, classes=data.classes, features=None, sha256=data.sha256, data=data)


def _arrays(size: int, seed: int) -> dict[str, npt.NDArray[np.float32]]:
    """Tensors of about so many bytes in all, by name, with a bias each."""
    width = max(8, round((size / 4 / LAYERS) ** 0.5))
    found: dict[str, npt.NDArray[np.float32]] = {}
    for layer in range(LAYERS):
        found[f"layer{layer}.weight"] = _numbers(1000 * seed + layer, width * width).reshape(width, width)
        found[f"layer{layer}.bias"] = np.zeros(width, dtype=np.float32)
    return found


def _numbers(seed: int, count: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(count, dtype=np.float32)
