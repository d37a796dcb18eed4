"""Operators that move numbers without changing them: reshapes, transposes, joins, borders."""

import math
from collections.abc import Callable
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.onnx.tensors import bounded
from core.networks.onnx.values import PROBES, Call, Sizes
from core.networks.onnx.view import NodeView

MODES = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


def _same(view: NodeView) -> Call:
    return view.call(lambda x: x, view.operand(0))


def _dropout(view: NodeView) -> Call:
    """Nothing, in evaluation."""
    if len([name for name in view.record.outputs if name]) > 1:
        view.refuse("it gives its mask too")
    if view.has(2) and bool(view.known(2, "training_mode").any()):
        view.refuse("it drops at random: the network was exported in training mode")
    return _same(view)


def _flatten(view: NodeView) -> Call:
    rank = view.rank(0)
    axis = view.integer("axis", 1)
    axis = axis if axis == rank else view.place_of_axis(axis, rank)
    first, second = ((math.prod(sizes[:axis]), math.prod(sizes[axis:])) for sizes in view.shapes(0))
    if axis == 1 and not view.lead:
        return view.call(lambda x: x.flatten(1), view.operand(0)) if rank > 1 else view.reshaped(0, (first, second))
    return view.reshaped(0, (first, second))


def _reshape(view: NodeView) -> Call:
    """To sizes that may hold one −1 and, unless `allowzero`, zeros that copy; the axis of samples stays free."""
    targets, before = view.sizes(1, "shape"), view.shapes(0)
    copies = not view.integer("allowzero", 0)
    after = [_resolved(view, target, sizes, copies=copies) for target, sizes in zip(targets, before, strict=True)]
    if view.file_batch is not None and view.is_flow(0) and targets[0] == targets[1] and view.counts_samples(0, 0):
        # The file was exported for a fixed number of samples, and the sizes say that number.
        asked = _resolved(view, targets[0], view.for_file_batch(before), copies=copies)
        if asked and asked[0] == view.file_batch:
            after = [(count, *asked[1:]) for count in PROBES]
    first, second = after
    for sizes, given in zip(after, before, strict=True):
        if math.prod(sizes) != math.prod(given):
            view.refuse(f"it cannot make {_shown(sizes)} out of {_shown(given)}")
    return view.reshaped(0, (first, second))


def _resolved(view: NodeView, target: Sizes, before: Sizes, *, copies: bool) -> Sizes:
    if target.count(-1) > 1 or min(target, default=0) < -1:
        view.refuse(f"{_shown(target)} is no shape")
    if copies and any(size == 0 and axis >= len(before) for axis, size in enumerate(target)):
        view.refuse("it copies a size from an axis that its input does not have")
    sizes = [before[axis] if size == 0 and copies else size for axis, size in enumerate(target)]
    if -1 in sizes:
        rest = -math.prod(sizes)
        sizes[sizes.index(-1)] = math.prod(before) // rest if rest else 0
    return tuple(sizes)


def _shown(sizes: Sizes) -> str:
    return " × ".join(map(str, sizes)) or "one number"


def _transpose(view: NodeView) -> Call:
    rank = view.rank(0)
    order = view.integers_of("perm", tuple(range(rank))[::-1])
    if sorted(order) != list(range(rank)):
        view.refuse("its perm is no permutation")
    axes = (*range(view.lead), *(axis + view.lead for axis in order))
    return view.call(lambda x: x.permute(axes), view.operand(0))


def _squeeze(view: NodeView) -> Call:
    sizes = view.shape(0)
    asked = view.either("axes", 1)
    axes = tuple(axis for axis, size in enumerate(sizes) if size == 1) if asked is None else asked
    places = view.axes(axes, len(sizes))
    if any(sizes[place - view.lead] != 1 for place in places):
        view.refuse("it takes away an axis that is not of size 1")
    return view.call(lambda x: x.squeeze(places), view.operand(0))


def _unsqueeze(view: NodeView) -> Call:
    asked = view.either("axes", 1)
    if asked is None:
        view.refuse("it does not say where the new axes go")
    places = view.axes(asked, view.rank(0) + len(asked))

    def widened(x: Tensor) -> Tensor:
        for place in places:
            x = x.unsqueeze(place)
        return x

    return view.call(widened, view.operand(0))


def _concatenation(view: NodeView) -> Call:
    indices = list(range(len(view.inputs)))
    if not indices or not view.has_attribute("axis"):
        view.refuse("it has no inputs or no axis")
    axis = view.axis(view.integer("axis", 0), view.rank(0))
    flows = [view.is_flow(index) for index in indices]

    def joined(*tensors: Tensor) -> Tensor:
        if view.lead and not all(flows):  # constants are the same for every sample
            count = tensors[flows.index(True)].shape[0]
            tensors = tuple(
                tensor if flow else tensor.expand(count, *tensor.shape)
                for tensor, flow in zip(tensors, flows, strict=True)
            )
        return torch.cat(tensors, dim=axis)

    return view.call(joined, *map(view.operand, indices))


def _split(view: NodeView) -> Call:
    axis = view.axis(view.integer("axis", 0), view.rank(0))
    size, parts = view.shape(0)[axis - view.lead], len(view.record.outputs)
    lengths = view.either("split", 1)
    if lengths is None:
        chunk = -(-size // parts)
        lengths = tuple(max(min(chunk, size - begin), 0) for begin in range(0, chunk * parts, chunk or 1))
    if len(lengths) != parts or sum(lengths) != size or min(lengths) < 0 or view.counts_samples(0, axis - view.lead):
        view.refuse(f"it cannot split {size} into {len(lengths)} parts for {parts} outputs")
    begins = (0, *accumulate(lengths))

    def parted(x: Tensor) -> tuple[Tensor, ...]:
        return tuple(x.narrow(axis, begin, length) for begin, length in zip(begins, lengths, strict=False))

    return view.call(parted, view.operand(0))


def _pad(view: NodeView) -> Call:
    rank = view.rank(0)
    pads = view.either("pads", 1)
    mode = MODES.get(view.text("mode", "constant"))
    if pads is None or mode is None:
        view.refuse("its pads or its mode are not known")
    value = view.real("value", 0.0) if view.opset < 11 else view.number(2, "filling") if view.has(2) else 0.0
    axes = view.integers(3, "axes") if view.has(3) else tuple(range(rank))
    if len(pads) != 2 * len(axes):
        view.refuse(f"it has {len(pads)} pads for {len(axes)} axes")
    begins, ends = [0] * rank, [0] * rank
    for axis, begin, end in zip(axes, pads[: len(axes)], pads[len(axes) :], strict=True):
        place = view.place_of_axis(axis, rank)
        begins[place], ends[place] = begin, end
    sizes = view.shape(0)
    grown = [size + begin + end for size, begin, end in zip(sizes, begins, ends, strict=True)]
    if min(grown, default=0) < 0:
        view.refuse("it takes away more than there is")
    bounded(math.prod(grown))
    used = [axis for axis in range(rank) if begins[axis] or ends[axis]]
    if not used:
        return _same(view)
    if view.counts_samples(0, used[0]):
        view.refuse("it adds samples")
    return _padded(view, (begins, ends), mode, value, used[0])


def _padded(view: NodeView, pads: tuple[list[int], list[int]], mode: str, value: float, first: int) -> Call:
    begins, ends = pads
    rank = view.rank(0)
    if mode == "constant":
        sides = [side for axis in range(rank - 1, first - 1, -1) for side in (begins[axis], ends[axis])]
        return view.call(lambda x: functional.pad(x, sides, value=value), view.operand(0))
    if first < 2 or rank > 5:
        view.refuse(f"mode {mode} is supported on the axes of space only")
    sides = [side for axis in range(rank - 1, 1, -1) for side in (begins[axis], ends[axis])]
    return view.call(view.batched(lambda x: functional.pad(x, sides, mode=mode)), view.operand(0))


def _expand(view: NodeView) -> Call:
    """Broadcast to a shape, in both directions."""
    after = []
    for target, before in zip(view.sizes(1, "shape"), view.shapes(0), strict=True):
        if min(target, default=1) < 0:
            view.refuse(f"{_shown(target)} is no shape")
        rank = max(len(target), len(before))
        pairs = zip((1,) * (rank - len(target)) + target, (1,) * (rank - len(before)) + before, strict=True)
        after.append(tuple(b if a == 1 else a for a, b in pairs))
    first, second = after
    bounded(math.prod(second))
    if view.lead and view.is_flow(0):
        missing = len(first) - view.rank(0)
        return view.call(lambda x: x.reshape(-1, *[1] * missing, *x.shape[1:]).expand(-1, *first), view.operand(0))
    before = (1,) * (len(first) - view.rank(0)) + view.shape(0)
    if any(a not in (b, size) for a, b, size in zip(first, second, before, strict=True)):
        view.refuse("it repeats a value once for every sample; only the axis of the samples itself may be free")
    kept = [-1 if a == size and axis >= len(first) - view.rank(0) else a
            for axis, (a, size) in enumerate(zip(first, before, strict=True))]  # fmt: skip
    return view.call(lambda x: x.expand(kept), view.operand(0))


def _tile(view: NodeView) -> Call:
    repeats = view.integers(1, "repeats")
    if len(repeats) != view.rank(0) or min(repeats, default=1) < 1:
        view.refuse("its repeats do not fit its input")
    bounded(math.prod(view.shape(0)) * math.prod(repeats))
    times = [1] * view.lead + list(repeats)
    return view.call(lambda x: x.repeat(times), view.operand(0))


CONVERTERS: dict[str, Callable[[NodeView], Call]] = {
    "Identity": _same,
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Concat": _concatenation,
    "Split": _split,
    "Pad": _pad,
    "Expand": _expand,
    "Tile": _tile,
}
