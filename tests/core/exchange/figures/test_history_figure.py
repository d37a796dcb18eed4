"""Curvature through a training as a figure, a table, arrays and words; curves along eigenvectors and parabolas."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from core.exchange.export import export_result
from core.exchange.facts.history import history_facts
from core.exchange.figures.curve import curve_figure
from core.exchange.figures.history import history_figure
from core.exchange.figures.run import runs_figure
from core.exchange.report.html import report_html
from core.exchange.subject import subject_of
from core.exchange.tables.history import history_arrays, history_rows
from core.exchange.tables.rows import write_rows
from core.session.document import Document
from tests import documents
from tests.histories import history
from tests.runs import run_item

SESSION = documents.landscape_document()
SUBJECT = subject_of(next(item for item in SESSION.results if item.id == "history-0"), SESSION)


def words(figure: Figure) -> str:
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return " ".join([*(text.get_text() for text in figure.texts), *legends])


def test_loss_gradient_and_eigenvalues_stand_one_below_another_on_logarithms() -> None:
    shown = history()
    figure = history_figure(shown, SUBJECT)
    assert [axes.get_yscale() for axes in figure.axes] == ["log"] * 3
    losses, gradient, curvature = figure.axes
    assert np.array_equal(losses.lines[0].get_ydata(), shown.loss)
    assert np.array_equal(losses.lines[1].get_ydata(), shown.test_loss)
    assert np.array_equal(gradient.lines[0].get_ydata(), shown.gradient_norm)
    drawn = [line.get_ydata() for line in curvature.lines]
    assert any(np.array_equal(values, np.abs(shown.eigenvalues[:, 0])) for values in drawn)
    negative = [line for line in curvature.lines if line.get_marker() == "v" and len(line.get_xdata())]
    assert [line.get_xdata().tolist() for line in negative] == [[2.0]]
    assert "negative" in words(figure)


def test_drops_of_the_rate_are_marked_in_every_panel_where_they_are_known() -> None:
    figure = history_figure(history(), SUBJECT)
    for axes in figure.axes:
        assert [8.0, 8.0] in [list(line.get_xdata()) for line in axes.lines]
    unknown = history_figure(replace(history(), learning_rate=None), SUBJECT)
    assert "learning rate" not in words(unknown)


@pytest.mark.parametrize("shown", [history(1, 1), history(status="partial"), history(3, 1, tested=False)])
def test_every_history_can_be_drawn(shown) -> None:
    figure = history_figure(shown, SUBJECT)
    assert ("PARTIAL" in words(figure)) is (shown.status == "partial")


def test_a_history_of_which_nothing_is_known_yet_can_be_drawn() -> None:
    part = history(status="partial")
    nothing = {name: np.full_like(getattr(part, name), np.nan) for name in ("loss", "accuracy", "gradient_norm")}
    empty = replace(part, **nothing, eigenvalues=np.full((9, 3), np.nan), residuals=np.full((9, 3), np.nan))
    assert "PARTIAL" in words(history_figure(empty, SUBJECT))
    assert dict(history_facts(empty, SUBJECT))["Checkpoints"] == "0 of 9, epoch 0 to 16"


def test_rows_have_units_and_come_back_to_the_last_digit() -> None:
    shown, file = history(), io.BytesIO()
    write_rows(history_rows(shown), file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode())))
    assert [float(row["loss (nats)"]) for row in rows] == shown.loss.tolist()
    assert [float(row["eigenvalue_2 (loss per squared weight)"]) for row in rows] == shown.eigenvalues[:, 1].tolist()
    assert {row["converged"] for row in rows} == {"1"}
    assert not any(name.startswith("test_") for name in next(history_rows(history(tested=False))))
    assert dict(history_arrays(shown))["residuals"].shape == (9, 3)


def test_words_say_where_it_began_how_far_it_went_and_where_it_ended() -> None:
    facts = dict(history_facts(history(), SUBJECT))
    assert facts["Checkpoints"] == "9 of 9, epoch 0 to 16"
    assert facts["Top eigenvalue"].endswith("(loss per squared weight), at most 33 at epoch 6")
    assert facts["Within the tolerance"] == "9 of 9 checkpoints, 0.1 % of each λ"
    assert facts["Learning rate falls after epoch"] == "8 (to 0.01)"


def test_a_report_has_the_history_with_its_figure(tmp_path) -> None:
    item = next(item for item in SESSION.results if item.id == "history-0")
    page = report_html(Document(items={item.id: item}))
    assert "Curvature through the training" in page
    assert "<figure>" in page
    export_result(item, SESSION, tmp_path / "h.svg")
    assert (tmp_path / "h.svg").stat().st_size > 1000


def test_along_an_eigenvector_the_parabola_stands_beside_the_loss_and_does_not_stretch_the_axis() -> None:
    plain = documents.curve()
    curve = replace(plain, directions=replace(plain.directions, eigenvalues=(2500.0,)))
    figure, before = curve_figure(curve, SUBJECT, logarithmic=False), curve_figure(plain, SUBJECT, logarithmic=False)
    (losses,) = (axes for axes in figure.axes if axes.get_ylabel().startswith("loss"))
    (same,) = (axes for axes in before.axes if axes.get_ylabel().startswith("loss"))
    assert losses.get_ylim() == pytest.approx(same.get_ylim())
    assert any(np.array_equal(line.get_ydata(), curve.parabola) for line in losses.lines)
    assert "λ = 2500" in words(figure)
    assert curve_figure(curve, SUBJECT).axes[0].get_yscale() == "log"


def test_the_top_eigenvalue_of_a_run_is_on_a_logarithm_unless_one_is_negative() -> None:
    item = run_item()
    values = np.linspace(3.0, 0.1, len(item.run.epoch))
    for first, scale in ((3.0, "log"), (-3.0, "linear")):
        values[0] = first
        shown = replace(item, run=replace(item.run, top_eigenvalue=values.copy(), gradient_norm=values**2))
        axes = next(a for a in runs_figure([shown], Document()).axes if a.get_ylabel() == "top eigenvalue")
        assert axes.get_yscale() == scale
