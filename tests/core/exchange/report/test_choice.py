"""Which items a report shows."""

import pytest

from core.errors import InvalidRequest
from core.exchange.report.choice import beneath, chosen_items
from core.session.document import Document
from tests import documents

DOCUMENT = documents.document()


def test_without_a_choice_all_items_are_shown_networks_and_data_first() -> None:
    found = [item.id for item in chosen_items(DOCUMENT)]
    assert sorted(found) == sorted(DOCUMENT.items)
    assert found[:3] == ["network-0", "dataset-0", "network-1"]
    assert found[3:] == [item.id for item in DOCUMENT.results]


def test_chosen_items_stand_in_the_order_of_the_choice_and_only_once() -> None:
    name = DOCUMENT.items["surface-0"].name
    chosen = chosen_items(DOCUMENT, ["correction-0", name, "correction-0"])
    assert [item.id for item in chosen] == ["correction-0", "surface-0"]


def test_an_empty_session_and_a_name_that_nothing_has_are_told() -> None:
    with pytest.raises(InvalidRequest, match="The session is empty: there is nothing to report"):
        chosen_items(Document())
    with pytest.raises(InvalidRequest, match='There is no item "nobody"'):
        chosen_items(DOCUMENT, ["nobody"])


def test_beneath_a_result_lie_its_network_and_its_data_though_they_are_not_chosen() -> None:
    found = beneath(chosen_items(DOCUMENT, ["surface-0"]), DOCUMENT)
    assert {item.id for item in found} == {"network-0", "dataset-0"}
