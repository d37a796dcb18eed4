"""The corrections engine: one request in, one exact answer out."""

import time
from dataclasses import replace

import numpy as np
import shapely

from core.corrections.bounds.restriction import Restriction
from core.corrections.engines.proof import proof_of_box
from core.corrections.engines.verdict import made_by, verdict_of
from core.corrections.network.lowering import lower
from core.corrections.records.correction import Box, Correction, CorrectionRequest, Polygon
from core.corrections.slices.exact import subspace_slice
from core.corrections.slices.nearest import nearest_in_slice
from core.corrections.slices.outline import polygons_of
from core.corrections.slices.regions import AcceptedRegion, accepted_region
from core.corrections.slices.simple_forms import with_simple_forms
from core.corrections.slices.stability import nearest_point
from core.corrections.slices.tradeoff_tracing import trace_tradeoff
from core.job import JobContext, Stage
from core.networks.network import Network


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
    verdict, value = verdict_of(request.input, request.wanted, lowered, network)
    goal = lowered.head.before(request.wanted)
    x, y = request.free
    stage = Stage(job, "linear pieces")
    cells = subspace_slice(lowered, request.subspace, (x.low, x.high), (y.low, y.high), stage)
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
        provenance=made_by(network, data_sha256, started),
    )
    job.partial(found)
    job.progress(2, 4, "stable set")
    found = _with_nearest(found, region)
    job.progress(3, 4, "proof of the box")
    restricted = Restriction.of(lowered, cells.subspace)  # for bounds that know nothing of the regions
    if found.box is not None:
        proof = proof_of_box(restricted, goal, found.box.centre, found.box.half_width, job)
        found = replace(found, proof=proof, box=replace(found.box, proof=proof))
    found = with_simple_forms(found, region.inner, restricted, goal, Stage(job, "simple forms"))
    job.partial(found)
    found = replace(found, tradeoff=trace_tradeoff(request, region, Stage(job, "minimal against stable")))
    job.progress(4, 4)
    return replace(found, status="complete", provenance=made_by(network, data_sha256, started))


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
    nearest = nearest_in_slice(
        region, request.bounds, request.half_width, request.point, request.weights, request.norm, request.steps
    )
    return replace(
        found,
        stable=polygons_of(nearest.stable),
        centre=nearest.centre,
        distance=nearest.distance,
        lower_bound=nearest.lower_bound,
        proof=nearest.proof,
        box=None if nearest.centre is None else Box(centre=nearest.centre, half_width=request.half_width),
    )
