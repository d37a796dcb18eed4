"""Every kind of result has every form, and the endings that are offered are those that can be written."""

from pathlib import Path
from typing import get_args

import pytest

from core.errors import InvalidRequest
from core.exchange.endings import FIGURES, NUMBERS, endings_of, file_filter
from core.exchange.export import export_result
from core.exchange.export_options import ExportOptions
from core.exchange.forms import FORMS, form_of
from core.session.document import Result, ResultItem
from tests import documents

SESSION = documents.landscape_document()
BEGINNINGS = {
    ".png": b"\x89PNG",
    ".svg": b"<?xml",
    ".pdf": b"%PDF",
    ".csv": b"",
    ".npz": b"PK",
    ".vtp": b"<?xml",
    ".vtk": b"# vtk",
    ".glb": b"glTF",
    ".obj": b"# Corrie",
    ".gif": b"GIF89a",
    ".h5": b"\x89HDF",
}


def test_every_kind_of_result_has_its_forms() -> None:
    assert set(FORMS) == set(get_args(Result))


@pytest.mark.parametrize("item", SESSION.results, ids=lambda item: item.id)
def test_what_is_offered_is_what_can_be_written(item: ResultItem, tmp_path: Path) -> None:
    form = form_of(item.result)
    assert endings_of(item.result) == (*FIGURES, *NUMBERS, *form.others, *form.files)
    for ending in endings_of(item.result):
        path = tmp_path / f"ausgeführt 模型{ending}"
        export_result(item, SESSION, path, ExportOptions(frames=2, dots_per_inch=60))
        assert path.read_bytes().startswith(BEGINNINGS[ending])
        assert f"*{ending}" in file_filter(item.result)


@pytest.mark.parametrize(
    ("item_id", "ending", "words"),
    [
        (
            "spectrum-0",
            ".glb",
            r"A spectrum cannot be written as \"\.glb\".* endings: \.png, \.svg, \.pdf, \.csv, \.npz\.",
        ),
        ("initialisations-0", ".h5", r"A set of initialisations"),
        ("surface-0", ".jpeg", r"\.vtp, \.vtk, \.glb, \.obj, \.gif, \.h5"),
        ("curve-0", ".obj", r"A curve .*\.npz, \.h5"),
    ],
)
def test_another_ending_is_refused_with_those_of_the_kind(
    item_id: str, ending: str, words: str, tmp_path: Path
) -> None:
    item = SESSION.items[item_id]
    assert isinstance(item, ResultItem)
    with pytest.raises(InvalidRequest, match=words):
        export_result(item, SESSION, tmp_path / f"figure{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [{"dots_per_inch": 3}, {"limit": 0.0}, {"frames": 1}, {"frames_per_second": 0.0}], ids=str
)
def test_options_that_cannot_be_met_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidRequest, match=r"Ask for|above zero"):
        ExportOptions(**wrong)  # type: ignore[arg-type]


def test_a_picture_for_print_has_the_dots_asked_for(tmp_path: Path) -> None:
    item = SESSION.items["surface-0"]
    assert isinstance(item, ResultItem)
    export_result(item, SESSION, tmp_path / "print.png", ExportOptions(dots_per_inch=300))
    assert int.from_bytes((tmp_path / "print.png").read_bytes()[16:20], "big") == 2160  # 7.2 inches
