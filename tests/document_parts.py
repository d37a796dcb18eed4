"""The network, the table and the plane that the example documents are made of."""

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.landscape.plane import Directions
from core.networks.card import InputCard, NetworkCard
from core.provenance import Provenance
from core.session.document import DatasetItem, NetworkItem

CREATED = "2025-11-03T09:12:44+00:00"
SHAPES = {"1.weight": (8, 6), "1.bias": (8,), "3.weight": (2, 8), "3.bias": (2,)}  # of the architecture mlp:6-8-2
PARAMETERS = sum(int(np.prod(shape)) for shape in SHAPES.values())


def weights(seed: int = 0) -> dict[str, npt.NDArray[np.float32]]:
    """A state dict of a network with six inputs, eight hidden units and two outputs."""
    numbers = np.random.default_rng(seed)
    return {name: numbers.standard_normal(shape).astype(np.float32) / 2 for name, shape in SHAPES.items()}


def fingerprint(arrays: Mapping[str, npt.NDArray[np.generic]]) -> str:
    """The fingerprint of a state dict, by the same rule as `core.networks.network.fingerprint`."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(f"{name}{arrays[name].dtype.str}{arrays[name].shape}".encode() + arrays[name].tobytes())
    return digest.hexdigest()


def feature_card() -> FeatureCard:
    """Four features of an applicant for a loan; with the category they take six columns."""
    return FeatureCard(
        features=(
            Feature(name="Duration", unit="months", kind="integer", low=4, high=72, step=1, half_width=2),
            Feature(name="Amount", unit="DM", low=250, high=20000, half_width=500, change="down"),
            Feature(name="Age", unit="years", kind="integer", change="fixed"),
            Feature(name="Housing", kind="category", levels=("rent", "own", "free")),
        ),
        target="Credit",
        classes=("denied", "granted"),
        wanted="granted",
        name="Loan applications",
    )


def table(rows: int = 40, seed: int = 0) -> Dataset:
    """Applicants with labels, in the units of the feature card."""
    numbers = np.random.default_rng(seed)
    housing = np.eye(3)[numbers.integers(0, 3, rows)]
    columns = [numbers.integers(4, 73, rows), numbers.uniform(250, 20000, rows).round(), numbers.integers(19, 76, rows)]
    x = np.column_stack([*columns, housing]).astype(np.float32)
    y = ((x[:, 0] / 72 + x[:, 1] / 20000) < 0.9).astype(np.int64)
    card = feature_card()
    return Dataset(name=card.name, x=x, y=y, classes=card.classes, features=card, source="Made up for tests")


def dataset_item(item_id: str = "dataset-0", *, kept: bool = True) -> DatasetItem:
    """The applicants as an item, with their samples or only described."""
    data = table()
    return DatasetItem(
        id=item_id,
        name=data.name,
        created_utc=CREATED,
        samples=len(data),
        shape=data.x.shape[1:],
        classes=data.classes,
        features=data.features,
        source=data.source,
        origin="applicants.csv",
        sha256=data.sha256,
        data=data if kept else None,
    )


def network_item(item_id: str = "network-0", *, name: str = "Loan network", seed: int = 0) -> NetworkItem:
    """A network given by an architecture and its weights."""
    arrays = weights(seed)
    shape = InputCard(shape=(6,), mean=(21.0, 3271.0, 36.0, 0.0, 0.0, 0.0), std=(12.0, 2823.0, 11.0, 1.0, 1.0, 1.0))
    card = NetworkCard(name=name, input=shape, architecture="mlp:6-8-2", classes=("denied", "granted"))
    return NetworkItem(
        id=item_id,
        name=name,
        created_utc=CREATED,
        card=card,
        weights=arrays,
        program=None,
        sha256=fingerprint(arrays),
        origin="loan.toml",
    )


def program_item(item_id: str = "network-1") -> NetworkItem:
    """A network given by a program. The bytes are only bytes: nothing can be computed with them."""
    program = b"PK\x03\x04" + bytes(range(256)) * 3
    return NetworkItem(
        id=item_id,
        name="Exported network",
        created_utc=CREATED,
        card=NetworkCard(name="Exported network", input=InputCard(shape=(6,)), file="exported.pt2"),
        weights={},
        program=program,
        sha256=hashlib.sha256(program).hexdigest(),
    )


def provenance(samples: int = 40) -> Provenance:
    """How the results of the example network and table came about."""
    return Provenance(
        network_sha256=fingerprint(weights()),
        data_sha256=table().sha256,
        samples=samples,
        seconds=12.75,
        threads=1,
        dtype="float32",
        device="cpu",
        versions={"corrie": "0.1.0", "torch": "2.13.0"},
    )


def directions(seed: int = 123) -> Directions:
    """Two random directions with the norm of the weights; biases do not move, as Li et al. have it."""
    numbers = np.random.default_rng(seed)

    def direction() -> dict[str, npt.NDArray[np.float32]]:
        drawn = {name: numbers.standard_normal(array.shape) for name, array in weights().items()}
        moving = {name: 0.0 if name.endswith("bias") else 1.0 for name in drawn}
        return {name: (array * moving[name]).astype(np.float32) for name, array in drawn.items()}

    x, y = direction(), direction()
    flat_x, flat_y = (np.concatenate([array.ravel() for array in axis.values()]) for axis in (x, y))
    return Directions(x=x, y=y, cosine=float(flat_x @ flat_y / np.linalg.norm(flat_x) / np.linalg.norm(flat_y)))
