"""How many products a spectrum takes, part by part: what its progress and the estimate of its time both rest on.

The unit is a product of the whole matrix with a vector in float32, as the search takes them. Imports no torch.
"""

import math
from dataclasses import dataclass

from core.spectrum.spectrum import Spectrum, SpectrumRequest, has_pairs_of, has_trace_for, layers_for, probes_for

LEAST_PER_PAIR, MOST_PER_PAIR = 1.6, 3.2  # products of a search: trained networks take 40 to 60 for 20 pairs
MARGIN = 8  # products beyond
# One in float64, of which every pair takes one: 2.9 and 4.1 for two residual networks, 5.0 and 6.1 for C1, 3.3 for an
# MLP of 240,000 parameters; 11 for one of 3,466, where both take milliseconds.
PRECISE = 4.0
LAYER_STEPS = 12  # products that the search in one layer's block takes, as a rule
BLOCK_COST = 0.5  # one with one layer's block
LEADING = 3  # pairs whose curvature is taken over all samples, where nobody says how many
FORMING = 2  # that the graph of a sample's gradient takes, about


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an earlier computation leaves to do no more."""

    pairs: int = 0
    audited: bool = False
    probes: int = 0  # of the density
    traced: bool = False
    layers: int = 0  # of the table


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Products of each part, in the order in which they come."""

    search: float = 0.0
    judging: float = 0.0  # in float64, what is known included
    audit: float = 0.0
    density: float = 0.0  # or trace
    table: float = 0.0
    population: float = 0.0

    @property
    def pairs(self) -> float:
        """Of the pairs and all that makes them verified."""
        return self.search + self.judging + self.audit

    @property
    def total(self) -> float:
        """Of everything."""
        return self.pairs + self.density + self.table + self.population


def done_by(known: Spectrum | None, request: SpectrumRequest) -> Done:
    """What is not computed again where a spectrum of the same matrix is known, whose pairs are taken over."""
    if known is None:
        return Done()
    pairs, same = min(request.top, len(known.eigenvalues)), has_pairs_of(known, request)
    return Done(
        pairs=pairs,
        audited=pairs == request.top and known.audit is not None,
        probes=probes_for(known, request) if same else 0,
        traced=same and has_trace_for(known, request),
        layers=len(layers_for(known, request)),
    )


def spectrum_cost(
    request: SpectrumRequest, layers: int, beyond: float, done: Done = Done(), *, least: bool = False
) -> Cost:
    """What a spectrum takes.

    Parameters
    ----------
    layers : int
        That have parameters which are varied.
    beyond : float
        Samples at hand besides those used, over those.
    done : Done
    least : bool
        Whether the eigenvalues lie as far apart as they do where it takes least; else as much as it mostly takes.
    """
    wanted = max(0, request.top - done.pairs)
    per_pair, margin = (LEAST_PER_PAIR, MARGIN) if least else (MOST_PER_PAIR, 2 * MARGIN)
    search = min(request.max_products, per_pair * wanted + margin) if wanted else 0.0
    judging = PRECISE * (wanted + (1 if done.pairs else 0))
    audit = 0 if done.audited else request.audit_products
    density = 0
    if request.density:
        density = max(0, request.probes - done.probes) * request.density_steps
    elif request.trace and not done.traced:
        density = request.probes
    table = 0.0
    if request.layer_table:
        table = BLOCK_COST * max(0, layers - done.layers) * (LAYER_STEPS + request.probes)
    spent = search + wanted + audit
    count = pairs_over_all(request, min(request.top, wanted + done.pairs), beyond, spent)
    population = (count + FORMING) * beyond if count else 0.0
    return Cost(search=search, judging=judging, audit=audit, density=density, table=table, population=population)


def pairs_over_all(request: SpectrumRequest, pairs: int, beyond: float, spent: float) -> int:
    """How many pairs are taken over all samples: as asked, or as many as take no more work than all before did.

    Parameters
    ----------
    pairs : int
        That there are.
    beyond : float
        Samples at hand besides those used, over those.
    spent : float
        Products so far.
    """
    if request.population_pairs is not None:
        return min(request.population_pairs, pairs)
    affordable = math.floor(spent / beyond - FORMING) if beyond > 0 else 0
    return max(0, min(LEADING, pairs, affordable))
