"""At which offset a box of centres is bounded: where it is rejected most, or where the box to reject is smallest."""

import numpy as np
import numpy.typing as npt

from core.corrections.search.adversary import Adversary
from core.corrections.search.frontier import Nodes
from core.corrections.search.pruning import middles

FloatArray = npt.NDArray[np.float64]
PARTS = np.array([1.0, 0.75, 0.5, 0.25, 0.0])  # of an offset that are tried
NEWEST = 6  # remembered offsets that are tried on every node
BLOWN_UP = 1e6  # a looseness that is as good as infinite
SMALL = 0.02  # of the half-widths
HOPELESS = 1e-9  # share of a node's width that counts as no width at all


def choose_offsets(adversary: Adversary, nodes: Nodes, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """For every node an offset (n, k) to bound it at, and the least lead (n,) that was met at its cheapest point.

    Parameters
    ----------
    points : (n, k) array
        Of each node the cheapest point that its planes allow.

    Notes
    -----
    The offset with the least lead gives the strongest plane; a part of it, the smallest box to be rejected. The latter
    is taken if it can be expected to exclude the node altogether, or where bounds are still so loose that a plane says
    nothing: the expected bound is the lead at the moved centre,
    plus what the slopes do within the box that is left, plus how loose the parent's bound was, which shrinks with the
    square of the width.
    """
    if adversary.trivial:
        return nodes.offsets, adversary.leads(points, nodes.lanes, np.zeros((1, points.shape[1])))[:, 0]
    worst, lead = _worst(adversary, nodes, points)
    centres, halves = middles(nodes.low, nodes.high)
    parts = worst[:, None] * PARTS[:, None]
    leads = adversary.leads(centres, nodes.lanes, parts)
    spans = np.maximum(halves[:, None] - (adversary.half_widths - np.abs(parts)), 0.0)
    before = np.maximum(nodes.spans, HOPELESS * halves + np.finfo(np.float64).tiny)
    shrunk = np.minimum(spans / before[:, None], 1.0).max(axis=2)
    known = np.nan_to_num(np.minimum(nodes.looseness, BLOWN_UP), nan=BLOWN_UP)
    expected = leads + (np.abs(nodes.tilts)[:, None] * spans).sum(axis=2) + shrunk**2 * known[:, None]
    expected = np.where(leads < 0, expected, np.inf)  # an accepted point excludes nothing
    best = expected.argmin(axis=1)
    places = np.arange(len(nodes))
    smaller = (expected[places, best] <= 0) | ((known > -lead) & (leads[places, best] < 0))
    return np.where(smaller[:, None], parts[places, best], worst), lead


def _worst(adversary: Adversary, nodes: Nodes, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The offset with the least lead at each node's cheapest point."""
    corner = -np.sign(nodes.tilts) * adversary.half_widths
    newest = adversary.remembered[-NEWEST:]
    newest = np.broadcast_to(newest, (len(nodes), *newest.shape))
    tried = np.concatenate([nodes.offsets[:, None], corner[:, None], newest], axis=1)
    worst, lead = adversary.best_of(points, nodes.lanes, tried)
    # Where it could not exclude the node even if the network were linear there, look around for a better one.
    weak = np.flatnonzero(lead > -0.5 * (np.abs(nodes.tilts) * (nodes.high - nodes.low)).sum(axis=1))
    if len(weak):
        worst, lead = worst.copy(), lead.copy()
        # Beside the box a small node is as good as a point: where that is rejected at all, it is worth finding out.
        small = (nodes.high[weak] - nodes.low[weak] <= SMALL * adversary.half_widths).all(axis=1)
        for some, thorough in ((weak[small], True), (weak[~small], False)):
            if len(some):
                found, least = adversary.attack(points[some], nodes.lanes[some], thorough=thorough)
                better = least < lead[some]
                worst[some[better]], lead[some[better]] = found[better], least[better]
    return worst, lead
