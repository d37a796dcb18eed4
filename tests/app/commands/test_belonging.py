"""Linking an imported result to what it belongs to."""

from dataclasses import replace

import numpy as np
import pytest

from app.commands.belonging import LinkResults
from core.errors import InvalidRequest
from core.landscape.plane import Directions, FileDirections
from core.landscape.surface import Surface
from core.provenance import imported_provenance
from core.session.document import Document, ResultItem
from tests.app.commands.documents import full_document, result, surface


def with_import() -> Document:
    made = surface()
    request = replace(made.request, directions=FileDirections(origin="directions.h5"))
    foreign = replace(made, request=request, provenance=imported_provenance("plane.h5"))
    item = replace(result("surface-9", foreign), network_id="", dataset_id="")
    return full_document().with_item(item)


def linked(document: Document) -> ResultItem:
    item = document.items["surface-9"]
    assert isinstance(item, ResultItem)
    return item


def test_a_link_names_network_and_data_and_can_be_taken_back() -> None:
    before = with_import()
    command = LinkResults(("surface-9",), "network-1", "data-1")
    after = command.apply(before)
    assert (linked(after).network_id, linked(after).dataset_id) == ("network-1", "data-1")
    assert linked(after).result is linked(before).result
    assert "link" in command.label(before)
    freed = LinkResults(("surface-9",), "", "").apply(after)
    assert (linked(freed).network_id, linked(freed).dataset_id) == ("", "")


def test_directions_get_the_names_of_the_network_and_the_request_asks_for_them() -> None:
    directions = Directions(x={"weight": np.ones((2, 2), np.float32)}, y={}, cosine=float("nan"))
    found = linked(LinkResults(("surface-9",), "network-1", "", directions).apply(with_import())).result
    assert isinstance(found, Surface)
    assert found.directions is directions
    assert found.request.directions == FileDirections(origin="directions.h5", sha256=directions.fingerprint)


def test_what_corrie_computed_is_never_linked_anew() -> None:
    with pytest.raises(InvalidRequest, match="was computed by Corrie"):
        LinkResults(("surface-1",), "network-1", "data-1").apply(with_import())


@pytest.mark.parametrize(("network_id", "dataset_id"), [("data-1", ""), ("network-1", "network-1"), ("gone", "")])
def test_a_result_belongs_to_a_network_and_data_of_the_session(network_id: str, dataset_id: str) -> None:
    with pytest.raises(InvalidRequest):
        LinkResults(("surface-9",), network_id, dataset_id).apply(with_import())
