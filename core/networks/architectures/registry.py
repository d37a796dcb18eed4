"""From the name of an architecture, as written in a network card, to an untrained module.

What the names are, and what to tell people about them, is in `families`.
"""

import math
import re
from collections.abc import Callable
from itertools import pairwise

from torch import nn

from core.errors import InvalidRequest
from core.networks.architectures.blueprint import without_memory
from core.networks.architectures.convolutional import C1, C2, M1
from core.networks.architectures.densenet import DenseNet121
from core.networks.architectures.drawing import build_drawing
from core.networks.architectures.families import Family, family_of, suggestions
from core.networks.architectures.googlenet import STEM, GoogLeNet
from core.networks.architectures.mlp import build_mlp
from core.networks.architectures.residual import Shortcut
from core.networks.architectures.resnet18 import ResNet18
from core.networks.architectures.resnet_cifar import ResNetCifar
from core.networks.architectures.vgg import Vgg9

MAX_DEPTH = 1202  # the deepest network of He et al. 2015, §4.2
MAX_WIDTH = 4096
MAX_HIDDEN = 1000  # layers of an mlp
MAX_SIDE = 2**16  # pixels or line slots
MAX_OUTPUTS = 2**20
MAX_WEIGHTS = 2**31  # eight gigabytes: more is a typing error
SHORTCUTS: dict[str | None, Shortcut] = {None: "convolution", "_pad": "padding", "_noshort": "none"}

Shape = tuple[int, ...]
Found = re.Match[str]


def build_architecture(name: str, input_shape: Shape, classes: int) -> nn.Module:
    """Build an untrained network in training mode.

    Parameters
    ----------
    name : str
        As in `families.FAMILIES`.
    input_shape : tuple of int
        Of one sample: (channels, height, width) of images, (fields, slots) of drawings, any shape for ``mlp:…``.
    classes : int
        Number of outputs.

    Raises
    ------
    InvalidRequest
        If no architecture has that name, or it does not fit the input shape or the number of classes; the text gives
        the smallest input that fits. Also if it would have more weights than any machine holds.
    """
    blueprint(name, input_shape, classes)
    return _build(name, input_shape, classes)


def blueprint(name: str, input_shape: Shape, classes: int) -> nn.Module:
    """The same network on torch's meta device: names and shapes, but no memory for the numbers.

    Raises
    ------
    InvalidRequest
        As `build_architecture` does.
    """
    with without_memory():
        module = _build(name, input_shape, classes)
    weights = sum(parameter.numel() for parameter in module.parameters())
    if weights > MAX_WEIGHTS:
        raise InvalidRequest(
            f'"{name}" would have {weights:,} weights for inputs of shape {input_shape}. Are the widths and the shape '
            "meant?"
        )
    return module


def mlp_sizes(name: str) -> tuple[int, int] | None:
    """Inputs and outputs that the name of a fully connected network states; None for any other name."""
    family = family_of(name)
    found = family.pattern.fullmatch(name) if family is not None and family.key == "mlp" else None
    return (int(found["inputs"]), int(found["outputs"])) if found else None


def _build(name: str, shape: Shape, classes: int) -> nn.Module:
    family = family_of(name)
    found = family.pattern.fullmatch(name) if family is not None else None
    if family is None or found is None:
        raise InvalidRequest(
            f'There is no architecture "{name}". There are: {", ".join(suggestions())}. Others of these kinds can be '
            "named too: most take an ending such as _w8, which gives the first convolution 8 channels."
        )
    if not 1 <= classes <= MAX_OUTPUTS:
        raise InvalidRequest(f'"{name}" can have 1 to {MAX_OUTPUTS:,} outputs, not {classes:,}.')
    _refuse_shape(name, family, shape)
    return BUILDERS[family.key](found, shape, classes)


def _refuse_shape(name: str, family: Family, shape: Shape) -> None:
    """Raise where the shape is of another kind of input, or too small for the pooling."""
    if family.inputs == ("image",) and len(shape) != 3:
        raise InvalidRequest(f'"{name}" takes images of shape channels × height × width, not {shape}.')
    if family.inputs == ("drawing",) and len(shape) != 2:
        raise InvalidRequest(f'"{name}" takes drawings of shape fields × line slots, not {shape}.')
    if family.inputs in (("image",), ("drawing",)) and not all(1 <= size <= MAX_SIDE for size in shape):
        raise InvalidRequest(f'"{name}": the sizes of the input shape {shape} must lie between 1 and {MAX_SIDE:,}.')
    if family.inputs == ("image",) and min(shape[1:]) < family.smallest:
        raise InvalidRequest(
            f'"{name}" takes images of at least {family.smallest} × {family.smallest} pixels, not '
            f"{shape[1]} × {shape[2]}. Enlarge the images, or choose another architecture."
        )
    if family.inputs == ("drawing",) and shape[1] < family.smallest:
        raise InvalidRequest(f'"{name}" takes drawings of at least {family.smallest} line slots, not {shape[1]}.')


def _width(found: Found, standard: int) -> int:
    """Channels of the first convolution, as the name says or as usual."""
    width = int(found["width"] or standard)
    if not 1 <= width <= MAX_WIDTH:
        raise InvalidRequest(f'"{found[0]}": the first stage must have 1 to {MAX_WIDTH} channels, not {width}.')
    return width


def _resnet(found: Found, shape: Shape, classes: int) -> nn.Module:
    depth = int(found["depth"] or found["wide_depth"])
    if not 8 <= depth <= MAX_DEPTH or (depth - 2) % 6:
        raise InvalidRequest(
            f'"{found[0]}": the depth must be 6·n + 2, such as 20, 32, 44, 56 or 110, at most {MAX_DEPTH}, not {depth}.'
        )
    width = _width(found, 16 * int(found["factor"] or found["times"] or 1))
    return ResNetCifar(depth, channels_in=shape[0], classes=classes, shortcut=SHORTCUTS[found["variant"]], width=width)


def _resnet18(found: Found, shape: Shape, classes: int) -> nn.Module:
    shortcut = SHORTCUTS[found["noshort"]]
    return ResNet18(channels_in=shape[0], classes=classes, shortcut=shortcut, width=_width(found, 64))


def _densenet121(found: Found, shape: Shape, classes: int) -> nn.Module:
    width = _width(found, 64)
    if width % 2:
        raise InvalidRequest(
            f'"{found[0]}": the first convolution has twice as many channels as every layer adds, so their number is '
            f"even, such as {width + 1}."
        )
    return DenseNet121(channels_in=shape[0], classes=classes, growth=width // 2)


def _googlenet(found: Found, shape: Shape, classes: int) -> nn.Module:
    return GoogLeNet(channels_in=shape[0], classes=classes, width=_width(found, STEM))


def _vgg9(found: Found, shape: Shape, classes: int) -> nn.Module:
    return Vgg9(channels_in=shape[0], size=shape[1:], classes=classes, width=_width(found, 64))


def _c1(found: Found, shape: Shape, classes: int) -> nn.Module:
    return C1(channels_in=shape[0], size=shape[1:], classes=classes, width=_width(found, 64))


def _c2(found: Found, shape: Shape, classes: int) -> nn.Module:
    return C2(channels_in=shape[0], size=shape[1:], classes=classes, width=_width(found, 64))


def _c3(found: Found, shape: Shape, classes: int) -> nn.Module:
    width = _width(found, 64)
    return C2(channels_in=shape[0], size=shape[1:], classes=classes, width=width, normalised=False)


def _m1(found: Found, shape: Shape, classes: int) -> nn.Module:
    return M1(channels_in=shape[0], size=shape[1:], classes=classes, width=_width(found, 20))


def _drawing(found: Found, shape: Shape, classes: int) -> nn.Module:
    return build_drawing(shape[0], shape[1], classes, _width(found, 8))


def _mlp(found: Found, shape: Shape, classes: int) -> nn.Module:
    name, inputs, outputs = found[0], int(found["inputs"]), int(found["outputs"])
    hidden = _hidden(name, found["hidden"], inputs, outputs)
    if inputs != math.prod(shape):
        raise InvalidRequest(
            f'"{name}" takes {inputs} inputs, but the input shape {shape} has {math.prod(shape)}. Correct one of them.'
        )
    if outputs != classes:
        raise InvalidRequest(f'"{name}" has {outputs} outputs, but there are {classes} classes. Correct one of them.')
    return build_mlp(inputs, hidden, outputs)


def _hidden(name: str, text: str, inputs: int, outputs: int) -> list[int]:
    """``200x5-50`` as a list of widths, refused where no memory would hold the network."""
    parts = [(int(units), int(times or 1)) for units, _, times in (part.partition("x") for part in text.split("-"))]
    if min(inputs, outputs, *(min(part) for part in parts)) < 1:
        raise InvalidRequest(f'"{name}": every layer needs at least one unit, and must be there at least once.')
    if sum(times for _, times in parts) > MAX_HIDDEN:
        raise InvalidRequest(f'"{name}": more than {MAX_HIDDEN} hidden layers. Is the number of layers meant?')
    hidden = [units for units, times in parts for _ in range(times)]
    widths = [inputs, *hidden, outputs]
    weights = sum(one * next_one for one, next_one in pairwise(widths))
    if weights > MAX_WEIGHTS:  # said before a size that torch cannot even count
        raise InvalidRequest(f'"{name}" would have {weights:,} weights. Are the widths meant?')
    return hidden


BUILDERS: dict[str, Callable[[Found, Shape, int], nn.Module]] = {
    "resnet": _resnet,
    "resnet18": _resnet18,
    "vgg9": _vgg9,
    "densenet121": _densenet121,
    "googlenet": _googlenet,
    "c1": _c1,
    "c2": _c2,
    "c3": _c3,
    "m1": _m1,
    "drawing": _drawing,
    "mlp": _mlp,
}
