"""The spectrum engine: eigenpairs of largest magnitude, every one checked before it is called verified."""

import time
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.curvature.hessian import MatrixProduct
from core.curvature.lanczos import residuals, ritz_pairs
from core.data.dataset import Dataset
from core.errors import Cancelled
from core.job import JobContext
from core.networks.network import Network
from core.provenance import Provenance, software_versions
from core.spectrum.additions import Additions, Pairs, additions
from core.spectrum.certainty import EXCESS, error_bounds, miss_bound
from core.spectrum.spectrum import LIKELY_MISSED, Audit, Spectrum, SpectrumRequest, Status
from core.spectrum.subject import Subject, open_subject

ROUNDS = 3  # searches for missed eigenvalues before giving up
# An eigenvalue counts as missed if it is larger than the smallest one shown by more than that one's residual, at most
# this share of it, and by more than the rounding of the largest.
SLACK, ROUNDING = 0.1, 1e-6


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
    subject = open_subject(request, network, data, job)
    with subject.product(job) as product:
        search = _Search(subject, product, job)
        try:
            return search.run()
        except Cancelled:
            if search.found is not None:
                job.partial(search.spectrum(search.found, "partial"))
            raise


class _Search:
    def __init__(self, subject: Subject, product: MatrixProduct, job: JobContext) -> None:
        self._subject, self._request, self._product, self._job = subject, subject.request, product, job
        self._precise = True  # as long as residuals could be computed in float64
        self._alarm = self._largest_beyond = 0.0  # of the last look for missed eigenvalues
        self._looks = 0
        self._started = time.perf_counter()
        self._versions = software_versions()
        self._audit: Audit | None = None
        self._additions = Additions()
        self.found: _Found | None = None

    def run(self) -> Spectrum:
        """Search, recompute the residuals, audit; search again where the audit found one that was missed."""
        request, size = self._request, self._product.size
        found = self._pairs(request.top, torch.empty(0, size), request.seed, "searching")
        if request.audit_products:
            found = self._audited(found)
        self.found = found
        pairs = Pairs(values=found.values, residuals=found.lengths, vectors=found.vectors)
        for known in additions(self._subject, pairs, self._product, self._job):
            self._additions = known
            self._job.partial(self.spectrum(found, "partial"))
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
        bound = self._miss_bound(found, float(found.values.abs().min()))
        self._audit = Audit(products=spent, missed=beyond, miss_probability=bound)
        return found

    def _miss_bound(self, found: _Found, magnitude: float) -> float:
        """Bound on the probability that an eigenvalue `EXCESS` times this magnitude was missed in every look."""
        left = self._product.size - len(found.values)
        if not left:
            return 0.0
        excess = EXCESS * magnitude / self._alarm if self._alarm else 1.0
        return min(1.0, self._looks * miss_bound(left, self._request.audit_products, excess))

    def _pairs(self, wanted: int, deflated: Tensor, seed: int, text: str) -> _Found:
        """The largest pairs orthogonal to the deflated ones, with residuals from the operator itself."""
        request = self._request
        steps = ritz_pairs(
            self._counted(text), self._product.size, wanted, request.max_products, deflated, seed, self._job.check
        )
        for pairs in steps:  # at least one: there is room for one step
            if not len(deflated):
                self.found = _Found(pairs.values, pairs.estimates, torch.empty(len(pairs.values), 0))
                self._job.partial(self.spectrum(self.found, "partial"))
            if pairs.converged(request.tolerance):
                break
        vectors = pairs.vectors()
        return _Found(*self._residuals(pairs.values, vectors), vectors)

    def _residuals(self, values: Tensor, vectors: Tensor) -> tuple[Tensor, Tensor]:
        """Values and residuals in float64, one product a vector; in float32 where the network allows nothing else."""
        counted = self._counted("checking residuals")
        if self._precise:
            counted.report()
            found = self._subject.precise(vectors, self._job)
            if found is not None:
                self._product.products += len(vectors)
                counted.report()
                return found
        self._precise = False
        return residuals(counted, values, vectors)

    def _beyond(self, found: _Found, seed: int) -> int:
        """How many eigenvalues orthogonal to the found ones are larger than the smallest of them."""
        magnitudes = found.values.abs()
        last = int(magnitudes.argmin())
        smallest, slack = float(magnitudes[last]), float(found.lengths[last])
        self._alarm = smallest + min(slack, SLACK * smallest) + ROUNDING * float(magnitudes.max())
        counted, steps = self._counted("looking for missed eigenvalues"), self._request.audit_products
        *_, pairs = ritz_pairs(counted, self._product.size, steps, steps, found.vectors, seed, self._job.check)
        self._looks += 1
        self._largest_beyond = float(pairs.values.abs().max())
        return int((pairs.values.abs() > self._alarm).sum())

    def _verified(self, found: _Found) -> Tensor:
        """Which pairs have a small error, and no larger one was missed, as far as chance allows to say so."""
        audit = self._audit
        if audit is None or audit.missed or not self._precise:
            return torch.zeros(len(found.values), dtype=torch.bool)
        errors = error_bounds(found.values, found.lengths, self._largest_beyond)
        chances = torch.tensor([self._miss_bound(found, float(value)) for value in found.values.abs()])
        return (errors <= self._request.tolerance * found.values.abs()) & (chances <= LIKELY_MISSED)

    def _counted(self, text: str) -> "_CountedProduct":
        return _CountedProduct(self._product, self._job, self._request, text)

    def spectrum(self, found: _Found, status: Status) -> Spectrum:
        request = self._request
        found = found.largest(request.top)
        verified = self._verified(found) if status == "complete" else torch.zeros(len(found.values))
        return Spectrum(
            request=request,
            status=status,
            eigenvalues=found.values.numpy(),
            residuals=found.lengths.numpy(),
            verified=verified.numpy().astype(np.uint8),
            eigenvectors=found.vectors.numpy() if status == "complete" else None,
            parameters=self._subject.selection.names,
            products=self._product.products,
            audit=self._audit,
            provenance=Provenance(
                network_sha256=self._subject.network.sha256,
                data_sha256=self._subject.data.sha256,
                samples=len(self._subject.data),
                seconds=time.perf_counter() - self._started,
                threads=torch.get_num_threads(),
                dtype="float32, residuals float64" if self._precise and status == "complete" else "float32",
                device="cpu",
                versions=self._versions,
            ),
            density=self._additions.density,
            trace=self._additions.trace,
            layer_table=self._additions.layer_table,
            sampling=self._additions.sampling,
        )


@dataclass(frozen=True)
class _CountedProduct:
    """The operator with a word of progress after every product."""

    product: MatrixProduct
    job: JobContext
    request: SpectrumRequest
    text: str

    def __call__(self, vector: Tensor) -> Tensor:
        image = self.product(vector)
        self.report()
        return image

    def report(self) -> None:
        """Say how many products there were, and what for."""
        # Most searches end after 2 to 2.5 products a pair; the bar waits there rather than jump back.
        expected = 3 * self.request.top + self.request.top + self.request.audit_products
        done = min(self.product.products, expected - 1)
        self.job.progress(done, expected, f"{self.text}, {self.product.products} products")
