"""The boxes of centres that a search has still to look at, the most promising first."""

from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
MOST_NEAR = 8192
MOST_NUMBERS = 60_000_000  # 480 MB; beyond, the least promising half is laid aside and holds the bound down


@dataclass(frozen=True, kw_only=True, eq=False)
class Nodes:
    """n boxes of centres, with what is known about each.

    A centre in the box can only be stable if, in one of the alternatives, ``slopes · u + constants ≥ 0``.
    """

    low: FloatArray = field(repr=False)  # (n, k)
    high: FloatArray = field(repr=False)  # (n, k)
    lanes: IntArray = field(repr=False)  # (n,)
    bounds: FloatArray = field(repr=False)  # (n,), no stable centre in the box costs less
    offsets: FloatArray = field(repr=False)  # (n, k), where boxes around these centres are likely to be rejected
    slopes: FloatArray = field(repr=False)  # (n, alternatives, k)
    constants: FloatArray = field(repr=False)  # (n, alternatives)
    spans: FloatArray = field(repr=False)  # (n, k), half-widths of the box in which the network was enclosed last
    tilts: FloatArray = field(repr=False)  # (n, k), slopes of the bound there, by the moved centre
    blame: FloatArray = field(repr=False)  # (n, k), which handles made the bounds loose there
    pulls: FloatArray = field(repr=False)  # (n, k), which handles keep a rejected point out of reach of all centres
    looseness: FloatArray = field(repr=False)  # (n,), by how much the bounds were above the network there

    def __len__(self) -> int:
        return len(self.bounds)

    def part(self, which: IntArray | Mask | slice) -> "Nodes":
        """Some of them."""
        return Nodes(**{one.name: getattr(self, one.name)[which] for one in fields(self)})

    def followed_by(self, others: "Nodes") -> "Nodes":
        """Both."""
        return Nodes(
            **{one.name: np.concatenate([getattr(self, one.name), getattr(others, one.name)]) for one in fields(self)}
        )


class Frontier:
    """Open nodes. What is taken out or laid aside is never forgotten in `lowest`.

    The promising ones are kept apart and in order, so that taking some of them costs the same however many there are.
    """

    def __init__(self, first: Nodes) -> None:
        self._near = first.part(np.argsort(first.bounds, kind="stable"))  # sorted; every bound at most `_limit`
        self._far: list[Nodes] = []  # in no order; every bound at least `_limit`
        self._limit = np.inf
        self.aside = np.inf  # the least bound of what was given up

    def __len__(self) -> int:
        return len(self._near) + sum(len(nodes) for nodes in self._far)

    @property
    def lowest(self) -> float:
        """The least bound of all that is open or laid aside; infinite if nothing is."""
        parts = [nodes.bounds for nodes in (self._near, *self._far) if len(nodes)]
        return float(min([self.aside, *(part.min() for part in parts)]))

    def add(self, nodes: Nodes) -> None:
        """More open nodes."""
        near = nodes.bounds < self._limit
        if near.any():
            merged = self._near.followed_by(nodes.part(near))
            self._near = merged.part(np.argsort(merged.bounds, kind="stable"))
        if not near.all():
            self._far.append(nodes.part(~near))
        if len(self._near) > MOST_NEAR:
            self._limit = float(self._near.bounds[MOST_NEAR // 2])
            self._far.append(self._near.part(slice(MOST_NEAR // 2, None)))
            self._near = self._near.part(slice(MOST_NEAR // 2))

    def give_up(self, bounds: FloatArray) -> None:
        """Nodes that nobody looks at any more; they hold the bound down."""
        self.aside = float(min([self.aside, *bounds]))

    def take(self, count: int) -> Nodes:
        """The most promising ones, out of the frontier."""
        if not len(self._near) and self._far:
            self._refill()
        taken, self._near = self._near.part(slice(count)), self._near.part(slice(count, None))
        return taken

    def _refill(self) -> None:
        nodes = self._far[0]
        for more in self._far[1:]:
            nodes = nodes.followed_by(more)
        order = np.argsort(nodes.bounds, kind="stable")
        if len(order) * sum(getattr(nodes, one.name)[:1].size for one in fields(nodes)) > MOST_NUMBERS:
            kept = len(order) // 2
            self.give_up(nodes.bounds[order[kept:]])
            order = order[:kept]
        near, far = order[: MOST_NEAR // 2], order[MOST_NEAR // 2 :]
        self._near = nodes.part(near)
        self._far = [nodes.part(far)] if len(far) else []
        self._limit = float(nodes.bounds[far].min()) if len(far) else np.inf
