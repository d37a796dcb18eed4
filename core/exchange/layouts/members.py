"""Who takes part in a layout: networks with the batch size they were trained with, and their results."""

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from core.exchange.words import whole
from core.landscape.curve import Curve
from core.landscape.plane import EigenDirections, FileDirections
from core.session.document import DatasetItem, Document, NetworkItem, Result, ResultItem, RunItem
from core.spectrum.spectrum import Spectrum

ENOUGH = 1000  # samples; the fewer there are, the more top eigenvalues are biased upwards


@dataclass(frozen=True, kw_only=True, eq=False)
class Member:
    """A network, or for Figure 5 a training, that may not have a network yet."""

    id: str  # by which it is chosen: of the network, of the run, or of a history whose run is gone
    name: str
    network: NetworkItem | None
    run: RunItem | None
    batch: float  # samples of an update at first; NaN: not known
    results: tuple[ResultItem, ...]  # of its network, in the order of the session

    @property
    def label(self) -> str:
        """The name, with the batch size where the name does not say it."""
        if math.isnan(self.batch) or re.search(rf"batch\D{{0,8}}{int(self.batch)}\b", self.name, re.IGNORECASE):
            return self.name
        return f"{self.name} (batch {whole(int(self.batch))})"


def batch_size(run: RunItem | None) -> float:
    """Samples of an update at first: what was asked for, or all there were where that is less. NaN without a run."""
    if run is None:
        return math.nan
    made, request = run.run.provenance, run.run.request
    return float(min(request.batch_size, made.samples) if made.samples else request.batch_size)


def network_members(document: Document, suits: Callable[[Result], bool]) -> tuple[Member, ...]:
    """Networks that came of a training, or have such a result: by batch size, those without one last."""
    runs = {run.network_id: run for run in document.runs if run.network_id}
    found = []
    for network in document.networks:
        results = tuple(item for item in document.results if item.network_id == network.id)
        run = runs.get(network.id)
        if run is not None or any(suits(item.result) for item in results):
            found.append(
                Member(
                    id=network.id,
                    name=network.name,
                    network=network,
                    run=run,
                    batch=batch_size(run),
                    results=results,
                )
            )
    return by_batch(found)


def by_batch(members: Sequence[Member]) -> tuple[Member, ...]:
    """From the smallest batch to the largest, then in the order of the session."""
    return tuple(sorted(members, key=lambda member: (math.isnan(member.batch), member.batch)))


def chosen_of(members: Sequence[Member], chosen: Sequence[str] | None) -> tuple[Member, ...]:
    """Those that are wanted, in their order; all without a wish."""
    return tuple(members if chosen is None else (member for member in members if member.id in chosen))


def newest_alike(
    members: Sequence[Member], suits: Callable[[Result], bool], key: Callable[[Result], Hashable]
) -> tuple[ResultItem | None, ...]:
    """One result of each member, all made in the same way as far as that is possible, and the newest of those.

    Parameters
    ----------
    key : callable
        What of a result must be the same for two of them to be compared.
    """
    suitable = [[item for item in member.results if suits(item.result)] for member in members]
    counts = Counter(made for items in suitable for made in {key(item.result) for item in items})
    newest = {key(item.result): item.created_utc for items in suitable for item in items}
    best = max(counts, key=lambda made: (counts[made], newest[made]), default=None)
    chosen = []
    for items in suitable:
        alike = [item for item in items if key(item.result) == best] or items
        chosen.append(alike[-1] if alike else None)
    return tuple(chosen)


def is_whole_hessian(result: Result) -> bool:
    """Whether it is a spectrum of all weights' Hessian, with its eigenvalues of largest magnitude first."""
    if not isinstance(result, Spectrum) or not len(result.eigenvalues):
        return False
    request = result.request
    whole_network = not request.layers and not request.weights_only
    return request.matrix == "hessian" and request.end == "magnitude" and whole_network


def is_along_first(result: Result) -> bool:
    """Whether it is the loss along the first eigenvector, in lengths of the change."""
    if not isinstance(result, Curve):
        return False
    asked = result.request.directions
    if isinstance(asked, FileDirections):
        return asked.eigenvector == 1
    return isinstance(asked, EigenDirections) and asked.first == 1 and asked.norm == "none"


def samples_key(result: Result) -> Hashable:
    """Data and how many of its samples."""
    return result.provenance.data_sha256, result.provenance.samples


def data_of(member: Member, document: Document) -> str:
    """Id of the data set that something can be computed on: what it learnt from, or was measured on; else the only one.

    "" if none is known.
    """
    known = [member.run.dataset_id] if member.run is not None else []
    known += [item.dataset_id for item in reversed(member.results)]
    if len(document.datasets) == 1:
        known.append(document.datasets[0].id)
    return next((id_ for id_ in known if isinstance(document.items.get(id_), DatasetItem)), "")


def test_of(member: Member, document: Document) -> str:
    """Id of the test set that belongs to it; "" without."""
    known = [member.run.test_id] if member.run is not None else []
    known += [item.test_id for item in reversed(member.results)]
    return next((id_ for id_ in known if isinstance(document.items.get(id_), DatasetItem)), "")


def samples_of(member: Member, document: Document) -> int | None:
    """Samples that its curvature is measured on: `ENOUGH` of those it learnt from, or as many as its training took.

    None, all there are, where it is not known what it learnt from.
    """
    if member.run is None:
        return None
    request, data = member.run.run.request, document.items.get(member.run.dataset_id)
    learnt = request.samples or (data.samples if isinstance(data, DatasetItem) else member.run.run.provenance.samples)
    return min(learnt, max(ENOUGH, request.curvature_samples)) if learnt else None
