"""The notes of a review on the command line: counted and listed by `corrie info`, written by `corrie export`."""

import csv
from dataclasses import replace
from pathlib import Path

from core.review.note import PointAnchor
from core.review.writing import new_note
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie


def noted(filled: Path, folder: Path) -> Path:
    """A session with an open and a settled note on its first surface."""
    document = open_document(filled)
    surface = document.results[0]
    first = new_note("Why so steep?", "Maria", surface.id, PointAnchor(x=0.0, y=0.0))
    second = new_note("Fine", "Jo")
    settled = replace(second, resolved=True, resolved_by="Maria", resolved_utc=second.created_utc)
    save_document(document.with_note(first).with_note(settled), folder / "noted.corrie.h5")
    return folder / "noted.corrie.h5"


def test_info_counts_the_notes_and_lists_them_for_machines(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    assert corrie("info", filled).out.splitlines()[0].endswith(" items")
    assert corrie("info", filled, "--json").values["notes"] == []
    file = noted(filled, own_folder)
    assert corrie("info", file).out.splitlines()[0].endswith("2 notes of which 1 is open")
    first, second = corrie("info", file, "--json").values["notes"]
    assert (first["number"], first["text"], first["author"], first["resolved"]) == (1, "Why so steep?", "Maria", False)
    assert first["anchor"] == {"kind": "point", "x": 0.0, "y": 0.0}
    assert (second["resolved_by"], second["item_id"]) == ("Maria", None)


def test_export_writes_the_notes_as_a_table(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    file = noted(filled, own_folder)
    outcome = corrie("export", file, "notes", "--to", "n.csv")
    assert (outcome.status, outcome.out.strip(), outcome.err) == (0, "n.csv", "")
    with (own_folder / "n.csv").open(encoding="utf-8", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [(row["state"], row["text"]) for row in rows] == [("open", "Why so steep?"), ("resolved", "Fine")]
    told = corrie("export", file, "notes", "--to", "n.csv", "--json").values
    assert told["item"] == [row["note_id"] for row in rows]
    assert "holds no notes" in corrie("export", filled, "notes", "--to", "m.csv").sentence
    assert not (own_folder / "m.csv").exists()


def test_a_report_has_the_notes_in_it(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    file = noted(filled, own_folder)
    assert corrie("report", file, "--to", "r.html").status == 0
    page = (own_folder / "r.html").read_text(encoding="utf-8")
    assert page.index("Why so steep?") < page.index(">Fine<")
