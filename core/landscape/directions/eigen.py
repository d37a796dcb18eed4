"""Eigenvectors of the Hessian of the loss as axes (Yao et al. 2018, §3): the directions of the strongest curvature."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from core.curvature.hessian import HessianVectorProduct, hessian_vector_product
from core.curvature.lanczos import ritz_pairs
from core.curvature.precise import precise_residuals
from core.curvature.reductions import Check, never
from core.errors import InvalidRequest
from core.job import JobContext
from core.landscape.directions.random import normalise
from core.landscape.directions.vectors import cosine, length, scaled
from core.landscape.plane import Direction, Directions, EigenDirections
from core.networks.mean_loss import channels_last
from core.networks.network import Network

MOST_PRODUCTS = 400  # of one search; two eigenvectors of a trained network take 10 to 40
BASIS_BYTES = 4 * 2**30  # memory of the Lanczos basis
ROOM = 8  # products beyond the number of vectors that a search needs at the least
LOOK = 8  # products in search of eigenvalues that were missed
ROUNDS = 3
ROUNDING = 1e-6  # of the largest eigenvalue
NOISE = 1e-6  # length of a filter in a unit eigenvector that is nothing but rounding
NO_EIGENVECTOR = 0.1  # residual in float64, relative to the eigenvalue, from which on the axis would be another


@dataclass(frozen=True, eq=False)
class _Pairs:
    values: Tensor = field(repr=False)  # (k,) float64, by decreasing magnitude
    vectors: Tensor = field(repr=False)  # (k, n) float32, orthonormal

    def joined(self, other: "_Pairs", count: int) -> "_Pairs":
        values, vectors = torch.cat([self.values, other.values]), torch.cat([self.vectors, other.vectors])
        order = values.abs().argsort(descending=True, stable=True)[:count]
        return _Pairs(values[order], vectors[order])


def eigen_directions(
    asked: EigenDirections, network: Network, inputs: Tensor, labels: Tensor, job: JobContext
) -> Directions:
    """Two eigenvectors of the Hessian of the mean loss over the given samples, by the rank of their eigenvalue.

    Lanczos in float32 finds them, a second look from another start makes sure that none of larger magnitude was missed,
    and products in float64 give the eigenvalues. The sign of an eigenvector means nothing: its entry of largest
    magnitude is made positive. With a norm other than "none" every filter (layer, weight) is scaled to the network as
    in random directions, tensors of one axis stand still, and `eigenvalues` stays empty: a scaled eigenvector is none.

    Parameters
    ----------
    asked : EigenDirections
    network : Network
        Unchanged afterwards.
    inputs, labels : Tensor
        Prepared samples of the loss.
    job : JobContext

    Raises
    ------
    InvalidRequest
        If there are not as many parameters as eigenvectors, more than memory has room for, or the search does not end.
    NumericalFailure
        If the Hessian is not finite.
    """
    inputs = channels_last(inputs)
    wanted = max(asked.first, asked.second)
    chosen = torch.tensor([asked.first - 1, asked.second - 1])
    with hessian_vector_product(network.module, inputs, labels, job) as product:
        steps = _steps(product.size, wanted, network.name)
        counted = _Counted(product, job, wanted)
        pairs = _largest_pairs(counted, product.size, wanted, steps, asked, job.check)
        vectors = pairs.vectors[chosen]
        precise = precise_residuals(network.module, inputs, labels, vectors, job.check)
    values = pairs.values[chosen]
    if precise is not None:
        values = precise[0]
        _refuse_rounding(values, precise[1], float(pairs.values.abs().max()))
    x, y = (_as_direction(vector, network.module, asked) for vector in vectors)
    eigenvalues = tuple(float(value) for value in values) if asked.norm == "none" else ()
    return Directions(x=x, y=y, cosine=cosine(x, y), eigenvalues=eigenvalues)


@dataclass
class _Counted:
    """The operator with a word of progress after every product."""

    product: HessianVectorProduct
    job: JobContext
    wanted: int

    def __call__(self, vector: Tensor) -> Tensor:
        image = self.product(vector)
        done, expected = self.product.products, 4 * self.wanted + 3 * LOOK
        self.job.progress(min(done, expected - 1), expected, f"eigenvectors of the Hessian, {done} products")
        return image


def _steps(size: int, wanted: int, name: str) -> int:
    """How many products a search may take."""
    if wanted > size:
        raise InvalidRequest(f'"{name}" has {size} parameters, so there is no eigenvector of rank {wanted}.')
    steps = min(MOST_PRODUCTS + 4 * wanted, BASIS_BYTES // (4 * size))
    if steps < min(size, wanted + ROOM):
        raise InvalidRequest(
            f'"{name}" has {size:,} parameters: the vectors for rank {wanted} would take more than '
            f"{BASIS_BYTES // 2**30} GiB of memory. Ask for a lower rank, or choose other directions."
        )
    return steps


def _largest_pairs(
    product: Callable[[Tensor], Tensor],
    size: int,
    wanted: int,
    steps: int,
    asked: EigenDirections,
    check: Check = never,
) -> _Pairs:
    """The pairs of largest magnitude; searches again where a look from another start finds a larger one."""
    pairs = _search(product, size, wanted, steps, torch.empty(0, size), asked.seed, asked.tolerance, check)
    for attempt in range(1, ROUNDS + 1):
        left = size - len(pairs.values)
        if not left:
            break
        look = ritz_pairs(product, size, min(LOOK, left), LOOK, pairs.vectors, asked.seed + attempt, check)
        *_, beyond = look
        magnitudes = pairs.values.abs()
        alarm = (1 + asked.tolerance) * float(magnitudes.min()) + ROUNDING * float(magnitudes.max())
        if float(beyond.values.abs().max()) <= alarm:
            break
        seed = asked.seed + 100 * attempt
        more = _search(product, size, min(wanted, left), steps, pairs.vectors, seed, asked.tolerance, check)
        pairs = pairs.joined(more, wanted)
    return pairs


def _search(
    product: Callable[[Tensor], Tensor],
    size: int,
    wanted: int,
    steps: int,
    deflated: Tensor,
    seed: int,
    tolerance: float,
    check: Check,
) -> _Pairs:
    for pairs in ritz_pairs(product, size, wanted, steps, deflated, seed, check):
        # of the whole space nothing is missing, and an estimate of zero is no accident
        if len(pairs.values) == wanted and (pairs.spans_everything or pairs.converged(tolerance)):
            return _Pairs(pairs.values, pairs.vectors())
    worst = float((pairs.estimates / pairs.values.abs().clamp(min=1e-300)).max())
    raise InvalidRequest(
        f"The eigenvectors are not found after {pairs.products} products with the Hessian (relative residual "
        f"{worst:.1e}, asked for {tolerance:.0e}): eigenvalues {wanted} and the next are too close. Ask for lower "
        "ranks or a larger tolerance."
    )


def _refuse_rounding(values: Tensor, residuals: Tensor, largest: float) -> None:
    """Raise if float32 led to directions that are no eigenvectors of the loss itself."""
    allowed = NO_EIGENVECTOR * values.abs() + ROUNDING * largest
    worst = int((residuals - allowed).argmax())
    if residuals[worst] > allowed[worst]:
        raise InvalidRequest(
            f"The eigenvector of {float(values[worst]):.3g} that float32 arithmetic finds is not one of the loss in "
            f"float64 (residual {float(residuals[worst]):.1e}). Ask for lower ranks, or for fewer samples."
        )


def _as_direction(vector: Tensor, module: nn.Module, asked: EigenDirections) -> Direction:
    """A vector over all parameters by their names, with its sign and length settled."""
    if vector[vector.abs().argmax()] < 0:
        vector = -vector
    named = list(module.named_parameters())
    parts = torch.split(vector, [parameter.numel() for _, parameter in named])
    direction = {
        name: part.reshape(parameter.shape).numpy().copy() for (name, parameter), part in zip(named, parts, strict=True)
    }
    if asked.norm == "none":
        return scaled(1 / length(direction), direction)
    for name, parameter in named:
        part = torch.from_numpy(direction[name])
        if parameter.ndim > 1:
            rows = part.reshape(len(part), -1)
            rows[rows.norm(dim=1) < NOISE] = 0  # a filter that the loss ignores would be scaled up from nothing
            part = normalise(part, parameter.detach(), asked.norm)
        else:
            part = torch.zeros_like(part)
        direction[name] = np.asarray(part, dtype=np.float32)
    if not any(part.any() for part in direction.values()):
        raise InvalidRequest(
            "No weight moves along this eigenvector once it is scaled, because all matrices and filters are zero, or "
            "there are none. Leave the eigenvectors at unit length (norm none)."
        )
    return direction
