"""A session with an item of every kind that there is, and with notes on them."""

from dataclasses import replace
from types import MappingProxyType

from core.landscape.plane import FileDirections
from core.provenance import imported_provenance
from core.review.note import PointAnchor
from core.review.writing import new_note
from core.session.document import Document, ResultItem
from tests import documents
from tests.core.corrections.case_examples import answered
from tests.joints import joint
from tests.pairs import pairs_result
from tests.runs import run, run_item


def imported_surface() -> ResultItem:
    """A surface from a file of another program, which belongs to nothing yet."""
    made = documents.surface(5, 5)
    request = replace(made.request, directions=FileDirections(origin="directions.h5"))
    foreign = replace(made, request=request, provenance=imported_provenance("plane.h5"))
    item = documents.result_item(foreign, "imported-0", "From elsewhere")
    return replace(item, network_id="", dataset_id="")


def document_of_every_kind() -> Document:
    """One of each, at least, and two notes: one on a surface, one on the session."""
    document = documents.landscape_document()
    partial = replace(run_item("run-1"), run=run(epochs=2), dataset_id="dataset-0", network_id="network-1")
    more = (
        documents.result_item(joint(), "joint-0", "In several features"),
        documents.result_item(pairs_result(), "pairs-0", "All pairs"),
        documents.result_item(answered(), "cases-0", "All rejected rows"),
        documents.result_item(documents.surface(4, 4, status="partial"), "surface-2", "Stopped"),
        imported_surface(),
        run_item("run-0"),
        partial,
    )
    document = replace(document, items=MappingProxyType({**document.items, **{item.id: item for item in more}}))
    document = document.with_note(new_note("Why this ridge?", "Ada", "surface-0", PointAnchor(x=0.5, y=0.5)))
    return document.with_note(new_note("Decide on Monday.", "Bo"))
