"""Moving pictures as GIF: a surface on a turntable, a training on its way, or frames that somebody else has drawn."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from PIL import Image

from core.errors import InvalidRequest
from core.exchange.beside import NOTHING_BESIDE, Beside
from core.exchange.figures.rendering import house_style
from core.exchange.figures.surface_3d import VIEW, surface_3d_figure
from core.exchange.figures.trajectory import trajectory_figure
from core.exchange.subject import Subject
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory

Frame = npt.NDArray[np.uint8]  # (height, width, 3), red, green, blue; all frames of an animation of one size

DOTS = 80  # an inch: a moving picture is looked at on a screen
_COLOURS = 255  # GIF has 256; one is left


def write_animation(frames: Iterable[Frame], file: BinaryIO, frames_per_second: float) -> None:
    """Write frames as an endless GIF. Frames are taken one at a time: a generator never has to hold them all.

    Parameters
    ----------
    frames : iterable of (height, width, 3) uint8
        All of one size. They share the colours of the first one, so that nothing flickers.
    frames_per_second : float
        1 to 50; GIF counts in hundredths of a second.

    Raises
    ------
    InvalidRequest
        If there is no frame, or one of another size.
    """
    images = _with_one_palette(frames)
    try:
        first = next(images)
    except StopIteration:
        raise InvalidRequest("An animation needs at least one frame.") from None
    duration = 10 * max(2, round(100 / frames_per_second))
    first.save(
        file, format="GIF", save_all=True, append_images=images, duration=duration, loop=0, optimize=False, disposal=1
    )


def turntable(surface: Surface, subject: Subject, frames: int = 48, beside: Beside = NOTHING_BESIDE) -> Iterator[Frame]:
    """A surface seen from all around: one full turn, so that the last frame goes over into the first."""
    figure = surface_3d_figure(surface, subject, beside)
    for frame in range(frames):
        figure.axes[0].view_init(elev=VIEW["elev"], azim=VIEW["azim"] + 360 * frame / frames)  # type: ignore[attr-defined]
        yield _pixels(figure)


def journey(
    trajectory: Trajectory, subject: Subject, beside: Beside = NOTHING_BESIDE, frames: int = 48
) -> Iterator[Frame]:
    """A training on its way through the plane, checkpoint by checkpoint; the last frames stay at its end."""
    whole = trajectory_figure(trajectory, subject, beside)
    still = _pixels(whole)
    marker = whole.axes[0].plot([], [], marker="o", markersize=13, color="none", markeredgecolor="#E4572E")[0]
    marker.set_markeredgewidth(2.6)
    marker.set_zorder(10)
    points = len(trajectory.x)
    steps = np.linspace(0, points - 1, min(frames, points)).round().astype(int)
    for step in steps:
        marker.set_data([trajectory.x[step]], [trajectory.y[step]])
        yield _pixels(whole)
    for _ in range(min(6, frames)):
        yield still


def _pixels(figure: Figure) -> Frame:
    file = io.BytesIO()
    with house_style():
        figure.savefig(file, format="png", dpi=DOTS)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _with_one_palette(frames: Iterable[Frame]) -> Iterator[Image.Image]:
    palette: Image.Image | None = None
    for frame in frames:
        image = Image.fromarray(np.ascontiguousarray(frame), mode="RGB")
        if palette is None:
            palette = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            size = image.size
            _keep_white(palette)
            yield palette
            continue
        if image.size != size:
            raise InvalidRequest(f"A frame of {image.size} does not go with frames of {size} (width, height).")
        yield image.quantize(palette=palette, dither=Image.Dither.NONE)


def _keep_white(image: Image.Image) -> None:
    """Paper stays white: choosing colours takes means, which leave it a little grey."""
    colours = np.array(image.getpalette(), dtype=np.int64).reshape(-1, 3)
    lightest = int(colours.sum(axis=1).argmax())
    if colours[lightest].min() >= 245:
        colours[lightest] = 255
        image.putpalette(colours.ravel().tolist())
