"""Handles of an image, each a direction through all of its pixels, and the request for the exact slice that two span.

An image has too many pixels for a region of its own; along two directions the accepted region is exact all the same.
Along more of them the nearest correction lies between a proved bound and the best that is found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import CorrectionRequest, FreeFeature, Norm
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointRequest
from core.corrections.records.move import Move
from core.data.dataset import Dataset
from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]
Kind = Literal["towards", "brightness", "fade"]
MOST_LOOKED_AT = 1000  # images, for the nearest one of a class
WORDS: dict[Kind, str] = {
    "towards": "share of the way to another image of the data, 0 to 1",
    "brightness": "by how much the pixels of a rectangle are brighter, in the units of the data",
    "fade": "by how much a rectangle has faded into its own mean colour, 0 to 1",
}


@dataclass(frozen=True, kw_only=True)
class ImageHandle:
    """One direction: towards another image, or a change of the pixels of a rectangle."""

    kind: Kind
    row: int = -1  # of the other image
    rectangle: tuple[int, int, int, int] = (0, 0, 0, 0)  # left, top, width, height, in pixels

    @property
    def name(self) -> str:
        """``share of the way to image 17``, ``brightness of 6 × 4 pixels at (2, 3)``."""
        left, top, width, height = self.rectangle
        where = f"{width} × {height} {'pixel' if width * height == 1 else 'pixels'} at ({left}, {top})"
        if self.kind == "towards":
            return f"share of the way to image {self.row}"
        return f"brightness of {where}" if self.kind == "brightness" else f"fading of {where}"


def image_request(
    data: Dataset,
    row: int,
    shape: tuple[int, int, int],
    handles: Sequence[ImageHandle],
    classes: Sequence[int],
    *,
    stability: Sequence[float] = (0.0, 0.0),
    ranges: Mapping[int, tuple[float, float]] | None = None,
    norm: Norm = "L1",
) -> CorrectionRequest:
    """Ask for the nearest stable change of one image along two handles, exactly.

    Parameters
    ----------
    data : Dataset
        Images (n, height, width[, channels]) or (n, channels, height, width).
    shape : channels, height, width
        As the network takes them.
    handles : two of them
        What the image is moved along.
    classes : of int
        That the network is to say; any of them.
    stability : one number a handle
        Half-widths, in the units of the handles.
    ranges : by place of the handle
        Where a handle goes. From nothing to all of the way if not given; a brightness as far as the pixels stay within
        those of the data, wherever the handles towards other images are.

    Raises
    ------
    InvalidRequest
        If there is no such image or pixel, the two handles change the image in the same way, or there is no room.
    """
    if len(handles) != 2:
        raise InvalidRequest("A slice of an image has two handles. Name two.")
    image, free, moves = _placed(data, row, shape, handles, stability, ranges or {})
    return CorrectionRequest(
        input=tuple(image.tolist()),
        free=(free[0], free[1]),
        goal=Goal(classes=tuple(classes)),
        row=row,
        norm=norm,
        moves=(moves[0], moves[1]),
    )


def image_joint_request(
    data: Dataset,
    row: int,
    shape: tuple[int, int, int],
    handles: Sequence[ImageHandle],
    classes: Sequence[int],
    *,
    stability: Sequence[float],
    ranges: Mapping[int, tuple[float, float]] | None = None,
    norm: Norm = "L1",
    seconds: float = JointRequest.seconds,
) -> JointRequest:
    """The same along any number of handles: between a proved bound and the best that is found in the time."""
    image, free, moves = _placed(data, row, shape, handles, stability, ranges or {})
    return JointRequest(
        input=tuple(image.tolist()),
        freedom=Freedom(numbers=tuple(free), moves=tuple(moves)),
        goal=Goal(classes=tuple(classes)),
        norm=norm,
        row=row,
        seconds=seconds,
    )


def _placed(
    data: Dataset,
    row: int,
    shape: tuple[int, int, int],
    handles: Sequence[ImageHandle],
    stability: Sequence[float],
    ranges: Mapping[int, tuple[float, float]],
) -> tuple[FloatArray, list[FreeFeature], list[Move]]:
    """The pixels of the image, and every handle as a free number with its move."""
    if len(stability) != len(handles):
        raise InvalidRequest(f"{len(handles)} handles need as many stabilities, not {len(stability)}.")
    for which in (row, *(handle.row for handle in handles if handle.kind == "towards")):
        if not 0 <= which < len(data):
            raise InvalidRequest(f'There is no image {which}: "{data.name}" has images 0 to {len(data) - 1}.')
    image = pixels_of(data, row, shape)
    moves = [_move(handle, image, data, shape) for handle in handles]
    limits = float(data.x.min()), float(data.x.max())
    free = []
    for place, (handle, move) in enumerate(zip(handles, moves, strict=True)):
        others = [one for other, one in zip(handles, moves, strict=True) if other.kind == "towards"]
        low, high = ranges.get(place) or _range(handle, move, others, image, limits)
        free.append(FreeFeature(name=handle.name, low=low, high=high, half_width=float(stability[place])))
    return image, free, moves


def pixels_of(data: Dataset, row: int, shape: tuple[int, int, int]) -> FloatArray:
    """(columns,), an image as the network's input has its pixels: channel by channel, in the units of the data."""
    image: FloatArray = data.x[row].astype(np.float64)
    if image.ndim == 2:
        image = image[None]
    if image.shape != shape and image.shape == (*shape[1:], shape[0]):
        image = np.moveaxis(image, -1, 0)
    if image.shape != shape:
        raise InvalidRequest(
            f'"{data.name}" has images of {" × ".join(map(str, data.x.shape[1:]))}, the network takes '
            f"{' × '.join(map(str, shape))}. Choose the data that it was trained on."
        )
    return image.reshape(-1)


def nearest_image(data: Dataset, row: int, label: int, said: npt.NDArray[np.int64] | None = None) -> int | None:
    """The image of a class that is nearest to another one in Euclidean length, among the first thousand of the class.

    Parameters
    ----------
    said : (n,) of int, optional
        Classes that the network gives; only images that are judged as they are labelled are then looked at.
    """
    wanted = data.y == label if said is None else (data.y == label) & (said == label)
    wanted[row] = False
    rows = np.flatnonzero(wanted)[:MOST_LOOKED_AT]
    if not len(rows):
        return None
    away = data.x[rows].astype(np.float32) - data.x[row].astype(np.float32)
    return int(rows[np.square(away).reshape(len(rows), -1).sum(axis=1).argmin()])


def _move(handle: ImageHandle, image: FloatArray, data: Dataset, shape: tuple[int, int, int]) -> Move:
    if handle.kind == "towards":
        amounts = pixels_of(data, handle.row, shape) - image
        if not amounts.any():
            raise InvalidRequest(
                f"Image {handle.row} is the image itself, so nothing lies between. Choose another one."
            )
    else:
        inside = _inside(handle.rectangle, shape)
        amounts = inside.astype(np.float64).reshape(-1)
        if handle.kind == "fade":
            cube = image.reshape(shape)
            means = np.array([channel[inside[0]].mean() for channel in cube]).reshape(-1, 1, 1)
            amounts = np.where(inside, means - cube, 0.0).reshape(-1)
            if not amounts.any():
                raise InvalidRequest(f"The rectangle of {handle.name} is of one colour already. Choose another one.")
    columns = np.flatnonzero(amounts)
    return Move(columns=tuple(columns.tolist()), amounts=tuple(amounts[columns].tolist()))


def _inside(rectangle: tuple[int, int, int, int], shape: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    """(channels, height, width), the pixels of a rectangle."""
    left, top, width, height = rectangle
    if not (0 <= left < left + width <= shape[2] and 0 <= top < top + height <= shape[1]):
        raise InvalidRequest(
            f"The rectangle of {width} × {height} pixels at ({left}, {top}) is not within the image of "
            f"{shape[2]} × {shape[1]}."
        )
    inside = np.zeros(shape, dtype=bool)
    inside[:, top : top + height, left : left + width] = True
    return inside


def _range(
    handle: ImageHandle, move: Move, others: Sequence[Move], image: FloatArray, limits: tuple[float, float]
) -> tuple[float, float]:
    """Where the handle goes by itself; a brightness leaves room for all of the ways to other images."""
    if handle.kind != "brightness":
        return 0.0, 1.0
    darkest, brightest = image.copy(), image.copy()
    for other in others:
        columns, amounts = list(other.columns), np.array(other.amounts)
        darkest[columns] += np.minimum(amounts, 0.0)
        brightest[columns] += np.maximum(amounts, 0.0)
    inside = list(move.columns)
    low, high = limits[0] - float(darkest[inside].min()), limits[1] - float(brightest[inside].max())
    if low >= high:
        raise InvalidRequest(
            f"The pixels of {handle.name} reach from the darkest to the brightest of the data already. Choose a "
            "smaller rectangle, let it fade instead, or give a range."
        )
    return low, high
