"""Which items of two sessions belong together."""

from dataclasses import replace
from types import MappingProxyType

from core.review.comparison.comparing import compare_sessions
from core.review.comparison.matching import BY_FINGERPRINT, BY_ID, BY_NAME, BY_PLACE, BY_QUESTION, matches
from core.session.document import Document, Item, ResultItem
from tests import documents
from tests.documents import document, result_item, spectrum, surface


def renumbered(session: Document, **names: str) -> Document:
    """The session as if it had been computed anew: every item has another id, and refers to the others by theirs."""
    ids = {item_id: f"{item_id}-anew" for item_id in session.items}
    items: dict[str, Item] = {}
    for item in session.items.values():
        fresh = replace(item, id=ids[item.id], name=names.get(item.id.replace("-", "_"), item.name))
        if isinstance(fresh, ResultItem):
            network, data = ids[fresh.network_id], ids[fresh.dataset_id]
            fresh = replace(fresh, network_id=network, dataset_id=data)
        items[fresh.id] = fresh
    return replace(session, items=MappingProxyType(items))


def reasons(a: Document, b: Document) -> dict[str, str]:
    return {match.a.id: match.why for match in matches(a, b) if match.a is not None}


def test_items_of_one_id_belong_together_whatever_they_are_called() -> None:
    other = document().with_item(replace(document().items["surface-0"], name="Another name"))
    assert set(reasons(document(), other).values()) == {BY_ID}


def test_an_id_that_another_kind_of_item_bears_is_no_reason() -> None:
    other = Document().with_item(result_item(spectrum(), "surface-0", "A spectrum"))
    comparison = compare_sessions(Document().with_item(result_item(surface(), "surface-0", "A surface")), other)
    assert [pair.verdict for pair in comparison.pairs] == ["only in A", "only in B"]


def test_without_ids_what_was_asked_of_which_network_and_data_decides() -> None:
    found = reasons(document(), renumbered(document(), surface_0="Quite another name"))
    assert found["network-0"] == BY_FINGERPRINT
    assert found["surface-0"] == BY_QUESTION
    assert found["spectrum-0"] == BY_QUESTION


def test_results_of_a_network_that_was_trained_anew_belong_to_those_of_the_old_one() -> None:
    old, other = document(), renumbered(document())
    trained = replace(other.items["network-0-anew"], sha256="ab" * 32)
    result = other.items["surface-0-anew"]
    assert isinstance(result, ResultItem)
    made = replace(result.result.provenance, network_sha256="ab" * 32)
    anew = replace(result, name="Named otherwise", result=replace(result.result, provenance=made))
    found = reasons(old, other.with_item(trained).with_item(anew))
    assert found["network-0"] == BY_NAME
    assert found["surface-0"] == BY_PLACE


def test_what_was_asked_otherwise_belongs_together_by_its_name() -> None:
    other = renumbered(document())
    item = other.items["surface-0-anew"]
    assert isinstance(item, ResultItem)
    asked = replace(item.result.request, samples=7)  # type: ignore[call-arg]  # a surface's
    changed = other.with_item(replace(item, result=replace(item.result, request=asked)))  # type: ignore[arg-type]
    assert reasons(document(), changed)["surface-0"] == BY_NAME


def test_each_item_is_matched_once_and_the_rest_is_alone() -> None:
    twin = result_item(surface(), "surface-9", "Around the minimum")
    one, two = document().with_item(twin), document()
    found = matches(one, two)
    assert len(found) == len(one.items)
    assert [match.a.id for match in found if match.b is None and match.a is not None] == ["surface-9"]
    alone = matches(two, one)
    assert [match.b.id for match in alone if match.a is None and match.b is not None] == ["surface-9"]


def test_sessions_without_anything_in_common_are_each_alone() -> None:
    one = Document().with_item(documents.network_item())
    other = Document().with_item(documents.dataset_item())
    assert [pair.verdict for pair in compare_sessions(one, other).pairs] == ["only in A", "only in B"]
    assert compare_sessions(Document(), Document()).pairs == ()


def test_a_thousand_items_are_each_matched_with_their_own() -> None:
    session = Document()
    items = {f"surface-{n}": result_item(surface(), f"surface-{n}", f"Surface {n}") for n in range(1000)}
    session = replace(session, items=MappingProxyType(items))
    anew = {f"{key}-x": replace(item, id=f"{key}-x") for key, item in reversed(items.items())}
    other = replace(session, items=MappingProxyType(anew))
    comparison = compare_sessions(session, other)
    assert len(comparison.pairs) == 1000
    assert comparison.identical
    assert all(pair.b_id == f"{pair.a_id}-x" for pair in comparison.pairs)
