"""Spectra of a session whose eigenpairs serve another request, so that they are not searched again."""

from core.session.document import DatasetItem, Document
from core.spectrum.spectrum import Spectrum, SpectrumRequest, holds_pairs_for, probes_for


def known_spectrum(
    document: Document, request: SpectrumRequest, network_sha256: str, data_sha256: str, samples: int
) -> Spectrum | None:
    """The spectrum that leaves least to do for a request, and took least; the newest of several, None without any.

    Parameters
    ----------
    network_sha256, data_sha256 : str
        Of the network, and of the whole data set of so many samples.
    """
    used = min(request.samples or samples, samples)
    best: Spectrum | None = None
    for item in document.results:
        found, data = item.result, document.items.get(item.dataset_id)
        if (
            isinstance(found, Spectrum)
            and isinstance(data, DatasetItem)
            and (found.provenance.network_sha256, data.sha256) == (network_sha256, data_sha256)
            and found.provenance.samples == used
            and holds_pairs_for(found, request)
            and (best is None or _left(found, request) <= _left(best, request))
        ):
            best = found
    return best


def _left(known: Spectrum, request: SpectrumRequest) -> tuple[int, int, int, int]:
    """Pairs, random vectors and layers that are still to be computed, and what it took to get there."""
    rows = len(known.layer_table) if known.request.probes == request.probes else 0
    return (
        max(0, request.top - len(known.eigenvalues)),
        request.probes - probes_for(known, request) if request.density else 0,
        -rows if request.layer_table else 0,
        known.products,
    )
