"""Basins of a surface, and the lowest way out of the network's own."""

import numpy as np
import numpy.typing as npt

from core.landscape.measures.field import Field
from core.landscape.measures.measure import Measure, amount
from core.landscape.measures.persistence import MergeTree, merge_tree
from core.landscape.surface import LOG_OFFSET

SOURCE = "0-dimensional sublevel-set persistence (Edelsbrunner & Harer 2010, §VII)"
WAY_SOURCE = "Lowest pass (minimax path) of the merge tree, as in energy landscapes of molecules"


def tree_of(field: Field) -> MergeTree:
    """The merge tree of log(loss + 0.1)."""
    return merge_tree(field.height, (float(field.y[1] - field.y[0]), float(field.x[1] - field.x[0])))


def threshold_of(field: Field) -> float:
    """Depth in log(loss + 0.1) that a basin must have to be counted: a bottom and a pass may both be in error."""
    return 2 * field.error


def basin_measures(field: Field, tree: MergeTree, caveat: str) -> tuple[Measure, ...]:
    """How many basins, how deep the deepest beside the first, and the lowest way out of the network's own."""
    threshold = threshold_of(field)
    kept = tree.significant(threshold)
    edge = sum(_at_edge(int(tree.bottom[index]), tree.shape) for index in kept)
    smaller = len(tree.bottom) - len(kept)
    text = f"{len(kept)} ({edge} of them at the plane's edge; {smaller} shallower ones not counted)"
    what = (
        f"The height is log(loss + {LOG_OFFSET}). Flooding the plane from below, a basin begins at every lowest point "
        "and ends where the water joins it to a deeper one; the height from its bottom to that pass is its depth. Grid "
        f"points are joined to their eight neighbours. Basins of a depth up to {threshold:.3g} (about "
        f"{100 * np.expm1(threshold):.0f} % of the loss) are not counted: the error of a surface could make them."
    )
    return (
        Measure(
            key="basins", name="Basins", value=float(len(kept)), unit="", text=text,
            definition=what, source=SOURCE, caveat=caveat,
        ),
        _depth_measure(field, tree, kept[1:], what, caveat),
        _way_out_measure(field, tree, what, caveat),
    )  # fmt: skip


def _depth_measure(field: Field, tree: MergeTree, others: npt.NDArray[np.int64], what: str, caveat: str) -> Measure:
    loss = field.loss.ravel()
    joined = others[tree.pass_at[others] >= 0]
    deepest = joined[tree.persistence[joined].argmax()] if len(joined) else None
    if deepest is None:
        value, text = 0.0, "no second basin"
    else:
        bottom, top = float(loss[tree.bottom[deepest]]), float(loss[tree.pass_at[deepest]])
        value = top - bottom
        text = f"{amount(value, field.unit)}, from {bottom:.4g} up to its pass at {top:.4g}"
    return Measure(
        key="second-basin-depth",
        name="Depth of the second basin",
        value=value,
        unit=field.unit,
        text=text,
        definition=what
        + " Of all basins but the deepest, the one of greatest depth: its pass less its bottom, as losses.",
        source=SOURCE,
        caveat=caveat,
    )


def _way_out_measure(field: Field, tree: MergeTree, what: str, caveat: str) -> Measure:
    at = field.nearest(0.0, 0.0)
    merged = tree.merged(threshold_of(field))
    own = int(merged[at[0] * tree.shape[1] + at[1]]) if at is not None else -1
    passes = [] if own < 0 else _passes_of(field, tree, own)
    value = min(passes) - field.centre_loss if passes else float("nan")
    return Measure(
        key="way-out",
        name="Lowest way out of the basin",
        value=value,
        unit=field.unit,
        text=f"{amount(value, field.unit)} above the network" if passes else "no other basin in the plane",
        definition=what + " The lowest pass from the basin that the network lies in to any other, above its own loss.",
        source=WAY_SOURCE,
        caveat=caveat,
    )


def _passes_of(field: Field, tree: MergeTree, own: int) -> list[float]:
    """Losses of the passes that join a basin and the others deeper than the threshold."""
    loss = field.loss.ravel()
    found = []
    for index in tree.significant(threshold_of(field)):
        if index != own:
            way = tree.lowest_pass(int(tree.bottom[own]), int(tree.bottom[index]))
            if way is not None:
                found.append(float(loss[way[1]]))
    return found


def _at_edge(place: int, shape: tuple[int, int]) -> bool:
    row, column = divmod(place, shape[1])
    return row in (0, shape[0] - 1) or column in (0, shape[1] - 1)
