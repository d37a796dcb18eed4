"""Curves through weight space: train and test, draws and their median, networks on the line, values at the pointer."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.render.plot.lines.curve_lines import (
    ShownCurve,
    curve_reading,
    curve_summary,
    lines_of,
    middle,
    stations_of,
)
from app.render.plot.lines.line_view import LineView
from app.render.plot.lines.position_labels import common_label, position_label
from core.landscape.curve import Curve
from core.landscape.plane import AnyDirections, EigenDirections, FileDirections, RandomDirections
from core.provenance import imported_provenance
from tests.app import landscapes


def shown(key: str, curve, colour: int = 0) -> ShownCurve:
    return ShownCurve(id=key, name=f"Curve {key}", curve=curve, colour=colour)


@pytest.fixture
def view(qtbot: QtBot) -> LineView:
    view = LineView()
    qtbot.addWidget(view)
    view.resize(900, 500)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_without_a_curve_the_view_says_that_one_will_grow(view: LineView) -> None:
    label = view.findChild(QLabel, "lines.empty")
    assert label is not None
    assert label.isVisible()


def test_train_is_solid_test_dashed_and_each_of_several_draws_faint() -> None:
    assert [line.look for line in lines_of(landscapes.curve(), "loss")] == ["solid", "dashed"]
    drawn = lines_of(landscapes.curve(draws=10), "loss")
    assert [line.look for line in drawn] == ["faint"] * 10 + ["solid", "dashed"]
    np.testing.assert_allclose(drawn[10].y, np.median(landscapes.curve(draws=10).loss, axis=0))


def test_the_median_is_over_the_draws_that_are_computed() -> None:
    draws = np.array([[1.0, 2.0, np.nan], [3.0, np.nan, np.nan], [9.0, 4.0, np.nan]])
    np.testing.assert_array_equal(middle(draws), [3.0, 3.0, np.nan])


def test_accuracies_are_drawn_in_per_cent() -> None:
    curve = landscapes.curve()
    np.testing.assert_allclose(lines_of(curve, "accuracy")[0].y, 100 * curve.accuracy[0])


def test_an_infinite_loss_leaves_a_gap_and_what_is_not_computed_yet_does_not() -> None:
    curve = landscapes.curve(11)
    loss = curve.loss.copy()
    loss[0, 2], loss[0, 5] = np.inf, np.nan
    growing = lines_of(replace(curve, loss=loss, status="partial"), "loss")[0]
    assert len(growing.x) == 10
    assert np.isnan(growing.y).sum() == 1
    done = lines_of(replace(curve, loss=loss), "loss")[0]
    assert np.isnan(done.y).sum() == 2
    assert "1 without a finite loss" in curve_summary(replace(curve, loss=loss, status="partial"))
    assert "2 without a finite loss" in curve_summary(replace(curve, loss=loss))


def test_where_the_loss_is_no_number_there_is_no_accuracy_either() -> None:
    curve = landscapes.curve()
    loss = curve.loss.copy()
    loss[:, 0] = np.nan
    lost = replace(curve, loss=loss, accuracy=np.zeros_like(curve.accuracy))
    (line, *_) = lines_of(lost, "accuracy")
    assert np.isnan(line.y[0])
    assert (line.y[1:] == 0).all()
    words = curve_summary(lost)
    assert f"{loss.size} of {loss.size} points computed" in words  # it is complete
    assert f"{len(loss)} without a finite loss" in words


def test_both_networks_are_marked_where_they_lie_and_the_bend_is_not() -> None:
    assert [(station.x, station.name) for station in stations_of(landscapes.line_between())] == [
        (0.0, "this network"),
        (1.0, "Large batch"),
    ]
    assert [station.x for station in stations_of(landscapes.curve())] == [0.0]
    assert "0 this network, 1 the other" in position_label(landscapes.bezier())


def test_a_point_is_read_with_losses_and_accuracies_of_both_sets() -> None:
    words = curve_reading(shown("a", landscapes.curve()), 10)
    assert words == "Curve a: at 0 · loss 0.02 train, 0.324 test · accuracy 99.78 % train, 89.78 % test"
    several = curve_reading(shown("a", landscapes.curve(draws=3)), 0)
    assert "(median of 3," in several
    partial = landscapes.curve(status="partial")
    assert "loss" in curve_reading(shown("a", replace(partial, test_loss=None)), 20)


def test_arrow_keys_walk_along_a_curve_and_over_to_the_next(view: LineView, qtbot: QtBot) -> None:
    view.set_curves([shown("a", landscapes.line_between()), shown("b", landscapes.bezier(), 1)])
    words: list[str] = []
    view.hovered.connect(words.append)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert words[-1].startswith("Curve a: at −0.45")
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert words[-1].startswith("Curve b: at −0.45")
    assert view.reading == words[-1]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert words[-1] == ""


def test_the_pointer_reads_the_nearest_curve_and_marks_all_panels(view: LineView, qtbot: QtBot) -> None:
    view.set_curves([shown("a", landscapes.line_between()), shown("b", landscapes.bezier(), 1)])
    panel = view.panels["loss"]
    box = panel._plot.getViewBox()
    qtbot.waitUntil(lambda: box.viewRange()[1][1] > 10)
    steep = lines_of(landscapes.line_between(), "loss")[0]
    panel._on_moved(box.mapViewToScene(QPointF(steep.x[-1], steep.y[-1])))
    assert view.reading.startswith("Curve a: at 1.5")
    assert view.panels["accuracy"]._mark.isVisible()
    panel._on_moved(QPointF(-50, -50))
    assert not view.panels["accuracy"]._mark.isVisible()


def test_a_growing_curve_moves_its_lines_instead_of_making_new_ones(view: LineView) -> None:
    view.set_curves([shown("a", landscapes.curve(status="partial"))])
    lines = dict(view.panels["loss"]._lines)
    view.set_curves([shown("a", landscapes.curve())])
    assert view.panels["loss"]._lines == lines
    view.set_curves([shown("b", landscapes.curve(test=False))])
    assert set(view.panels["loss"]._lines) == {("b", "solid0")}


def test_the_logarithmic_scale_is_for_the_loss_alone_and_zero_leaves_a_gap(view: LineView) -> None:
    curve = landscapes.curve()
    loss = curve.loss.copy()
    loss[0, 3] = 0.0
    view.set_curves([shown("a", replace(curve, loss=loss))])
    changes: list[None] = []
    view.view_changed.connect(lambda: changes.append(None))
    view.set_logarithmic(True)
    drawn = view.panels["loss"]._lines["a", "solid0"].yData
    assert np.isnan(drawn).sum() == 1
    assert drawn[0] == pytest.approx(np.log10(curve.loss[0, 0]))
    assert view.panels["accuracy"]._lines["a", "solid0"].yData.max() > 50
    assert len(changes) == 1


def test_numbers_that_are_predicted_have_no_accuracy(view: LineView) -> None:
    curve = landscapes.curve(test=False)
    view.set_curves([shown("a", replace(curve, accuracy=np.full_like(curve.accuracy, np.nan), loss_unit="kWh²"))])
    assert not view.panels["accuracy"].isVisible()
    assert view.panels["loss"]._axis.label.toPlainText() == "mean loss (kWh²)"


def test_along_an_eigenvector_the_parabola_of_its_eigenvalue_is_dotted_as_far_as_it_is_near(view: LineView) -> None:
    plain = landscapes.curve()
    curve = replace(plain, directions=replace(plain.directions, eigenvalues=(1e3,)))
    line = lines_of(curve, "loss")[-1]
    assert line.look == "dotted"
    near = np.isfinite(line.y)
    assert 0 < near.sum() < len(line.y)
    np.testing.assert_allclose(line.y[near], curve.centre_loss + 500 * curve.x[near] ** 2)
    assert "dotted" not in [line.look for line in (*lines_of(plain, "loss"), *lines_of(curve, "accuracy"))]
    view.set_curves([shown("a", curve)])
    assert [line.look for line in view.panels["loss"].drawn] == ["solid", "dashed", "dotted"]


def along(directions: AnyDirections) -> Curve:
    curve = landscapes.curve()
    return replace(curve, request=replace(curve.request, directions=directions))


def eigenvector(rank: int) -> Curve:
    x_axis = f"multiples of eigenvector {rank} (unit length)"
    return along(FileDirections(origin="“Spectrum”", sha256="a" * 64, x_axis=x_axis, eigenvector=rank, eigenvalue=1.0))


@pytest.mark.parametrize(
    ("curves", "label"),
    [
        ([eigenvector(2), eigenvector(2)], "multiples of eigenvector 2 (unit length)"),
        ([eigenvector(1), eigenvector(3)], "multiples of each eigenvector (unit length)"),
        ([eigenvector(1), along(EigenDirections(norm="filter"))], "multiples of each eigenvector"),
        ([landscapes.line_between(), landscapes.bezier()], "position on each way (0 this network, 1 the other)"),
        (
            [along(RandomDirections(norm="filter")), along(RandomDirections(norm="layer"))],
            "multiples of each direction δ (see the legend)",
        ),
        (
            [landscapes.line_between(), eigenvector(1)],
            "multiples of each curve's own direction (see the legend)",
        ),
    ],
)
def test_the_axis_of_several_curves_is_right_for_all_of_them(view: LineView, curves: list[Curve], label: str) -> None:
    view.set_curves([shown(str(place), curve, place) for place, curve in enumerate(curves)])
    assert common_label(curves) == label
    axes = [panel._plot.getAxis("bottom").label.toolTip() for panel in view.panels.values()]
    assert axes == [label, label]
    entries = [entry.text for entry in view._legend.entries[: len(curves)]]
    said = [f"Curve {place}: {position_label(curve)}" for place, curve in enumerate(curves)]
    assert entries == (said if "legend" in label else [f"Curve {place}" for place in range(len(curves))])


def test_losses_in_different_units_have_none_in_common(view: LineView) -> None:
    curve = landscapes.curve()
    view.set_curves([shown("a", curve), shown("b", replace(curve, loss_unit="squared error"), 1)])
    assert view.panels["loss"]._plot.getAxis("left").label.toolTip() == "mean loss"


def test_a_curve_of_another_program_is_not_said_to_be_computed_on_no_samples() -> None:
    foreign = replace(landscapes.curve(), provenance=imported_provenance("line.h5"))
    assert "computed on samples whose number is not recorded" in curve_summary(foreign)
