"""Spectral density and trace by stochastic Lanczos quadrature, with the known pairs taken out of the chance.

Golub & Meurant 2010, ch. 11; Ghorbani et al. 2019, §3. A random unit vector u that is orthogonal to the d known
eigenvectors gives a Gauss quadrature of the spectral measure as u sees it; over all u its mean is the density of the
n − d other eigenvalues. The known ones are nodes of their own, with the weight 1/n each. The trace is the sum of
the known eigenvalues and n − d times the mean of u'Hu, the first moment of the same quadratures (Hutchinson 1990). A
vector that is no eigenvector, with the residual r, moves no eigenvalue by more than r when it is taken out (Weyl), and
the trace not at all, because Rayleigh quotients add up to it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.curvature.quadrature import LanczosRun, Product, random_direction
from core.curvature.reductions import Check, never
from core.spectrum.spectrum import Density, Estimate

BASIS_BYTES = 2**30  # of the directions of one quadrature; fewer steps where they would take more
TAKEN_OUT = 0.01  # largest residual of a pair that counts as known, over the largest eigenvalue: a width of the curve
_STREAM = 0x5104  # sets these random numbers apart from those of the search with the same seed


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """Pairs that are not left to chance."""

    values: Tensor = field(repr=False)  # (d,) float64, Rayleigh quotients
    vectors: Tensor = field(repr=False)  # (d, n) float32, orthonormal rows


def known_pairs(values: Tensor, residuals: Tensor, vectors: Tensor) -> Known:
    """Those of the pairs whose residual is small enough for a density.

    Parameters
    ----------
    values, residuals : (k,) float64 Tensor
    vectors : (k, n) float32 Tensor
        Orthonormal rows.
    """
    largest = float(values.abs().max()) if len(values) else 0.0
    good = residuals <= TAKEN_OUT * largest
    return Known(values=values[good], vectors=vectors[good])


def probes_begun(density: Density | None, known: Known, size: int, probes: int, steps: int) -> int:
    """How many random vectors of an earlier density of the same seed `density_and_trace` goes on from.

    None of them where there were more of them than are asked for, or steps or the pairs taken out were others.
    """
    return sum(one.count for one in _begun(density, known, size, probes, _steps_for(size, steps)))


def density_and_trace(
    product: Product,
    size: int,
    known: Known,
    probes: int,
    steps: int,
    seed: int,
    check: Check = never,
    begun: Density | None = None,
) -> Iterator[tuple[Density, Estimate]]:
    """Yield density and trace after every probe: the mean over those so far.

    Parameters
    ----------
    product : Product
        At most ``probes · steps`` calls; one that raises ends the search, and what was yielded stays.
    size : int
        n, the length of a vector.
    known : Known
    probes : int
        Random vectors. Their number decides the noise.
    steps : int
        Lanczos steps for each. Their number decides how fine the density is; 1 is enough for the trace.
    seed : int
        Of the random vectors. More probes with the same seed begin with the same ones.
    check : Check
        Called between the products as well; may raise.
    begun : Density, optional
        Of the same matrix and seed, from fewer random vectors: it is gone on with where `probes_begun` says so.
    """
    left, steps = size - len(known.values), _steps_for(size, steps)
    generator = stream(seed)
    done = _begun(begun, known, size, probes, steps)
    for _ in range(sum(one.count for one in done)):
        check()
        random_direction(size, known.vectors, generator, check)  # those that were taken
    if done:
        yield _mean(done, known, size, steps), _trace(done, known, left)
        if done[0].everything is not None:
            return
    while left and sum(one.count for one in done) < probes:
        run = LanczosRun(product, random_direction(size, known.vectors, generator, check), known.vectors, steps, check)
        while not run.ended:
            run.step()
        done = [_quadrature(run)] if run.spans_everything else [*done, _quadrature(run)]
        yield _mean(done, known, size, steps), _trace(done, known, left)
        if run.spans_everything:
            return
    if not left:
        yield _mean((), known, size, 0), Estimate(value=float(known.values.sum()), standard_error=0.0)


def _steps_for(size: int, steps: int) -> int:
    """As many as there is memory for."""
    return min(steps, max(1, BASIS_BYTES // (4 * size)))


def stream(seed: int) -> torch.Generator:
    """Random numbers for quadratures, others than those of the search with the same seed."""
    mixed = np.random.SeedSequence((_STREAM, seed)).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(mixed))


@dataclass(frozen=True, eq=False)
class _Quadrature:
    nodes: Tensor = field(repr=False)  # (j,) float64
    weights: Tensor = field(repr=False)  # (j,) float64, together 1
    first: float  # u'Hu
    squared: float  # ‖Hu‖²
    everything: float | None  # the trace, where the quadrature is the whole spectrum
    count: int = 1  # of the random vectors that it is the mean over


def _quadrature(run: LanczosRun) -> _Quadrature:
    nodes, weights = run.nodes_and_weights()
    if not run.spans_everything:
        return _Quadrature(nodes, weights, run.first, run.first_squared, None)
    # Every eigenvalue is a node: what each weighs is no matter of chance any more.
    certain = torch.full_like(weights, 1 / len(weights))
    return _Quadrature(nodes, certain, run.first, run.first_squared, run.trace)


def _begun(density: Density | None, known: Known, size: int, probes: int, steps: int) -> list[_Quadrature]:
    """An earlier density without the known pairs as one quadrature, which is the mean of several; none if unlike."""
    if density is None or density.deflated != len(known.values) or not 0 < density.probes <= probes:
        return []
    whole = density.probes == 1 and len(density.nodes) == size
    # A single step tells u'Hu alone, and nothing of ‖Hu‖², on which the error of the trace rests.
    if not whole and (density.steps != steps or steps < 2):
        return []
    nodes, weights = density.nodes, density.weights
    for value in known.values.tolist():
        (places,) = ((nodes == value) & np.isclose(weights, 1 / size, rtol=1e-9, atol=0)).nonzero()
        if not len(places):
            return []
        nodes, weights = np.delete(nodes, places[0]), np.delete(weights, places[0])
    if not np.isfinite(nodes).all() or not weights.sum() > 0:  # nor where none are left
        return []
    found, shares = torch.from_numpy(nodes.copy()), torch.from_numpy(weights / weights.sum())
    return [
        _Quadrature(
            nodes=found,
            weights=shares,
            first=float(shares @ found),
            squared=float(shares @ found**2),
            everything=float(found.sum()) if whole else None,
            count=density.probes,
        )
    ]


def _mean(done: Sequence[_Quadrature], known: Known, size: int, steps: int) -> Density:
    probes = sum(one.count for one in done)
    share = (size - len(known.values)) / size / max(1, probes)
    nodes = torch.cat([known.values, *(one.nodes for one in done)])
    weights = torch.cat([torch.full_like(known.values, 1 / size), *(share * one.count * one.weights for one in done)])
    order = nodes.argsort()
    return Density(
        nodes=nodes[order].numpy(),
        weights=weights[order].numpy(),
        probes=probes,
        steps=steps,
        deflated=len(known.values),
    )


def _trace(done: Sequence[_Quadrature], known: Known, left: int) -> Estimate:
    sure = float(known.values.sum())
    if (rest := done[0].everything) is not None:
        return Estimate(value=sure + rest, standard_error=0.0)
    every = [one for one in done for _ in range(one.count)]
    return trace_estimate(sure, left, [one.first for one in every], [one.squared for one in every])


def trace_estimate(sure: float, size: int, firsts: Sequence[float], squares: Sequence[float]) -> Estimate:
    """A trace of which a part is known and the rest, of an operator on m dimensions, is estimated.

    For u uniform on the sphere the variance of ``m u'Au`` is ``2 (m ‖A‖² − (tr A)²) / (m + 2)`` with ‖A‖ the Frobenius
    norm, and ``m ‖Au‖²`` has the mean ‖A‖². The spread among a handful of draws says far less about it: of four, it is
    off by more than a factor of two every seventh time.

    Parameters
    ----------
    sure : float
        The known part.
    size : int
        m.
    firsts, squares : sequences of float
        u'Au and ‖Au‖² for every random vector.
    """
    rest = size * float(np.mean(firsts))
    frobenius = size * float(np.mean(squares))
    variance = 2 * max(0.0, size * frobenius - rest**2) / (size + 2)
    return Estimate(value=sure + rest, standard_error=math.sqrt(variance / len(firsts)))
