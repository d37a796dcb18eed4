"""Convolutions and transposed convolutions over one, two or three axes of space."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from core.networks.onnx.operators.windows import windows_of
from core.networks.onnx.values import Call, Operand, Sizes
from core.networks.onnx.view import NodeView

FORWARD: dict[int, Callable[..., Tensor]] = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}
BACKWARD: dict[int, Callable[..., Tensor]] = {
    1: functional.conv_transpose1d,
    2: functional.conv_transpose2d,
    3: functional.conv_transpose3d,
}


def convolution(view: NodeView) -> Call:
    """Convolution with groups, dilation, and any border of zeros."""
    kernel = _kernel(view)
    windows = windows_of(view, kernel)
    groups = _groups(view, view.shape(1)[0], view.shape(1)[1])
    operation = FORWARD[len(kernel)]
    padding = windows.begins if windows.symmetric else (0,) * len(kernel)

    def convolved(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        x = x if windows.symmetric else windows.border(x, 0.0)
        return operation(x, weight, bias, windows.strides, padding, windows.dilations, groups)

    return view.call(view.batched(convolved), *_operands(view))


def transposed_convolution(view: NodeView) -> Call:
    """The transpose of a convolution, with its border cut off afterwards."""
    kernel = _kernel(view)
    axes = len(kernel)
    if view.has_attribute("output_shape") or view.text("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        view.refuse("its border follows from output_shape or auto_pad; only explicit pads can be translated")
    ones, zeros = (1,) * axes, (0,) * axes
    strides, dilations = view.integers_of("strides", ones), view.integers_of("dilations", ones)
    more = view.integers_of("output_padding", zeros)
    pads = view.integers_of("pads", zeros + zeros) if view.text("auto_pad", "NOTSET") == "NOTSET" else zeros + zeros
    if min(*strides, *dilations) < 1 or min(*more, *pads) < 0:
        view.refuse("its strides and dilations must be at least 1, its pads not negative")
    groups = _groups(view, view.shape(0)[1], view.shape(1)[1])
    operation = BACKWARD[axes]
    cut = [-side for begin, end in zip(pads[:axes][::-1], pads[axes:][::-1], strict=True) for side in (begin, end)]

    def spread(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        y = operation(x, weight, bias, strides, 0, more, groups, dilations)
        return functional.pad(y, cut) if any(cut) else y

    return view.call(view.batched(spread), *_operands(view))


def _kernel(view: NodeView) -> Sizes:
    if view.is_flow(1):
        view.refuse("its weights depend on the input")
    kernel = view.shape(1)[2:]
    if len(kernel) not in FORWARD or view.rank(0) != view.rank(1):
        view.refuse(f"it works on {view.rank(0)} axes with weights of {view.rank(1)}")
    if view.integers_of("kernel_shape", kernel) != kernel or min(view.shape(1)) < 1:
        view.refuse("its kernel_shape is not that of its weights")
    return kernel


def _groups(view: NodeView, channels: int, others: int) -> int:
    groups = view.integer("group", 1)
    if groups < 1 or channels % groups or not others:
        view.refuse(f"{channels} channels cannot be divided into {groups} groups")
    return groups


def _operands(view: NodeView) -> list[Operand]:
    return [view.operand(0), *(view.parameter(index) for index in (1, 2) if view.has(index))]


CONVERTERS = {"Conv": convolution, "ConvTranspose": transposed_convolution}
