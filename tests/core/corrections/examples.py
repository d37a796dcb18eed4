"""Networks for the tests of corrections: one with a known answer, random ones, and the papers' own."""

import itertools
import json
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from core.corrections.bounds.proving import Counterexample, Proof, Unknown, prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import Box, CorrectionRequest, FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointRequest
from core.corrections.records.subspace import Subspace
from core.corrections.search.question import Handle, Question
from core.corrections.slices.exact import Slice2D
from core.job import JobContext
from core.networks.architectures.mlp import build_mlp
from core.networks.building import network_from_weights
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint
from tests import polaris
from tests.realdata import realdata_path

# The five features of the paper's second application, with their ranges and half-widths (Zhang et al. 2018).
PROOF_RANGES = {0: (0.0, 1.0), 1: (0.0, 1.0), 2: (0.0, 1.0), 8: (0.0, 10.0), 10: (0.0, 10.0)}
PROOF_HALF_WIDTHS = {0: 0.025, 1: 0.025, 2: 0.025, 8: 0.25, 10: 0.25}
PROVABLE = 0
# The four of its first application.
MORTGAGE_RANGES = {
    "OrInterestRate": (0.0, 10.0),
    "OrLTV": (0.0, 200.0),
    "DTIRat": (1.0, 64.0),
    "CreditScore": (300.0, 850.0),
}
MORTGAGE_HALF_WIDTHS = {"OrInterestRate": 0.5, "OrLTV": 2.5, "DTIRat": 2.5, "CreditScore": 25.0}


def corner_network() -> PiecewiseLinear:
    """Class 1 exactly where max(0, x) + max(0, y) > 1; the third input does nothing."""
    first = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    second = np.array([[0.0, 0.0], [1.0, 1.0]])
    return PiecewiseLinear(weights=(first, second), biases=(np.zeros(2), np.array([0.0, -1.0])))


def random_network(widths: Sequence[int], seed: int) -> PiecewiseLinear:
    """Weights so that about half of the neurons bend inside −1…1."""
    generator = np.random.default_rng(seed)
    weights = [generator.normal(size=(b, a)) * np.sqrt(2 / a) for a, b in itertools.pairwise(widths)]
    biases = [generator.normal(size=width) * 0.3 for width in widths[1:]]
    return PiecewiseLinear(weights=tuple(weights), biases=tuple(biases))


def as_module(network: PiecewiseLinear) -> nn.Sequential:
    """The same chain of layers in torch, in float32."""
    layers: list[nn.Module] = []
    for weight, bias in zip(network.weights, network.biases, strict=True):
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1]).eval()


def as_network(module: nn.Module, inputs: InputCard, classes: tuple[str, ...] = ()) -> Network:
    """A module with a card."""
    card = NetworkCard(name="example", input=inputs, architecture="example", classes=classes)
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def network_of(plain: PiecewiseLinear, classes: tuple[str, ...] = ("no", "yes")) -> Network:
    """A chain of layers as a network of torch, which takes what it takes."""
    return as_network(as_module(plain), InputCard(shape=(plain.inputs,)), classes)


def storable_corner() -> Network:
    """`corner_network` as an architecture that a session can store."""
    card = NetworkCard(name="corner", architecture="mlp:3-2-2", classes=("no", "yes"), input=InputCard(shape=(3,)))
    weights = as_module(corner_network()).state_dict().values()
    return network_from_weights(card, dict(zip(build_mlp(3, (2,), 2).state_dict(), weights, strict=True)))


def corner_search() -> JointRequest:
    """`corner_network` from (−1, −1), with both numbers alike."""
    numbers = tuple(FreeFeature(name=name, low=-2.0, high=2.0, half_width=0.25) for name in "xy")
    freedom = Freedom(numbers=numbers, moves=(Move(columns=(0,)), Move(columns=(1,))))
    return JointRequest(input=(-1.0, -1.0, 5.0), freedom=freedom, goal=Goal(classes=(1,)))


def corner_question(
    point: tuple[float, float] = (-1.0, -1.0),
    half_width: tuple[float, float] = (0.4, 0.5),
    price: tuple[float, float] = (1.0, 2.0),
    side: float = 2.0,
) -> CorrectionRequest:
    """What `corner_network` is asked in most tests: −side…side, x cheaper than y."""
    x, y = (
        FreeFeature(name=name, low=-side, high=side, half_width=w, price=p)
        for name, w, p in zip("xy", half_width, price, strict=True)
    )
    return CorrectionRequest(input=(*point, 5.0), free=(x, y), columns=(0, 1), target=1)


def proof_network() -> tuple[PiecewiseLinear, Network]:
    """The authors' 8×100 network, read here without `lower`, and as a torch network with a card."""
    with np.load(realdata_path("polaris-models/proof_8x100.npz"), allow_pickle=False) as file:
        count = sum(name.startswith("W") for name in file.files)
        weights = [file[f"W{index}"].T.astype(np.float64) for index in range(count)]
        biases = [file[f"b{index}"].astype(np.float64) for index in range(count)]
        mean, std = file["mean"], file["std"]
    module = as_module(PiecewiseLinear(weights=tuple(weights), biases=tuple(biases)))
    card = InputCard(shape=(len(mean),), mean=tuple(mean.tolist()), std=tuple(std.tolist()))
    weights[0] = weights[0] / std
    biases[0] = biases[0] - weights[0] @ mean
    plain = PiecewiseLinear(weights=tuple(weights), biases=tuple(biases))
    return plain, as_network(module, card, ("provable", "not provable"))


def rejected_theorems(network: PiecewiseLinear, count: int) -> np.ndarray:
    """The features (count, 51) of theorems that `proof_network` thinks cannot be proved, spread over all of them."""
    rows, _ = polaris.theorems()
    logits = network.forward(rows)
    rejected = np.flatnonzero(logits[:, 1] > logits[:, PROVABLE])
    return rows[rejected[:: max(1, len(rejected) // count)][:count]]


def theorem_features(columns: Sequence[int] = tuple(PROOF_RANGES)) -> tuple[FreeFeature, ...]:
    """What of a theorem may change, by default all five."""
    return tuple(
        FreeFeature(name=str(column), low=low, high=high, half_width=PROOF_HALF_WIDTHS[column])
        for column in columns
        for low, high in [PROOF_RANGES[column]]
    )


def theorem_freedom() -> Freedom:
    """All five of them, each a column of the input."""
    return Freedom(numbers=theorem_features(), moves=tuple(Move(columns=(column,)) for column in PROOF_RANGES))


def theorem_question(row: np.ndarray, columns: tuple[int, ...]) -> Question:
    """The nearest stable correction of a theorem (51,) in some of the five."""
    handles = tuple(
        Handle(low=low, high=high, half_width=PROOF_HALF_WIDTHS[column], weight=1 / (high - low))
        for column in columns
        for low, high in [PROOF_RANGES[column]]
    )
    space = Subspace.of_columns(row, columns)
    return Question(subspace=space, start=row[list(columns)], handles=handles, goal=Goal(classes=(PROVABLE,)))


def cell_areas(vertices: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Signed areas of polygons by the shoelace formula, about the first corner of each."""
    areas = []
    for begin, end in itertools.pairwise(offsets):
        ring = vertices[begin:end] - vertices[begin]
        x, y = ring.T
        areas.append(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return np.array(areas)


def logits_in(cells: Slice2D, which: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Logits (n, classes) of a slice at points (n, 2) of the cells (n,) that they lie in, by the corners about them."""
    found = np.empty((len(points), cells.logits.shape[1]))
    for place, (cell, point) in enumerate(zip(which.tolist(), points, strict=True)):
        ring = cells.corners[cells.offsets[cell] : cells.offsets[cell + 1]]
        first, ends = cells.points[ring[0]], cells.points[ring[1:]] - cells.points[ring[0]]
        best = np.array([-np.inf, 0.0, 0.0]), 0
        for fan, (one, other) in enumerate(itertools.pairwise(ends)):
            twice = one[0] * other[1] - one[1] * other[0]
            if twice > 0:
                x, y = point - first
                weights = np.array([x * other[1] - y * other[0], one[0] * y - one[1] * x]) / twice
                best = max(best, (np.array([1 - weights.sum(), *weights]), fan), key=lambda each: each[0].min())
        weights = np.maximum(best[0], 0.0)
        found[place] = weights / weights.sum() @ cells.logits[ring[[0, best[1] + 1, best[1] + 2]]]
    return found


def maps_of(cells: Slice2D) -> np.ndarray:
    """Affine maps (p, classes, 3) of the cells by the logits at their corners: per unit of x and y from the middle."""
    middle = np.array([sum(cells.x_range), sum(cells.y_range)]) / 2
    maps = []
    for begin, end in itertools.pairwise(cells.offsets):
        ring = cells.corners[begin:end]
        centre = cells.points[ring].mean(axis=0)
        slopes, *_ = np.linalg.lstsq(cells.points[ring] - centre, cells.logits[ring] - cells.logits[ring].mean(axis=0))
        maps.append(
            np.concatenate([slopes.T, (cells.logits[ring].mean(axis=0) + (middle - centre) @ slopes)[:, None]], axis=1)
        )
    return np.array(maps)


def mortgage_network() -> tuple[PiecewiseLinear, np.ndarray, dict[str, int]]:
    """The authors' 5×200 network, a synthetic applicant whom it rejects, and the columns of the four free features."""
    with np.load(realdata_path("polaris-models/mortgage_5x200.npz"), allow_pickle=False) as file:
        count = sum(name.startswith("W") for name in file.files)
        weights = [file[f"W{index}"].T.astype(np.float64) for index in range(count)]
        biases = [file[f"b{index}"].astype(np.float64) for index in range(count)]
        mean, std, names = file["mean"].astype(np.float64), file["std"], list(file["names"])
    weights[0] = weights[0] / std
    biases[0] = biases[0] - weights[0] @ mean
    columns = {name: names.index(name) for name in MORTGAGE_RANGES}
    applicant = mean.copy()
    applicant[list(columns.values())] = 8.5, 95.0, 45.0, 600.0
    return PiecewiseLinear(weights=tuple(weights), biases=tuple(biases)), applicant, columns


def rejected_applicants(count: int) -> tuple[PiecewiseLinear, list[np.ndarray], dict[str, int]]:
    """As `mortgage_network`, with so many whom it rejects, anywhere in the ranges of the four features."""
    network, applicant, columns = mortgage_network()
    generator = np.random.default_rng(0)
    rejected: list[np.ndarray] = []
    while len(rejected) < count:
        one = applicant.copy()
        one[list(columns.values())] = [generator.uniform(*MORTGAGE_RANGES[name]) for name in columns]
        if network.forward(one[None])[0].argmax() == 1:  # default
            rejected.append(one)
    return network, rejected, columns


def proof_of(
    network: PiecewiseLinear, base: np.ndarray, columns: tuple[int, ...], box: Box, target: int, budget: int = 20_000
) -> Proof | Unknown | Counterexample:
    """What the independent bounds say of a box in which these columns of an input are free."""
    low, high = np.reshape(box.bounds, (2, 2))
    restricted = Restriction.of(network, Subspace.of_columns(base, columns))
    return prove_box(restricted, Goal(classes=(target,)), low, high, JobContext(), max_boxes=budget)


def typical_applicants(count: int) -> tuple[PiecewiseLinear, list[np.ndarray], dict[str, int]]:
    """As `rejected_applicants`, drawn from the means and spreads that the authors published with their network.

    Numbers are normal within the ranges of the four features; of each category a level is drawn by how frequent it is.
    """
    network, _, columns = mortgage_network()
    with np.load(realdata_path("polaris-models/mortgage_5x200.npz"), allow_pickle=False) as file:
        mean, std = file["mean"].astype(np.float64), file["std"].astype(np.float64)
        names, groups = list(file["names"]), json.loads(str(file["groups"]))
    places = [[names.index(level) for level in levels] for levels in groups.values()]
    low, high = np.full(len(mean), -np.inf), np.full(len(mean), np.inf)
    for name, column in columns.items():
        low[column], high[column] = MORTGAGE_RANGES[name]
    generator = np.random.default_rng(0)
    rejected: list[np.ndarray] = []
    while len(rejected) < count:
        one = np.clip(generator.normal(mean, std), low, high)
        for levels in places:
            one[levels] = 0.0
            shares = np.clip(mean[levels], 0.0, 1.0)
            drawn = generator.choice(
                len(levels) + 1, p=np.append(shares, max(0.0, 1.0 - shares.sum())) / max(1.0, shares.sum())
            )
            if drawn < len(levels):  # the level that is no column stands for the rest
                one[levels[drawn]] = 1.0
        if network.forward(one[None])[0].argmax() == 1:  # default
            rejected.append(one)
    return network, rejected, columns
