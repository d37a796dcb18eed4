import csv
from pathlib import Path

import pytest

from core.errors import InvalidRequest
from core.exchange.export import export_notes
from core.review.note import BarAnchor, PointAnchor, RegionAnchor
from core.review.writing import new_note
from tests import documents


def noted():
    document = documents.document()
    for text, item_id, anchor in (
        ("=HYPERLINK(1)\nsecond line", "surface-0", PointAnchor(x=0.25, y=-0.5, loss=1.25)),
        ("b", "spectrum-0", BarAnchor(index=2)),
        ("c", "correction-0", RegionAnchor(part=0, coordinates=(20.0, 3000.0))),
        ("d", None, None),
    ):
        document = document.with_note(new_note(text, "Maria", item_id, anchor))
    return document


def test_each_note_is_a_row_with_its_place_in_numbers_and_in_words(tmp_path: Path) -> None:
    export_notes(noted(), tmp_path / "n.csv")
    with (tmp_path / "n.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0]["text"] == "'=HYPERLINK(1)\nsecond line"  # no spreadsheet runs it
    assert (rows[0]["x"], rows[0]["y"], rows[0]["loss"]) == ("0.25", "-0.5", "1.25")
    assert (rows[1]["place"], rows[1]["index"]) == ("bar", "2")
    assert rows[1]["about"].startswith("“Sharpest directions”, eigenvalue 3")
    assert rows[2]["coordinates"] == "20.0 3000.0"
    assert (rows[3]["about"], rows[3]["item_id"]) == ("the session", "")


def test_without_notes_or_for_another_kind_of_file_there_is_a_sentence_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="holds no notes"):
        export_notes(documents.document(), tmp_path / "n.csv")
    with pytest.raises(InvalidRequest, match=r"\.csv"):
        export_notes(noted(), tmp_path / "n.png")
    assert list(tmp_path.iterdir()) == []
