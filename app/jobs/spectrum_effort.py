"""How much work and memory a spectrum is, before it begins: what an estimate of its time rests on."""

from core.landscape.effort import Effort, Work
from core.memory import in_words
from core.spectrum.cost import done_by, spectrum_cost
from core.spectrum.spectrum import Spectrum, SpectrumRequest

DIRECTIONS_PER_PAIR, MORE_DIRECTIONS = 3, 20  # that a search holds where memory allows


def spectrum_effort(
    request: SpectrumRequest, samples: int, layers: int, known: Spectrum | None = None, at_hand: int = 0
) -> Effort:
    """What a spectrum takes, in products of a vector with the matrix.

    Parameters
    ----------
    samples : int
        That it is computed on.
    layers : int
        That the table of layers has.
    known : Spectrum, optional
        Of the same matrix, whose pairs are taken over (`core.session.known`).
    at_hand : int
        Samples that there are; 0: those that it is computed on.
    """
    beyond, done = max(at_hand, samples) / samples - 1, done_by(known, request)
    least, most = (spectrum_cost(request, layers, beyond, done, least=fewest).total for fewest in (True, False))
    return Effort(
        units=round(most),
        unit="products",
        each=_products(1, samples),
        least=_products(least, samples),
        most=_products(most, samples),
        less_if="at most, less where the eigenvalues lie far apart",
    )


def known_words(request: SpectrumRequest, known: Spectrum | None) -> str:
    """What need not be searched again, in a sentence; "" without."""
    if known is None:
        return ""
    held = min(request.top, len(known.eigenvalues))
    which = "Its eigenvectors are" if held == request.top else f"{held} of its eigenvectors are"
    return f"{which} in the session: they are checked and not searched again. Another seed searches anew."


def memory_words(request: SpectrumRequest, parameters: int | None) -> str:
    """The memory of the search's directions in a sentence; "" where the size of the network is not known."""
    if not parameters:
        return ""
    pairs = min(request.top, parameters)
    rows = min(DIRECTIONS_PER_PAIR * pairs + MORE_DIRECTIONS, request.max_products, parameters)
    directions = in_words(4 * parameters * rows)
    found = in_words(4 * parameters * pairs)
    return (
        f"{parameters:,} parameters: up to {directions} for the directions of the search, fewer or in a file where "
        f"memory is short; the eigenvectors take {found} in the session."
    )


def _products(count: float, samples: int) -> Work:
    return Work(graphs=samples, products=count * samples, searches=count, differentiated=samples)
