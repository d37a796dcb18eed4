"""The search for the outermost eigenpairs, the float64 look at what it found, and the audit for what it missed."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.curvature.hessian import RELEASED_BYTES, MatrixProduct
from core.curvature.lanczos import Recurrence, RitzPairs, outwardness, residuals, ritz_pairs
from core.curvature.reductions import combination
from core.job import JobContext
from core.memory import give_back
from core.spectrum.certainty import EXCESS, chance_of_missing, error_bounds, settled
from core.spectrum.cost import spectrum_cost
from core.spectrum.found import Found
from core.spectrum.spectrum import LIKELY_MISSED, Audit, BegunSearch, SpectrumRequest
from core.spectrum.subject import Subject

ROUNDS = 3  # searches for missed eigenvalues before giving up
ANOTHER_START = 10_000  # between the seeds of a search and of its continuation
# An eigenvalue counts as missed if it is further out than the innermost one shown by more than that one's residual, at
# most this share of it, and by more than the rounding of the largest.
SLACK, ROUNDING = 0.1, 1e-6
# Bytes of the directions that a partial result holds, at most: a copy while the search goes on, which costs memory, so
# there is none where it would become larger; and what is left of a search that is stopped. Of more than that the
# outermost Ritz vectors are kept, half as many again as there will be eigenvectors.
COPIED_BYTES, LEFT_BYTES = 128 * 2**20, 256 * 2**20


@dataclass(frozen=True, eq=False)
class _Look:
    """What a search from another start, orthogonal to what is known, saw."""

    alarm: float  # outwardness from which on an eigenvalue counts as missed
    outermost: float  # outwardness of the outermost Ritz value
    far: float  # outwardness of the one at the other end
    beyond: int  # Ritz values that raise alarm


class Search:
    """Finds, judges and audits the pairs of one subject.

    Parameters
    ----------
    subject : Subject
    product : MatrixProduct
        Of that subject; open as long as the search is used.
    job : JobContext
        Told of every product.
    report : callable
        Called when `found` has changed.
    """

    def __init__(self, subject: Subject, product: MatrixProduct, job: JobContext, report: Callable[[], None]) -> None:
        self._subject, self._request, self._product, self._job = subject, subject.request, product, job
        self._report = report
        self._opposite = torch.empty(0, product.size)  # well known vectors of the other end: out of the audit's way
        self._looks: list[_Look] = []
        self._running: RitzPairs | None = None  # of the first search, while it goes on
        self._copied: BegunSearch | None = None  # what was told of it last
        self._before = 0  # products of the search that this one goes on with
        self._settled: BegunSearch | None = None  # what it came to, until that is judged
        self.precise = True  # as long as residuals could be computed in float64
        self.judged = False  # whether the residuals are recomputed ones
        self.audit: Audit | None = None
        self.found: Found | None = None

    def begun(self, *, ended: bool) -> BegunSearch | None:
        """What the first search can be gone on with from, until its pairs are judged; None where that is too much.

        Parameters
        ----------
        ended : bool
            Whether nothing more will be computed.
        """
        if self._settled is not None or self._running is None:
            return self._settled or self._copied
        row, room = 4 * self._product.size, self._running.basis.room + 1
        if ended:
            most = max(LEFT_BYTES // row, self._request.top * 3 // 2 + 2)
        else:
            most = room if room * row <= COPIED_BYTES else 0
        if (found := self._running.recurrence(most, reduced=ended)) is not None:
            self._copied = _begun(found)
        return self._copied

    def run(self, known: Found | None = None, begun: BegunSearch | None = None) -> Found:
        """Search, recompute the residuals, audit; search again where the audit found one that was missed.

        Pairs that are known, judged in float64 with `between`, are not searched or judged again: the search for
        further ones stays away from their vectors. From 10 pairs to 20 it took 46, 38 and 46 products of three small
        trained networks instead of 62, 50 and 56; from 20 to 40 it took 82, 88 and 58 instead of 112, 114 and 84; and
        each known pair saves its product in float64. The audit is about the innermost pair, and is made anew.

        A search that was begun is gone on with; one that had come to its end is judged.
        """
        request = self._request
        nothing = torch.empty(0, self._product.size)
        self._before = 0 if begun is None else begun.products
        if known is not None:
            found = self._gone_on(known)
        elif begun is not None and begun.settled:
            self._hold(begun)
            values, vectors = torch.from_numpy(begun.projected).diagonal().clone(), torch.from_numpy(begun.directions)
            found, _ = self._judged(values, vectors, nothing)
        else:
            if begun is not None:
                self._copied, self.found = begun, _seen(begun, request)
                self._report()
            found, _ = self._find(request.top, nothing, request.seed, "searching", begun)
        self.found, self.judged, self._settled = found, True, None
        if request.audit_products:
            self.found = found = self._audited(found)
        self._opposite = torch.empty(0, self._product.size)
        self._product.release()
        return found

    def adopt(self, known: Found, audit: Audit | None) -> Found:
        """Take pairs as they are, which were judged and audited before."""
        self.found, self.judged, self.audit = known, True, audit
        self._report()
        return known

    def _gone_on(self, known: Found) -> Found:
        """Known pairs and as many more as are asked for."""
        request, missing = self._request, self._request.top - len(known.values)
        self.found, self.judged = known, True
        self._report()
        if missing <= 0:
            return known
        more, across = self._find(missing, known.vectors, request.seed + ANOTHER_START, "searching for further ones")
        return known.joined(more, across).outermost(request.top, request.end)

    def verified(self, found: Found) -> Tensor:
        """(k,) bool: the error is small, and none further out was missed, as far as chance allows to say so."""
        audit = self.audit
        if audit is None or audit.missed or not self.precise:
            return torch.zeros(len(found.values), dtype=torch.bool)
        beyond = self._looks[-1].outermost if self._looks else -torch.inf
        errors = error_bounds(found.values, found.lengths, beyond, self._request.end, found.between)
        chances = torch.tensor([self._chance(found, float(value)) for value in found.values])
        return (errors <= self._request.tolerance * found.values.abs()) & (chances <= LIKELY_MISSED)

    def _audited(self, found: Found) -> Found:
        """Look for eigenvalues that were missed, add them, and look again; says in `audit` how it ended."""
        request, size, spent, beyond = self._request, self._product.size, 0, 0
        for round_number in range(1, ROUNDS + 1):
            known = self._known(found)
            if len(known) == size:
                break
            before = self._product.products
            look = self._look(found, known, request.seed + round_number)
            self._looks.append(look)
            spent += self._product.products - before
            beyond = look.beyond
            if not beyond:
                break
            more, across = self._find(beyond, known, request.seed + 100 * round_number, "completing")
            across = None if across is None else across[: len(found.values)]
            self.found = found = found.joined(more, across).outermost(request.top, request.end)
        if len(self._looks) > 1 and not beyond:
            self.found = found = self._separated(found)
        elif not beyond:
            self.found = found = self._told_apart(found)
        innermost = found.values[int(outwardness(found.values, request.end).argmin())]
        self.audit = Audit(products=spent, missed=beyond, miss_probability=self._chance(found, float(innermost)))
        return found

    def _known(self, found: Found) -> Tensor:
        return torch.cat([found.vectors, self._opposite]) if len(self._opposite) else found.vectors

    def _chance(self, found: Found, value: float) -> float:
        """Bound on the probability that an eigenvalue `EXCESS` times this one was missed in every look."""
        left = self._product.size - len(found.values)
        if not left:
            return 0.0
        if not self._looks:
            return 1.0 if len(self._known(found)) < self._product.size else 0.0
        look, end = self._looks[-1], self._request.end
        shown = float(outwardness(torch.tensor(value), end))
        missed = shown + (EXCESS - 1) * abs(shown)
        far = missed if end == "magnitude" else max(-look.far, 0.0) * EXCESS
        share = (missed - look.alarm) / max(missed + far, 1e-300)
        return min(1.0, len(self._looks) * chance_of_missing(left, self._request.audit_products, share))

    def _find(
        self, wanted: int, deflated: Tensor, seed: int, text: str, begun: BegunSearch | None = None
    ) -> tuple[Found, Tensor | None]:
        """The outermost pairs orthogonal to the deflated ones, and how these judge them.

        In float64, one product a vector; in float32, and without the second, where the network allows nothing else.
        """
        values, vectors = self._searched(wanted, deflated, seed, text, begun)
        return self._judged(values, vectors, deflated)

    def _separated(self, found: Found) -> Found:
        """The pairs of the space that vectors of several searches span together (Rayleigh–Ritz).

        A vector that one search found of a cluster is no eigenvector, but a mixture with those that it missed.
        """
        if found.between is None:
            return found
        values, columns = torch.linalg.eigh((found.between + found.between.T) / 2)
        vectors = combination(columns.T.contiguous(), found.vectors, self._job.check)
        separated, _ = self._judged(values, vectors, vectors[:0])
        return separated.outermost(len(values), self._request.end)

    def _told_apart(self, found: Found) -> Found:
        """Pairs that are vague only because their vectors are still mixed with each other are turned, and judged anew.

        Two eigenvalues that lie close together may both be known to be there before it is known which vector is whose:
        of 1.76 million weights, trained, two of 20 pairs with a gap of a hundredth of their value.
        """
        if found.between is None:
            return found
        request, beyond = self._request, self._looks[-1].outermost if self._looks else -torch.inf
        allowed = request.tolerance * found.values.abs()
        vague = error_bounds(found.values, found.lengths, beyond, request.end, found.between) > allowed
        vague &= error_bounds(found.values, found.lengths, beyond, request.end) <= allowed
        if not bool(vague.any()):
            return found
        gaps = (found.values[:, None] - found.values).abs().fill_diagonal_(torch.inf)
        partners = (found.between.abs() / gaps.clamp(min=1e-300)).argmax(dim=1)  # mixed by the largest angle
        turned = vague.clone()
        turned[partners[vague]] = True
        places = turned.nonzero().flatten()
        values, columns = torch.linalg.eigh(found.between[turned][:, turned])
        order = outwardness(values, request.end).argsort(descending=True, stable=True)
        vectors = combination(columns.T[order].contiguous(), found.vectors[turned], self._job.check)
        judged, across = self._judged(values[order], vectors, found.vectors)
        if judged.between is None or across is None:
            return found
        return found.with_others(places, judged, across).outermost(len(found.values), request.end)

    def _judged(self, values: Tensor, vectors: Tensor, deflated: Tensor) -> tuple[Found, Tensor | None]:
        """Values and residuals of vectors from the matrix itself, and v'Hw between the deflated ones and these."""
        counted = self._counted("checking residuals")
        if self.precise:
            counted.report()
            self._product.release()
            judged = self._subject.judged(
                vectors, deflated, self._job, lambda share: counted.report(share * len(vectors))
            )
            if judged is not None:
                self._product.products += len(vectors)
                if 4 * vectors.numel() > RELEASED_BYTES:
                    give_back()
                counted.report()
                return Found(judged.quotients, judged.residuals, vectors, judged.between), judged.with_known
        self.precise = False
        return Found(*residuals(counted, values, vectors), vectors), None

    def _searched(
        self, wanted: int, deflated: Tensor, seed: int, text: str, begun: BegunSearch | None
    ) -> tuple[Tensor, Tensor]:
        request, first = self._request, not len(deflated)
        counted = self._counted(text)
        steps = ritz_pairs(
            counted, counted.size, wanted, request.max_products, deflated, seed, self._job.check, end=request.end,
            begun=None if begun is None else _recurrence(begun),
        )  # fmt: skip
        for pairs in steps:  # at least one: there is room for one step
            if first:
                self.found = Found(pairs.values, pairs.estimates, torch.empty(len(pairs.values), 0))
                self._running = pairs
                self._report()
            if settled(pairs, request.tolerance, request.end):
                break
        opposite = pairs.known_opposite(request.end, wanted) if first else torch.empty(0, dtype=torch.int64)
        rows = pairs.take(opposite, self._job.check)
        if len(opposite):
            self._opposite = rows[wanted:]
        if first:
            self._hold(_settled(pairs, rows[:wanted]))
        return pairs.values, rows[:wanted]

    def _hold(self, begun: BegunSearch) -> None:
        """Report pairs that were found and are not judged yet."""
        values = torch.from_numpy(begun.projected).diagonal().clone()
        self.found = Found(values, torch.from_numpy(begun.coupling), torch.empty(len(values), 0))
        self._settled, self._running, self._copied = begun, None, None
        self._report()

    def _look(self, found: Found, known: Tensor, seed: int) -> _Look:
        """Search from another start, orthogonal to what is known, for eigenvalues further out than the innermost."""
        end, steps = self._request.end, self._request.audit_products
        outward = outwardness(found.values, end)
        last = int(outward.argmin())
        innermost, slack = float(outward[last]), float(found.lengths[last])
        alarm = innermost + min(slack, SLACK * abs(innermost)) + ROUNDING * float(found.values.abs().max())
        counted = self._counted("looking for missed eigenvalues")
        *_, pairs = ritz_pairs(counted, counted.size, steps, steps, known, seed, self._job.check, end=end)
        seen = outwardness(pairs.values, end)
        return _Look(alarm, float(seen.max()), float(seen.min()), int((seen > alarm).sum()))

    def _counted(self, text: str) -> "_CountedProduct":
        return _CountedProduct(self._product, self._job, self._request, text, self._before)


def _settled(pairs: RitzPairs, vectors: Tensor) -> BegunSearch:
    """Of a search that is at its end."""
    return BegunSearch(
        directions=vectors.numpy(),
        projected=torch.diag(pairs.values).numpy(),
        coupling=pairs.estimates.numpy(),
        products=pairs.products,
        draws=0,
        settled=True,
    )


def _seen(begun: BegunSearch, request: SpectrumRequest) -> Found:
    """What a search had found when it was stopped."""
    values, columns = torch.linalg.eigh(torch.from_numpy(begun.projected))
    order = outwardness(values, request.end).argsort(descending=True, stable=True)[: request.top]
    estimates = (torch.from_numpy(begun.coupling) @ columns).abs()
    return Found(values[order], estimates[order], torch.empty(len(order), 0))


def _begun(found: Recurrence) -> BegunSearch:
    return BegunSearch(
        directions=found.directions.numpy(),
        projected=found.projected.numpy(),
        coupling=found.coupling.numpy(),
        products=found.products,
        draws=found.draws,
    )


def _recurrence(begun: BegunSearch) -> Recurrence:
    return Recurrence(
        directions=torch.from_numpy(begun.directions),
        projected=torch.from_numpy(begun.projected),
        coupling=torch.from_numpy(begun.coupling),
        products=begun.products,
        draws=begun.draws,
    )


@dataclass(frozen=True)
class _CountedProduct:
    """The operator with a word of progress after every product."""

    product: MatrixProduct
    job: JobContext
    request: SpectrumRequest
    text: str
    before: int

    @property
    def size(self) -> int:
        return self.product.size

    def __call__(self, vector: Tensor) -> Tensor:
        image = self.product(vector)
        self.report()
        return image

    def report(self, begun: float = 0.0) -> None:
        """Say how many products there were, and what for; `begun` are those under way together."""
        # Most searches end before; the bar waits there rather than jump back.
        expected = round(spectrum_cost(self.request, 0, 0.0).search) + self.request.top + self.request.audit_products
        products = self.before + self.product.products + int(begun)
        self.job.progress(min(products, expected - 1), expected, f"{self.text}, {products} products")
