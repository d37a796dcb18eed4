"""A run that went on takes its place, and its network the place of the earlier one unless results hang on that."""

from dataclasses import replace

import pytest

from app.commands.history import History
from app.commands.runs import ReplaceRun
from app.state.document_state import DocumentState
from core.errors import InvalidRequest
from core.session.document import Document, NetworkItem, ResultItem, RunItem
from tests import documents
from tests.runs import run, run_item


def network(sha256: str, item_id: str = "network-new") -> NetworkItem:
    some = next(iter(documents.document().networks))
    return replace(some, id=item_id, name="Run run-1", sha256=sha256)


def with_run(*, results: bool) -> tuple[Document, RunItem]:
    """A partial run with its network, with or without a result that was computed from it."""
    item = replace(run_item(epochs=2), network_id="network-old")
    document = Document().with_item(network("old", "network-old")).with_item(item)
    if results:
        result = next(found for found in documents.document().results)
        document = document.with_item(replace(result, network_id="network-old", dataset_id=""))
    return document, item


def test_the_network_of_a_run_that_went_on_keeps_its_id_and_name(qapp: object) -> None:
    document, item = with_run(results=False)
    after = ReplaceRun(item.id, run(epochs=4), network("new")).apply(document)
    changed = after.items[item.id]
    assert isinstance(changed, RunItem)
    assert (changed.run.status, changed.network_id) == ("complete", "network-old")
    (only,) = after.networks
    assert (only.id, only.name, only.sha256) == ("network-old", "Run run-1", "new")


def test_a_network_that_results_were_computed_from_stays_beside_the_new_one() -> None:
    document, item = with_run(results=True)
    after = ReplaceRun(item.id, run(epochs=4), network("new")).apply(document)
    old, new = after.networks
    assert (old.sha256, new.sha256) == ("old", "new")
    assert new.name == "Run run-1 (2)"
    changed = after.items[item.id]
    assert isinstance(changed, RunItem)
    assert changed.network_id == new.id
    assert all(result.network_id == old.id for result in after.items.values() if isinstance(result, ResultItem))


def test_a_run_whose_network_was_removed_gets_one_again() -> None:
    document, item = with_run(results=False)
    document = document.without("network-old")
    after = ReplaceRun(item.id, run(epochs=4), network("new")).apply(document)
    (only,) = after.networks
    assert (only.id, only.name) == ("network-new", "Run run-1")
    assert after.items[item.id].network_id == "network-new"  # type: ignore[union-attr]


def test_going_on_is_one_step_of_undo_with_words_of_its_own(qapp: object) -> None:
    document, item = with_run(results=False)
    state = DocumentState()
    history = History(state)
    state.open(document, None)
    history.push(ReplaceRun(item.id, run(epochs=4), network("new")))
    assert history.undo_text == "complete “Run run-1”"
    history.undo()
    assert state.document is document


def test_what_is_no_run_cannot_go_on_as_one(qapp: object) -> None:
    document, _ = with_run(results=False)
    with pytest.raises(InvalidRequest, match="is not a training run"):
        ReplaceRun("network-old", run(), None).apply(document)
    with pytest.raises(InvalidRequest, match="There is no item"):
        ReplaceRun("run-9", run(), None).apply(document)
