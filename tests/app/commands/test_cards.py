"""Editing the card of a network: in its place, or beside it where results refer to the old card."""

from dataclasses import replace

import pytest

from app.commands.cards import EditCard, card_edit, dependents
from app.commands.items import AddItems
from core.errors import InvalidRequest
from core.networks.card import InputCard
from core.session.document import Document, NetworkItem
from tests import documents


def alone() -> tuple[Document, NetworkItem]:
    item = documents.network_item()
    return Document().with_item(item), item


def used() -> tuple[Document, NetworkItem]:
    document = documents.document()
    result = document.results[0]
    item = document.items[result.network_id]
    assert isinstance(item, NetworkItem)
    return document, item


def fed_otherwise(item: NetworkItem) -> InputCard:
    return InputCard(shape=item.card.input.shape, mean=(5.0,), std=(2.0,))


def test_a_network_from_which_nothing_was_computed_is_edited_in_place() -> None:
    document, item = alone()
    after = card_edit(document, item.id, replace(item.card, input=fed_otherwise(item))).apply(document)
    assert list(after.items) == [item.id]
    assert after.networks[0].card.input.mean == (5.0,)


def test_new_preprocessing_of_a_used_network_adds_a_second_one_and_leaves_the_old_one() -> None:
    document, item = used()
    command = card_edit(document, item.id, replace(item.card, input=fed_otherwise(item)))
    assert isinstance(command, AddItems)
    after = command.apply(document)
    assert after.items[item.id] is item
    fresh = next(network for network in after.networks if network.id not in document.items)
    assert fresh.card.input.mean == (5.0,)
    assert fresh.name != item.name


def test_words_of_a_used_network_are_edited_in_place() -> None:
    document, item = used()
    card = replace(item.card, name="Judge", description="of March")
    after = card_edit(document, item.id, card).apply(document)
    changed = after.items[item.id]
    assert isinstance(changed, NetworkItem)
    assert (changed.name, changed.card.description) == ("Judge", "of March")
    assert len(after.items) == len(document.items)


def test_feeding_a_used_network_otherwise_in_place_is_refused() -> None:
    document, item = used()
    assert dependents(document, item.id) > 0
    with pytest.raises(InvalidRequest, match="as an item of its own"):
        EditCard(item.id, replace(item.card, input=fed_otherwise(item))).apply(document)


def test_the_same_card_again_changes_nothing() -> None:
    document, item = alone()
    assert EditCard(item.id, replace(item.card, name=item.name)).apply(document) is document


def test_a_data_set_has_no_network_card() -> None:
    document, item = used()
    with pytest.raises(InvalidRequest, match="is not a network"):
        card_edit(document, document.datasets[0].id, item.card)
