"""Sessions with several trainings and what was measured of their networks, for tests of layouts across networks."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from core.landscape.curve import Curve, CurveRequest
from core.landscape.plane import Directions, EigenDirections
from core.robustness.robustness import Robustness
from core.session.document import Document, Item, Result, ResultItem, RunItem
from core.spectrum.history import History, HistoryRequest
from core.spectrum.spectrum import Spectrum
from core.training.recipe import RobustTraining
from tests import documents
from tests.runs import RECIPE, run

BATCHES = (8, 16, 32, 40, 4)  # not in the order of a layout; none larger than the samples of a run


def spectrum_of(top: float, *, samples: int = 40) -> Spectrum:
    """Eight pairs, the first of that size, the fifth negative."""
    plain = documents.spectrum()
    share = top / float(plain.eigenvalues[0])
    return replace(
        plain,
        eigenvalues=plain.eigenvalues * share,
        residuals=plain.residuals * share,
        provenance=documents.provenance(samples=samples),
    )


def curve_of(curvature: float, *, centre: float = 0.1, reach: float = 0.5) -> Curve:
    """A parabola along the first eigenvector, on the test set half as much again."""
    x = np.linspace(-reach, reach, 11)
    loss = (centre + 0.5 * curvature * x**2)[None]
    direction = {"1.bias": np.eye(1, 8, dtype=np.float32)[0]}
    return Curve(
        request=CurveRequest(points=11, x_range=(-reach, reach), directions=EigenDirections(), test=True),
        status="complete",
        x=x,
        loss=loss,
        accuracy=np.full_like(loss, 0.9),
        test_loss=1.5 * loss,
        test_accuracy=np.full_like(loss, 0.85),
        directions=Directions(x=direction, y={}, cosine=np.nan, eigenvalues=(curvature,)),
        centre_loss=centre,
        provenance=documents.provenance(samples=40),
    )


def history_of(last: float) -> History:
    """Five checkpoints whose top eigenvalue grows to `last`."""
    grown = np.linspace(0.2, 1.0, 5) * last
    return History(
        request=HistoryRequest(),
        status="complete",
        epoch=np.arange(5.0),
        loss=np.geomspace(2.0, 0.1, 5),
        accuracy=np.linspace(0.5, 0.9, 5),
        test_loss=None,
        test_accuracy=None,
        gradient_norm=np.geomspace(1.0, 0.05, 5),
        eigenvalues=grown[:, None],
        residuals=np.full((5, 1), 1e-4),
        converged=np.ones((5, 1), dtype=np.uint8)[:, 0],
        provenance=documents.provenance(samples=32),
    )


def attacks_of(accuracy: float) -> Robustness:
    """FGSM, L2GRAD and FHSM at three strengths, after all of which that share is still right."""
    found = documents.robustness()
    return replace(found, accuracy=np.full_like(found.accuracy, accuracy))


def sweep(batches: Sequence[int] = BATCHES, *, measured: bool = True, robust: Sequence[bool] = ()) -> Document:
    """A run and a network ``network-0`` and so on for each batch size, and a spectrum whose top is the batch size."""
    data, test = documents.dataset_item("data"), documents.dataset_item("test")
    items: list[Item] = [data, test]
    for place, batch in enumerate(batches):
        hardened = RobustTraining(attack="fgsm", epsilon=0.1) if place < len(robust) and robust[place] else None
        name = f"MLP {place}"
        request = replace(RECIPE, name=name, batch_size=batch, adaptive=None, robust=hardened)
        items.append(documents.network_item(f"network-{place}", name=name, seed=place))
        items.append(
            RunItem(
                id=f"run-{place}",
                name=name,
                created_utc=documents.CREATED,
                dataset_id="data",
                test_id="test",
                network_id=f"network-{place}",
                sweep="Sweep",
                run=run(request=request, seed=place),
            )
        )
    document = Document(created_utc=documents.CREATED, items=MappingProxyType({item.id: item for item in items}))
    if measured:
        for place, batch in enumerate(batches):
            document = with_result(document, f"network-{place}", spectrum_of(float(batch)))
    return document


def with_result(document: Document, network_id: str, result: Result, *, run_id: str = "") -> Document:
    """The session with one more result of that network."""
    number = len(document.results)
    return document.with_item(
        ResultItem(
            id=f"result-{number}",
            name=f"Result {number}",
            created_utc=f"2025-11-03T10:{number:02d}:00+00:00",
            network_id=network_id,
            dataset_id="data",
            test_id="test",
            run_id=run_id,
            result=result,
        )
    )
