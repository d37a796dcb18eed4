"""How sure the results of the spectrum engine are."""

import numpy as np

from core.exchange.report.certainty.statement import Statement, computed, sampled, unknown
from core.exchange.spectrum_words import density_words, sampling_words, trace_words
from core.exchange.words import audit_words, count, counted_samples, number, verified_words
from core.spectrum.history import History
from core.spectrum.spectrum import MATRIX_NAMES, Spectrum


def spectrum_statements(spectrum: Spectrum) -> list[Statement]:
    """Pairs with their residuals, the search for missed ones, what rests on random vectors, and the rest."""
    where = f"the {MATRIX_NAMES[spectrum.request.matrix]} at the network, {counted_samples(spectrum.provenance)}"
    found = []
    unverified = int(np.count_nonzero(spectrum.verified == 0))
    if spectrum.status == "complete":
        found.append(
            computed(
                f"{verified_words(spectrum)}: residuals recomputed in float64; within its residual of each value there "
                "is a true eigenvalue",
                where,
            )
        )
    if unverified:
        found.append(
            unknown(
                f"whether {count(unverified, 'pair that is', 'pairs that are')} not verified can be relied on", where
            )
        )
    if spectrum.audit is not None:
        found.append(sampled(audit_words(spectrum), where))
    else:
        found.append(unknown(audit_words(spectrum), where))
    if words := sampling_words(spectrum):
        found.append(sampled(f"what other samples would change: {words}", "data of the same kind"))
    if spectrum.density is not None:
        found.append(sampled(f"the density: {density_words(spectrum.density)}", where))
    if words := trace_words(spectrum):
        exact = spectrum.trace is not None and spectrum.trace.standard_error == 0
        found.append((computed if exact else sampled)(f"the trace: {words}", where))
    return [*found, unknown("eigenvalues beyond those listed, and the curvature anywhere but at the network", where)]


def history_statements(history: History) -> list[Statement]:
    """Checkpoints within the tolerance, and the others."""
    where = f"the Hessian at the checkpoints, {counted_samples(history.provenance)}"
    done = int(history.done.sum())
    sure = int(np.count_nonzero(history.converged[history.done]))
    tolerance = number(100 * history.request.tolerance, 3)
    found = [
        computed(f"loss and gradient at {count(done, 'checkpoint')}", where),
        computed(
            f"eigenvalues at {count(sure, 'checkpoint')}: residual within {tolerance} %",
            where,
        ),
    ]
    if done > sure:
        found.append(unknown(f"how far off the eigenvalues of {count(done - sure, 'checkpoint')} are", where))
    if done < len(history.epoch):
        found.append(unknown(f"{count(len(history.epoch) - done, 'checkpoint')} not looked at", where))
    return [
        *found,
        unknown("eigenvalues that a search without an audit missed, and the curvature between checkpoints", where),
    ]
