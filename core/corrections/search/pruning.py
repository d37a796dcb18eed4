"""What boxes of centres can be spared: no stable centre lies beyond a plane, too far away, or off the lattice.

A centre u is stable if its whole box u ± e is accepted, so every point within e of it must be. For a box of centres one
such point is chosen as a function of the centre, ``middle + move + share · (u − middle)``; the network is enclosed over
where it goes, and where the enclosure is not positive no centre is stable.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.corrections.bounds.demands import Rows
from core.corrections.bounds.enclosure import Boxes
from core.corrections.bounds.proving import TINY, halves_of, handles_to_cut
from core.corrections.bounds.restriction import Restriction
from core.corrections.search.distances import Distance, elsewhere_of
from core.corrections.search.frontier import Nodes
from core.corrections.search.question import Question
from core.corrections.slices.rounding import gamma

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
SHARE_ROOM = 1e-12


class Pruning:
    """Bounds for nodes of one question."""

    def __init__(self, question: Question, network: Restriction, rows: Rows, distance: Distance) -> None:
        self._question = question
        self._network = network
        self._rows = rows
        self._distance = distance
        self._lane_costs = question.lane_costs
        self._elsewhere = elsewhere_of(question)

    def roots(self) -> Nodes:
        """All of the ranges, once for every lane; none if no box fits into the ranges."""
        low, high = self._question.room
        lanes = self._question.open_lanes if (low <= high).all() else np.zeros(0, np.intp)
        count = len(lanes)
        handles, alternatives = len(low), len(self._rows.starts)
        lows, highs = np.tile(low, (count, 1)), np.tile(high, (count, 1))
        return Nodes(
            low=lows,
            high=highs,
            lanes=lanes,
            bounds=self._distance.from_box(lows, highs) + self._lane_costs[lanes],
            offsets=np.zeros((count, handles)),
            slopes=np.zeros((count, alternatives, handles)),
            constants=np.zeros((count, alternatives)),
            spans=np.full((count, handles), np.inf),
            tilts=np.zeros((count, handles)),
            looseness=np.full(count, np.inf),
            blame=np.zeros((count, handles)),
            pulls=np.zeros((count, handles)),
        )

    def within_reach(self, nodes: Nodes, cost: float) -> Nodes:
        """Nodes without the parts that cost more, and without those that lie wholly where no answer is wanted."""
        for distance, lane in self._elsewhere:
            near = distance.to_far_corner(nodes.low, nodes.high) < self._question.apart
            nodes = nodes.part(np.asarray(~(near & (nodes.lanes == lane))))
        if not np.isfinite(cost):
            return nodes
        limit = np.maximum(cost - self._lane_costs[nodes.lanes], 0.0)
        return _kept(nodes, *self._question.lattice.inward(*self._distance.reach(nodes.low, nodes.high, limit)))

    def bounded(self, nodes: Nodes) -> Nodes:
        """Nodes with the planes beyond which their stable centres lie, and with the bounds that follow."""
        centres, halves = middles(nodes.low, nodes.high)
        moves, shares = self._moves(nodes)
        boxes = _reached(centres, halves, moves, shares, nodes.lanes)
        upper = self._rows.above(self._network, boxes)
        at_centre, tilts = -upper.middle, -upper.slopes
        # The bound is a linear function of the moved point; here it becomes one of the centre.
        still = (1 - shares) * centres
        shift = moves + still - boxes.centres
        sizes = np.abs(centres) + np.abs(moves) + np.abs(still) + np.abs(boxes.centres)
        doubt = np.matmul(np.abs(tilts), sizes[:, :, None])[:, :, 0] + np.abs(at_centre)
        constants = at_centre + np.matmul(tilts, shift[:, :, None])[:, :, 0]
        constants += gamma(self._network.handles + 16) * doubt
        leads = self._rows.leads(self._network.at(boxes.centres, nodes.lanes))
        looseness = np.maximum(self._rows.of_rows(at_centre) - leads, 0.0)
        nodes = replace(nodes, offsets=moves, spans=shares * halves, looseness=looseness, blame=upper.blame)
        return self._with_planes(nodes, tilts * shares[:, None], constants, tilts)

    def cheapest(self, nodes: Nodes) -> tuple[FloatArray, FloatArray]:
        """The least that a centre in each node can cost by the planes that are known (n,), and where (n, k)."""
        best, where = np.full(len(nodes), np.inf), nodes.low.copy()
        for alternative in range(nodes.slopes.shape[1]):
            costs, points = self._distance.beyond(
                nodes.low, nodes.high, nodes.slopes[:, alternative], nodes.constants[:, alternative]
            )
            better = costs < best
            best, where = np.where(better, costs, best), np.where(better[:, None], points, where)
        return best + self._lane_costs[nodes.lanes], where

    def cheapest_of_all(self, nodes: Nodes) -> FloatArray:
        """The least that a point of each node can cost (n,), stable or not."""
        return np.asarray(self._distance.from_box(nodes.low, nodes.high) + self._lane_costs[nodes.lanes])

    def cut_off(self, nodes: Nodes) -> Nodes:
        """Nodes without what lies wholly on the wrong side of the plane, if there is only one alternative."""
        if nodes.slopes.shape[1] > 1:
            return nodes
        slopes, constant = nodes.slopes[:, 0], nodes.constants[:, 0]
        most = np.maximum(slopes * nodes.low, slopes * nodes.high)
        largest = np.maximum(np.abs(nodes.low), np.abs(nodes.high))
        sizes = np.abs(constant) + (np.abs(slopes) * largest).sum(axis=1)
        rest = constant + most.sum(axis=1) + gamma(slopes.shape[1] + 12) * sizes
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            limit = (most - rest[:, None]) / slopes  # slopes_i u_i ≥ −(constant + the most of all others)
        room = 8 * np.spacing(largest)
        # A limit of NaN, where something overflowed, cuts nothing off.
        low = np.where(slopes > 0, np.fmax(nodes.low, limit - room), nodes.low)
        high = np.where(slopes < 0, np.fmin(nodes.high, limit + room), nodes.high)
        return _kept(nodes, *self._question.lattice.inward(low, high))

    def divisible(self, nodes: Nodes) -> Mask:
        """(n, k), across which handles nodes can be cut."""
        coarse = 16 * np.spacing(np.maximum(np.abs(nodes.low), np.abs(nodes.high)))
        return self._question.lattice.divisible(nodes.low, nodes.high) & (nodes.high - nodes.low > coarse)

    def divided(self, nodes: Nodes) -> Nodes:
        """Both halves of nodes, cut across the handle that loosens the bound most, or keeps a rejected point away."""
        low, high = self._question.room
        moved = np.abs(nodes.slopes).max(axis=1) * (nodes.high - nodes.low) / 2
        sides = (nodes.high - nodes.low) / np.maximum(high - low, TINY)
        cut = handles_to_cut(nodes.blame + nodes.pulls, moved, sides, self.divisible(nodes))
        lows, highs = halves_of(self._question.lattice, nodes.low, nodes.high, cut)
        return replace(nodes.followed_by(nodes), low=lows, high=highs)

    def excluded(self, node: Nodes, offset: FloatArray) -> bool:
        """Whether the network is proved to reject all points of a single node after a move (k,)."""
        boxes = Boxes.between(node.low + offset, node.high + offset, node.lanes)
        return bool(self._rows.of_rows(-self._rows.above(self._network, boxes).lowest())[0] <= 0)

    def _moves(self, nodes: Nodes) -> tuple[FloatArray, FloatArray]:
        """How far centres are moved (n, k), and which share of the node's width is left of it (n, k).

        The moved point is within e of u for every u of the node if ``|move| + (1 − share) · half ≤ e``: the nearer an
        offset is to the middle, the smaller the box that has to be rejected, down to a single point where the node is
        smaller than e. Where a handle goes in steps the moved point must be on the lattice, so it is moved along with u
        or not at all.
        """
        centres, halves = middles(nodes.low, nodes.high)
        room = self._question.half_widths - np.abs(nodes.offsets)
        shares = 1.0 - np.divide(room, halves, out=np.ones_like(halves), where=halves > room)
        shares = np.clip(np.where(halves > 0, shares + SHARE_ROOM, 0.0), 0.0, 1.0)
        lattice = self._question.lattice
        if not lattice.any:
            return nodes.offsets, shares
        stepped, reach = lattice.steps > 0, self._question.half_widths + 1e-6 * lattice.steps
        place = lattice.nearest(centres + nodes.offsets)
        alone = stepped & (place >= nodes.high - reach) & (place <= nodes.low + reach)
        # A part of an offset may be no whole number of steps.
        whole = lattice.of_moves.nearest(nodes.offsets)
        moves = np.where(alone, place - centres, whole)
        return moves, np.where(alone, 0.0, np.where(stepped, 1.0, shares))

    def _with_planes(self, nodes: Nodes, slopes: FloatArray, constants: FloatArray, tilts: FloatArray) -> Nodes:
        """Keep, of every alternative, the row whose plane costs most, and raise the bounds."""
        count, rows, handles = slopes.shape
        low, high = (np.repeat(part, rows, axis=0) for part in (nodes.low, nodes.high))
        costs, _ = self._distance.beyond(low, high, slopes.reshape(-1, handles), constants.reshape(-1))
        costs = costs.reshape(count, rows)
        alternatives = zip(self._rows.starts, self._rows.ends, strict=True)
        hardest = np.stack([begin + costs[:, begin:end].argmax(axis=1) for begin, end in alternatives], axis=1)
        bounds = np.take_along_axis(costs, hardest, axis=1).min(axis=1) + self._lane_costs[nodes.lanes]
        places = np.arange(count)[:, None]
        return replace(
            nodes,
            slopes=slopes[places, hardest],
            constants=constants[places, hardest],
            tilts=tilts[places[:, 0], hardest[:, 0]],
            bounds=np.fmax(nodes.bounds, bounds),
        )


def middles(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Centres (n, k) of boxes, and half-widths that reach both of their ends whatever was rounded."""
    centres = low / 2 + high / 2
    return centres, np.maximum(high - centres, centres - low)


def _reached(centres: FloatArray, halves: FloatArray, moves: FloatArray, shares: FloatArray, lanes: IntArray) -> Boxes:
    """Boxes that hold where the points of others are moved to, exactly.

    A sum may be rounded, and a box so narrow that it shrinks to that one number: it is given room on both sides then.
    """
    low, high = centres + moves - shares * halves, centres + moves + shares * halves
    exact = (moves == 0) & (halves == 0)
    low, high = np.where(exact, low, np.nextafter(low, -np.inf)), np.where(exact, high, np.nextafter(high, np.inf))
    return Boxes.between(low, high, lanes)


def _kept(nodes: Nodes, low: FloatArray, high: FloatArray) -> Nodes:
    """Nodes with these smaller boxes; those that are empty now are gone for good."""
    filled = np.asarray((low <= high).all(axis=1))
    return replace(nodes, low=low, high=high).part(filled)
