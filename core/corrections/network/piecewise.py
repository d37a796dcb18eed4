"""A ReLU network in its plainest form: float64 matrices, a ReLU after each layer, and skips past some of them.

Every piecewise-linear network comes down to it: ``max(a, b) = a + relu(b − a)``, and ``relu(−z)`` beside ``relu(z)``
makes absolute values and leaky ReLUs. What a residual block or a pooling adds to a ReLU reaches later layers by a skip.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from core.corrections.network.curves import RELU, activated
from core.corrections.network.head import NO_HEAD, Head
from core.corrections.network.matrices import Matrix, is_zero, magnitude, product, transposed
from core.corrections.records.subspace import Subspace
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Skip:
    """What a layer reads beside the layer just before it: ``matrix @ h_source`` is added to its pre-activations."""

    layer: int  # which one reads it, counted from 0 as in `PiecewiseLinear.layers`
    source: int  # 0 for the input, j for what layer j − 1 gives after its ReLU; less than `layer`
    matrix: Matrix = field(repr=False)  # (outputs of `layer`, width of the source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Term:
    """One summand of a layer: ``matrix @ h_source``."""

    source: int  # 0 for the input, j for what layer j − 1 gives after its ReLU
    matrix: Matrix = field(repr=False)  # (outputs, width of the source): numpy array, or scipy CSR for convolutions

    @cached_property
    def rows(self) -> Matrix:
        """The matrix transposed, contiguous or CSR, for samples that are rows: ``h @ rows``."""
        return transposed(self.matrix)

    @cached_property
    def magnitude(self) -> Matrix:
        """The absolute value of every number, for bounds: ``magnitude @ radius``."""
        return magnitude(self.matrix)


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """``z = Σ matrix_j h_j + bias``; what later layers read of it is ``relu(z)``, or another curve."""

    terms: tuple[Term, ...]  # by source, the newest last; none where the layer is constant
    bias: FloatArray = field(repr=False)  # (outputs,)
    curve: str = RELU  # or a name in `curves.CURVES`


@dataclass(frozen=True, kw_only=True, eq=False)
class PiecewiseLinear:
    """Layer by layer ``z_l = Σ_j W_lj h_j + b_l`` and ``h_(l+1) = relu(z_l)``, of an input ``h_0`` in the user's units.

    The outputs are the z of the last layer, without a ReLU. `layers` holds the layers with all that they read;
    `weights` and `biases` alone describe a chain, in which each reads the one before it only. A matrix is a numpy
    array, or a CSR array of scipy where most of it is zero; `matrices.product` multiplies either.

    A layer may have another activation than the ReLU (`curves`): then there are bounds of the network, and no exact
    regions. Only who asks for it by ``lower(network, curved=True)`` gets one of these.

    What is proved in this room is proved of this function, evaluated without rounding.
    """

    weights: tuple[Matrix, ...] = field(repr=False)  # each (outputs, outputs of the layer before)
    biases: tuple[FloatArray, ...] = field(repr=False)  # each (outputs,)
    skips: tuple[Skip, ...] = field(default=(), repr=False)
    head: Head = NO_HEAD  # what the network does to the outputs at its very end, and is left out here
    curves: tuple[str, ...] = ()  # of every hidden layer; () where all are ReLUs

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.biases) or not self.weights:
            raise InvalidRequest("A piecewise-linear network needs one bias per weight matrix, and at least one layer.")
        for place, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            before = self.sources[place]
            if weight.shape != (len(bias), before):
                raise InvalidRequest(
                    f"Layer {place + 1} has weights of shape {weight.shape} and {len(bias)} biases after {before} "
                    "inputs. They do not fit together."
                )
        if self.curves and len(self.curves) != len(self.widths):
            raise InvalidRequest(f"{len(self.curves)} activations do not fit {len(self.widths)} hidden layers.")
        for skip in self.skips:
            if not 0 <= skip.source < skip.layer < len(self.biases) or skip.matrix.shape != (
                len(self.biases[skip.layer]),
                self.sources[skip.source],
            ):
                raise InvalidRequest(
                    f"A skip of shape {skip.matrix.shape} leads from source {skip.source} to layer {skip.layer + 1}. "
                    "It does not fit the layers."
                )

    @classmethod
    def of_layers(cls, inputs: int, layers: Iterable[Layer], head: Head | None = None) -> "PiecewiseLinear":
        """From layers as `layers` gives them, for an input of so many columns."""
        weights: list[Matrix] = []
        biases: list[FloatArray] = []
        skips: list[Skip] = []
        curves: list[str] = []
        for place, layer in enumerate(layers):
            before = len(biases[-1]) if biases else inputs
            main = [term.matrix for term in layer.terms if term.source == place]
            weights.append(main[0] if main else sparse.csr_array((len(layer.bias), before), dtype=np.float64))
            biases.append(layer.bias)
            skips += [
                Skip(layer=place, source=term.source, matrix=term.matrix)
                for term in layer.terms
                if term.source != place
            ]
            curves.append(layer.curve)
        return cls(
            weights=tuple(weights),
            biases=tuple(biases),
            skips=tuple(skips),
            head=head or NO_HEAD,
            curves=tuple(curves[:-1]) if any(curve != RELU for curve in curves[:-1]) else (),
        )

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """Every layer with the terms that it is the sum of; the last one gives the outputs."""
        return tuple(
            Layer(
                terms=tuple(self._terms(place, weight)),
                bias=bias,
                curve=self.curves[place] if place < len(self.curves) else RELU,
            )
            for place, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True))
        )

    def _terms(self, place: int, weight: Matrix) -> Iterator[Term]:
        skips = [skip for skip in self.skips if skip.layer == place]
        for skip in sorted(skips, key=lambda one: one.source):
            yield Term(source=skip.source, matrix=skip.matrix)
        if not is_zero(weight):
            yield Term(source=place, matrix=weight)

    @property
    def sources(self) -> tuple[int, ...]:
        """How many numbers each source has: the input, then every hidden layer."""
        return (int(self.weights[0].shape[1]), *self.widths)

    @cached_property
    def last_use(self) -> tuple[int, ...]:
        """The last layer that reads each source, −1 if none does: so long must its values be kept."""
        uses = [-1] * len(self.sources)
        for place, layer in enumerate(self.layers):
            for term in layer.terms:
                uses[term.source] = place
        return tuple(uses)

    @property
    def has_pieces(self) -> bool:
        """Whether it is piecewise linear: every activation is a ReLU."""
        return not self.curves

    @property
    def inputs(self) -> int:
        """How many columns the input has."""
        return self.sources[0]

    @property
    def classes(self) -> int:
        """How many outputs there are."""
        return len(self.biases[-1])

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons per hidden layer."""
        return tuple(len(bias) for bias in self.biases[:-1])

    @cached_property
    def rows(self) -> tuple[Matrix, ...]:
        """The weights transposed and contiguous, for samples that are rows; for chains."""
        return tuple(transposed(weight) for weight in self.weights)

    def forward(self, x: FloatArray) -> FloatArray:
        """Outputs (n, classes) of inputs (n, columns) in the user's units, before the head."""
        kept: dict[int, FloatArray] = {0: x}
        for place, layer in enumerate(self.layers):
            z = np.tile(layer.bias, (len(x), 1))
            for term in layer.terms:
                z += product(kept[term.source], term.rows)
            kept[place + 1] = activated(z, layer.curve)
            kept = {source: h for source, h in kept.items() if source > place or self.last_use[source] > place}
        return z

    def on_slice(self, base: FloatArray, columns: tuple[int, int], points: FloatArray) -> FloatArray:
        """Outputs (n, classes) at points (n, 2) of the slice through `base` in which two columns are free."""
        return self.forward(Subspace.of_columns(base, columns).inputs(points))
