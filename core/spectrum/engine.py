"""The spectrum engine: eigenpairs of largest magnitude, every one checked before it is called verified."""

import time
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.networks.network import Network
from core.networks.parameters import parameter_names
from core.provenance import Provenance, software_versions
from core.spectrum.hessian import HessianVectorProduct, hessian_vector_product
from core.spectrum.lanczos import miss_bound, residuals, ritz_pairs
from core.spectrum.spectrum import Audit, Spectrum, SpectrumRequest, Status

# The error of an eigenvalue is about residual² / gap: the search stops ten times below the residual that is asked for,
# so that a pair also passes when its neighbour is close. It costs about four products more.
SAFETY = 0.1
EXCESS = 1.25  # the audit's bound is for eigenvalues this many times the smallest magnitude shown
ROUNDS = 3  # searches for missed eigenvalues before giving up


@dataclass(frozen=True, eq=False)
class _Found:
    values: Tensor = field(repr=False)  # (k,) float64
    lengths: Tensor = field(repr=False)  # (k,) float64, residuals
    vectors: Tensor = field(repr=False)  # (k, n) float32

    def largest(self, count: int) -> "_Found":
        order = self.values.abs().argsort(descending=True)[:count]
        return _Found(self.values[order], self.lengths[order], self.vectors[order])

    def joined(self, other: "_Found") -> "_Found":
        return _Found(
            torch.cat([self.values, other.values]),
            torch.cat([self.lengths, other.lengths]),
            torch.cat([self.vectors, other.vectors]),
        )


def compute_spectrum(request: SpectrumRequest, network: Network, data: Dataset, job: JobContext) -> Spectrum:
    """Compute the top eigenpairs of the Hessian of the mean loss (Yao et al. 2018, §2), and audit them.

    Parameters
    ----------
    request : SpectrumRequest
    network : Network
        In evaluation mode; unchanged afterwards.
    data : Dataset
        The loss is the mean over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Spectrum` every few products; its residuals are estimates until the end.

    Raises
    ------
    InvalidRequest
        If more eigenvalues are asked for than there are parameters.
    NumericalFailure
        If a product is not finite.
    """
    used = data.first(request.samples)
    inputs, labels = network.prepare(used)
    size = sum(parameter.numel() for parameter in network.module.parameters())
    if request.top > size:
        raise InvalidRequest(f'"{network.name}" has {size} parameters, so {request.top} eigenvalues do not exist.')
    with hessian_vector_product(network.module, inputs, labels, job) as product:
        search = _Search(request, network, used, product, job)
        try:
            return search.run()
        except Cancelled:
            if search.found is not None:
                job.partial(search.spectrum(search.found, "partial"))
            raise


class _Search:
    def __init__(
        self, request: SpectrumRequest, network: Network, data: Dataset, product: HessianVectorProduct, job: JobContext
    ) -> None:
        self._request, self._network, self._data = request, network, data
        self._product, self._job = product, job
        self._started = time.perf_counter()
        self._versions = software_versions()
        self._audit: Audit | None = None
        self._names = parameter_names(network.module)
        self.found: _Found | None = None

    def run(self) -> Spectrum:
        """Search, recompute the residuals, audit; search again where the audit found one that was missed."""
        request, size = self._request, self._product.size
        found = self._pairs(request.top, torch.empty(0, size), request.seed, "searching")
        if request.audit_products:
            found = self._audited(found)
        self.found = found
        return self.spectrum(found, "complete")

    def _audited(self, found: _Found) -> _Found:
        """Look for eigenvalues that were missed, add them, and look again; says in `self._audit` how it ended."""
        request, size, spent, beyond = self._request, self._product.size, 0, 0
        for round_number in range(1, ROUNDS + 1):
            if len(found.values) == size:
                break
            before = self._product.products
            beyond = self._beyond(found, seed=request.seed + round_number)
            spent += self._product.products - before
            if not beyond:
                break
            more = self._pairs(beyond, found.vectors, request.seed + 100 * round_number, "completing")
            found = found.joined(more).largest(request.top)
        bound = miss_bound(size, request.audit_products, EXCESS)
        self._audit = Audit(products=spent, missed=beyond, miss_probability=bound)
        return found

    def _pairs(self, wanted: int, deflated: Tensor, seed: int, text: str) -> _Found:
        """The largest pairs orthogonal to the deflated ones, with residuals from the operator itself."""
        request = self._request
        relative = SAFETY * request.tolerance**0.5
        steps = ritz_pairs(self._counted(text), self._product.size, wanted, request.max_products, deflated, seed)
        for pairs in steps:  # at least one: there is room for one step
            if not len(deflated):
                self.found = _Found(pairs.values, pairs.estimates, torch.empty(len(pairs.values), 0))
                self._job.partial(self.spectrum(self.found, "partial"))
            if pairs.converged(relative):
                break
        vectors = pairs.vectors()
        return _Found(*residuals(self._counted("checking residuals"), pairs.values, vectors), vectors)

    def _beyond(self, found: _Found, seed: int) -> int:
        """How many eigenvalues orthogonal to the found ones are larger than the smallest of them."""
        smallest = float(found.values.abs().min())
        slack = float(found.lengths.max()) + 1e-6 * float(found.values.abs().max())
        counted, steps = self._counted("looking for missed eigenvalues"), self._request.audit_products
        *_, pairs = ritz_pairs(counted, self._product.size, steps, steps, found.vectors, seed)
        return int((pairs.values.abs() > smallest + slack).sum())

    def _counted(self, text: str) -> "_CountedProduct":
        return _CountedProduct(self._product, self._job, self._request, text)

    def spectrum(self, found: _Found, status: Status) -> Spectrum:
        request = self._request
        found = found.largest(request.top)
        small = found.lengths <= torch.clamp(
            request.tolerance**0.5 * found.values.abs(), min=1e-6 * float(found.values.abs().max())
        )
        proven = status == "complete" and self._audit is not None and self._audit.missed == 0
        return Spectrum(
            request=request,
            status=status,
            eigenvalues=found.values.numpy(),
            residuals=found.lengths.numpy(),
            verified=(small & proven).numpy().astype(np.uint8),
            eigenvectors=found.vectors.numpy() if status == "complete" else None,
            parameters=self._names,
            products=self._product.products,
            audit=self._audit,
            provenance=Provenance(
                network_sha256=self._network.sha256,
                data_sha256=self._data.sha256,
                samples=len(self._data),
                seconds=time.perf_counter() - self._started,
                threads=torch.get_num_threads(),
                dtype="float32, reductions float64",
                device="cpu",
                versions=self._versions,
            ),
        )


@dataclass(frozen=True)
class _CountedProduct:
    """The operator with a word of progress after every product."""

    product: HessianVectorProduct
    job: JobContext
    request: SpectrumRequest
    text: str

    def __call__(self, vector: Tensor) -> Tensor:
        image = self.product(vector)
        # Most searches end after 2 to 2.5 products a pair; the bar waits there rather than jump back.
        expected = 3 * self.request.top + self.request.top + self.request.audit_products
        done = min(self.product.products, expected - 1)
        self.job.progress(done, expected, f"{self.text}, {self.product.products} products")
        return image
