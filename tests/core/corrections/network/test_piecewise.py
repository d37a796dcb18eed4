"""The plainest form of a network, with skips, against a forward pass that is written out."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from core.corrections.network.piecewise import Layer, PiecewiseLinear, Skip, Term
from core.errors import InvalidRequest


def with_skips(seed: int = 0) -> PiecewiseLinear:
    """Four layers; the third also reads the input, the last one all that came before. One matrix is sparse."""
    generator = np.random.default_rng(seed)
    widths = (3, 5, 4, 6, 2)
    weights = [generator.normal(size=(b, a)) for a, b in itertools.pairwise(widths)]
    biases = [generator.normal(size=width) for width in widths[1:]]
    skips = [
        Skip(layer=2, source=0, matrix=generator.normal(size=(6, 3))),
        Skip(layer=3, source=2, matrix=generator.normal(size=(2, 4))),
        Skip(layer=3, source=1, matrix=sparse.csr_array(np.diag([1.0, 0.0, 0, 0, -2.0])[[0, 4]])),
    ]
    return PiecewiseLinear(weights=tuple(weights), biases=tuple(biases), skips=tuple(skips))


def written_out(network: PiecewiseLinear, x: np.ndarray) -> np.ndarray:
    w, b = network.weights, network.biases
    to_third, second_to_last, first_to_last = (skip.matrix for skip in network.skips)
    h1 = np.maximum(x @ w[0].T + b[0], 0)
    h2 = np.maximum(h1 @ w[1].T + b[1], 0)
    h3 = np.maximum(h2 @ w[2].T + x @ to_third.T + b[2], 0)
    return h3 @ w[3].T + h2 @ second_to_last.T + h1 @ first_to_last.toarray().T + b[3]


def test_skips_are_added_to_what_a_layer_reads() -> None:
    network = with_skips()
    x = np.random.default_rng(1).normal(size=(50, 3))
    assert np.allclose(network.forward(x), written_out(network, x), rtol=1e-14, atol=1e-14)


def test_a_walk_over_the_layers_meets_every_term_once_and_in_order() -> None:
    network = with_skips()
    assert [[term.source for term in layer.terms] for layer in network.layers] == [[0], [1], [0, 2], [1, 2, 3]]
    assert network.last_use == (2, 3, 3, 3)
    assert network.sources == (3, 5, 4, 6)
    assert network.skips


def test_a_network_of_its_own_layers_is_the_same_network() -> None:
    network = with_skips()
    again = PiecewiseLinear.of_layers(network.inputs, network.layers)
    x = np.random.default_rng(2).normal(size=(50, 3))
    assert np.array_equal(network.forward(x), again.forward(x))


def test_a_layer_may_pass_over_the_one_before_it_or_read_nothing() -> None:
    one = Layer(terms=(Term(source=0, matrix=np.eye(2)),), bias=np.zeros(2))
    aside = Layer(terms=(Term(source=0, matrix=-np.eye(2)),), bias=np.zeros(2))
    constant = Layer(terms=(), bias=np.array([4.0]))
    both = Layer(
        terms=(
            Term(source=1, matrix=np.ones((1, 2))),
            Term(source=2, matrix=np.ones((1, 2))),
            Term(source=3, matrix=np.ones((1, 1))),
        ),
        bias=np.zeros(1),
    )
    network = PiecewiseLinear.of_layers(2, [one, aside, constant, both])
    assert network.forward(np.array([[1.0, -2.0]])).tolist() == [[7.0]]  # |1| + |−2| + 4
    assert network.layers[1].terms[0].source == 0
    assert network.layers[2].terms == ()


@pytest.mark.parametrize(("layer", "source", "shape"), [(0, 0, (5, 3)), (1, 0, (4, 4)), (2, 3, (6, 6)), (4, 0, (2, 3))])
def test_skips_that_lead_nowhere_are_refused(layer: int, source: int, shape: tuple[int, int]) -> None:
    network = with_skips()
    stray = Skip(layer=layer, source=source, matrix=np.zeros(shape))
    with pytest.raises(InvalidRequest, match="A skip of shape"):
        PiecewiseLinear(weights=network.weights, biases=network.biases, skips=(stray,))
