"""Operators that only move values about: they are tried on the numbers of the places, and tell where each one goes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils import _pytree as pytree

from core.corrections.network.flow import Flow, stacked
from core.corrections.network.operations import NotPiecewiseLinear, as_array

aten = torch.ops.aten
# Whatever they do to a tensor of numbered places, they do to the values at these places.
MOVES = frozenset(
    {
        aten.view, aten._unsafe_view, aten.reshape, aten.flatten, aten.unflatten, aten.squeeze, aten.unsqueeze,  # noqa: SLF001  torch's own name
        aten.permute, aten.transpose, aten.t, aten.numpy_T, aten.movedim, aten.swapaxes, aten.adjoint,
        aten.slice, aten.select, aten.narrow, aten.index, aten.index_select, aten.split, aten.split_with_sizes,
        aten.chunk, aten.unbind, aten.tensor_split, aten.cat, aten.concat, aten.stack, aten.hstack, aten.vstack,
        aten.expand, aten.repeat, aten.tile, aten.repeat_interleave, aten.flip, aten.roll, aten.diagonal,
        aten.constant_pad_nd, aten.pad, aten.reflection_pad1d, aten.reflection_pad2d, aten.replication_pad1d,
        aten.replication_pad2d, aten.pixel_shuffle, aten.pixel_unshuffle, aten.channel_shuffle, aten.squeeze_,
        aten.unsqueeze_, aten.transpose_,
    }
)  # fmt: skip
PADS: dict[object, int] = {aten.constant_pad_nd: 2, aten.pad: 3}  # which argument is the number that is padded with
NOWHERE = -1.0  # the place of a number that was padded


def moved(target: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any], batch: int) -> Any:
    """What an operator makes of its arguments: a flow, or a list of them.

    Raises
    ------
    NotPiecewiseLinear
        If it mixes the samples of a batch.
    """
    operation = getattr(target, "overloadpacket", target)
    padding = 0.0
    if operation in PADS and named.get("mode", arguments[2] if len(arguments) > 2 else "constant") not in (
        "reflect",
        "replicate",
        "circular",
    ):
        arguments, named, padding = _with_marked_padding(operation, arguments, named)
    leaves, structure = pytree.tree_flatten((arguments, named))
    joined = isinstance(arguments[0], list | tuple)
    flows = [_as_flow(leaf, batch) if joined and isinstance(leaf, Tensor) else leaf for leaf in leaves]
    total = sum(leaf.size for leaf in flows if isinstance(leaf, Flow))
    begin, numbered = 0, []
    for leaf in flows:
        numbered.append(_numbered(leaf, begin, total, batch) if isinstance(leaf, Flow) else leaf)
        begin += leaf.size if isinstance(leaf, Flow) else 0
    placed, keywords = pytree.tree_unflatten(numbered, structure)
    answer = target(*placed, **keywords)
    sources = [leaf for leaf in flows if isinstance(leaf, Flow)]
    if isinstance(answer, Tensor):
        return _picked(answer, sources, padding, batch)
    return [_picked(part, sources, padding, batch) for part in answer]


def _with_marked_padding(
    operation: object, arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any], float]:
    """Padded with a place that is none, and the number that was to stand there."""
    place = PADS[operation]
    value = arguments[place] if len(arguments) > place else named.get("value")
    shortened = arguments[:place]
    return shortened, {**named, "value": NOWHERE}, float(value or 0.0)


def _numbered(flow: Flow, begin: int, total: int, batch: int) -> Tensor:
    """The places of a flow among all, in every sample of a batch (exact: float64 holds 53 bits)."""
    places = torch.arange(begin, begin + flow.size, dtype=torch.float64).reshape(1, *flow.shape)
    return places + total * torch.arange(batch, dtype=torch.float64).reshape(-1, *(1 for _ in flow.shape))


def _picked(answer: Tensor, sources: list[Flow], padding: float, batch: int) -> Flow:
    total = sum(flow.size for flow in sources)
    numbers = answer.numpy()
    if numbers.ndim < 1 or numbers.shape[0] != batch:
        raise NotPiecewiseLinear("it joins the samples of a batch")
    samples = np.arange(batch).reshape(-1, *(1 for _ in numbers.shape[1:]))
    places = np.where(numbers == NOWHERE, NOWHERE, numbers - total * samples).astype(np.intp)
    if not (places == places[:1]).all() or places.min(initial=0) < NOWHERE or places.max(initial=0) >= total:
        raise NotPiecewiseLinear("it joins the samples of a batch")
    flow = sources[0] if len(sources) == 1 else stacked(sources)
    chosen = places[0]
    if (chosen < 0).any():
        flow = stacked([flow, Flow.constant(np.array([padding]))])
        chosen = np.where(chosen < 0, total, chosen)
    if np.array_equal(chosen.reshape(-1), np.arange(flow.size)):
        return flow.shaped(chosen.shape)
    return flow.picked(chosen)


def _as_flow(tensor: Tensor, batch: int) -> Flow:
    """A constant that is joined to values: the same for every sample."""
    array = as_array(tensor)
    if array.shape[:1] != (batch,) or not (array == array[:1]).all():
        raise NotPiecewiseLinear("the constant that is joined differs from sample to sample")
    return Flow.constant(array[0])
