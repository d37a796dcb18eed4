"""Each edit does what its name says, refuses what it cannot do, and leaves the document before it untouched."""

import math

import pytest

from app.commands.command import Command, Together
from app.commands.items import AddItems, RemoveItem, RenameItem
from app.commands.results import ReplaceResult, SetBox
from core.corrections.records.correction import Box, Correction
from core.errors import InvalidRequest
from core.session.document import Document, ResultItem
from tests.app.commands.documents import box_at, correction, dataset, full_document, network, result, surface


def box_of(document: Document) -> Box | None:
    item = document.items["correction-1"]
    assert isinstance(item, ResultItem)
    assert isinstance(item.result, Correction)
    return item.result.box


def test_items_can_be_added_together_with_what_they_refer_to() -> None:
    items = (result("surface-1", surface()), network(), dataset())
    assert set(AddItems(items).apply(Document()).items.values()) == set(items)


def test_an_item_whose_id_is_taken_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="already holds an item network-1"):
        AddItems((network(),)).apply(full_document())


def test_a_result_of_a_network_that_is_gone_is_refused() -> None:
    late = result("surface-2", surface())
    with pytest.raises(InvalidRequest, match="network that is no longer in the session"):
        AddItems((late,)).apply(full_document().without("network-1"))


def test_removing_a_network_removes_its_results_and_leaves_the_data() -> None:
    assert tuple(RemoveItem("network-1").apply(full_document()).items) == ("data-1",)


def test_removing_a_result_leaves_everything_else() -> None:
    assert tuple(RemoveItem("surface-1").apply(full_document()).items) == ("network-1", "data-1", "correction-1")


def test_renaming_trims_the_name_and_keeps_the_place_in_the_list() -> None:
    renamed = RenameItem("network-1", "  ResNet \n 56 ").apply(full_document())
    assert renamed.items["network-1"].name == "ResNet 56"
    assert tuple(renamed.items) == tuple(full_document().items)


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="at least one letter"):
        RenameItem("network-1", name).apply(full_document())


def test_a_box_is_moved_and_nothing_else_changes() -> None:
    before = full_document()
    after = SetBox("correction-1", box_at(7.0)).apply(before)
    box = box_of(after)
    assert box is not None
    assert box.bounds == (6.0, 4.0, 8.0, 6.0)
    assert [i for i in after.items if after.items[i] is not before.items[i]] == ["correction-1"]
    unmoved = box_of(before)
    assert unmoved is not None
    assert unmoved.centre == (5.0, 5.0)


def test_a_box_can_be_taken_away() -> None:
    assert box_of(SetBox("correction-1", None).apply(full_document())) is None


def test_a_box_that_became_proved_is_a_change() -> None:
    proved = Box(centre=(5.0, 5.0), half_width=(1.0, 1.0), proof="proved")
    after = box_of(SetBox("correction-1", proved).apply(full_document()))
    assert after is not None
    assert after.proof == "proved"


@pytest.mark.parametrize(
    "box",
    [
        Box(centre=(math.nan, 0.0), half_width=(1.0, 1.0)),
        Box(centre=(0.0, 0.0), half_width=(math.inf, 1.0)),
        Box(centre=(0.0, 0.0), half_width=(1.0, -1.0)),
    ],
)
def test_a_box_that_is_no_box_is_refused(box: Box) -> None:
    with pytest.raises(InvalidRequest, match="finite"):
        SetBox("correction-1", box).apply(full_document())


def test_a_surface_has_no_box() -> None:
    with pytest.raises(InvalidRequest, match="is not a correction"):
        SetBox("surface-1", box_at(1.0)).apply(full_document())


def test_a_partial_result_is_replaced_by_the_complete_one() -> None:
    complete = surface()
    document = full_document().with_item(result("surface-1", surface(complete=False)))
    command = ReplaceResult("surface-1", complete)
    item = command.apply(document).items["surface-1"]
    assert isinstance(item, ResultItem)
    assert item.result is complete
    assert command.label(document) == "complete “Result surface-1”"


def test_a_surface_cannot_become_a_correction() -> None:
    with pytest.raises(InvalidRequest, match="is a surface and cannot become a correction"):
        ReplaceResult("surface-1", correction()).apply(full_document())


def test_a_network_has_no_result_to_replace() -> None:
    with pytest.raises(InvalidRequest, match="is not a result"):
        ReplaceResult("network-1", surface()).apply(full_document())


@pytest.mark.parametrize(
    "command",
    [RemoveItem("gone"), RenameItem("gone", "x"), SetBox("gone", None), ReplaceResult("gone", surface())],
)
def test_an_edit_of_an_item_that_is_gone_is_refused_by_name(command: Command) -> None:
    with pytest.raises(InvalidRequest, match="no item gone"):
        command.apply(full_document())


@pytest.mark.parametrize(
    "command",
    [RenameItem("network-1", "Small network"), SetBox("correction-1", box_at(5.0)), Together("nothing", ())],
)
def test_an_edit_that_changes_nothing_gives_the_very_same_document(command: Command) -> None:
    document = full_document()
    assert command.apply(document) is document


def test_of_several_edits_together_none_is_made_if_one_is_refused() -> None:
    document = full_document()
    both = Together("remove 2 items", (RemoveItem("surface-1"), RemoveItem("gone")))
    with pytest.raises(InvalidRequest):
        both.apply(document)
    assert "surface-1" in document.items


def test_labels_say_what_would_be_undone() -> None:
    document = full_document()
    long_name = "a" * 100
    assert AddItems((network("n", "ResNet"),)).label(document) == "add “ResNet”"
    assert AddItems((network("n"), network("m"))).label(document) == "add 2 items"
    assert RemoveItem("network-1").label(document) == "remove “Small network”"
    assert RenameItem("network-1", "x").label(document) == "rename “Small network”"
    assert SetBox("correction-1", box_at(1.0)).label(document) == "move box"
    assert SetBox("correction-1", None).label(document) == "remove box"
    assert AddItems((network("n", long_name),)).label(document) == f"add “{'a' * 39}…”"
