"""Which built-in architecture a set of weights belongs to, told from names and shapes alone.

For every family there is a guess: the name that the weights would have if they belonged to it. A guess counts when the
architecture of that name has exactly these parameters.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from torch import Tensor

from core.errors import InvalidRequest
from core.networks.architectures.families import FAMILIES, family_of
from core.networks.architectures.googlenet import STEM
from core.networks.architectures.registry import blueprint, mlp_sizes

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]

USUAL_SIDE = 32  # CIFAR
USUAL_SIDE_OF_GREY = 28  # MNIST
LARGEST_SIDE = 1024  # of the images that are tried
USUAL_OUTPUTS = 10
COUNTER = "num_batches_tracked"  # of batch normalisation: older files do not have it
LINEAR = re.compile(r"(\d+)\.weight", re.ASCII)
SIZE_UNKNOWN = (
    f"The weights do not tell the size of the images: {USUAL_SIDE} × {USUAL_SIDE} is assumed. "
    "Correct the input shape if they were larger or smaller."
)


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """An architecture that has exactly these parameters."""

    architecture: str
    input_shape: Shape  # of one sample; what of it was assumed is said in the note
    classes: int
    certain: bool  # no other built-in architecture has the same names and shapes
    note: str  # sentences for people; empty where nothing was assumed


@dataclass(frozen=True, kw_only=True)
class _Guess:
    architecture: str
    input_shape: Shape
    note: str = ""


def recognise(weights: Mapping[str, Tensor]) -> tuple[Recognised, ...]:
    """All built-in architectures that weights fit, the likeliest first; none where no one does.

    Parameters
    ----------
    weights : mapping of str to Tensor
        A state dict, as `core.networks.weights.read_weights` gives it; no value of it is looked at.

    Notes
    -----
    Of networks whose first fully connected layer depends on the size of the images, only square images are recognised.
    """
    shapes = {name: tuple(value.shape) for name, value in weights.items() if not name.endswith(COUNTER)}
    fitting = []
    for family in FAMILIES:
        for guess in _guesses(family.key, shapes):
            classes = _rows(shapes, family.output_layer) or _outputs_in(guess.architecture)
            if _fits(guess, classes, shapes):
                fitting.append((guess, classes))
    return tuple(
        Recognised(
            architecture=guess.architecture,
            input_shape=guess.input_shape,
            classes=classes,
            certain=len(fitting) == 1,
            note=guess.note,
        )
        for guess, classes in fitting
    )


def outputs_of(architecture: str, weights: Mapping[str, Tensor]) -> int:
    """Number of outputs: what an mlp's name says, or the rows of the last layer of the family.

    Where the weights lack that layer it is 10: they will be refused with the names that are missing.
    """
    family = family_of(architecture)
    shapes = {name: tuple(value.shape) for name, value in weights.items()}
    rows = _rows(shapes, family.output_layer) if family is not None else 0
    return rows or _outputs_in(architecture) or USUAL_OUTPUTS


def _rows(shapes: Shapes, layer: str) -> int:
    shape = shapes.get(f"{layer}.weight", ())
    return shape[0] if len(shape) == 2 else 0


def _outputs_in(name: str) -> int:
    sizes = mlp_sizes(name)
    return sizes[1] if sizes is not None else 0


def _guesses(key: str, shapes: Shapes) -> Iterator[_Guess]:
    """What the weights would be called in a family; nothing where its first names are missing."""
    try:
        yield from GUESSES[key](shapes)
    except (KeyError, ValueError, IndexError, ZeroDivisionError):
        return  # a name is missing, or has not the dimensions it has in this family


def _fits(guess: _Guess, classes: int, shapes: Shapes) -> bool:
    try:
        state = blueprint(guess.architecture, guess.input_shape, classes).state_dict()
    except InvalidRequest:
        return False
    return {name: tuple(value.shape) for name, value in state.items() if not name.endswith(COUNTER)} == shapes


def _ending(width: int, standard: int) -> str:
    return "" if width == standard else f"_w{width}"


def _resnet(shapes: Shapes) -> Iterator[_Guess]:
    width, channels, _, _ = shapes["conv1.weight"]
    blocks = sum(re.fullmatch(r"layer1\.\d+\.conv1\.weight", name) is not None for name in shapes)
    times, rest = divmod(width, 16)
    scale = _ending(width, 16) if rest or times == 1 else f"_k{times}"
    name = f"resnet{6 * blocks + 2}{scale}"
    yield from _by_shortcuts(name, (channels, USUAL_SIDE, USUAL_SIDE), shapes, without=("_noshort", "_pad"))


def _resnet18(shapes: Shapes) -> Iterator[_Guess]:
    width, channels, _, _ = shapes["conv1.weight"]
    name = f"resnet18{_ending(width, 64)}"
    yield from _by_shortcuts(name, (channels, USUAL_SIDE, USUAL_SIDE), shapes, without=("_noshort",))


def _by_shortcuts(name: str, shape: Shape, shapes: Shapes, without: tuple[str, ...]) -> Iterator[_Guess]:
    """One guess where the shortcuts have weights; otherwise one for every kind that has none."""
    if any(".shortcut." in key for key in shapes):
        yield _Guess(architecture=name, input_shape=shape, note=SIZE_UNKNOWN)
        return
    names = [name + ending for ending in without]
    choice = (
        f"{' and '.join(names)} have the same weights, because shortcuts of zeros need none. "
        "Choose the one that classifies better. "
    )
    for each in names:
        yield _Guess(architecture=each, input_shape=shape, note=(choice if len(names) > 1 else "") + SIZE_UNKNOWN)


def _densenet121(shapes: Shapes) -> Iterator[_Guess]:
    width, channels, _, _ = shapes["conv1.weight"]
    name = f"densenet121{_ending(width, 64)}"
    yield _Guess(architecture=name, input_shape=(channels, USUAL_SIDE, USUAL_SIDE), note=SIZE_UNKNOWN)


def _googlenet(shapes: Shapes) -> Iterator[_Guess]:
    width, channels, _, _ = shapes["pre_layers.0.weight"]
    name = f"googlenet{_ending(width, STEM)}"
    yield _Guess(architecture=name, input_shape=(channels, USUAL_SIDE, USUAL_SIDE), note=SIZE_UNKNOWN)


def _vgg9(shapes: Shapes) -> Iterator[_Guess]:
    width, channels, _, _ = shapes["features.0.weight"]
    positions = shapes["fc.0.weight"][1] / (4 * width)
    yield from _by_side(f"vgg9{_ending(width, 64)}", channels, positions, lambda side: -(-side // 8))


def _c1(shapes: Shapes) -> Iterator[_Guess]:
    width, channels, _, _ = shapes["conv1.weight"]
    positions = shapes["fc1.weight"][1] / shapes["conv2.weight"][0]
    yield from _by_side(f"c1{_ending(width, 64)}", channels, positions, lambda side: -(-side // 4))


def _unpadded(standard: int, name: str, last: str) -> Callable[[Shapes], Iterator[_Guess]]:
    """Guesses for the networks whose convolutions have no padding: C2, C3 and M1."""

    def guess(shapes: Shapes) -> Iterator[_Guess]:
        width, channels, _, _ = shapes["conv1.weight"]
        positions = shapes["fc1.weight"][1] / shapes[f"{last}.weight"][0]
        full_name = f"{name}{_ending(width, standard)}"
        yield from _by_side(full_name, channels, positions, lambda side: ((side - 4) // 2 - 4) // 2)

    return guess


def _by_side(name: str, channels: int, positions: float, pooled: Callable[[int], int]) -> Iterator[_Guess]:
    """The guess for square images of which so many positions are left after all pooling."""
    sides = [side for side in range(1, LARGEST_SIDE + 1) if pooled(side) > 0 and pooled(side) ** 2 == positions]
    usual = (USUAL_SIDE_OF_GREY, USUAL_SIDE) if channels == 1 else (USUAL_SIDE, USUAL_SIDE_OF_GREY)
    # Of other sizes the roundest one, such as 64 of 61 to 64: the most divisible by two.
    side = next((side for side in usual if side in sides), max(sides, key=lambda side: side & -side))
    note = (
        f"Images of {min(sides)} × {min(sides)} to {max(sides)} × {max(sides)} pixels have the same weights: "
        f"{side} × {side} is assumed."
    )
    yield _Guess(architecture=name, input_shape=(channels, side, side), note=note)


def _drawing(shapes: Shapes) -> Iterator[_Guess]:
    width, fields, _ = shapes["conv1.weight"]
    slots = shapes["fc1.weight"][1] // width
    yield _Guess(architecture=f"drawing{_ending(width, 8)}", input_shape=(fields, slots))


def _mlp(shapes: Shapes) -> Iterator[_Guess]:
    layers = {int(found[1]): shape for name, shape in shapes.items() if (found := LINEAR.fullmatch(name))}
    matrices = [layers[number] for number in sorted(layers)]
    if len(matrices) < 2 or any(len(shape) != 2 for shape in matrices):
        return
    if any(before[0] != after[1] for before, after in pairwise(matrices)):
        return
    runs = [(units, len(list(group))) for units, group in groupby(shape[0] for shape in matrices[:-1])]
    hidden = "-".join(f"{units}x{times}" if times > 1 else str(units) for units, times in runs)
    inputs, outputs = matrices[0][1], matrices[-1][0]
    note = f"The inputs are taken as one row of {inputs} numbers. Correct the input shape if they are images."
    yield _Guess(architecture=f"mlp:{inputs}-{hidden}-{outputs}", input_shape=(inputs,), note=note)


GUESSES: dict[str, Callable[[Shapes], Iterator[_Guess]]] = {
    "resnet": _resnet,
    "resnet18": _resnet18,
    "vgg9": _vgg9,
    "densenet121": _densenet121,
    "googlenet": _googlenet,
    "c1": _c1,
    "c2": _unpadded(64, "c2", "conv4"),
    "c3": _unpadded(64, "c3", "conv4"),
    "m1": _unpadded(20, "m1", "conv2"),
    "drawing": _drawing,
    "mlp": _mlp,
}
