"""Whom imported results belong to: what goes along with one that is linked to a network."""

from core.landscape.plane import Directions
from core.session.document import Document, ResultItem


def plane_of(item: ResultItem) -> Directions | None:
    """The directions that an imported result came with; None without any."""
    found = getattr(item.result, "directions", None)
    return found if isinstance(found, Directions) and found.x else None


def linked_together(item: ResultItem, document: Document) -> tuple[str, ...]:
    """The result, and other imported ones of its very plane that belong to whom it belongs now: a way in a surface."""
    plane = plane_of(item)
    others = [
        other.id
        for other in document.results
        if other.id != item.id
        and other.result.provenance.imported
        and (other.network_id, other.dataset_id) == (item.network_id, item.dataset_id)
        and plane is not None
        and (theirs := plane_of(other)) is not None
        and theirs.fingerprint == plane.fingerprint
    ]
    return item.id, *others
