"""Width, sharpness and ups and downs along a line through one network, over all draws of it."""

import numpy as np

from core.landscape.curve import Curve
from core.landscape.measures.field import log_height
from core.landscape.measures.measure import Measure, amount, short_number
from core.landscape.measures.roughness import OSCILLATION_SOURCE, ups_and_downs
from core.landscape.measures.sharpness import SOURCE as SHARPNESS_SOURCE
from core.landscape.measures.width import SOURCE as WIDTH_SOURCE
from core.landscape.measures.width import axis_width
from core.landscape.plane import FloatArray
from core.landscape.surface import LOG_OFFSET

RISE = 1.0  # above the network's own loss, in the loss's unit


def line_measures(curve: Curve, caveat: str) -> tuple[Measure, ...]:
    """Measures of the training loss along random or other directions; the median over the draws, and their range."""
    draws = len(curve.loss)
    widths = [axis_width(curve.x, loss, 0.0, curve.centre_loss + RISE) for loss in curve.loss]
    least = "at least " if any(width.open for width in widths) else ""
    above = f"{amount(RISE, curve.loss_unit)} above the network's own loss"
    shaken = np.array([ups_and_downs(log_height(loss)[None]) for loss in curve.loss])
    rises = np.array([_rise(curve, loss) for loss in curve.loss])
    over = "" if draws == 1 else f" The median of {draws} random draws; how far they differ is chance."
    return (
        Measure(
            key=f"line-width-{RISE:g}",
            name="Width of the valley",
            value=_middle(np.array([width.value for width in widths])),
            unit="",
            text=least + _words(np.array([width.value for width in widths])) + f", {above}",
            definition=(
                f"The distance between the two places where the loss along the line first rises to {above}, in "
                "multiples of the direction; between computed positions it is taken to be straight. Where it does not "
                "rise so high, "
                "the width is at least the one given." + over
            ),
            source=WIDTH_SOURCE,
            caveat=caveat,
        ),
        Measure(
            key="line-sharpness",
            name="Sharpness along the line",
            value=100 * _middle(rises),
            unit="%",
            text=_words(100 * rises) + " %",
            definition=(
                "The largest loss L at the computed positions of the line against the network's own loss L0: "
                "(L − L0) / (1 + L0), in percent." + over
            ),
            source=SHARPNESS_SOURCE.replace("plane", "line"),
            caveat=caveat,
        ),
        Measure(
            key="line-ups-and-downs",
            name="Ups and downs",
            value=_middle(shaken),
            unit="",
            text=_words(shaken) + " times those of a single valley",
            definition=(
                f"All rises and falls of log(loss + {LOG_OFFSET}) along the line, divided by what they would be if it "
                "only "
                "fell to its lowest point and then only rose to its end." + over
            ),
            source=OSCILLATION_SOURCE,
            caveat=caveat,
        ),
    )


def _rise(curve: Curve, loss: FloatArray) -> float:
    known = loss[~np.isnan(loss)]
    if not len(known):
        return float("nan")
    return float((max(known.max(), curve.centre_loss) - curve.centre_loss) / (1 + curve.centre_loss))


def _middle(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _words(values: FloatArray) -> str:
    known = values[~np.isnan(values)]
    if not len(known):
        return "unknown"
    low, middle, high = (short_number(float(value)) for value in np.quantile(known, (0.0, 0.5, 1.0)))
    return f"{middle} ({low} to {high})" if len(known) > 1 else middle
