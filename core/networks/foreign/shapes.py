"""Which input a network may take, told from its first weights: tried one after the other where nobody says it."""

import math
from collections.abc import Iterable

IMAGES = {784: (1, 28, 28), 3072: (3, 32, 32)}  # what a first matrix of so many columns was most probably made for
SIDES = (32, 28, 224, 64, 96, 16, 8, 128, 256, 299)
LENGTHS = (128, 256, 64, 1024, 512, 32, 16)


def candidate_shapes(weights: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Shapes of one sample that a network with these weights may take, the likeliest first.

    Parameters
    ----------
    weights : iterable of tuple of int
        Shapes of the parameters in the order of the network's own list. The first with two or more axes decides: a
        matrix (outputs, inputs), or the kernel (outputs, channels, …) of a convolution.
    """
    for shape in weights:
        if len(shape) == 2:
            image = IMAGES.get(shape[1])
            return [*([] if image is None else [image]), (shape[1],)]
        if len(shape) == 3:
            return [(shape[1], length) for length in LENGTHS]
        if len(shape) == 4:
            sides = (28, *(side for side in SIDES if side != 28)) if shape[1] == 1 else SIDES
            return [(shape[1], side, side) for side in sides]
    return []


def as_text(shape: tuple[int, ...]) -> str:
    """``3 × 32 × 32``, as people write it."""
    return " × ".join(map(str, shape))


def readable(value: object) -> tuple[int, ...] | None:
    """A shape as somebody may have written it: a number, or a list of numbers. None if it is no shape."""
    sizes = list(value) if isinstance(value, tuple | list) else [value]
    shape = tuple(size for size in sizes if isinstance(size, int) and not isinstance(size, bool) and size > 0)
    return shape if 0 < len(shape) == len(sizes) <= 4 and math.prod(shape) < 2**31 else None
