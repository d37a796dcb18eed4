"""Gather and Slice at constant places."""

import torch
from torch import Tensor

from core.networks.onnx.values import Call
from core.networks.onnx.view import NodeView

ALL = 2**31 - 1  # exporters write this, or more, for "to the end"


def gather(view: NodeView) -> Call:
    """Pick along one axis."""
    rank = view.rank(0)
    axis = view.axis(view.integer("axis", 0), rank)
    size = view.shape(0)[axis - view.lead]
    places = view.known(1, "indices")
    if places.is_floating_point() or bool(((places < -size) | (places >= size)).any()):
        view.refuse(f"it picks what is not among the {size} there are")
    if view.counts_samples(0, axis - view.lead):
        view.refuse("it picks samples")
    places = torch.where(places < 0, places + size, places)
    if places.ndim == 0:
        place = int(places)
        return view.call(lambda x: x.select(axis, place), view.operand(0))
    shape = places.shape

    def picked(x: Tensor, index: Tensor) -> Tensor:
        y = torch.index_select(x, axis, index)
        return y if len(shape) == 1 else y.reshape(*y.shape[:axis], *shape, *y.shape[axis + 1 :])

    return view.call(picked, view.operand(0), view.constant(places.reshape(-1)))


def cut(view: NodeView) -> Call:
    """Slice with steps; attributes before opset 10, inputs since."""
    rank = view.rank(0)
    starts, ends = view.either("starts", 1), view.either("ends", 2)
    if starts is None or ends is None:
        view.refuse("it does not say where it begins and ends")
    axes = view.either("axes", 3) or tuple(range(len(starts)))
    steps = view.integers(4, "steps") if view.has(4) else (1,) * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        view.refuse("its starts, ends, axes and steps do not fit together")
    pieces = []
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        place = view.place_of_axis(axis, rank)
        if view.counts_samples(0, place):
            if start != 0 or step != 1 or end < (view.file_batch or ALL):
                view.refuse("it picks samples")
            continue
        picked = range(*slice(start, end, step).indices(view.shape(0)[place]))
        pieces.append((place + view.lead, picked))
    backwards = [
        view.constant(torch.tensor(list(picked), dtype=torch.int64)) for _, picked in pieces if picked.step < 0
    ]

    def sliced(x: Tensor, *indices: Tensor) -> Tensor:
        waiting = iter(indices)
        for axis, picked in pieces:
            if picked.step < 0:
                x = torch.index_select(x, axis, next(waiting))
            else:
                x = x[(slice(None),) * axis + (slice(picked.start, max(picked.stop, picked.start), picked.step),)]
        return x

    return view.call(sliced, view.operand(0), *backwards)


CONVERTERS = {"Gather": gather, "Slice": cut}
