"""What a session says about a picture beside it: its measures, and what such a slice can and cannot show."""

from collections.abc import Callable, Sequence

from core.exchange.readings import heard_of, limits_of, measures_of, top_eigenvalues
from core.landscape.curve import Curve
from core.landscape.measures.catalogue import Measure
from core.landscape.surface import Surface
from core.session.document import Document, ResultItem

__all__ = ["heard_of", "limits_of", "measuring", "top_eigenvalues"]


def measuring(item: ResultItem, document: Document) -> Callable[[], Sequence[Measure]] | None:
    """What computes the measures of a result, for another thread; None if it has none."""
    if not isinstance(item.result, Surface | Curve):
        return None
    return lambda: measures_of(item, document)
