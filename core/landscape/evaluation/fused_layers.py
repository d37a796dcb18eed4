"""Layers that do in one step what the network does in several, with batch normalisation multiplied into the weights.

The weights move from point to point, so they are prepared anew at every point: see `folding.Folding`.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.landscape.evaluation.operations import Affine

onednn = torch.ops.mkldnn
# Of what is negative: a sixtieth of the last digit of a number as large. 1e-20 of it made products so small that the
# processor computed ResNet-56 in three times the time.
LEAK = 1e-9
CONVOLVE = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}


class FusedLayer(nn.Module):
    """A fully connected layer or convolution with what follows it: normalisation, a sum, ReLU.

    Parameters
    ----------
    affine : Affine
        Its tensors are not copied; `prepare` sets what is computed with.
    normalised : bool
        Whether batch normalisation is multiplied in.
    relu : bool
    """

    def __init__(self, affine: Affine, *, normalised: bool, relu: bool) -> None:
        super().__init__()
        self.affine, self._normalised, self._relu = affine, normalised, relu
        self._weight: Tensor = affine.weight
        self._bias: Tensor | None = affine.bias

    def prepare(self, weight: Tensor, bias: Tensor | None) -> None:
        """Take the weights of a point, the normalisation multiplied in."""
        self._weight, self._bias = weight, bias

    def forward(self, x: Tensor, summand: Tensor | None = None) -> Tensor:
        return self._finished(self._applied(x), summand)

    def _applied(self, x: Tensor) -> Tensor:
        affine = self.affine
        if affine.dimensions == 0:
            if self._normalised and x.ndim != 2:
                raise NotImplementedError("normalisation runs over the second dimension, the layer over the last")
            return functional.linear(x, self._weight, self._bias)
        convolve = CONVOLVE[affine.dimensions]
        return convolve(x, self._weight, self._bias, affine.stride, affine.padding, affine.dilation, affine.groups)

    def _finished(self, out: Tensor, summand: Tensor | None) -> Tensor:
        if summand is not None:
            out = out.add_(summand) if out.shape == summand.shape else out + summand
        return out.relu_() if self._relu else out


class FusedConvolution(FusedLayer):
    """A two-dimensional convolution in float32 on the CPU, in one call of oneDNN with the sum or the ReLU behind it.

    The ReLU of oneDNN makes 0 of NaN, and a network that overflowed would look as if it had not. A leaky one keeps NaN.
    What it leaks is seen where a channel lies ten thousand times as far below zero as others do above; `Agreement`
    finds that out. Behind a sum there is no leaky one, so ReLU is a call of its own there.
    """

    def __init__(self, affine: Affine, *, normalised: bool, relu: bool) -> None:
        super().__init__(affine, normalised=normalised, relu=relu)
        self._places = (list(affine.padding), list(affine.stride), list(affine.dilation), affine.groups)
        self._seen: list[int] | None = None  # the shape of a batch, for which the weights are laid out

    def prepare(self, weight: Tensor, bias: Tensor | None) -> None:
        if self._seen is not None:
            # once a point instead of once a batch: 1 to 10 % of the time where there are many channels
            weight = onednn._reorder_convolution_weight(weight, *self._places, self._seen)  # noqa: SLF001
        super().prepare(weight, bias)

    def forward(self, x: Tensor, summand: Tensor | None = None) -> Tensor:
        self._seen = self._seen or list(x.shape)
        convolve = onednn._convolution_pointwise  # noqa: SLF001
        out: Tensor
        if summand is not None and _alike(x, summand, self.affine):
            out = convolve.binary(x, summand, self._weight, self._bias, *self._places, "add", 1.0, None, [], "")
            return self._finished(out, None)
        if summand is None and self._relu:
            rectified: Tensor = convolve.default(x, self._weight, self._bias, *self._places, "leaky_relu", [LEAK], "")
            return rectified
        out = convolve.default(x, self._weight, self._bias, *self._places, "none", [], "")
        return self._finished(out, summand)


def _alike(x: Tensor, summand: Tensor, affine: Affine) -> bool:
    """Whether the sum can be left to oneDNN: it wants a summand of exactly the shape and order of the result."""
    (height, width), (rows, columns) = x.shape[2:], summand.shape[2:]
    sides = []
    for length, index in ((height, 0), (width, 1)):
        reach = affine.dilation[index] * (affine.weight.shape[2 + index] - 1)
        sides.append((length + 2 * affine.padding[index] - reach - 1) // affine.stride[index] + 1)
    same = [rows, columns] == sides and summand.shape[:2] == (x.shape[0], affine.weight.shape[0])
    return same and summand.is_contiguous(memory_format=torch.channels_last)


def fused_layer(affine: Affine, *, normalised: bool, relu: bool) -> FusedLayer:
    """The fastest layer that can do it."""
    weight = affine.weight
    one_call = affine.dimensions == 2 and weight.dtype == torch.float32 and weight.device.type == "cpu"
    kind = FusedConvolution if one_call and one_call_available() else FusedLayer
    return kind(affine, normalised=normalised, relu=relu)


def one_call_available() -> bool:
    """Whether this torch has convolutions of oneDNN with something behind them; undocumented, so it may go away."""
    names = ("_convolution_pointwise", "_reorder_convolution_weight")
    return torch.backends.mkldnn.is_available() and all(hasattr(onednn, name) for name in names)  # type: ignore[no-untyped-call]
