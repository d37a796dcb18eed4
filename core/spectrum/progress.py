"""One scale of progress for everything that a spectrum takes, in products with the whole matrix."""

from dataclasses import dataclass

from core.job import JobContext, Relay
from core.spectrum.spectrum import SpectrumRequest

LAYER_STEPS = 12  # products that a layer's search takes, as a rule
BLOCK_COST = 0.5  # of a product with one layer's block, over one with the whole matrix
CHECKED = 4  # products that judging a pair in float64 is worth


class Portion(Relay):
    """A part of a larger job on the scale of the whole, on which it never goes back.

    Parameters
    ----------
    parent : JobContext
    before : float
        Work of the parts before this one.
    size : float
        Work of this part.
    whole : float
        Work of all parts.
    """

    def __init__(self, parent: JobContext, before: float, size: float, whole: float) -> None:
        super().__init__(parent)
        self._before, self._size, self._whole = before, size, max(1, round(whole))
        self._reached = 0

    def progress(self, done: int, total: int, text: str = "") -> None:
        share = min(1.0, done / total) if total > 0 else 0.0
        self._reached = max(self._reached, min(self._whole - 1, int(self._before + share * self._size)))
        super().progress(self._reached, self._whole, text)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an earlier computation leaves to do no more."""

    pairs: int = 0
    audited: bool = False
    probes: int = 0  # of the density
    layers: int = 0  # of the table


class Portions:
    """The parts of one spectrum, one after another: each a job of its own.

    Parameters
    ----------
    request : SpectrumRequest
    layers : int
        That have parameters which are varied.
    beyond : bool
        Whether there are samples at hand besides those used.
    job : JobContext
    done : Done
    """

    def __init__(
        self, request: SpectrumRequest, layers: int, *, beyond: bool, job: JobContext, done: Done = Done()
    ) -> None:
        searched = max(0, request.top - done.pairs)
        audit = 0 if done.audited else request.audit_products
        pairs = 3 * searched + audit + CHECKED * searched
        steps = request.density_steps if request.density else 1
        density = max(0, request.probes - done.probes) * steps if request.density or request.trace else 0
        table = BLOCK_COST * (layers - done.layers) * (LAYER_STEPS + request.probes) if request.layer_table else 0
        population = (3 + CHECKED) * request.top if beyond and request.population_pairs != 0 else 0
        sizes = (pairs, density, table, population)
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        portions = [Portion(job, start, size, sum(sizes)) for start, size in zip(starts, sizes, strict=True)]
        self.pairs, self.density, self.table, self.population = portions
