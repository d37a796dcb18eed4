"""Two results of one kind as a figure for a report: the difference of two surfaces, or both in the same panels."""

from collections.abc import Callable

from matplotlib.figure import Figure

from core.exchange.figures.across import across_figure
from core.exchange.figures.difference import difference_figure
from core.landscape.difference import same_grid
from core.landscape.surface import Surface
from core.review.comparison.pictures import pair_picture
from core.session.document import Item, ResultItem


def pair_figure(one: Item, other: Item) -> Callable[[], Figure] | None:
    """What draws two items of one kind together; None where there is no such picture.

    The figures raise `core.errors.InvalidRequest` where the numbers are too far apart to be drawn.
    """
    if isinstance(one, ResultItem) and isinstance(other, ResultItem):
        a, b = one.result, other.result
        if isinstance(a, Surface) and isinstance(b, Surface):
            comparable = same_grid(a, b) and a.loss_unit == b.loss_unit
            return (lambda: difference_figure(a, b, (f"A: {one.name}", f"B: {other.name}"))) if comparable else None
    picture = pair_picture(one, other)
    return None if picture is None else lambda: across_figure(picture)
