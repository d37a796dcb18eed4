"""The corrected image below a slice along handles: as it is, what changes, and in the middle of the box."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from core.corrections.records.correction import Correction
from core.exchange.correction_words import verdict_words
from core.exchange.figures import frame
from core.exchange.figures.attacked_examples import CHANGE_COLOURS
from core.exchange.subject import Subject
from core.exchange.words import number

SIDE = 1.25  # inches of the longer side of a picture
_APART = 0.85  # inches between two of them
_COLOURS = (1, 3)  # channels that can be drawn

FloatArray = npt.NDArray[np.float64]


def draws_images(correction: Correction, subject: Subject) -> bool:
    """Whether the slice is one of an image that can be drawn."""
    shape, moves = _shape(subject), correction.request.moves
    fits = len(shape) == 3 and shape[0] in _COLOURS and int(np.prod(shape)) == len(correction.request.input)
    return fits and correction.box is not None and moves is not None and all(move.shifts for move in moves)


def draw_images(page: frame.Page, top: float, correction: Correction, subject: Subject) -> None:
    """Draw the three pictures side by side, `top` inches below the top of the page; see `draws_images`."""
    box, request = correction.box, correction.request
    if box is None:
        return
    shape, plane = _shape(subject), request.subspace
    x_low, y_low, x_high, y_high = request.bounds
    x, y = request.point
    ends = plane.inputs(np.array([(x, y), (x_low, y), (x_high, y), (x, y_low), (x, y_high)]))
    low, high = min(0.0, float(ends.min())), float(ends.max())
    start, corrected = ends[0], plane.inputs(np.array([box.centre]))[0]
    change = corrected - start
    reach = float(np.abs(change).max(initial=0.0))
    captions = (
        f"{'image' if request.row is None else f'image {request.row}'}, judged {verdict_words(correction, subject)}",
        f"change, up to {number(reach, 2)}",
        "in the middle of the box",
    )
    pictures = (
        _between(start, low, high).reshape(shape),
        (0.5 + change / (2 * (reach or 1.0))).reshape(shape),
        _between(corrected, low, high).reshape(shape),
    )
    scale = SIDE / max(shape[1:])
    for place, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = frame.LEFT + 0.1 + place * (SIDE + _APART)
        axes = page.axes(left, top, scale * shape[2], scale * shape[1])
        _draw(axes, picture, CHANGE_COLOURS if place == 1 else "gray")
        axes.set_xlabel(caption, fontsize=8.5, loc="left", labelpad=4)


def _shape(subject: Subject) -> tuple[int, ...]:
    return subject.network.card.input.shape if subject.network else ()


def _between(values: FloatArray, low: float, high: float) -> FloatArray:
    """Values as shares of the way from black to white."""
    return np.clip((values - low) / ((high - low) or 1.0), 0.0, 1.0)


def _draw(axes: Axes, picture: FloatArray, colours: str) -> None:
    """A picture (channels, height, width) of values from 0 to 1; one channel in those colours."""
    shown = picture[0] if len(picture) == 1 else np.moveaxis(picture, 0, -1)
    axes.imshow(shown, cmap=colours, vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(visible=True, color=frame.MUTED, linewidth=0.6)
