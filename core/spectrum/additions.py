"""What is computed besides the pairs where the request asks for it: density, trace, layers, sampling error."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.curvature.hessian import MatrixProduct
from core.curvature.lanczos import residuals as residuals_in_float32
from core.curvature.selection import Selection
from core.job import JobContext
from core.spectrum.cost import LAYER_STEPS
from core.spectrum.density import density_and_trace, known_pairs, probes_begun
from core.spectrum.layers import Block, layer_curvature, layer_groups, layer_seed, layer_shares
from core.spectrum.population import curvature_over_population, sampling_errors
from core.spectrum.progress import Portions
from core.spectrum.spectrum import Density, Estimate, LayerCurvature, Sampling
from core.spectrum.subject import Subject


@dataclass(frozen=True, kw_only=True, eq=False)
class Additions:
    """The fields of a `Spectrum` besides its pairs, so far."""

    density: Density | None = None
    trace: Estimate | None = None
    layer_table: tuple[LayerCurvature, ...] = ()
    sampling: Sampling | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """The eigenpairs in the order of the result."""

    values: Tensor  # (k,) float64
    residuals: Tensor  # (k,) float64
    vectors: Tensor  # (k, P) float32


NOTHING = Additions()


def additions(
    subject: Subject,
    pairs: Pairs,
    product: MatrixProduct,
    portions: Portions,
    earlier: Additions = NOTHING,
    spent: int = 0,
) -> Iterator[Additions]:
    """Compute what `subject.request` asks for besides the pairs, and give it again with every part that is finished.

    Parameters
    ----------
    subject : Subject
    pairs : Pairs
    product : MatrixProduct
        The operator of the search, its graphs kept as far as memory allows; it counts its products.
    portions : Portions
        The job of every part.
    earlier : Additions
        Of the same pairs, and as they are asked for: only what they lack is computed.
    spent : int
        Products that it took to find the pairs, before those that `product` counts.
    """
    sampling = sampling_errors(subject, pairs.vectors, portions.pairs)
    found = Additions(sampling=sampling)
    yield found
    for density, trace in _density(subject, pairs, product, portions.density, earlier):
        found = replace(found, density=density, trace=trace)
        yield found
    for rows in _layers(subject, pairs, product, portions.table, earlier.layer_table):
        found = replace(found, layer_table=rows)
        yield found
    further = curvature_over_population(
        subject, pairs.values, pairs.vectors, spent + product.products, portions.population, earlier.sampling
    )
    for over in further:
        every = subject.at_hand
        over_every = replace(sampling, population=len(every), over_population=over, population_sha256=every.sha256)
        found = replace(found, sampling=over_every)
        yield found


def _density(
    subject: Subject, pairs: Pairs, product: MatrixProduct, job: JobContext, earlier: Additions
) -> Iterator[tuple[Density | None, Estimate | None]]:
    """Density and trace after every probe; None for what was not asked for."""
    request = subject.request
    if not request.density and not request.trace:
        return
    if not request.density and earlier.trace is not None:
        yield None, earlier.trace
        return
    steps = request.density_steps if request.density else 1
    text = "density" if request.density else "trace"
    known = known_pairs(pairs.values, pairs.residuals, pairs.vectors)
    begun = probes_begun(earlier.density, known, subject.size, request.probes, steps)
    told = _Told(product, job, max(1, request.probes - begun) * steps, text)
    for density, trace in density_and_trace(
        told, subject.size, known, request.probes, steps, request.seed, job.check, earlier.density
    ):
        yield density if request.density else None, trace if request.trace else None


def _layers(
    subject: Subject, pairs: Pairs, product: MatrixProduct, job: JobContext, earlier: tuple[LayerCurvature, ...]
) -> Iterator[tuple[LayerCurvature, ...]]:
    """The rows of the table so far, after every layer."""
    request = subject.request
    if not request.layer_table:
        return
    groups = layer_groups(subject.selection.names)
    sizes = [parameter.numel() for parameter in subject.selection.of(subject.module)]
    shares = layer_shares(subject.selection.names, sizes, pairs.vectors[0] if len(pairs.vectors) else None)
    usual = LAYER_STEPS + request.probes
    known = {row.layer: row for row in earlier}
    rows: tuple[LayerCurvature, ...] = ()
    for number, (layer, positions) in enumerate(groups.items()):
        if layer in known:
            rows = (*rows, replace(known[layer], share=shares[layer]))
            yield rows
            continue
        text = f"layer {number + 1} of {len(groups)}, {layer or 'parameters on their own'}"
        part = _part(subject, positions)
        with part.product(job) as own:
            told = _Told(own, job, len(groups) * usual, text, number * usual)
            block = Block(layer=layer, size=part.size, product=told, exactly=_exactly(part, told, job))
            seed = layer_seed(request.seed, layer)
            try:
                row = layer_curvature(block, shares[layer], request.probes, seed, job.check)
            finally:
                product.products += own.products
        rows = (*rows, row)
        yield rows


def _part(subject: Subject, positions: list[int]) -> Subject:
    """The block of some of the parameters that the whole is about."""
    whole = subject.selection
    sizes = [parameter.numel() for parameter in whole.of(subject.module)]
    selection = Selection(
        places=tuple(whole.places[position] for position in positions),
        names=tuple(whole.names[position] for position in positions),
        size=sum(sizes[position] for position in positions),
    )
    return replace(subject, selection=selection)


def _exactly(part: Subject, product: "_Told", job: JobContext) -> Callable[[Tensor], tuple[float, float]]:
    """Rayleigh quotient and residual of one vector, in float64 where the network allows it."""

    def exactly(vector: Tensor) -> tuple[float, float]:
        found = part.precise(vector[None], job)
        if found is None:
            found = residuals_in_float32(product, torch.zeros(1, dtype=torch.float64), vector[None])
        return float(found[0][0]), float(found[1][0])

    return exactly


@dataclass
class _Told:
    """The operator with a word of progress after every product."""

    product: MatrixProduct
    job: JobContext
    expected: int
    text: str
    done: int = 0

    def __call__(self, vector: Tensor) -> Tensor:
        image = self.product(vector)
        self.done = min(self.done + 1, self.expected - 1)
        self.job.progress(self.done, self.expected, self.text)
        return image
