"""Handles of images on the command line: ``--handle towards:17 --handle brightness:8,8,6,6``."""

import re
from collections.abc import Mapping

import click

from core.corrections.records.correction import CorrectionRequest, Norm
from core.corrections.records.joint import JointRequest
from core.corrections.requests.image_handles import WORDS, ImageHandle, Kind, image_joint_request, image_request
from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.networks.network import Network

HANDLES = (
    "towards:ROW goes to another image of DATA; brightness:X,Y,W,H makes a rectangle of pixels brighter; fade:X,Y,W,H "
    "lets it fade into its mean colour. --stability 0.02,4 and --range 1=0:0.5 are in their units."
)
_FORM = re.compile(r"(?P<kind>towards|brightness|fade):(?P<numbers>\d+(?:,\d+){0,3})")

handle_option = click.option(
    "--handle",
    "handles",
    multiple=True,
    metavar="KIND:…",
    help=f"For images, instead of --free, twice or more: what the image is moved along. {HANDLES}",
)


def image_handles(texts: tuple[str, ...]) -> tuple[ImageHandle, ...]:
    """Handles as they were written. Raises a usage error that says how they are written."""
    found = []
    for text in texts:
        form = _FORM.fullmatch(text.strip())
        numbers = tuple(int(number) for number in form["numbers"].split(",")) if form else ()
        if form is None or len(numbers) != (1 if form["kind"] == "towards" else 4):
            raise click.UsageError(f"--handle {text} is none. {HANDLES}")
        kind: Kind = next(one for one in WORDS if one == form["kind"])
        if kind == "towards":
            found.append(ImageHandle(kind=kind, row=numbers[0]))
        else:
            left, top, width, height = numbers
            found.append(ImageHandle(kind=kind, rectangle=(left, top, width, height)))
    if len(found) < 2:
        raise click.UsageError(f"An image is moved along two handles or more. {HANDLES}")
    return tuple(found)


def handled_request(
    data: Dataset,
    row: int,
    network: Network,
    handles: tuple[str, ...],
    targets: tuple[str, ...],
    stability: str,
    ranges: Mapping[str, tuple[float, float]],
    norm: Norm,
    seconds: float | None,
) -> CorrectionRequest | JointRequest:
    """The request for an image. Raises `InvalidRequest`, or a usage error.

    Parameters
    ----------
    ranges : by ``1``, ``2`` and so on
        Where the first and the second handle go.
    seconds : float, optional
        For the search where they are more than two; two have an exact slice, unless a time is given.
    """
    shape = network.card.input.shape
    if len(shape) != 3:
        raise InvalidRequest(f'"{network.name}" takes no images. Name features with --free.')
    along = image_handles(handles)
    widths = _widths(stability, len(along))
    stray = next((place for place in ranges if place not in [str(one + 1) for one in range(len(along))]), None)
    if stray is not None:
        raise click.UsageError(f'There is no handle {stray}: they are called 1, 2, … in --range, such as "1=0:0.5".')
    names = network.card.classes or data.classes
    if not targets:
        raise click.UsageError(f"Say which class is wanted: --target {names[0] if names else '0'}")
    unknown = next((one for one in targets if one not in names and not one.isdigit()), None)
    if unknown is not None:
        raise InvalidRequest(f'There is no class "{unknown}". There are: {", ".join(names)}.')
    classes = [names.index(one) if one in names else int(one) for one in targets]
    limits = {int(place) - 1: limits for place, limits in ranges.items()}
    size = (shape[0], shape[1], shape[2])
    if len(along) == 2 and seconds is None:
        return image_request(data, row, size, along, classes, stability=widths, ranges=limits, norm=norm)
    time = JointRequest.seconds if seconds is None else seconds
    return image_joint_request(
        data, row, size, along, classes, stability=widths, ranges=limits, norm=norm, seconds=time
    )


def _widths(stability: str, handles: int) -> list[float]:
    """Half-widths as they were written, one for each handle."""
    if not stability:
        return [0.0] * handles
    try:
        widths = [float(part) for part in stability.split(",")]
    except ValueError:
        widths = []
    if len(widths) != handles:
        raise click.UsageError(f'--stability of {handles} handles is as many numbers, such as "0.05,4".')
    return widths
