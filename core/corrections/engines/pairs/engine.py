"""The engine of all pairs: every feature alone, then every two of them, the most promising first."""

import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.engines.pairs.answer import PairAnswer
from core.corrections.engines.pairs.answers import PairAnswers
from core.corrections.engines.suggesting import ranked_features
from core.corrections.engines.verdict import made_by, verdict_of
from core.corrections.network.lowering import lower
from core.corrections.records.pairs import CODES, Pairs, PairsRequest
from core.corrections.records.suggestion import Suggestion
from core.job import JobContext
from core.networks.network import Network
from core.provenance import Provenance

IntArray = npt.NDArray[np.intp]


def compute_pairs(
    request: PairsRequest, network: Network, data_sha256: str, job: JobContext, resume: Pairs | None = None
) -> Pairs:
    """How far the nearest stable correction is in every two features, and in each alone.

    Parameters
    ----------
    data_sha256 : str
        Fingerprint of the data the input came from, for the provenance; "" if it was typed in.
    resume : Pairs, optional
        A partial answer to the same request of the same network: what was looked at is kept.

    Raises
    ------
    InvalidRequest
        If the input does not fit the network, or the goal is reached already.
    UnsupportedNetwork
        If an operation of the network is neither piecewise linear nor one of the curves that are known.

    Notes
    -----
    A snapshot goes to ``job.partial`` after each answer.
    """
    started = time.perf_counter()
    job.progress(0, 1, "reading the network")
    lowered = lower(network, curved=True)
    verdict, value = verdict_of(request.input, request.goal, lowered, network)
    goal, made = lowered.head.before(request.goal), made_by(network, data_sha256, started)
    if resume is not None and resume.request == request and resume.provenance.network_sha256 == network.sha256:
        found = replace(resume, status="partial")
        started -= resume.provenance.seconds
    else:
        order = promising_order(request, ranked_features(request.input, request.freedom, goal, lowered, job))
        found = _nothing_yet(request, verdict, value, order, made)
    job.partial(found)
    answers = PairAnswers(request, lowered, goal)
    names = request.features
    for place, (first, second) in enumerate(found.order.tolist()):
        job.check()
        if found.done[first, second]:
            continue
        words = names[first] if first == second else f"{names[first]} × {names[second]}"
        job.progress(place, len(found.order), words)
        began = time.perf_counter()
        answer = answers.answer(first, second, job)
        made = replace(made, seconds=time.perf_counter() - started)
        found = replace(_with_answer(found, first, second, answer, time.perf_counter() - began), provenance=made)
        job.partial(found)
    job.progress(len(found.order), len(found.order))
    return replace(found, status="complete", provenance=replace(made, seconds=time.perf_counter() - started))


def promising_order(request: PairsRequest, suggestions: tuple[Suggestion, ...]) -> IntArray:
    """All features alone and then all pairs (p, 2), each by the better, and then by both, of their estimates."""
    place = {name: index for index, name in enumerate(request.features)}
    ranked = [place[one.name] for one in suggestions]
    singles = [(one, one) for one in ranked]
    ranks = range(len(ranked))
    pairs = [(min(ranked[i], ranked[j]), max(ranked[i], ranked[j])) for i in ranks for j in ranks if i < j]
    return np.array([*singles, *pairs], dtype=np.intp)


def _nothing_yet(
    request: PairsRequest, verdict: int, value: float | None, order: IntArray, provenance: Provenance
) -> Pairs:
    """Before anything was looked at."""
    count = len(request.features)
    unknown = np.full((count, count), np.nan)
    return Pairs(
        request=request,
        status="partial",
        verdict=verdict,
        value=value,
        order=order,
        distance=unknown,
        lower_bound=unknown,
        proof=np.full((count, count), CODES.index("unknown"), np.uint8),
        centres=np.full((count, count, 2), np.nan),
        seconds=unknown,
        provenance=provenance,
    )


def _with_answer(found: Pairs, first: int, second: int, answer: PairAnswer, seconds: float) -> Pairs:
    """The matrix with one more entry, in both triangles."""
    distance, lower_bound, taken = (array.copy() for array in (found.distance, found.lower_bound, found.seconds))
    proof, centres = found.proof.copy(), found.centres.copy()
    for row, column, centre in ((first, second, answer.centre), (second, first, answer.centre[::-1])):
        distance[row, column], lower_bound[row, column] = answer.distance, answer.lower_bound
        taken[row, column], proof[row, column] = seconds, CODES.index(answer.proof)
        centres[row, column] = centre
    return replace(
        found,
        distance=distance,
        lower_bound=lower_bound,
        seconds=taken,
        proof=proof,
        centres=centres,
        lanes=(*found.lanes, answer.lanes) if answer.lanes is not None else found.lanes,
        tables=(*found.tables, answer.table) if answer.table is not None else found.tables,
    )
