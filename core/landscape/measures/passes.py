"""The lowest passes between the networks that lie in a plane."""

from collections.abc import Sequence

from core.landscape.measures.basins import WAY_SOURCE
from core.landscape.measures.field import Field
from core.landscape.measures.measure import Measure, amount
from core.landscape.measures.persistence import MergeTree
from core.landscape.plane import Anchor


def pass_measures(field: Field, tree: MergeTree, anchors: Sequence[Anchor], caveat: str) -> tuple[Measure, ...]:
    """The lowest passes between the networks that lie in the plane."""
    placed = [("the network", (0.0, 0.0)), *((anchor.name, (anchor.x, anchor.y)) for anchor in anchors)]
    places = [(name, field.nearest(*at)) for name, at in placed]
    found = [(number, name, at) for number, (name, at) in enumerate(places) if at is not None]
    return tuple(
        _pass_measure(field, tree, first, second, caveat)
        for index, first in enumerate(found)
        for second in found[index + 1 :]
    )


def _pass_measure(
    field: Field,
    tree: MergeTree,
    first: tuple[int, str, tuple[int, int]],
    second: tuple[int, str, tuple[int, int]],
    caveat: str,
) -> Measure:
    a, b = (at[0] * tree.shape[1] + at[1] for _, _, at in (first, second))
    loss = field.loss.ravel()
    way = tree.lowest_pass(a, b)
    value = float("nan") if way is None else float(loss[way[1]] - max(loss[a], loss[b]))
    return Measure(
        key=f"pass-{first[0]}-{second[0]}",
        name=f"Pass between {first[1]} and {second[1]}",
        value=value,
        unit=field.unit,
        text="unknown: no way of finite loss"
        if way is None
        else f"{amount(value, field.unit)} above the higher of the two",
        definition=(
            "Of all ways over the grid (to eight neighbours) from the grid point nearest to one network to that "
            "nearest to the other, the one whose highest point is lowest: its loss there, less the larger of the two "
            "losses at the ends. 0: a way leads down without a rise. Ways outside the plane may be lower still."
        ),
        source=WAY_SOURCE,
        caveat=caveat,
    )
