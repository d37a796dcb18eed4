"""At which offset a box of centres is bounded: where it is rejected most, or where the box to reject is smallest.

A box of centres narrower than the half-widths e leaves a core of points that lie within e of all of its centres. One
rejected point of the core speaks against every centre at once, and the network need not be enclosed anywhere else.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.proving import TINY
from core.corrections.search.adversary import Adversary
from core.corrections.search.frontier import Nodes
from core.corrections.search.pruning import middles

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
# Of a node's half-width, how far an offset is kept away from e: with all of it the moved box is a single point.
MARGINS = np.array([0.0, 0.25, 0.5, 0.75, 0.9, 1.0])
NEWEST = 6  # remembered offsets that are tried on every node
CORNERS = 8  # that are tried at the middle of a node
BLOWN_UP = 1e6  # a looseness that is as good as infinite
SMALL = 0.02  # of the half-widths
STEEP = 6  # power of the width that looseness grows with, about: measured on networks of five and of eight layers
CAREFUL = 4.0  # times as loose as that says; a bound that turns out to be loose costs more than one that says less
HOPELESS = 1e-9  # share of a node's width that counts as no width at all
SURE = 1e-5  # of the largest lead about: by less than this float32 may be wrong


@dataclass(frozen=True, kw_only=True, eq=False)
class Steered:
    """For n nodes, where to bound them and what was seen on the way."""

    offsets: FloatArray = field(repr=False)  # (n, k)
    leads: FloatArray = field(repr=False)  # (n,), the least that was met at the cheapest point or all over the core
    pulls: FloatArray = field(repr=False)  # (n, k), what a handle's width adds to the lead at the best offset

    def with_part(self, which: IntArray, part: "Steered") -> "Steered":
        """With the answers for some of the nodes put in."""
        offsets, leads, pulls = self.offsets.copy(), self.leads.copy(), self.pulls.copy()
        offsets[which], leads[which], pulls[which] = part.offsets, part.leads, part.pulls
        return Steered(offsets=offsets, leads=leads, pulls=pulls)


def steered(adversary: Adversary, nodes: Nodes, points: FloatArray) -> Steered:
    """For every node an offset to bound it at.

    Parameters
    ----------
    points : (n, k) array
        Of each node the cheapest point that its planes allow.
    """
    none = np.zeros_like(points)
    if adversary.trivial:
        leads = adversary.leads(points, nodes.lanes, np.zeros((1, points.shape[1])))[:, 0]
        return Steered(offsets=nodes.offsets, leads=leads, pulls=none)
    offsets, leads = _by_the_core(adversary, nodes)
    found = Steered(offsets=offsets, leads=leads, pulls=none)
    left = np.flatnonzero(leads == np.inf)
    return found.with_part(left, _by_bounds(adversary, nodes.part(left), points[left])) if len(left) else found


def _by_the_core(adversary: Adversary, nodes: Nodes) -> tuple[FloatArray, FloatArray]:
    """Offsets (n, k) of rejected points of the core, and the leads (n,) there: infinite where none was found."""
    offsets, leads = nodes.offsets.copy(), np.full(len(nodes), np.inf)
    centres, halves = middles(nodes.low, nodes.high)
    core = adversary.half_widths - halves
    left = np.flatnonzero((core >= 0).all(axis=1))
    own = np.stack([nodes.offsets, _lowest_corner(adversary, nodes)], axis=1)
    known = np.concatenate([adversary.remembered[-NEWEST:], adversary.corners, np.zeros((1, core.shape[1]))])
    for tried in (own, np.broadcast_to(known, (len(nodes), *known.shape))):
        if not len(left):
            break
        within = np.clip(tried[left], -core[left, None], core[left, None])
        found, lead = adversary.best_of(centres[left], nodes.lanes[left], within)
        sure = lead < -SURE * np.abs(lead).max()
        offsets[left[sure]], leads[left[sure]] = found[sure], lead[sure]
        left = left[~sure]
    return offsets, leads


def _by_bounds(adversary: Adversary, nodes: Nodes, points: FloatArray) -> Steered:
    """Offsets that promise the strongest bounds.

    Notes
    -----
    The offset with the least lead at the cheapest point gives the strongest plane; one that is kept away from e, the
    smallest box to be rejected. The latter is taken if it can be expected to exclude the node altogether, or where
    bounds are still so loose that a plane says nothing: the expected bound is the lead at the moved centre, plus what
    the slopes do within the box that is left, plus how loose the bound will be. That is foretold from the parent: it
    grows with a high power of the width, and each handle's share of the width counts by its share of the blame.
    """
    worst, lead = _worst(adversary, nodes, points)
    inside, pulls = _in_the_middle(adversary, nodes, worst)
    centres, halves = middles(nodes.low, nodes.high)
    room = np.maximum(adversary.half_widths - MARGINS[:, None] * halves[:, None], 0.0)
    kept = [np.clip(offset[:, None], -room, room) for offset in (worst, inside)]
    parts = np.concatenate([*kept, _deepest(adversary, nodes, room[:, -1:])[:, None]], axis=1)
    leads = adversary.leads(centres, nodes.lanes, parts)
    spans = np.maximum(halves[:, None] - (adversary.half_widths - np.abs(parts)), 0.0)
    known = np.nan_to_num(np.minimum(nodes.looseness, BLOWN_UP), nan=BLOWN_UP)
    missing = np.maximum(-lead, TINY)
    # The slopes of a bound that is far off are as far off themselves.
    trusted = np.minimum(1.0, missing / np.maximum(known, TINY))
    moved = trusted[:, None] * (np.abs(nodes.tilts)[:, None] * spans).sum(axis=2)
    loose = _shrunk(nodes, halves, spans) ** STEEP * (CAREFUL * known + missing)[:, None]
    expected = np.where(leads < 0, leads + moved + loose, np.inf)  # an accepted point excludes nothing
    best = expected.argmin(axis=1)
    places = np.arange(len(nodes))
    smaller = (expected[places, best] <= 0) | ((known > -lead) & (leads[places, best] < 0))
    return Steered(offsets=np.where(smaller[:, None], parts[places, best], worst), leads=lead, pulls=pulls)


def _shrunk(nodes: Nodes, halves: FloatArray, spans: FloatArray) -> FloatArray:
    """(n, m), to which share of the parent's width boxes of half-widths (n, m, k) have come down, 1 at most."""
    before = np.maximum(nodes.spans, HOPELESS * halves + TINY)
    guilt = nodes.blame / np.maximum(nodes.blame.sum(axis=1, keepdims=True), TINY)
    share: FloatArray = (np.minimum(spans / before[:, None], 1.0) * guilt[:, None]).sum(axis=2)
    return share


def _deepest(adversary: Adversary, nodes: Nodes, room: FloatArray) -> FloatArray:
    """The offset (n, k) within the core, ±room (n, 1, k), with the least lead at the middle of each node."""
    known = np.concatenate([adversary.remembered[-NEWEST:], adversary.corners])
    centres, _ = middles(nodes.low, nodes.high)
    return adversary.best_of(centres, nodes.lanes, np.clip(known, -room, room))[0]


def _in_the_middle(adversary: Adversary, nodes: Nodes, worst: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The offset (n, k) with the least lead at the middle of each node, and the pulls (n, k) of the handles.

    A handle whose node is wide keeps this offset out of the core, however tight all bounds are. Its pull is what the
    lead gains when only this handle is kept to the core, and what it loses when only this one is half as wide.
    """
    centres, halves = middles(nodes.low, nodes.high)
    corners = adversary.some_corners(CORNERS)
    corners = np.broadcast_to(corners, (len(nodes), *corners.shape))
    tried = np.concatenate([worst[:, None], _lowest_corner(adversary, nodes)[:, None], corners], axis=1)
    inside, least = adversary.best_of(centres, nodes.lanes, tried)
    core, half = (np.maximum(adversary.half_widths - share * halves, 0.0) for share in (1.0, 0.5))
    kept, nearer = np.clip(inside, -core, core)[:, None], np.clip(inside, -half, half)[:, None]
    handles = halves.shape[1]
    single = np.eye(handles, dtype=np.bool_)
    moved = np.concatenate([kept, np.where(single, nearer, kept), np.where(single, kept, inside[:, None])], axis=1)
    leads = adversary.leads(centres, nodes.lanes, moved)
    lost = np.maximum(leads[:, :1] - leads[:, 1 : 1 + handles], 0.0)
    gained = np.maximum(leads[:, 1 + handles :] - least[:, None], 0.0)
    return inside, np.where((least < 0)[:, None], lost + gained, 0.0)


def _lowest_corner(adversary: Adversary, nodes: Nodes) -> FloatArray:
    """(n, k), where the bound of the parent is least."""
    return np.asarray(-np.sign(nodes.tilts) * adversary.half_widths)


def _worst(adversary: Adversary, nodes: Nodes, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The offset with the least lead at each node's cheapest point."""
    corner = _lowest_corner(adversary, nodes)
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
