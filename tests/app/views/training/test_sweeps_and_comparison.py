"""Sweeps from the form, the table of runs, and two runs side by side."""

import csv
import io

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox

from app.views.pages.surface_page import SurfacePage
from app.views.training.comparison import distinct_parts
from core.landscape.surface import Surface
from core.spectrum.spectrum import Spectrum
from tests.app.views.training.conftest import Lab, tiny


def sweep_of_three(lab: Lab, epochs: int = 1) -> None:
    tiny(lab, epochs=epochs, name="MLP")
    lab.check("training.sweep.on")
    lab.type("training.sweep.batches", "32, 128, 512")
    lab.ready()


def names_in_order(lab: Lab) -> list[str]:
    model = lab.page.runs.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_a_sweep_of_three_trains_one_after_another_and_is_one_group_in_the_tree(lab: Lab) -> None:
    sweep_of_three(lab)
    assert lab.find(QLabel, "training.summary").text().startswith("3 runs, one after another")
    lab.start()
    assert len(lab.window.desk.trainings.pending) == 3
    assert lab.find(QLabel, "training.left").text().startswith("3 runs to go")
    lab.wait_for_jobs()
    assert [(run.name, run.run.request.batch_size) for run in lab.runs] == [
        ("MLP · batch 32", 32),
        ("MLP · batch 128", 128),
        ("MLP · batch 512", 512),
    ]
    assert {run.sweep for run in lab.runs} == {"Sweep of MLP"}
    assert len({run.test_id for run in lab.runs}) == 1
    assert len(lab.document.datasets) == 2
    row = lab.window.tree._rows[lab.runs[0].id]
    assert row.parent().text(0) == "Sweep of MLP"
    lab.start()
    lab.wait_for_jobs()
    assert [run.name for run in lab.runs[3:]] == [f"MLP · batch {size} (2)" for size in (32, 128, 512)]
    assert lab.runs[-1].sweep == "Sweep of MLP (2)"
    assert len(lab.document.datasets) == 2  # the same samples are held out


def test_a_stopped_sweep_keeps_the_run_under_way_and_forgets_those_that_wait(lab: Lab) -> None:
    sweep_of_three(lab, epochs=400)
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs) and lab.page.curves.runs[0].run.epochs_done > 0)
    lab.page.runs.set_rows(lab.page._rows)
    lab.click("training.stop_sweep")
    lab.wait_for_jobs()
    (run,) = lab.runs
    assert (run.name, run.run.status) == ("MLP · batch 32", "partial")
    assert lab.window.desk.trainings.pending == {}


def test_the_table_sorts_by_number_filters_and_copies_itself(lab: Lab) -> None:
    sweep_of_three(lab)
    lab.start()
    lab.wait_for_jobs()
    lab.wait(lambda: [row.status for row in lab.page.runs.table.model_of_rows.rows] == ["complete"] * 3)
    table = lab.page.runs.table
    titles = [column.title for column in table.model_of_rows.columns]
    table.sortByColumn(titles.index("Batch"), Qt.SortOrder.DescendingOrder)
    assert names_in_order(lab) == ["MLP · batch 512", "MLP · batch 128", "MLP · batch 32"]
    lab.click("training.copy")
    rows = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [row["Batch"] for row in rows] == ["512", "128", "32"]
    assert all(row["Test acc."].endswith("%") for row in rows)
    lab.find(QLineEdit, "training.filter").setText("batch 1")
    assert names_in_order(lab) == ["MLP · batch 128"]


def test_two_runs_are_compared_side_by_side_with_surfaces_and_spectra_of_the_same_settings(lab: Lab) -> None:
    sweep_of_three(lab)
    lab.start()
    lab.wait_for_jobs()
    one, other, _ = lab.runs
    lab.wait(lambda: [row.status for row in lab.page.runs.table.model_of_rows.rows] == ["complete"] * 3)
    assert not lab.find(QPushButton, "training.compare").isEnabled()
    lab.page.runs.table.select_ids([one.id, other.id])
    lab.click("training.compare")
    lab.wait(lambda: [shown.id for shown in lab.page.curves.runs] == [one.id, other.id])
    table = lab.page.runs.comparison.table
    assert [table.item(0, column).text() for column in range(3)] == ["Batch", "32 samples", "128 samples"]
    assert table.horizontalHeaderItem(1).text() == "batch 32"
    lines = {table.item(row, 0).text() for row in range(table.rowCount())}
    assert {"Test accuracy", "Generalisation gap", "Steps"} <= lines
    assert "Seed" not in lines  # the same in both
    lab.find(QSpinBox, "comparison.points").setValue(3)
    lab.find(QSpinBox, "comparison.samples").setValue(16)
    lab.find(QSpinBox, "comparison.eigenvalues").setValue(1)
    lab.click("comparison.surfaces")
    lab.wait_for_jobs()
    shown = lab.window.area.shown_pages()
    assert [type(page) for page in shown] == [SurfacePage, SurfacePage]
    surfaces = [result.result for result in lab.results()]
    assert all(isinstance(surface, Surface) for surface in surfaces)
    assert surfaces[0].request == surfaces[1].request
    assert [result.network_id for result in lab.results()] == [one.network_id, other.network_id]
    lab.trigger("training.page")
    lab.click("comparison.spectra")
    lab.wait_for_jobs()
    assert sum(isinstance(result.result, Spectrum) for result in lab.results()) == 2
    lab.trigger("training.page")
    lab.click("comparison.back")
    assert lab.page.runs.pair is None


def test_names_are_compared_without_what_they_begin_with_alike() -> None:
    assert distinct_parts("MLP · batch 32 · seed 0", "MLP · batch 64 · seed 0") == (
        "batch 32 · seed 0",
        "batch 64 · seed 0",
    )
    assert distinct_parts("MLP", "MLP") == ("MLP", "MLP")
    assert distinct_parts("MLP", "MLP · batch 64") == ("MLP", "MLP · batch 64")


def test_a_run_that_is_removed_while_it_is_compared_brings_the_table_back(lab: Lab) -> None:
    sweep_of_three(lab)
    lab.start()
    lab.wait_for_jobs()
    lab.wait(lambda: [row.status for row in lab.page.runs.table.model_of_rows.rows] == ["complete"] * 3)
    lab.page.runs.table.select_ids([run.id for run in lab.runs[:2]])
    lab.click("training.compare")
    lab.trigger("edit.undo")
    lab.trigger("edit.undo")
    lab.page.refresh()
    assert lab.page.runs.pair is None
    assert len(lab.page.runs.table.model_of_rows.rows) == 1
