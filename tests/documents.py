"""Small but realistic documents for tests: numbers that fit together, geometry that is true, hashes that match.

Nothing here imports torch, so that the tests of files and windows stay quick.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.corrections.correction import Box, Correction, CorrectionRequest, FreeFeature
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.plane import Anchor, Directions, NetworkDirections, RandomDirections
from core.landscape.surface import (
    EVALUATED,
    INTERPOLATED,
    SAMPLED,
    Certificate,
    Course,
    HeldOut,
    Sampling,
    Surface,
    SurfaceRequest,
)
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.networks.card import InputCard, NetworkCard
from core.provenance import Provenance
from core.session.document import DatasetItem, Document, NetworkItem, Result, ResultItem
from core.spectrum.spectrum import Audit, Spectrum, SpectrumRequest
from tests.slices import eroded, nearest, parts

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


def surface(columns: int = 21, rows: int = 17, *, hole: bool = True, status: str = "complete") -> Surface:
    """A bowl with a side valley; every second point is interpolated, one point overflowed to infinity.

    A partial surface lacks its last rows: there the loss is NaN and nothing was evaluated.
    """
    request = SurfaceRequest(columns=columns, rows=rows, directions=RandomDirections(seed=123))
    x, y = np.linspace(*request.x_range, columns), np.linspace(*request.y_range, rows)
    a, b = np.meshgrid(x, y)
    loss = 0.04 + 9 * a**2 + 5 * b**2 + 4 * a * b + 1.2 * np.sin(5 * a) ** 2 * np.cos(3 * b) ** 2 + 20 * np.abs(a) ** 7
    accuracy = np.clip(1 - loss / 12, 0.5, 1.0)
    evaluated = np.where((np.arange(columns) + np.arange(rows)[:, None]) % 2 == 0, EVALUATED, INTERPOLATED)
    if hole:
        loss[-2, 1], evaluated[-2, 1] = np.inf, EVALUATED
    if status == "partial":
        loss[rows * 2 // 3 :], accuracy[rows * 2 // 3 :], evaluated[rows * 2 // 3 :] = np.nan, np.nan, INTERPOLATED
    return Surface(
        request=request,
        status="partial" if status == "partial" else "complete",
        x=x,
        y=y,
        loss=loss,
        accuracy=accuracy,
        evaluated=evaluated.astype(np.uint8),
        directions=directions(),
        centre_loss=0.04,
        provenance=provenance(),
    )


def certified_surface(columns: int = 15, rows: int = 11) -> Surface:
    """A surface with everything a surface may have: test set, sampled points, held-out points and a certificate."""
    plain = surface(columns, rows, hole=False)
    evaluated = plain.evaluated.copy()
    evaluated[1::3, 1::4] = SAMPLED
    numbers = np.random.default_rng(3)
    held = numbers.choice(plain.loss.size, 60, replace=False)
    b, a = np.divmod(held, columns)
    exact = plain.loss.ravel()[held]
    return replace(
        plain,
        request=replace(plain.request, method="adaptive", test=True, test_samples=30),
        evaluated=evaluated,
        test_loss=plain.loss * 1.1 + 0.02,
        test_accuracy=plain.accuracy * 0.97,
        certificate=Certificate(points=60, confidence=0.95, coverage=0.95, tolerance=0.02, max_seen=0.0137),
        sampling=Sampling(rows=np.arange(0.0, 32), weights=np.full(32, 1 / 32) + 1e-3),
        held_out=HeldOut(x=plain.x[a], y=plain.y[b], loss=exact, estimate=exact * (1 + 0.01 * numbers.normal(size=60))),
        course=Course(
            lever="fewer points",
            reason="the plane is smooth: 9 × 9 points predict the others within 1.4 %",
            engine="fused convolutions, channels-last, batches of 64, 1 worker",
            engine_error=3.1e-7,
            full_points=83,
            forwards=83 * 40,
        ),
    )


def curve(draws: int = 1, points: int = 21, *, test: bool = True, status: str = "complete") -> Curve:
    """Parabolas with a bump; with one draw the line to another network, which lies at 1."""
    x = np.linspace(-0.5, 1.5, points)
    asked = NetworkDirections(first="f" * 64) if draws == 1 else RandomDirections()
    steep = 1 + 0.2 * np.random.default_rng(8).standard_normal(draws)[:, None]
    loss = 0.05 + steep * (x * (x - 1)) ** 2 * 6 + 0.1 * x
    if status == "partial":
        loss[:, points // 2 :] = np.nan
    accuracy = np.clip(1 - loss / 4, 0, 1)
    anchors = (Anchor(name="Large batch", sha256="f" * 64, x=1.0),) if draws == 1 else ()
    plane = directions()
    return Curve(
        request=CurveRequest(points=points, x_range=(-0.5, 1.5), directions=asked, draws=draws, test=test),
        status="partial" if status == "partial" else "complete",
        x=x,
        loss=loss,
        accuracy=accuracy,
        test_loss=loss * 1.2 + 0.05 if test else None,
        test_accuracy=accuracy * 0.96 if test else None,
        directions=Directions(x=plane.x, y={}, cosine=0.0, anchors=anchors),
        centre_loss=0.05,
        provenance=provenance(),
    )


def trajectory(checkpoints: int = 12, *, plane: Directions | None = None) -> Trajectory:
    """A way into the minimum of `surface`, which ends at the network itself; the rate drops half-way."""
    share = np.linspace(1, 0, checkpoints)
    x, y = -0.8 * share, 0.6 * share**2
    return Trajectory(
        request=TrajectoryRequest(),
        status="complete",
        epoch=np.arange(checkpoints, dtype=np.float64),
        learning_rate=np.where(np.arange(checkpoints) < checkpoints // 2, 0.1, 0.01),
        x=x,
        y=y,
        loss=0.04 + 2.2 * share**1.5,
        accuracy=1 - 0.5 * share,
        off_plane=0.7 * share * (1 - share) + 0.3 * share,
        distance=4.0 * share,
        explained_variance=np.array([0.71, 0.16]),
        directions=plane or directions(),
        provenance=provenance(),
    )


def convexity(columns: int = 9, rows: int = 7, *, plane: Directions | None = None) -> Convexity:
    """Convex in the middle, saddles outside; one point where the Hessian was not finite."""
    request = ConvexityRequest(columns=columns, rows=rows)
    x, y = np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)
    a, b = np.meshgrid(x, y)
    largest = 8.0 + 30 * (a**2 + b**2)
    smallest = -0.02 - 3.0 * (a**2 + b**2) ** 2
    largest[0, 0] = smallest[0, 0] = np.nan
    return Convexity(
        request=request,
        status="complete",
        x=x,
        y=y,
        min_eigenvalue=smallest,
        max_eigenvalue=largest,
        residual=0.004 * np.nan_to_num(largest),
        products=np.full((rows, columns), 14, dtype=np.int32),
        directions=plane or directions(),
        provenance=provenance(),
    )


def initialisations(count: int = 6) -> Initialisations:
    """Untrained networks: with initial statistics far up, with calibrated ones at the loss of guessing."""
    numbers = np.random.default_rng(4)
    return Initialisations(
        request=InitialisationRequest(count=count),
        status="complete",
        seed=np.arange(count),
        loss=2.0 + numbers.uniform(0, 3, count),
        calibrated_loss=0.7 + numbers.uniform(0, 0.3, count),
        accuracy=0.5 + numbers.uniform(-0.1, 0.1, count),
        distance=5.0 + numbers.uniform(0, 0.5, count),
        centre_loss=0.04,
        provenance=provenance(),
    )


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
