"""One scale of progress for everything that a spectrum takes, in products with the whole matrix."""

from core.job import JobContext, Relay
from core.spectrum.cost import Cost


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


class Portions:
    """The parts of one spectrum, one after another: each a job of its own.

    Parameters
    ----------
    cost : Cost
        Of the parts.
    job : JobContext
    """

    def __init__(self, cost: Cost, job: JobContext) -> None:
        sizes = (cost.pairs, cost.density, cost.table, cost.population)
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        portions = [Portion(job, start, size, sum(sizes)) for start, size in zip(starts, sizes, strict=True)]
        self.pairs, self.density, self.table, self.population = portions
