"""Files that earlier versions of Corrie wrote, kept as they were: each must open for ever, with all that it holds.

A file of the present version is added by ``python -m tests.core.session.test_earlier_versions`` whenever the format
gets a new version, and never replaced afterwards.
"""

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import h5py
import pytest

from core.review.note import Anchor, BarAnchor, Note, PointAnchor, RegionAnchor, WholeItem
from core.session import layout
from core.session.document import Document
from core.session.files import open_session, save_document
from core.session.migrations import chain
from core.session.migrations.chain import STEPS, may_lack
from tests import documents
from tests.core.corrections.case_examples import answered
from tests.core.session.held import held
from tests.joints import joint
from tests.pairs import pairs_result
from tests.runs import run_item
from tests.sameness import differences

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = range(1, layout.SCHEMA_VERSION + 1)


def everything() -> Document:
    """A document with every kind of item there is."""
    start = documents.landscape_document()
    items = (
        *start.items.values(),
        run_item(),
        documents.result_item(joint(), "joint-0", "Three features"),
        documents.result_item(pairs_result(), "pairs-0", "All pairs"),
        documents.result_item(answered(), "cases-0", "All rejected"),
    )
    whole = replace(start, items=MappingProxyType({item.id: item for item in items}))
    for note in notes():
        whole = whole.with_note(note)
    return whole


def notes() -> list[Note]:
    """Notes pinned to every kind of place; one is settled, one about the session, one about what is gone."""
    places: list[tuple[str | None, Anchor]] = [
        ("surface-0", PointAnchor(x=0.25, y=-0.5, loss=1.32)),
        ("curve-0", PointAnchor(x=0.1)),
        ("spectrum-0", BarAnchor(index=1)),
        ("correction-0", RegionAnchor(part=1)),
        ("joint-0", RegionAnchor(part=0, coordinates=(36.0, 9000.0))),
        ("network-0", WholeItem()),
        (None, WholeItem()),
        ("surface-9", WholeItem()),
    ]
    made = [
        Note(
            note_id=f"note-{number}",
            text=f"Why is this so?\n\t№ {number} — “x” < 0.1",
            author="Ada",
            created_utc="2026-11-20T09:00:00+00:00",
            changed_utc="2026-11-20T09:30:00+00:00",
            item_id=item_id,
            anchor=anchor,
            item_name="A surface that was removed" if item_id == "surface-9" else "",
        )
        for number, (item_id, anchor) in enumerate(places)
    ]
    made[2] = replace(made[2], resolved=True, resolved_by="Bo", resolved_utc="2026-11-21T10:00:00+00:00")
    return made


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_every_version_opens_with_all_that_it_held(version: int) -> None:
    opened = open_session(FIXTURES / f"version_{version}.corrie.h5")
    assert opened.schema_version == version
    there = held(opened.document)
    known = json.loads((FIXTURES / f"version_{version}.json").read_text(encoding="utf-8"))
    assert {path: there.get(path) for path in known} == known


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_file_is_the_same_after_it_was_saved_by_this_version(version: int, tmp_path: Path) -> None:
    document = open_session(FIXTURES / f"version_{version}.corrie.h5").document
    save_document(document, tmp_path / "now.corrie.h5")
    again = open_session(tmp_path / "now.corrie.h5")
    assert again.schema_version == layout.SCHEMA_VERSION
    assert differences(again.document, document) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_file_has_an_item_of_every_kind_that_its_version_knew(version: int) -> None:
    with h5py.File(FIXTURES / f"version_{version}.corrie.h5") as file:
        groups = {name: len(thing) for name, thing in file.items() if isinstance(thing, h5py.Group)}
    assert len(groups) >= 15 + version
    assert [name for name, items in groups.items() if not items] == []


def test_there_is_a_way_from_every_earlier_version_to_the_present_one() -> None:
    assert set(STEPS) == set(range(1, layout.SCHEMA_VERSION))
    folder = Path(chain.__file__).parent
    assert {path.stem for path in folder.glob("version_*.py")} == {f"version_{version}" for version in STEPS}
    assert may_lack(layout.SCHEMA_VERSION) == frozenset()


def test_a_file_from_before_there_were_notes_has_none_and_the_present_one_has_all_kinds_of_them() -> None:
    assert dict(open_session(FIXTURES / "version_1.corrie.h5").document.notes) == {}
    assert list(open_session(FIXTURES / "version_2.corrie.h5").document.notes.values()) == notes()


if __name__ == "__main__":
    place = FIXTURES / f"version_{layout.SCHEMA_VERSION}.corrie.h5"
    if place.exists():
        raise SystemExit(f"{place} is there already: a file of an earlier version is never replaced.")
    save_document(everything(), place)
    place.with_name(f"version_{layout.SCHEMA_VERSION}.json").write_text(
        json.dumps(held(open_session(place).document), indent=0), encoding="utf-8"
    )
