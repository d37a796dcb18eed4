"""The curvature of every layer by itself: the block of the matrix that belongs to its parameters, the others at rest.

For every layer one Lanczos sequence from a random start finds the eigenvalue of largest magnitude. Its directions Q
then serve the trace: ``tr B = tr Q'BQ + tr (I − QQ')B(I − QQ')``, of which only the second part is left to random
vectors (Meyer et al. 2021, Hutch++), so a layer with few parameters has an exact trace. A layer is a module with
parameters of its own: weight and bias together, a batch normalisation by itself.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.curvature.quadrature import LanczosRun, Product, random_direction
from core.curvature.reductions import Check, inner_products, never, norm
from core.spectrum.density import BASIS_BYTES, stream, trace_estimate
from core.spectrum.spectrum import Estimate, LayerCurvature

STEPS = 40  # of a layer's search, at most; an outermost eigenvalue takes about ten
SETTLED = 1e-3  # relative residual at which a search ends: the error of the value is about its square
ROUNDING = 1e-7  # of the largest eigenvalue: products in float32 tell no more
LEAST_STEPS = 4  # so that the first estimates are not taken for the truth

# Rayleigh quotient and ‖Bv − λv‖ of a unit vector (n,), as exactly as the network allows.
Exactly = Callable[[Tensor], tuple[float, float]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """The parameters of one layer, and what can be asked of their block of the matrix."""

    layer: str  # name of the module; "" for parameters that stand on their own
    size: int
    product: Product = field(repr=False)
    exactly: Exactly = field(repr=False)


def layer_of(parameter: str) -> str:
    """The module that a parameter belongs to by its name: ``layer1.0.conv1`` for ``layer1.0.conv1.weight``."""
    return parameter.rpartition(".")[0]


def layer_groups(names: Sequence[str]) -> dict[str, list[int]]:
    """Positions of the parameters of every layer, in the order in which the layers come first."""
    groups: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        groups.setdefault(layer_of(name), []).append(position)
    return groups


def layer_shares(names: Sequence[str], sizes: Sequence[int], vector: Tensor | None) -> dict[str, float]:
    """Share of a vector's squared length that lies in every layer; NaN without a vector.

    Parameters
    ----------
    names, sizes : of the parameters, in the order of the vector's entries
    vector : (P,) Tensor, optional
    """
    if vector is None:
        return dict.fromkeys(map(layer_of, names), math.nan)
    squares = [norm(piece) ** 2 for piece in torch.split(vector, list(sizes))]
    whole = sum(squares)
    groups = layer_groups(names)
    return {
        layer: sum(squares[place] for place in places) / whole if whole else math.nan
        for layer, places in groups.items()
    }


def layer_curvature(block: Block, share: float, probes: int, seed: int, check: Check = never) -> LayerCurvature:
    """Top eigenvalue and trace of one block.

    Parameters
    ----------
    block : Block
    share : float
        Of the first eigenvector of the whole that lies in this layer.
    probes : int
        Random vectors for what the search's directions leave of the trace.
    seed : int
        Of the start and of these vectors.
    check : Check
        Called between the products as well; may raise.
    """
    generator, nothing = stream(seed), torch.empty(0, block.size)
    start = random_direction(block.size, nothing, generator, check)
    run = LanczosRun(block.product, start, nothing, min(STEPS, max(1, BASIS_BYTES // (4 * block.size))), check)
    while not run.ended:
        run.step()
        value, estimate = run.outermost()
        settled = run.steps >= LEAST_STEPS and estimate <= max(SETTLED * abs(value), ROUNDING)
        # A few steps more give the trace without any chance, where random vectors would take as many.
        if settled and block.size - run.steps > probes:
            break
    value, residual = block.exactly(run.outermost_vector())
    return LayerCurvature(
        layer=block.layer,
        parameters=block.size,
        top_eigenvalue=value,
        residual=residual,
        trace=_trace(block, run, probes, generator, check),
        share=share,
    )


def _trace(block: Block, run: LanczosRun, probes: int, generator: torch.Generator, check: Check) -> Estimate:
    """``tr Q'BQ``, and the rest from vectors that are orthogonal to Q."""
    left = block.size - run.steps
    if not left:
        return Estimate(value=run.trace, standard_error=0.0)
    firsts, squares = [], []
    for _ in range(probes):
        vector = random_direction(block.size, run.basis, generator, check)
        image = block.product(vector)
        firsts.append(float(inner_products(vector[None], image)[0]))
        squares.append(norm(image) ** 2)
    return trace_estimate(run.trace, left, firsts, squares)


def layer_seed(seed: int, layer: str) -> int:
    """Of a layer's own random numbers, so that a layer computed alone gives the same as among others."""
    return int(np.random.SeedSequence([seed, *layer.encode()]).generate_state(1, np.uint32)[0])
