"""What `corrie export` writes and `corrie info` lists."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.session.document import Document
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie

SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-", "npz": b"PK"}


def test_every_result_is_exported_to_every_format(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    for item in open_document(filled).results:
        for kind in ("png", "svg", "pdf", "csv", "npz"):
            target = own_folder / f"{item.id}.{kind}"
            outcome = corrie("export", filled, item.id, "--to", target)
            assert (outcome.status, outcome.out.strip(), outcome.err) == (0, str(target), "")
            assert target.read_bytes().startswith(SIGNATURES.get(kind, b""))
            assert target.stat().st_size > 50


def test_exported_numbers_are_those_of_the_session(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    surface = open_document(filled).results[0].result
    assert corrie("export", filled, "Surface of Small reader", "--to", "s.npz").status == 0
    with np.load(own_folder / "s.npz", allow_pickle=False) as file:
        assert any(np.array_equal(file[name], surface.loss) for name in file.files)
    assert corrie("export", filled, "Surface of Small reader", "--to", "s.csv").status == 0
    text = (own_folder / "s.csv").read_text(encoding="utf-8-sig")
    cells = {cell for row in csv.reader(text.splitlines()) for cell in row}
    numbers = {float(cell) for cell in cells if cell.replace(".", "").replace("-", "").replace("e", "").isdigit()}
    assert {round(float(value), 6) for value in surface.loss.flat} <= {round(number, 6) for number in numbers}


def test_an_export_is_told_to_machines(corrie: Corrie, filled: Path) -> None:
    item = open_document(filled).results[1]
    values = corrie("export", filled, item.name, "--to", "s.csv", "--json").values
    assert values == {"session": str(filled), "item": item.id, "file": "s.csv"}


def test_an_export_that_is_refused_leaves_the_older_one_alone(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    (own_folder / "old.png").write_text("older")
    assert "There is no item" in corrie("export", filled, "surface-00000000", "--to", "old.png").sentence
    assert "is no result" in corrie("export", filled, "digits", "--to", "old.png").sentence
    assert (own_folder / "old.png").read_text() == "older"


@pytest.mark.parametrize("target", ["figure.bmp", "figure", "missing/figure.png"])
def test_a_place_or_format_that_does_not_exist_is_refused(
    corrie: Corrie, filled: Path, own_folder: Path, target: str
) -> None:
    before = sorted(own_folder.iterdir())
    assert corrie("export", filled, "Surface of Small reader", "--to", target).sentence
    assert sorted(own_folder.iterdir()) == before


def test_results_of_the_same_kind_get_names_of_their_own(corrie: Corrie, filled: Path, house: Path) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 2, "--samples", 4, "-o", filled)
    assert corrie(*ask).status == 0
    first, *_, last = open_document(filled).results
    assert corrie("export", filled, last.name, "--to", "s.csv", "--json").values["item"] == last.id
    assert corrie("export", filled, first.name, "--to", "s.csv", "--json").values["item"] == first.id


def test_a_name_that_two_results_share_is_answered_with_their_ids(corrie: Corrie, filled: Path) -> None:
    document = open_document(filled)
    first, second = document.results[:2]
    save_document(document.with_item(replace(second, name=first.name)), filled)
    sentence = corrie("export", filled, first.name, "--to", "s.png").sentence
    assert first.id in sentence
    assert second.id in sentence


def test_info_lists_every_item_with_its_id_and_name(corrie: Corrie, filled: Path) -> None:
    out = corrie("info", filled).out
    document = open_document(filled)
    for item in document.items.values():
        assert f"\n{item.id}  {item.name}\n" in out
    assert out.startswith(f"{filled}: created {document.created_utc}, 7 items\n")
    assert "(5 × 5)" in out
    assert "mlp:64-16-10" in out
    assert f"{64 * 16 + 16 + 16 * 10 + 10:,}" in out
    assert "{" not in out


def test_info_gives_machines_every_number(corrie: Corrie, filled: Path) -> None:
    values = corrie("info", filled, "--json").values
    document = open_document(filled)
    assert values["document_id"] == document.document_id
    items = {entry["id"]: entry for entry in values["items"]}
    assert list(items) == list(document.items)
    reader = next(entry for entry in values["items"] if entry["name"] == "Small reader")
    assert (reader["kind"], reader["parameters"]) == ("network", 1210)
    spectrum = next(item for item in document.results if item.id.startswith("spectrum"))
    assert items[spectrum.id]["eigenvalues"] == list(spectrum.result.eigenvalues)
    assert items[spectrum.id]["network"] == reader["id"]


def test_an_empty_session_is_listed_too(corrie: Corrie, own_folder: Path) -> None:
    save_document(Document(), own_folder / "empty.corrie.h5")
    assert corrie("info", "empty.corrie.h5").out.endswith(", 0 items\n")
    assert corrie("info", "empty.corrie.h5", "--json").values["items"] == []


def test_the_diagnosis_names_what_a_report_needs(corrie: Corrie) -> None:
    values = corrie("diagnose", "--json").values
    assert {"corrie", "python", "torch", "opengl", "threads", "executable"} <= set(values)
    out = corrie("diagnose").out
    assert f"torch               {values['torch']}\n" in out


def test_all_surfaces_are_exported_on_one_scale(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    assert corrie("export", filled, "surfaces", "--to", "all.png", "--relief", "--dpi", "60").status == 0
    assert (own_folder / "all.png").read_bytes().startswith(SIGNATURES["png"])
    assert "endings" in corrie("export", filled, "surfaces", "--to", "all.csv").sentence


def test_one_surface_is_drawn_in_three_dimensions(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    name = "Surface of Small reader"
    for target, options in (("flat.svg", ()), ("relief.svg", ("--relief",))):
        assert corrie("export", filled, name, "--to", target, *options).status == 0
    flat, relief = ((own_folder / target).read_text(encoding="utf-8") for target in ("flat.svg", "relief.svg"))
    assert "multiples of δ" in relief
    assert "multiples of direction δ" in flat
    spectrum = next(item for item in open_document(filled).results if item.id.startswith("spectrum"))
    assert "relief" in corrie("export", filled, spectrum.id, "--to", "s.png", "--relief").sentence


def test_a_surface_goes_to_other_programs_and_comes_back(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    name = "Surface of Small reader"
    for kind, start in (
        ("vtp", b"<?xml"),
        ("vtk", b"# vtk"),
        ("glb", b"glTF"),
        ("obj", b"# Corrie"),
        ("h5", b"\x89HDF"),
    ):
        outcome = corrie("export", filled, name, "--to", f"surface.{kind}", "--linear", "--limit", "5")
        assert outcome.status == 0, outcome.err
        assert (own_folder / f"surface.{kind}").read_bytes().startswith(start)
    assert (own_folder / "surface_directions.h5").exists()
    assert corrie("export", own_folder / "surface.h5", "--to", "back.npz").status == 0
    with np.load(own_folder / "back.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["loss"], open_document(filled).results[0].result.loss)


def test_a_result_must_be_named_where_there_are_several(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    assert "Say which result" in corrie("export", filled, "--to", "figure.png").sentence
    assert "Ask for" in corrie("export", filled, "surfaces", "--to", "figure.png", "--dpi", "7").sentence


def test_a_file_of_the_original_tool_is_listed(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    assert corrie("export", filled, "Surface of Small reader", "--to", "surface.h5").status == 0
    said = corrie("info", own_folder / "surface.h5").out
    assert "Surface from surface" in said
    assert "not recorded in surface.h5" in said
