"""How much work and memory a spectrum is, before it begins: what an estimate of its time rests on."""

from core.landscape.effort import Effort, Work
from core.memory import in_words
from core.spectrum.spectrum import Spectrum, SpectrumRequest, has_pairs_of, has_trace_for, layers_for, probes_for

LEAST_PER_PAIR, MOST_PER_PAIR = 1.6, 3.2  # products of a search: trained networks take 40 to 60 for 20 pairs
MARGIN = 8  # products beyond
PRECISE = 2.0  # times a product: one in float64, of which every pair takes one
LAYER_PRODUCTS = 12  # that the search in one layer's block takes, as a rule
DIRECTIONS_PER_PAIR, MORE_DIRECTIONS = 3, 20  # that a search holds where memory allows


def spectrum_effort(request: SpectrumRequest, samples: int, layers: int, known: Spectrum | None = None) -> Effort:
    """What a spectrum takes, in products of a vector with the matrix.

    Parameters
    ----------
    samples : int
        That it is computed on.
    layers : int
        That the table of layers has.
    known : Spectrum, optional
        Of the same matrix, whose pairs are taken over (`core.session.known`).
    """
    held = 0 if known is None else min(request.top, len(known.eigenvalues))
    pairs = request.top - held
    sure = PRECISE * (pairs + (1 if held else 0))
    if known is None or pairs or known.audit is None:
        sure += request.audit_products
    sure += _besides(request, layers, known)
    if not pairs:
        return _effort(sure, sure, samples)
    least = min(request.max_products, LEAST_PER_PAIR * pairs + MARGIN) + sure
    most = min(request.max_products, MOST_PER_PAIR * pairs + 2 * MARGIN) + sure
    return _effort(least, most, samples)


def known_words(request: SpectrumRequest, known: Spectrum | None) -> str:
    """What need not be searched again, in a sentence; "" without."""
    if known is None:
        return ""
    held = min(request.top, len(known.eigenvalues))
    which = "Its eigenvectors are" if held == request.top else f"{held} of its eigenvectors are"
    return f"{which} in the session: they are checked and not searched again. Another seed searches anew."


def _besides(request: SpectrumRequest, layers: int, known: Spectrum | None) -> float:
    """Products of density, trace and table, less those of what is known."""
    same = known if known is not None and has_pairs_of(known, request) else None
    found = 0.0
    if request.density:
        found += (request.probes - (0 if same is None else probes_for(same, request))) * request.density_steps
    elif request.trace and not (same is not None and has_trace_for(same, request)):
        found += request.probes
    if request.layer_table:
        rows = () if known is None else layers_for(known, request)
        found += max(0, layers - len(rows)) * (LAYER_PRODUCTS + request.probes)
    return found


def _effort(least: float, most: float, samples: int) -> Effort:
    """Between so many products and so many."""
    return Effort(
        units=round(most),
        unit="products",
        each=_products(1, samples),
        least=_products(least, samples),
        most=_products(most, samples),
        less_if="at most, less where the eigenvalues lie far apart",
    )


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
