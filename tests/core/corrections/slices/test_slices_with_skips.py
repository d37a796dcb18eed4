"""Exact slices of networks with shortcuts, convolutions and poolings, in planes of any direction."""

import itertools

import numpy as np
import pytest
from torch import Tensor, nn
from torch.nn import functional

from core.corrections.network.piecewise import Layer, PiecewiseLinear, Term
from core.corrections.records.subspace import Subspace
from core.corrections.slices.exact import Slice2D, subspace_slice
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from tests.core.corrections.examples import as_module, cell_areas, logits_in, maps_of, random_network
from tests.core.corrections.modules import architecture, bent, in_float64, lively, lowered, pooled, residual


def plane(columns: int, seed: int = 0) -> Subspace:
    """Two directions through all columns."""
    generator = np.random.default_rng(seed)
    return Subspace(base=generator.normal(size=columns), directions=generator.normal(size=(columns, 2)))


def points_in_cells(cells: Slice2D, seed: int = 0) -> np.ndarray:
    """A random point of every cell."""
    generator = np.random.default_rng(seed)
    rings = np.split(cells.vertices, cells.offsets[1:-1])
    return np.array([generator.dirichlet(np.ones(len(ring))) @ ring for ring in rings])


def checked(module: nn.Module, shape: tuple[int, ...], side: float) -> Slice2D:
    """The slice, after its cover of the rectangle and its maps were held against the module in float64."""
    network = lowered(module, shape)
    subspace = plane(network.inputs)
    cells = subspace_slice(network, subspace, (-side, side), (-0.5 * side, 1.2 * side), JobContext())
    areas = cell_areas(cells.vertices, cells.offsets)
    assert (areas > 0).all()
    assert abs(areas.sum() / cells.area - 1) < 1e-9
    truth = in_float64(module, shape, subspace.inputs(np.concatenate([cells.points, points_in_cells(cells)])))
    ours = np.concatenate([cells.logits, logits_in(cells, np.arange(cells.cells), points_in_cells(cells))])
    assert np.abs(ours - truth).max() <= 1e-12 * np.abs(truth).max()
    return cells


@pytest.mark.parametrize(
    ("module", "shape", "side", "cells"),
    [
        (residual(), (6,), 2.0, 50),
        (bent(), (6,), 2.0, 50),
        (pooled(), (1, 7, 7), 0.2, 100),
        (
            lively(nn.Sequential(nn.Linear(4, 9), nn.PReLU(9, init=1.7), nn.Linear(9, 9), nn.LeakyReLU(0.3))),
            (4,),
            2,
            20,
        ),
        (architecture("resnet20_w2", (3, 8, 8), 10), (3, 8, 8), 0.6, 500),
        (architecture("drawing", (4, 128), 2), (4, 128), 0.03, 500),
        (architecture("c1_w4", (3, 16, 16), 10), (3, 16, 16), 0.015, 200),
    ],
    ids=["residual", "bent", "pooled", "slopes", "resnet20_w2", "drawing", "c1_w4"],
)
def test_cells_cover_the_rectangle_and_their_maps_are_the_forward_pass(
    module: nn.Module, shape: tuple[int, ...], side: float, cells: int
) -> None:
    assert checked(module, shape, side).cells > cells


def test_a_chain_in_a_plane_of_two_columns_is_the_same_either_way() -> None:
    network = random_network((4, 12, 12, 3), seed=3)
    turned = Subspace(base=np.full(4, 0.2), directions=np.eye(4)[:, [1, 3]] * [2.0, -0.5])
    cells = subspace_slice(network, turned, (-1, 1), (-1, 1), JobContext())
    truth = network.forward(turned.inputs(cells.points))
    assert np.abs(cells.logits - truth).max() < 1e-12
    plain = Subspace.of_columns(np.full(4, 0.2), (1, 3))
    straight = subspace_slice(network, plain, (0.2 - 2, 0.2 + 2), (0.2 - 0.5, 0.2 + 0.5), JobContext())
    moved = Subspace(base=plain.inputs(np.array([[0.2, 0.2]]))[0], directions=plain.directions * [2.0, 0.5])
    assert subspace_slice(network, moved, (-1, 1), (-1, 1), JobContext()).cells == straight.cells


def counted_by_regioncam(network: PiecewiseLinear, shape: str) -> int:
    """Cells of a network of two inputs by regioncam, which knows residual sums and leaky ReLUs by itself."""
    regioncam = pytest.importorskip("regioncam")
    pairs = [
        (np.ascontiguousarray(weight.T, dtype=np.float32), bias.astype(np.float32))
        for weight, bias in zip(network.weights, network.biases, strict=True)
    ]
    plane = regioncam.Regioncam(1.0)
    for index, (weight, bias) in enumerate(pairs[:-1]):
        if shape == "residual" and index:
            inner = [regioncam.Linear(weight, bias), regioncam.ReLU(), regioncam.Linear(weight.T.copy(), bias)]
            plane.add(regioncam.Residual(regioncam.Sequential(*inner)))
        else:
            plane.linear(weight, bias)
        plane.relu() if shape == "residual" else plane.leaky_relu(0.2)
    return len(plane.faces)


class Blocks(nn.Module):
    """The layers of a chain; from the second on, each as ``h + W^T relu(W h + b) + b`` before its ReLU."""

    def __init__(self, network: PiecewiseLinear, *, shape: str) -> None:
        super().__init__()
        self.chain = as_module(network)[::2]
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        first, *inner, last = self.chain
        if self.shape == "leaky":
            for layer in (first, *inner):
                x = functional.leaky_relu(layer(x), 0.2)
            return last(x)
        x = functional.relu(first(x))
        for layer in inner:
            back = functional.linear(functional.relu(layer(x)), layer.weight.T, layer.bias)
            x = functional.relu(x + back)
        return last(x)


@pytest.mark.parametrize("shape", ["residual", "leaky"])
@pytest.mark.parametrize("seed", range(3))
def test_cells_are_counted_as_an_independent_program_counts_them(shape: str, seed: int) -> None:
    network = random_network((2, 10, 10, 10, 2), seed)
    module = Blocks(network, shape=shape).eval()
    form = lowered(module, (2,))
    # Its rectangle is the square from −1 to 1 before the normalisation of the card.
    side = Subspace(base=np.full(2, 0.5), directions=2.0 * np.eye(2))
    cells = subspace_slice(form, side, (-1.0, 1.0), (-1.0, 1.0), JobContext())
    slivers = int((cell_areas(cells.vertices, cells.offsets) < 1e-6 * cells.area).sum())
    assert abs(counted_by_regioncam(network, shape) - cells.cells) <= slivers


def test_a_layer_that_reads_only_the_input_is_cut_in_all_cells() -> None:
    # Two hinges side by side, as branches that never meet before the end: four quadrants.
    hinges = [
        Layer(terms=(Term(source=0, matrix=row[None]),), bias=np.zeros(1))
        for row in (np.array([1.0, 0]), np.array([0, 1.0]))
    ]
    both = Layer(terms=tuple(Term(source=source, matrix=np.ones((1, 1))) for source in (1, 2)), bias=np.zeros(1))
    network = PiecewiseLinear.of_layers(2, [*hinges, both])
    cells = subspace_slice(network, Subspace(base=np.zeros(2), directions=np.eye(2)), (-1, 1), (-1, 1), JobContext())
    assert cells.cells == 4
    maps = sorted(map(tuple, maps_of(cells)[:, 0].round(12).tolist()))
    assert maps == list(itertools.product([0.0, 1.0], [0.0, 1.0], [0.0]))


def test_a_line_or_a_space_is_no_slice() -> None:
    network = random_network((4, 5, 2), seed=0)
    line = Subspace(base=np.zeros(4), directions=np.ones((4, 1)))
    with pytest.raises(InvalidRequest, match="two handles"):
        subspace_slice(network, line, (-1, 1), (-1, 1), JobContext())


def test_too_many_pieces_are_a_failure_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.corrections.slices.exact.MOST_CELLS", 40)
    network = random_network((2, 30, 30, 2), seed=0)
    with pytest.raises(NumericalFailure, match="Narrow the ranges"):
        subspace_slice(network, plane(2), (-1, 1), (-1, 1), JobContext())
