"""Layers that normalise: over the training data, over the features of a sample, over neighbouring channels."""

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.onnx.tensors import bounded
from core.networks.onnx.values import Call
from core.networks.onnx.view import NodeView


def batch_normalisation(view: NodeView) -> Call:
    """With the statistics of the file, as in evaluation."""
    if view.integer("training_mode", 0):
        view.refuse("it normalises by the samples at hand: the network was exported in training mode")
    if view.rank(0) < 2:
        view.refuse("its input has no channels")
    if not view.integer("spatial", 1) and view.rank(0) > 2:
        view.refuse("spatial = 0, one statistic per pixel, is not supported")
    epsilon = view.real("epsilon", 1e-5)
    channels = view.shape(0)[1]
    if any(view.shape(index) != (channels,) for index in range(1, 5)):
        view.refuse(f"its scale, bias, mean and variance do not have one number for each of {channels} channels")

    def normalised(x: Tensor, scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
        return functional.batch_norm(x, mean, variance, scale, bias, training=False, eps=epsilon)

    learned = [view.parameter(index) for index in (1, 2)]
    measured = [view.statistic(index) for index in (3, 4)]
    return view.call(view.batched(normalised), view.operand(0), *learned, *measured)


def layer_normalisation(view: NodeView) -> Call:
    """Over the last axes of every sample."""
    rank = view.rank(0)
    first = view.place_of_axis(view.integer("axis", -1), rank)
    epsilon = view.real("epsilon", 1e-5)
    axes = tuple(range(first - rank, 0))

    def normalised(x: Tensor, *learned: Tensor) -> Tensor:
        centred = x - x.mean(dim=axes, keepdim=True)
        y = centred / torch.sqrt(centred.square().mean(dim=axes, keepdim=True) + epsilon)
        for place, tensor in enumerate(learned):
            y = y * tensor if place == 0 else y + tensor
        return y

    learned = [view.parameter(index) for index in (1, 2) if view.has(index)]
    return view.call(normalised, view.operand(0), *learned)


def local_response(view: NodeView) -> Call:
    """Over neighbouring channels: ``x / (bias + alpha / size · Σ x²) ^ beta``."""
    size = view.integer("size", 0)
    if size < 1 or view.rank(0) < 2:
        view.refuse("its size must be at least 1, and its input needs channels")
    alpha, beta, bias = view.real("alpha", 1e-4), view.real("beta", 0.75), view.real("bias", 1.0)
    channels = view.shape(0)[1]
    bounded(size * channels)
    axis, before, after = view.axis(1, view.rank(0)), (size - 1) // 2, size // 2
    behind = view.rank(0) - 2  # axes of space: pad counts from the last

    def normalised(x: Tensor) -> Tensor:
        squares = functional.pad(x.square(), [0, 0] * behind + [before, after])
        total = squares.unfold(axis, size, 1).sum(dim=-1)
        return x / (bias + alpha / size * total).pow(beta)

    return view.call(normalised, view.operand(0))


CONVERTERS = {
    "BatchNormalization": batch_normalisation,
    "LayerNormalization": layer_normalisation,
    "LRN": local_response,
}
