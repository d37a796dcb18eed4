"""The corrections engine: one request in, one exact answer out."""

import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely
import torch

from core.corrections.bounds.proving import Proof as Proved
from core.corrections.bounds.proving import prove_box
from core.corrections.bounds.restriction import Restriction
from core.corrections.correction import NO_CLASS, Box, Correction, CorrectionRequest, Polygon, Proof
from core.corrections.goal import Goal
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.slices.exact import exact_slice
from core.corrections.slices.outline import polygons_of
from core.corrections.slices.regions import AcceptedRegion, accepted_region
from core.corrections.slices.simple_forms import with_simple_forms
from core.corrections.slices.stability import ALLOWANCE, nearest_point, stable_centres
from core.corrections.slices.tradeoff_tracing import trace_tradeoff
from core.errors import InvalidRequest
from core.job import JobContext, Stage
from core.networks.network import Network
from core.provenance import Provenance, software_versions

FloatArray = npt.NDArray[np.float64]


def compute_correction(request: CorrectionRequest, network: Network, data_sha256: str, job: JobContext) -> Correction:
    """The exact accepted region of the slice, and the nearest stable correction in it with its proof.

    Parameters
    ----------
    request : CorrectionRequest
        The two ranges need not hold the input itself: then a change into them is part of the correction.
    data_sha256 : str
        Fingerprint of the data the input came from, for the provenance; "" if it was typed in.

    Returns
    -------
    Correction
        ``centre`` None with proof "none_exists": no point of the slice is stable, not even of the region with the
        margin added on the other side. With "unknown": only within that margin there may be one. "proved" was checked a
        second time, by bounds that know nothing of the regions.

    Raises
    ------
    InvalidRequest
        If the input does not fit the network, or the goal is reached already.
    UnsupportedNetwork
        If the network is not piecewise linear.

    Notes
    -----
    A first snapshot with the regions, without the stable set, goes to ``job.partial``, and one with everything but the
    curve of the distance over the stability.
    """
    started = time.perf_counter()
    job.progress(0, 4, "reading the network")
    lowered = lower(network)
    verdict, value = _verdict(request, lowered, network)
    goal = lowered.head.before(request.wanted)
    base = np.array(request.input)
    x, y = request.free
    cells = exact_slice(lowered, base, request.columns, (x.low, x.high), (y.low, y.high), Stage(job, "linear pieces"))
    job.progress(1, 4, "accepted region")
    region = accepted_region(cells, goal, job)
    found = Correction(
        request=request,
        status="partial",
        verdict=verdict,
        value=value,
        cells=cells.cells,
        accepted=_ranked(region.inner, request),
        stable=(),
        accepted_share=float(region.inner.area / cells.area),
        margin=region.margin,
        centre=None,
        distance=None,
        lower_bound=None,
        proof="unknown",
        box=None,
        provenance=_provenance(network, data_sha256, started),
    )
    job.partial(found)
    job.progress(2, 4, "stable set")
    found = _with_nearest(found, region)
    job.progress(3, 4, "proof of the box")
    restricted = Restriction.of(lowered, cells.subspace)  # for bounds that know nothing of the regions
    found = _with_proof(found, restricted, goal, job)
    found = with_simple_forms(found, region.inner, restricted, goal, Stage(job, "simple forms"))
    job.partial(found)
    found = replace(found, tradeoff=trace_tradeoff(request, region, Stage(job, "minimal against stable")))
    job.progress(4, 4)
    return replace(found, status="complete", provenance=_provenance(network, data_sha256, started))


def _verdict(request: CorrectionRequest, lowered: PiecewiseLinear, network: Network) -> tuple[int, float | None]:
    """The class that the network gives to the input, or `NO_CLASS` and the value."""
    if len(request.input) != lowered.inputs:
        raise InvalidRequest(
            f'The input has {len(request.input)} columns, "{network.name}" takes {lowered.inputs}. Choose a row of the '
            "data that the network was trained on."
        )
    goal = request.wanted
    outputs = lowered.forward(np.array([request.input]))
    accepted = bool(lowered.head.before(goal).leads(outputs)[0] > 0)
    value = float(lowered.head.applied(outputs)[0, 0])
    verdict = NO_CLASS if goal.by_value else int(outputs[0].argmax())
    if accepted:
        named = str(verdict) if not network.card.classes else f'"{network.card.classes[verdict]}"'
        said = f"judged {value:g}, which is {goal.words(str)}" if goal.by_value else f"judged {named}"
        raise InvalidRequest(
            f"This input is already {said}, so there is nothing to correct. Choose another row or target."
        )
    return verdict, value if goal.by_value else None


def _ranked(region: shapely.MultiPolygon, request: CorrectionRequest) -> tuple[Polygon, ...]:
    """The connected parts, the cheapest to reach first."""
    parts = [shapely.MultiPolygon([part]) for part in region.geoms]

    def cost(part: shapely.MultiPolygon) -> float:
        nearest = nearest_point(part, request.point, request.weights, request.norm)
        return np.inf if nearest is None else nearest[1]

    return tuple(polygon for part in sorted(parts, key=cost) for polygon in polygons_of(part))


def _with_nearest(found: Correction, region: AcceptedRegion) -> Correction:
    """Add the stable set, the nearest centre in it, and the distance below which there is none."""
    request = found.request
    stable = stable_centres(region.inner, request.bounds, request.half_width)
    possible = stable_centres(region.outer, request.bounds, request.half_width, -ALLOWANCE)
    limit = nearest_point(possible, request.point, request.weights, request.norm)
    nearest = nearest_point(stable, request.point, request.weights, request.norm)
    proof: Proof = "none_exists" if limit is None else "unknown"
    if nearest is None:
        return replace(found, proof=proof, lower_bound=None if limit is None else limit[1])
    centre, distance = nearest
    lower_bound = 0.0 if limit is None else min(limit[1], distance)
    return replace(
        found,
        stable=polygons_of(stable),
        centre=centre,
        distance=distance,
        lower_bound=lower_bound,
        proof="unknown",
        box=Box(centre=centre, half_width=request.half_width),
    )


def _with_proof(found: Correction, restricted: Restriction, goal: Goal, job: JobContext) -> Correction:
    """Let the independent bounds have the last word about the box."""
    if found.box is None:
        return found
    low, high = np.reshape(found.box.bounds, (2, 2))
    answer = prove_box(restricted, goal, low, high, job)
    proof: Proof = "proved" if isinstance(answer, Proved) else "unknown"
    return replace(found, proof=proof, box=replace(found.box, proof=proof))


def _provenance(network: Network, data_sha256: str, started: float) -> Provenance:
    return Provenance(
        network_sha256=network.sha256,
        data_sha256=data_sha256,
        samples=1,
        seconds=time.perf_counter() - started,
        threads=torch.get_num_threads(),
        dtype="float64",
        device="cpu",
        versions=software_versions(),
    )
