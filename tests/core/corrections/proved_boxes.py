"""Boxes of every kind that is ever called proved, beside the torch module in float64 that they are about."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn

from core.corrections.bounds.lattice import Lattice
from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.slice import compute_correction
from core.corrections.network.lowering import lower
from core.corrections.records.correction import NO_CLASS, CorrectionRequest, FreeFeature
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.growth import grown_box
from core.corrections.search.lanes import Choice
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.job import JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from tests.core.corrections.examples import as_module, as_network, random_network
from tests.core.corrections.modules import MEAN, STD, architecture, bent, lively, pooled, residual

SMALLEST = 1 / 16  # share of a range by which a box still grows: the tests are of proofs, not of sizes


@dataclass(frozen=True, kw_only=True, eq=False)
class ProvedBox:
    """A box of handles, and what the network itself says in it."""

    name: str
    module: nn.Module = field(repr=False)  # a copy in float64
    card: InputCard
    subspace: Subspace = field(repr=False)
    goal: Goal
    low: np.ndarray
    high: np.ndarray
    lattice: Lattice

    def leads(self, points: Tensor) -> Tensor:
        """By how much the goal is reached (n,) at points (n, k): torch alone, nothing of what the proof was made with.

        Not positive where it is missed.
        """
        inputs = torch.from_numpy(self.subspace.base) + points @ torch.from_numpy(self.subspace.directions).T
        mean, std = (
            torch.tensor(values, dtype=torch.float64).reshape(-1, *(1,) * (len(self.card.shape) - 1))
            for values in (self.card.mean, self.card.std)
        )
        outputs = self.module((inputs.reshape(-1, *self.card.shape) - mean) / std).reshape(len(points), -1)
        alternatives = [
            (outputs @ torch.from_numpy(demand.rows).T + torch.from_numpy(demand.offsets)).amin(dim=1)
            for demand in self.goal.demands(outputs.shape[1])
        ]
        return torch.stack(alternatives).amax(dim=0)

    @property
    def single(self) -> nn.Module:
        """The module as it was lowered, in float32."""
        return copy.deepcopy(self.module).float()

    def widened(self, low: np.ndarray, high: np.ndarray) -> "ProvedBox":
        """The same with other sides, of which nothing is proved."""
        return replace(self, low=low, high=high)


def in_float64(module: nn.Module) -> nn.Module:
    """A copy, for inputs in float64."""
    return copy.deepcopy(module).double().eval()


def boxes_of_slices() -> Iterator[ProvedBox]:
    """The stability box and the largest box of exact slices: of classes, of several classes, and of a value."""
    for seed in range(3):
        module = as_module(random_network((4, 12, 12, 3), seed))
        network = as_network(module, InputCard(shape=(4,)))
        verdict = int(lower(network).forward(np.zeros((1, 4)))[0].argmax())
        others = tuple(sorted({0, 1, 2} - {verdict}))
        yield from _of_slice(f"slice {seed}", network, Goal(classes=others[:1] if seed % 2 else others))
    module = as_module(random_network((4, 14, 14, 1), 7))
    network = as_network(module, InputCard(shape=(4,)))
    value = float(lower(network).forward(np.zeros((1, 4)))[0, 0])
    yield from _of_slice("slice of a value", network, Goal(at_least=value + 0.2, at_most=value + 1.2))


def _of_slice(name: str, network: Network, goal: Goal) -> Iterator[ProvedBox]:
    free = tuple(FreeFeature(name=str(column), low=-1.5, high=1.5, half_width=0.05) for column in (0, 2))
    single = len(goal.classes) == 1
    request = CorrectionRequest(
        input=(0.0,) * 4,
        free=free,  # type: ignore[arg-type]
        columns=(0, 2),
        target=goal.classes[0] if single else NO_CLASS,
        goal=None if single else goal,
    )
    found = compute_correction(request, network, "", JobContext())
    for what, box in (("stability box", found.box), ("largest box", found.largest_box)):
        if box is not None and box.proof == "proved":
            low, high = np.reshape(box.bounds, (2, 2))
            yield ProvedBox(
                name=f"{name}, {what}",
                module=in_float64(network.module),
                card=network.card.input,
                subspace=Subspace.of_columns(np.zeros(4), (0, 2)),
                goal=goal,
                low=low,
                high=high,
                lattice=Lattice.free(2),
            )


def grown(
    name: str, module: nn.Module, shape: tuple[int, ...], handles: int, step: float = 0.0, smallest: float = SMALLEST
) -> ProvedBox:
    """A box that grew from the most decided of some random points, along columns or random directions of the input."""
    card = InputCard(shape=shape, mean=(MEAN,), std=(STD,))
    network = lower(as_network(module, card), curved=True)
    generator = np.random.default_rng(1)
    columns = int(np.prod(shape))
    base = generator.normal(MEAN, STD / 2, columns)
    if columns <= 12:
        space = Subspace.of_columns(base, tuple(range(handles)))
    else:
        space = Subspace(base=base, directions=generator.normal(size=(columns, handles)) / np.sqrt(columns))
    lattice = Lattice(steps=np.full(handles, step), origins=np.zeros(handles))
    points = lattice.nearest(generator.uniform(-1.5, 1.5, (200, handles)))
    restricted = Restriction.of(network, space)
    outputs = restricted.at(points)
    ordered = np.sort(outputs, axis=1)
    best = int((ordered[:, -1] - ordered[:, -2]).argmax())
    goal = Goal(classes=(int(outputs[best].argmax()),))
    ranges = np.full(handles, -2.0), np.full(handles, 2.0)
    *_, box = grown_box(
        restricted, goal, points[best], points[best], ranges, JobContext(), lattice=lattice, smallest=smallest
    )
    return ProvedBox(
        name=name,
        module=in_float64(module),
        card=card,
        subspace=space,
        goal=goal,
        low=box.low,
        high=box.high,
        lattice=lattice,
    )


def curved() -> nn.Module:
    """Layers that bend everywhere."""
    layers = (nn.Linear(6, 10), nn.GELU(), nn.Linear(10, 10), nn.Tanh(), nn.Linear(10, 3))
    return lively(nn.Sequential(*layers))


def box_of_a_category() -> ProvedBox:
    """The nearest stable correction in two numbers and a category of three levels, grown where it was found."""
    module = as_module(random_network((5, 16, 16, 2), 3))
    card = InputCard(shape=(5,))
    network = lower(as_network(module, card))
    base = np.array([0.2, -0.1, 1.0, 0.0, 0.0])
    goal = Goal(classes=(int(network.forward(base[None])[0].argmin()),))
    question = Question(
        subspace=Subspace.of_columns(base, (0, 1)),
        start=base[:2],
        handles=tuple(Handle(low=-1.5, high=1.5, half_width=0.05, weight=1.0) for _ in range(2)),
        goal=goal,
        choices=(Choice(columns=(2, 3, 4), price=0.2),),
    )
    *_, found = nearest_stable(question, network, JobContext())
    assert found.proof == "proved"
    assert found.point is not None
    lane = question.lane_of[found.levels]
    restricted = question.restricted(network)
    ranges = np.full(2, -1.5), np.full(2, 1.5)
    low, high = found.point - question.half_widths, found.point + question.half_widths
    *_, box = grown_box(restricted, goal, low, high, ranges, JobContext(), lane=lane, smallest=SMALLEST)
    space = Subspace(base=question.subspace.base + question.lanes[lane].added, directions=question.subspace.directions)
    return ProvedBox(
        name="a category beside two numbers",
        module=in_float64(module),
        card=card,
        subspace=space,
        goal=goal,
        low=box.low,
        high=box.high,
        lattice=question.lattice,
    )


SLOW = "a residual network for images, 2 directions"
GROWN: dict[str, Callable[[], ProvedBox]] = {
    "dense, 4 handles": lambda: grown("dense", as_module(random_network((4, 24, 24, 3), 5)), (4,), 4),
    "dense, 4 handles in steps": lambda: grown("steps", as_module(random_network((4, 24, 24, 3), 6)), (4,), 4, 0.25),
    "residual, 3 handles": lambda: grown("residual", residual(), (6,), 3, smallest=1 / 8),
    "leaky, limited and absolute, 3 handles": lambda: grown("bent", bent(), (6,), 3),
    "GELU and tanh, 3 handles": lambda: grown("curved", curved(), (6,), 3, smallest=1 / 64),
    "convolutions with pooling, 2 directions": lambda: grown("pooled", pooled(), (1, 7, 7), 2, smallest=1 / 8),
    SLOW: lambda: grown("resnet", architecture("resnet8_w2_pad", (3, 8, 8), 10), (3, 8, 8), 2, smallest=1 / 8),
    "a category": box_of_a_category,
}


def proved_boxes() -> Iterator[ProvedBox]:
    """All of them, one after the other."""
    yield from boxes_of_slices()
    yield from (make() for make in GROWN.values())
