"""Size and sharpness as rows, arrays, words, figures and in the report; the table over a session."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.exchange.complexity_table import measured, session_table
from core.exchange.export import export_complexities, export_result
from core.exchange.facts.complexity import complexity_facts, size_facts
from core.exchange.figures.complexity import complexity_figure
from core.exchange.figures.complexity_table import table_figure
from core.exchange.report.html import report_html
from core.exchange.subject import Subject
from core.exchange.tables.complexity import complexity_rows, correlation_columns, table_columns
from core.generalisation.complexity import Complexity
from core.session.document import Document, ResultItem
from tests import documents
from tests.complexities import LAYERS, begun, complexity

SUBJECT = Subject(title="Size and sharpness of a reader")


def session(*found: Complexity) -> Document:
    """Every measurement of a network of its own."""
    document = documents.document()
    for number, one in enumerate(found):
        network = documents.network_item(f"network-{number + 10}")
        network = replace(network, name=f"Reader {number}", sha256=f"{number:064}")
        own = replace(one, provenance=replace(one.provenance, network_sha256=network.sha256))
        item = replace(
            documents.result_item(own, f"complexity-{number}", f"Size and sharpness of Reader {number}"),
            network_id=network.id,
        )
        document = document.with_item(network).with_item(item)
    return document


FIVE = session(*(complexity(sharper=scale) for scale in (1.0, 3.0, 2.0, 5.0, 4.0)))


def test_the_rows_have_every_number_layer_draw_and_margin() -> None:
    found = complexity()
    head, *rows = complexity_rows(found)
    table = [dict(zip(head, row, strict=True)) for row in rows]
    named = {(row["part"], row["name"]): row for row in table}
    assert named["network", "path_norm"]["value"] == found.path_norm
    assert named["network", "gap"]["value"] == found.gap
    for name, _, frobenius, spectral, error, kind in LAYERS:
        row = named[kind, name]
        assert (row["frobenius"], row["spectral"], row["spectral_error"]) == (frobenius, spectral, error)
    assert [row["value"] for row in table if row["part"] == "margin"] == found.margins.tolist()
    assert [row["value"] for row in table if row["part"] == "rise"] == found.rises.tolist()


def test_arrays_load_without_pickles_and_margins_are_also_normalised(tmp_path: Path) -> None:
    document = session(complexity())
    item = document.items["complexity-0"]
    export_result(item, document, tmp_path / "found.npz")  # type: ignore[arg-type]
    with np.load(tmp_path / "found.npz", allow_pickle=False) as file:
        product = np.prod([layer[3] for layer in LAYERS])
        np.testing.assert_allclose(file["normalised_margins"], complexity().margins / product)
        np.testing.assert_array_equal(file["layer_spectral"], [layer[3] for layer in LAYERS])
        assert json.loads(str(file["facts"]))["parameters"] == complexity().parameters


def test_words_have_errors_counts_and_reasons() -> None:
    facts = dict(complexity_facts(complexity(), SUBJECT))
    assert "± " in facts["Sharpness"]
    assert "20 random directions when every filter moves by 5 % of its length" in facts["Sharpness"]
    assert "percentage points" in facts["Generalisation gap"]
    assert "residual 0.02" in facts["Top eigenvalue"]
    assert facts["conv"] == "‖W‖₂ 3.7 ± 0.002, ‖W‖F 2.9"
    wrong = int((complexity().margins <= 0).sum())
    assert f"{wrong} samples of 300 not positive" in facts["Margins"]
    odd = replace(
        complexity(), path_norm=np.nan, path_reason="Its tanh.", unlisted=("scale",), rises=np.array([0.1, np.inf])
    )
    facts = dict(size_facts(odd, SUBJECT))
    assert facts["Path norm"] == "none. Its tanh."
    assert "1 direction without a finite loss" in facts["Sharpness"]
    assert "without 1 parameter that belongs to no linear map (scale)" in facts["Product of spectral norms"]
    assert {"Sharpness", "Margins", "Top eigenvalue"}.isdisjoint(dict(size_facts(begun(), SUBJECT)))


@pytest.mark.parametrize(
    "found",
    [
        complexity(),
        complexity(test=False, draws=2),
        begun(),
        replace(begun(), layers=()),
        replace(complexity(), margins=np.full(7, 2.0)),
        replace(complexity(), margins=np.array([np.nan, np.inf, 1.0])),
        replace(complexity(), margins=np.array([np.nan])),
        replace(complexity(), layers=complexity().layers * 40),
        replace(complexity(), layers=(replace(complexity().layers[0], spectral=np.nan, spectral_error=np.nan),)),
        replace(complexity(), layers=(replace(complexity().layers[0], spectral=0.0, frobenius=1e9),)),
    ],
)
def test_whatever_was_measured_can_be_drawn(found: Complexity) -> None:
    figure = complexity_figure(found, SUBJECT)
    figure.canvas.draw()
    assert len(figure.axes) == max(1, bool(found.margins.size) + bool(found.layers))


def test_bars_of_the_margins_hold_every_sample_and_none_is_half_right() -> None:
    axes = complexity_figure(complexity(), SUBJECT).axes[0]
    assert sum(bar.get_height() for bar in axes.patches) == 300
    assert all(bar.get_x() >= -1e-9 or bar.get_x() + bar.get_width() <= 1e-9 for bar in axes.patches)
    wrong = sum(bar.get_height() for bar in axes.patches if bar.get_hatch())
    assert wrong == (complexity().margins <= 0).sum()


def test_the_table_of_a_session_has_a_row_per_network_by_its_name() -> None:
    table = session_table(FIVE)
    assert table.names == tuple(f"Reader {number}" for number in range(5))
    heads, rows = table_columns(table)
    assert len(heads) == len(rows[0]) == 2 + len(table.measures)
    assert [row[0] for row in rows[:5]] == list(table.names)
    assert "±" in rows[0][1]
    _, correlations = correlation_columns(table)
    assert next(row for row in correlations if row[0] == "Path norm")[1] == "1"


def test_a_network_counts_once_with_its_newest_complete_measurement() -> None:
    document = session(complexity(), complexity(sharper=2.0))
    first = document.items["complexity-0"]
    assert isinstance(first, ResultItem)
    document = document.with_item(replace(first, id="complexity-9"))
    assert [item.id for item in measured(document)] == ["complexity-9", "complexity-1"]
    own = replace(begun(), provenance=first.result.provenance)
    document = document.with_item(replace(first, id="complexity-10", result=own))
    assert [item.id for item in measured(document)] == ["complexity-9", "complexity-1"]
    assert session_table(document).compared == 2


def test_networks_of_one_name_are_told_apart_by_those_of_their_items() -> None:
    document = session(complexity(), complexity(sharper=2.0))
    for number, network in enumerate(document.networks[-2:]):
        item = document.items[f"complexity-{number}"]
        name = "Size and sharpness of Reader" + (" (2)" if number else "")
        document = document.with_item(replace(network, name="Reader")).with_item(replace(item, name=name))
    assert session_table(document).names == ("Reader", "Reader (2)")


def test_the_table_is_exported_with_every_digit_and_as_a_figure(tmp_path: Path) -> None:
    export_complexities(FIVE, tmp_path / "table.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8"))))
    table = session_table(FIVE)
    assert [row["network"] for row in rows[:5]] == list(table.names)
    for row, values in zip(rows[:5], table.values, strict=True):
        np.testing.assert_array_equal([float(row[measure.key]) for measure in table.measures], values)
    found = {row["network"]: row for row in rows[5:]}
    assert float(found["Spearman ρ"]["sharpness"]) == pytest.approx(1.0)
    assert float(found["p of ρ"]["sharpness"]) == pytest.approx(2 / 120)
    export_complexities(FIVE, tmp_path / "table.png")
    assert (tmp_path / "table.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InvalidRequest, match=r"table of size and sharpness cannot be written"):
        export_complexities(FIVE, tmp_path / "table.npz")
    with pytest.raises(InvalidRequest, match="No network of this session has been measured"):
        export_complexities(documents.document(), tmp_path / "table.csv")


@pytest.mark.parametrize("document", [FIVE, session(begun()), session(complexity(test=False), begun())])
def test_every_table_can_be_drawn_with_one_panel_per_measure(document: Document) -> None:
    table = session_table(document)
    figure = table_figure(table)
    figure.canvas.draw()
    assert len(figure.axes) == len(table.measures)


def test_the_report_sets_networks_beside_one_another_with_the_notes() -> None:
    page = report_html(FIVE)
    assert "Size beside sharpness" in page
    assert "no Spearman correlation below 1 is significant" in page
    assert "Rank correlation with the gap" in page
    assert "Neyshabur" in page
    assert "Size beside sharpness" not in report_html(session(complexity()))
