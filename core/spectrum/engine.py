"""The spectrum engine: outermost eigenpairs, every one checked before it is called verified, and what else is asked."""

from dataclasses import replace

import numpy as np

from core.curvature.basis import room_for
from core.curvature.hessian import MatrixProduct
from core.curvature.refusals import explained
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import JobContext
from core.networks.network import Network
from core.origin import Origin
from core.spectrum.additions import NOTHING, Pairs, additions
from core.spectrum.begun import take_up, taken_up_words
from core.spectrum.cost import done_by, spectrum_cost
from core.spectrum.found import Found
from core.spectrum.known import Known, recall
from core.spectrum.layers import layer_groups
from core.spectrum.progress import Portions
from core.spectrum.search import Search
from core.spectrum.spectrum import BegunSearch, Spectrum, SpectrumRequest, Status
from core.spectrum.subject import Subject, open_subject

USUAL_DIRECTIONS = 3  # for every pair that is searched for


def compute_spectrum(
    request: SpectrumRequest, network: Network, data: Dataset, job: JobContext, known: Spectrum | None = None
) -> Spectrum:
    """Compute the outermost eigenpairs of the Hessian of the mean loss (Yao et al. 2018, §2), and audit them.

    Or of a matrix like it, or of a block of it. What else the request asks for follows, and is part of the result.

    Where a spectrum of the same matrix is known with its vectors (`holds_pairs_for`), its pairs are not searched again:
    they keep their residuals, and where no more are wanted their audit and what is called verified, after one product
    in float64 has shown that they are of this matrix (`core.spectrum.known`). Densities go on from the random vectors
    that were taken, tables from the layers that are there. Adding density and trace to 20 pairs of a small C1 takes 161
    products instead of 250, and 1 in float64 instead of 20. A search that was stopped before its pairs were judged is
    gone on with, after one product that shows that it is of this matrix (`core.spectrum.begun`). What was taken over is
    said in the result, whose products and time are those of all computations together; what turns out to be of another
    matrix is searched anew, and that is said too.

    Parameters
    ----------
    request : SpectrumRequest
    network : Network
        In evaluation mode; unchanged afterwards.
    data : Dataset
        The loss is the mean over its first `request.samples` samples.
    job : JobContext
        Receives a partial `Spectrum` every few products; its residuals are estimates until they are recomputed.
    known : Spectrum, optional
        Of the same matrix, complete or partial.

    Raises
    ------
    InvalidRequest
        If more eigenvalues are asked for than there are parameters, a layer does not exist, or memory cannot suffice.
    DataError
        If the samples do not fit the network, or are fewer than asked for.
    UnsupportedNetwork
        If the network has no second derivatives, or weights in another type than float32.
    NumericalFailure
        If the loss or a product is not finite.
    """
    subject = open_subject(request, network, data, job)
    directions = min(USUAL_DIRECTIONS * request.top, request.max_products, subject.size)
    with subject.product(job, reserve=_bytes_for(subject, directions)) as product:
        growing = _Growing(subject, product, job, known)
        try:
            return growing.run()
        except Cancelled:
            growing.report(ended=True)
            raise
        except MemoryError as error:
            growing.report(ended=True)
            raise InvalidRequest(
                "Memory did not suffice; what was found so far is kept. Close other programs, or ask for fewer "
                "eigenvalues, fewer samples or some layers."
            ) from error
        except NotImplementedError as error:  # an operation that has a second derivative for large batches only
            raise explained(error, network.module, subject.inputs[:1]) from error


def _bytes_for(subject: Subject, directions: int) -> int:
    """Memory that the search's directions will take, which kept graphs must not."""
    room = room_for(subject.size, subject.request.top, directions)
    return 0 if room.in_file else 4 * subject.size * room.rows


class _Growing:
    """The spectrum so far."""

    def __init__(self, subject: Subject, product: MatrixProduct, job: JobContext, known: Spectrum | None) -> None:
        self._subject, self._product, self._job = subject, product, job
        self._origin = Origin(subject.network, subject.data)
        self._additions = NOTHING
        self._words = ""
        self._spent = 0
        self._known = self._recalled(known)
        self._begun = None if self._known is not None else self._taken_up(known)
        self._portions = self._parts()
        self._search = Search(subject, product, self._portions.pairs, self.report)

    def run(self) -> Spectrum:
        known = self._known
        if known is None:
            found = self._search.run(begun=self._begun)
        elif known.verified is None:
            found = self._search.run(known.found)
        else:
            found = self._search.adopt(known.found, known.audit)
        pairs = Pairs(values=found.values, residuals=found.lengths, vectors=found.vectors)
        earlier = NOTHING if known is None else known.earlier
        for more in additions(self._subject, pairs, self._product, self._portions, earlier, self._spent):
            self._additions = more
            self.report()
        return self._spectrum(found, "complete")

    def report(self, *, ended: bool = False) -> None:
        """Give the spectrum so far, once there is anything of it; what is to be gone on with is more at the end."""
        if self._search.found is None:
            return
        if ended:
            self._product.release()
        self._job.partial(self._spectrum(self._search.found, "partial", self._search.begun(ended=ended)))

    def _recalled(self, known: Spectrum | None) -> Known | None:
        """What can be taken over, after a look at it."""
        if known is None:
            return None
        self._job.progress(0, 0, "looking at the known eigenpairs")
        found = recall(known, self._subject, self._job)
        if isinstance(found, str):
            self._words = found
            return None
        self._words = found.words
        self._product.products += 1  # the look
        self._take_over(known)
        return found

    def _taken_up(self, known: Spectrum | None) -> BegunSearch | None:
        """The search that was begun, after a look at it."""
        if known is None:
            return None
        found = take_up(known, self._subject, self._product, self._job)
        if isinstance(found, str):
            self._words = self._words or found
            return None
        self._words = taken_up_words(found)
        self._take_over(known)
        return found

    def _take_over(self, known: Spectrum) -> None:
        """Count what it took before."""
        self._spent = known.products
        self._origin.take_over(known)

    def _parts(self) -> Portions:
        subject, known = self._subject, self._known
        done = done_by(None if known is None else known.spectrum, subject.request)
        layers, used = len(layer_groups(subject.selection.names)), len(subject.data)
        return Portions(spectrum_cost(subject.request, layers, len(subject.at_hand) / used - 1, done), self._job)

    def _spectrum(self, found: Found, status: Status, begun: BegunSearch | None = None) -> Spectrum:
        search, subject, more = self._search, self._subject, self._additions
        dtype = "float32, residuals float64" if search.precise and search.judged else "float32"
        known = None if self._known is None else self._known.verified
        return Spectrum(
            request=subject.request,
            status=status,
            eigenvalues=found.values.numpy(),
            residuals=found.lengths.numpy(),
            verified=(search.verified(found) if known is None else known).numpy().astype(np.uint8),
            eigenvectors=found.vectors.numpy() if search.judged else None,
            parameters=subject.selection.names,
            products=self._spent + self._product.products,
            audit=search.audit,
            provenance=replace(self._origin.provenance(), dtype=dtype),
            density=more.density,
            trace=more.trace,
            layer_table=more.layer_table,
            sampling=more.sampling,
            between=None if found.between is None or not search.judged else found.between.numpy(),
            taken_over=self._words,
            begun=begun,
        )
