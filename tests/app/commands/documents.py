"""Small but real documents: a network, data, and results of each kind, with numbers chosen by hand."""

import numpy as np

from core.corrections.records.correction import Box, Correction, CorrectionRequest, FreeFeature
from core.landscape.plane import Directions
from core.landscape.surface import Surface, SurfaceRequest
from core.networks.card import InputCard, NetworkCard
from core.provenance import Provenance
from core.session.document import DatasetItem, Document, NetworkItem, ResultItem

CREATED = "2026-11-01T12:00:00+00:00"
PROVENANCE = Provenance(
    network_sha256="0" * 64, data_sha256="1" * 64, samples=4, seconds=1.0, threads=1, dtype="float32", device="cpu"
)


def network(item_id: str = "network-1", name: str = "Small network") -> NetworkItem:
    card = NetworkCard(name=name, input=InputCard(shape=(2,)), architecture="mlp", weights="small.pt")
    return NetworkItem(
        id=item_id,
        name=name,
        created_utc=CREATED,
        card=card,
        weights={"weight": np.eye(2, dtype=np.float32)},
        program=None,
        sha256="0" * 64,
    )


def dataset(item_id: str = "data-1") -> DatasetItem:
    return DatasetItem(
        id=item_id,
        name="Four samples",
        created_utc=CREATED,
        samples=4,
        shape=(2,),
        classes=("no", "yes"),
        features=None,
        source="made by hand",
        origin="",
        sha256="1" * 64,
    )


def surface(*, complete: bool = True) -> Surface:
    axis = np.array([-1.0, 1.0])
    return Surface(
        request=SurfaceRequest(columns=2, rows=2),
        status="complete" if complete else "partial",
        x=axis,
        y=axis,
        loss=np.ones((2, 2)),
        accuracy=np.ones((2, 2)),
        evaluated=np.ones((2, 2), dtype=np.uint8),
        directions=Directions(x={}, y={}, cosine=0.0),
        centre_loss=0.5,
        provenance=PROVENANCE,
    )


def correction(box: Box | None = None) -> Correction:
    free = (FreeFeature(name="income", low=0.0, high=10.0), FreeFeature(name="age", low=0.0, high=10.0))
    return Correction(
        request=CorrectionRequest(input=(1.0, 2.0), free=free, columns=(0, 1), target=1),
        status="complete",
        verdict=0,
        cells=1,
        accepted=(),
        stable=(),
        accepted_share=0.5,
        margin=1e-6,
        centre=(5.0, 5.0),
        distance=0.7,
        lower_bound=0.7,
        proof="proved",
        box=box,
        provenance=PROVENANCE,
    )


def result(item_id: str, of: Surface | Correction, network_id: str = "network-1") -> ResultItem:
    return ResultItem(
        id=item_id,
        name=f"Result {item_id}",
        created_utc=CREATED,
        network_id=network_id,
        dataset_id="data-1",
        result=of,
    )


def box_at(x: float, y: float = 5.0) -> Box:
    return Box(centre=(x, y), half_width=(1.0, 1.0))


def full_document() -> Document:
    """A network, data, a surface and a correction with a box at (5, 5)."""
    document = Document()
    items = (network(), dataset(), result("surface-1", surface()), result("correction-1", correction(box_at(5.0))))
    for item in items:
        document = document.with_item(item)
    return document
