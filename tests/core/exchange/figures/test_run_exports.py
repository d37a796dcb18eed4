"""Runs as figures, tables, arrays and in the report."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.exchange.export import ENDINGS, export_result, export_runs
from core.exchange.figures.run import runs_figure
from core.exchange.report.html import report_html
from core.exchange.run_words import run_facts
from core.exchange.tables.runs import comparison_columns
from core.session.document import Document, RunItem
from core.training.recipe import AdaptiveBatch
from tests.documents import document
from tests.runs import RECIPE, run, run_item


def study() -> tuple[Document, list[RunItem]]:
    """Six runs over three batch sizes, of which one did not get to its end."""
    whole = document()
    items = []
    for index, batch in enumerate((10, 10, 20, 20, 40, 40)):
        request = replace(RECIPE, batch_size=batch, seed=index)
        record = run(request=request, seed=index, epochs=2 if index == 5 else 4)
        item = replace(run_item(f"run-{index}"), run=record, sweep="Batch sizes", dataset_id=whole.datasets[0].id)
        items.append(item)
        whole = whole.with_item(item)
    return whole, items


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_can_be_written_in_every_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"run{ending}"
    export_result(run_item(epochs=2), Document(), path)
    assert path.stat().st_size > 100


def test_the_curves_come_back_from_csv_to_the_last_digit(tmp_path: Path) -> None:
    item = run_item()
    export_result(item, Document(), tmp_path / "run.csv")
    rows = list(csv.DictReader((tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()))
    assert [float(row["train_loss"]) for row in rows] == item.run.train_loss.tolist()
    assert math.isnan(float(rows[0]["top_eigenvalue"]))


def test_arrays_of_a_run_hold_its_checkpoints(tmp_path: Path) -> None:
    item = run_item()
    export_result(item, Document(), tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz") as archive:
        assert json.loads(str(archive["request"]))["architecture"] == "mlp:6-8-2"
        np.testing.assert_array_equal(archive["checkpoint/4/1.weight"], item.run.last.weights["1.weight"])


def test_runs_are_compared_in_one_table_with_one_row_each(tmp_path: Path) -> None:
    whole, items = study()
    export_runs(items, whole, tmp_path / "runs.csv")
    rows = list(csv.DictReader((tmp_path / "runs.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["batch_size"] for row in rows] == ["10", "10", "20", "20", "40", "40"]
    assert float(rows[0]["generalisation_gap"]) == items[0].run.generalisation_gap
    assert rows[5]["status"] == "partial"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"curvature_samples": 7}, "on 7 samples"),
        ({"curvature_samples": 10_000}, f"on {run().provenance.samples:,} samples"),
        ({"curvature_samples": 0, "adaptive": AdaptiveBatch(samples=5)}, "on 5 samples"),
    ],
)
def test_the_top_eigenvalue_is_told_with_the_samples_it_was_measured_on(options: dict[str, object], words: str) -> None:
    item = run_item()
    record = replace(
        item.run,
        request=replace(item.run.request, **options),  # type: ignore[arg-type]
        top_eigenvalue=np.full(len(item.run.epoch), 3.0),
    )
    assert dict(run_facts(replace(item, run=record), Document()))["Top eigenvalue"] == f"3 {words}"


def test_a_study_of_batch_sizes_is_drawn_with_the_gap_over_the_batch_size() -> None:
    whole, items = study()
    labels = [axes.get_xlabel() for axes in runs_figure(items, whole).axes]
    assert labels[-1] == "batch size (samples)"
    assert "batch size (samples)" not in [axes.get_xlabel() for axes in runs_figure(items[:1], whole).axes]


def test_a_batch_beyond_the_samples_is_drawn_as_all_of_them() -> None:
    whole, items = study()
    larger = [
        replace(item, run=run(request=replace(item.run.request, batch_size=10 * 2**index)))
        for index, item in enumerate(items[:4])
    ]
    axes = runs_figure(larger, whole).axes[-1]
    assert axes.get_xlabel() == "batch size (samples)"
    assert [round(place) for place in axes.get_xticks()] == [10, 20, 40]


def test_a_regression_has_no_panel_of_accuracy() -> None:
    item = run_item()
    nothing = np.full_like(item.run.train_accuracy, np.nan)
    item = replace(item, run=replace(item.run, train_accuracy=nothing, test_accuracy=nothing))
    labels = [axes.get_ylabel() for axes in runs_figure((item,), Document()).axes]
    assert "mean squared error" in labels
    assert "accuracy (%)" not in labels


def test_nothing_to_compare_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no runs"):
        export_runs([], Document(), tmp_path / "runs.csv")
    with pytest.raises(InvalidRequest, match="endings"):
        export_runs([run_item()], Document(), tmp_path / "runs.npz")


def test_the_report_shows_each_run_and_the_comparison() -> None:
    whole, _ = study()
    page = report_html(whole)
    assert "Runs compared" in page
    assert "Generalisation gap" in page
    assert page.count('id="item-') == len(whole.items)


def test_what_was_not_measured_is_a_dash() -> None:
    item = run_item()
    nothing = np.full_like(item.run.test_loss, np.nan)
    item = replace(item, run=replace(item.run, test_loss=nothing, test_accuracy=nothing))
    heads, rows = comparison_columns([item])
    assert rows[0][heads.index("Gap %")] == "—"


def test_a_run_that_never_ended_an_epoch_can_still_be_drawn() -> None:
    file = io.BytesIO()
    runs_figure((run_item(epochs=0),), Document()).savefig(file)
    assert file.getbuffer().nbytes > 1000
