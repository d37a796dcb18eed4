"""What a report says: definitions, limits, provenance, hashes."""

import hashlib
from dataclasses import replace
from pathlib import Path

import h5py
import pytest

from core.errors import UnreadableFile
from core.exchange.readings import measures_of
from core.exchange.report.blocks import ColumnTable, FactTable, Listing, Report, Section, Words, dated
from core.exchange.report.composing import composed
from core.exchange.report.source import source_of
from core.job import JobContext
from core.session.files import save_document
from tests import documents
from tests.core.session.test_earlier_versions import everything

EVERYTHING = everything()
WHOLE = composed(EVERYTHING, title="All")


def words_of(section: Section) -> str:
    """Everything that a section says."""
    said: list[str] = []
    for block in section.blocks:
        if isinstance(block, Words):
            said.append(block.text)
        elif isinstance(block, FactTable):
            said += [part for fact in block.facts for part in fact]
        elif isinstance(block, ColumnTable):
            said += [cell for row in (block.heads, *block.rows) for cell in row]
        elif isinstance(block, Listing):
            said += block.sentences
    return "\n".join(said)


def section(report: Report, anchor: str) -> Section:
    (found,) = (one for one in report.sections if one.anchor == anchor)
    return found


def test_every_measure_that_is_shown_is_defined_once() -> None:
    table = section(WHOLE, "definitions").blocks[1]
    assert isinstance(table, ColumnTable)
    assert len(set(table.rows)) == len(table.rows)
    names = [row[0] for row in table.rows]
    assert names == sorted(names, key=str.casefold)
    for item in EVERYTHING.results:
        assert {one.name for one in measures_of(item, EVERYTHING)} <= set(names)
    wanted = {"Certificate", "Residual", "Verified", "FGSM", "Stable correction", "Distance", "Path norm", "ε", "Loss"}
    assert wanted <= set(names)
    assert "PGD" not in names  # no such attack was made


def test_a_choice_has_its_own_definitions_and_limits_only() -> None:
    alone = composed(EVERYTHING, wanted=["correction-0"])
    assert "Stable correction" in words_of(section(alone, "definitions"))
    assert "Certificate" not in words_of(section(alone, "definitions"))
    titles = [block.title for block in section(alone, "limits").blocks if isinstance(block, Listing)]
    assert titles == ["Corrections"]
    assert not any(one.anchor == "surfaces" for one in alone.sections)
    assert ("Items", f"1 of {len(EVERYTHING.items)} items, chosen for this report") in alone.facts
    nothing = composed(EVERYTHING, wanted=["network-0"])
    assert [one.anchor for one in nothing.sections if one.anchor != "notes"] == ["item-0", "hashes"]


def test_items_stand_in_the_order_of_the_choice() -> None:
    chosen = composed(EVERYTHING, wanted=["spectrum-0", "surface-0"])
    titles = [one.title for one in chosen.sections if one.anchor.startswith("item-")]
    assert titles == [EVERYTHING.items[one].name for one in ("spectrum-0", "surface-0")]


def test_provenance_has_dates_threads_seeds_and_versions() -> None:
    said = words_of(section(WHOLE, "provenance"))
    assert dated(EVERYTHING.items["surface-0"].created_utc) in said
    for item in EVERYTHING.results:
        for name, version in item.result.provenance.versions.items():
            assert name in said
            assert version in said
    assert "123" in said  # the seed of the directions


def test_hashes_are_those_of_networks_data_file_and_manifest(tmp_path: Path) -> None:
    path = tmp_path / "s.corrie.h5"
    save_document(EVERYTHING, path)
    source = source_of(path, JobContext())
    report = composed(EVERYTHING, source=source)
    said = words_of(section(report, "hashes"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() in said
    with h5py.File(path) as file:
        manifest = bytes(file["manifest"][()])
    assert hashlib.sha256(manifest).hexdigest() in said
    assert all(item.sha256 in said for item in (*EVERYTHING.networks, *EVERYTHING.datasets))
    assert "not saved when this report was made" not in said
    changed = composed(EVERYTHING, source=replace(source, changed=True))
    assert "has changes that were not saved" in words_of(section(changed, "hashes"))
    assert "The session was not saved" in words_of(section(WHOLE, "hashes"))


def test_a_file_without_a_manifest_has_no_hash_of_one_and_a_missing_file_is_told(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1.0
    assert source_of(tmp_path / "other.h5", JobContext()).manifest.startswith("none: it is an HDF5 file, but not a")
    with pytest.raises(UnreadableFile, match="can no longer be read"):
        source_of(tmp_path / "gone.h5", JobContext())


def test_a_fingerprint_that_no_item_has_is_listed_with_who_used_it() -> None:
    item = EVERYTHING.items["surface-0"]
    alone = composed(documents.Document().with_item(item))
    said = words_of(section(alone, "hashes"))
    assert documents.provenance().network_sha256 in said
    assert item.name in said


def test_a_date_is_told_in_utc_and_what_is_none_stays() -> None:
    assert dated("2026-11-28T14:33:08+01:00") == "2026-11-28 13:33 UTC"
    assert dated("some time") == "some time"
