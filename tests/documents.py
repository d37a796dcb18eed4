"""Small but realistic documents for tests: numbers that fit together, geometry that is true, hashes that match.

Nothing here imports torch, so that the tests of files and windows stay quick.
"""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import Box, Correction, CorrectionRequest, FreeFeature, Triangle
from core.corrections.records.tradeoff import Tradeoff
from core.corrections.slices.outline import geometry_of
from core.corrections.slices.regions import AcceptedRegion
from core.corrections.slices.tradeoff_tracing import trace_tradeoff
from core.job import JobContext
from core.robustness.kinds import Attack
from core.robustness.robustness import NOT_YET, Examples, Robustness, RobustnessRequest, Status
from core.session.document import Document, Result, ResultItem
from core.spectrum.spectrum import Audit, Density, Estimate, LayerCurvature, Sampling, Spectrum, SpectrumRequest
from tests.complexities import complexity
from tests.document_parts import (
    CREATED,
    PARAMETERS,
    SHAPES,
    dataset_item,
    directions,
    feature_card,
    fingerprint,
    network_item,
    program_item,
    provenance,
    table,
    weights,
)
from tests.histories import history
from tests.landscape_results import (
    certified_surface,
    convexity,
    curve,
    initialisations,
    surface,
    trajectory,
)
from tests.slices import eroded, nearest, parts

__all__ = [
    "CREATED",
    "PARAMETERS",
    "SHAPES",
    "certified_surface",
    "complexity",
    "convexity",
    "correction",
    "correction_request",
    "curve",
    "dataset_item",
    "directions",
    "document",
    "explained_correction",
    "feature_card",
    "fingerprint",
    "history",
    "impossible_correction",
    "initialisations",
    "landscape_document",
    "network_item",
    "polygon_area",
    "program_item",
    "provenance",
    "result_item",
    "robustness",
    "spectrum",
    "surface",
    "table",
    "tradeoff",
    "tradeoff_without_room",
    "trajectory",
    "weights",
    "whole_spectrum",
]


def spectrum(pairs: int = 8, *, vectors: bool = True) -> Spectrum:
    """Eigenvalues by decreasing magnitude, one of them negative, the last one not verified."""
    eigenvalues = 41.0 * 0.62 ** np.arange(pairs)
    eigenvalues[pairs // 2] *= -1
    residuals = 4e-3 * np.abs(eigenvalues)
    residuals[-1] = 0.3 * abs(eigenvalues[-1])
    verified = np.ones(pairs, dtype=np.uint8)
    verified[-1] = 0
    basis = np.linalg.qr(np.random.default_rng(5).standard_normal((PARAMETERS, pairs)))[0].T.astype(np.float32)
    return Spectrum(
        request=SpectrumRequest(top=pairs),
        status="complete",
        eigenvalues=eigenvalues,
        residuals=residuals,
        verified=verified,
        eigenvectors=basis if vectors else None,
        parameters=tuple(SHAPES) if vectors else (),
        products=96,
        audit=Audit(products=20, missed=0, miss_probability=3.2e-7),
        provenance=provenance(),
        between=np.diag(eigenvalues) + 1e-9 if vectors else None,
    )


def whole_spectrum(pairs: int = 8) -> Spectrum:
    """The same with all that a spectrum can have besides its pairs."""
    plain = spectrum(pairs)
    bulk = np.linspace(-0.8, 1.1, 60)
    weights = np.exp(-((bulk / 0.3) ** 2))
    nodes = np.concatenate([plain.eigenvalues, bulk])
    shares = np.concatenate([np.full(pairs, 1 / PARAMETERS), (1 - pairs / PARAMETERS) * weights / weights.sum()])
    order = np.argsort(nodes)
    table = tuple(
        LayerCurvature(
            layer=layer,
            parameters=parameters,
            top_eigenvalue=value,
            residual=1e-3 * abs(value),
            trace=Estimate(value=2.5 * abs(value), standard_error=0.02 * abs(value)),
            share=share,
        )
        for layer, parameters, value, share in (("1", 56, 31.5, 0.81), ("3", 18, -12.25, 0.19))
    )
    over = np.full(pairs, np.nan)
    over[:2] = (37.5, 22.0)[:pairs]
    return replace(
        plain,
        request=replace(plain.request, density=True, trace=True, layer_table=True, probes=3, density_steps=20),
        density=Density(nodes=nodes[order], weights=shares[order], probes=3, steps=20, deflated=pairs),
        trace=Estimate(value=103.4, standard_error=0.75),
        layer_table=table,
        sampling=Sampling(
            standard_error=0.08 * np.abs(plain.eigenvalues),
            groups=20,
            population=400,
            over_population=over,
            population_sha256="5a" * 32,
        ),
        taken_over="8 eigenpairs were taken from an earlier computation.",
    )


def robustness(attacks: tuple[Attack, ...] = ("fgsm", "l2grad", "fhsm"), *, status: Status = "complete") -> Robustness:
    """200 samples of 6 columns under attack; a few examples; what is partial has not begun with the last attack."""
    request = RobustnessRequest(attacks=attacks, epsilon=(0.01, 0.05, 0.2), examples=4)
    numbers = np.random.default_rng(11)
    cells, samples, count = (len(attacks), 3), 200, 4
    reach = np.linspace(0.02, 0.5, samples)  # strength at which each sample falls
    right = np.stack([reach > (1 - 0.1 * index) * np.array(request.epsilon)[:, None] for index in range(len(attacks))])
    right = right.astype(np.uint8)
    if status == "partial":
        right[-1] = NOT_YET
    known = (right != NOT_YET).all(axis=2)
    accuracy = np.where(known, right.mean(axis=2), np.nan)
    original = numbers.uniform(0, 16, (count, 6)).astype(np.float32)
    attacked = np.clip(original + numbers.normal(0, 1, (*cells, count, 6)), 0, 16).astype(np.float32)
    verdict = np.where(known[:, :, None], right[:, :, ::50].astype(np.int64), -1)
    eigenvalues = np.sort(numbers.gamma(1.0, 2.0, (samples, 2)))[:, ::-1].copy()
    eigenvalues[:, 1] = 1e-15
    return Robustness(
        request=request,
        status=status,
        epsilon=np.array(request.epsilon),
        length=np.array(request.epsilon) * 6**0.5,
        accuracy=accuracy,
        loss=0.4 + 3.0 * (1 - accuracy),
        changed=np.where(known, 0.9 * 6**0.5 * np.array(request.epsilon), np.nan),
        clean_accuracy=1.0,
        clean_loss=0.12,
        samples=samples,
        input_eigenvalues=eigenvalues,
        smallest_input_eigenvalue=-2e-16,
        piecewise_linear=True,
        examples=Examples(
            row=np.arange(count, dtype=np.int64),
            label=np.ones(count, dtype=np.int64),
            original=original,
            attacked=np.where(known[:, :, None, None], attacked, np.nan).astype(np.float32),
            clean_verdict=np.ones(count, dtype=np.int64),
            clean_confidence=np.full(count, 0.97),
            verdict=verdict,
            confidence=np.where(verdict >= 0, 0.8, np.nan),
        ),
        provenance=provenance(samples=samples),
        range_low=np.zeros(6),
        range_high=np.full(6, 16.0),
        right=right,
        clean_right=np.ones(samples, dtype=np.uint8),
        hessian_deviation=6e-7,
    )


def correction_request() -> CorrectionRequest:
    """A loan of 13 500 DM over 48 months was denied. Which amount and duration would be granted?"""
    return CorrectionRequest(
        input=(48.0, 13500.0, 33.0, 1.0, 0.0, 0.0),
        free=(
            FreeFeature(name="Duration", low=4, high=72, half_width=2),
            FreeFeature(name="Amount", low=250, high=20000, half_width=500),
        ),
        columns=(0, 1),
        target=1,
        row=7,
    )


def correction() -> Correction:
    """A region with a hole and an island; stable region, centre and distance follow from it exactly."""
    request = correction_request()
    main = ([(4, 250), (54, 250), (45, 6400), (31, 11300), (4, 14600)], [[(14, 3000), (23, 3600), (18, 6400)]])
    island = ([(62, 16700), (69, 16300), (70, 19200), (63, 19500)], [])
    accepted = parts(main, island)
    half_width = (request.free[0].half_width, request.free[1].half_width)
    stable = eroded(accepted, half_width)
    centre, distance = nearest(stable, request.point, (request.free[0].weight, request.free[1].weight))
    area = sum(polygon_area(p.exterior) - sum(map(polygon_area, p.holes)) for p in accepted)
    return Correction(
        request=request,
        status="complete",
        verdict=0,
        cells=23,
        accepted=accepted,
        stable=stable,
        accepted_share=area / ((72 - 4) * (20000 - 250)),
        margin=1e-6,
        centre=centre,
        distance=distance,
        lower_bound=distance,
        proof="proved",
        box=Box(centre=centre, half_width=half_width, proof="proved"),
        provenance=provenance(samples=1),
    )


def explained_correction() -> Correction:
    """The same with the largest box around its nearest stable correction, and a triangle beside it."""
    corners = np.array([(8.1, 13021.0), (50.2, 1363.0), (27.1, 1013.0)])
    return replace(
        correction(),
        largest_box=Box(centre=(17.5, 8850.0), half_width=(13.5, 2450.0), proof="proved"),
        triangle=Triangle(corners=corners, share=0.286, centre=(44.75, 1830.0), distance=0.639),
        tradeoff=tradeoff(),
    )


def tradeoff() -> Tradeoff:
    """The curve of the same correction: its region is the truth from both sides."""
    region = geometry_of(correction().accepted)
    both = AcceptedRegion(inner=region, outer=region, margin=0.0)
    return trace_tradeoff(correction_request(), both, JobContext())


def tradeoff_without_room() -> Tradeoff:
    """The curve where nothing is accepted: it has no places."""
    nothing = AcceptedRegion(inner=geometry_of(()), outer=geometry_of(()), margin=0.0)
    return trace_tradeoff(replace(correction_request(), norm="Linf"), nothing, JobContext())


def impossible_correction() -> Correction:
    """The answer where no change of the two features helps: nothing accepted, nothing stable."""
    nothing = {"accepted": (), "stable": (), "accepted_share": 0.0, "proof": "none_exists"}
    return replace(correction(), centre=None, distance=None, lower_bound=None, box=None, **nothing)


def polygon_area(ring: npt.NDArray[np.float64]) -> float:
    """Area of a closed ring, by the shoelace formula."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def result_item(result: Result, item_id: str, name: str) -> ResultItem:
    """A result that belongs to the example network and table."""
    return ResultItem(
        id=item_id, name=name, created_utc=CREATED, network_id="network-0", dataset_id="dataset-0", result=result
    )


def landscape_document() -> Document:
    """The example session with every kind of result that the landscape engine gives, all in one plane."""
    plane = directions()
    items = (
        *document().items.values(),
        result_item(replace(certified_surface(), directions=plane), "surface-1", "Certified"),
        result_item(curve(), "curve-0", "Towards the large batch"),
        result_item(curve(10), "curve-1", "Ten draws"),
        result_item(trajectory(plane=plane), "trajectory-0", "The way"),
        result_item(convexity(plane=plane), "convexity-0", "Curvature"),
        result_item(initialisations(), "initialisations-0", "Fresh"),
        result_item(robustness(), "robustness-0", "Under attack"),
        result_item(complexity(), "complexity-0", "Size and sharpness"),
        result_item(history(), "history-0", "Curvature through the training"),
    )
    return replace(document(), items=MappingProxyType({item.id: item for item in items}))


def document() -> Document:
    """A session with two networks, a table, and one result of the kinds that every session may have."""
    items = (
        network_item(),
        dataset_item(),
        result_item(surface(), "surface-0", "Around the minimum"),
        program_item(),
        result_item(correction(), "correction-0", "Applicant 7"),
        result_item(spectrum(), "spectrum-0", "Sharpest directions"),
    )
    return Document(
        document_id="5b0c1d0e-4a52-4b7e-9d5c-0a8a3f6a2c11",
        created_utc=CREATED,
        items=MappingProxyType({item.id: item for item in items}),
        view=MappingProxyType({"selection": "surface-0", "cameras": {"surface-0": {"azimuth": 45.0, "scale": 1.25}}}),
    )
