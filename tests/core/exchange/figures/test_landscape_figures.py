"""Figures of curves, trajectories, convexity and initialisations say what was computed and what was not."""

import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from core.exchange.beside import Beside, beside
from core.exchange.figures.convexity import convexity_figure, edges
from core.exchange.figures.curve import curve_figure
from core.exchange.figures.initialisations import initialisations_figure
from core.exchange.figures.rendering import write_figure
from core.exchange.figures.surface import surface_figure
from core.exchange.figures.trajectory import trajectory_figure
from core.exchange.forms import result_figure
from core.exchange.subject import Subject, subject_of
from core.landscape.plane import Anchor
from core.session.document import Result, ResultItem
from tests import documents

SESSION = documents.landscape_document()


def item_of(item_id: str) -> ResultItem:
    item = SESSION.items[item_id]
    assert isinstance(item, ResultItem)
    return item


SUBJECT = subject_of(item_of("surface-0"), SESSION)


def texts(figure: Figure) -> str:
    file = io.BytesIO()
    write_figure(figure, file, "svg")
    root = ET.fromstring(file.getvalue())  # noqa: S314  we wrote it
    found = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    return " ".join(" ".join(found).split())


def test_a_curve_shows_loss_and_accuracy_of_both_sets_and_the_networks_on_it() -> None:
    curve = documents.curve()
    figure = curve_figure(curve, SUBJECT)
    said = texts(figure)
    for words in ("train loss", "test loss", "train accuracy", "test accuracy", "Large batch", "the network"):
        assert words in said
    losses = figure.axes[1] if figure.axes[1].get_ylabel().startswith("loss") else figure.axes[0]
    lines = {line.get_linestyle(): line for line in losses.lines[:2]}
    np.testing.assert_allclose(lines["-"].get_ydata(), curve.loss[0])
    np.testing.assert_allclose(lines["--"].get_ydata(), curve.test_loss[0])  # type: ignore[index]
    assert "Barrier on the straight line: 0.245 nats" in said


def test_the_scale_of_a_curve_can_be_chosen() -> None:
    for logarithmic, scale in ((True, "log"), (False, "linear")):
        axes = curve_figure(documents.curve(), SUBJECT, logarithmic=logarithmic).axes
        assert scale in [a.get_yscale() for a in axes if a.get_ylabel().startswith("loss")]


def test_ten_draws_are_ten_lines_of_which_nine_are_faint() -> None:
    figure = curve_figure(documents.curve(10, test=False), SUBJECT)
    (losses,) = (axes for axes in figure.axes if axes.get_ylabel().startswith("loss"))
    assert [line.get_alpha() for line in losses.lines[:10]] == [1.0] + [0.3] * 9
    said = texts(figure)
    assert "9 further draws" in said
    assert "what differs between them is chance" in said
    assert "test loss" not in said


def test_a_curve_without_classes_has_no_axis_of_accuracy() -> None:
    curve = documents.curve(test=False)
    plain = replace(curve, accuracy=np.full_like(curve.accuracy, np.nan), loss_unit="kWh²")
    said = texts(curve_figure(plain, SUBJECT))
    assert "accuracy" not in said
    assert "loss (kWh²)" in said


def test_a_way_is_drawn_at_its_places_with_the_variance_of_the_axes_and_its_distances() -> None:
    way = documents.trajectory()
    figure = trajectory_figure(way, SUBJECT)
    path = figure.axes[0].lines[0]
    np.testing.assert_array_equal(path.get_xdata(), way.x)
    np.testing.assert_array_equal(path.get_ydata(), way.y)
    said = texts(figure)
    assert "first principal axis, 71 % of the variance" in said
    assert "learning rate falls" in said
    assert "distance from the plane" in said
    assert "87 % of the variance" in said
    below = [line for axes in figure.axes[1:] for line in axes.lines]
    assert any(np.array_equal(line.get_ydata(), way.off_plane) for line in below)
    assert any(np.array_equal(line.get_ydata(), way.loss) for line in below)


def test_a_drop_of_the_learning_rate_is_marked_at_the_last_checkpoint_learnt_before_it() -> None:
    way = documents.trajectory()
    red = [line for line in trajectory_figure(way, SUBJECT).axes[0].lines if line.get_marker() == "D"]
    assert [line.get_xdata().tolist() for line in red] == [[way.x[5]]]  # type: ignore[union-attr]


def test_a_way_over_its_surface_has_contours_and_all_of_it_is_in_the_picture() -> None:
    way = documents.trajectory()
    far = replace(way, x=way.x * 3)
    axes = trajectory_figure(far, SUBJECT, Beside(surface=documents.surface())).axes[0]
    assert any(getattr(c, "filled", False) for c in axes.collections)
    assert axes.get_xlim()[0] < far.x.min()
    assert axes.get_xlim()[1] >= 1


def test_convexity_is_drawn_cell_by_cell_and_its_colours_end_at_one_half() -> None:
    convexity = documents.convexity()
    mesh = convexity_figure(convexity, SUBJECT).axes[0].collections[0]
    np.testing.assert_array_equal(np.ma.filled(mesh.get_array(), np.nan).reshape(7, 9), convexity.ratio)
    assert mesh.get_clim() == (0.0, 0.5)
    said = texts(convexity_figure(convexity, SUBJECT, Beside(surface=documents.surface())))
    assert "1 point not computed or not finite" in said
    assert "Lines: the loss" in said


def test_ratios_above_the_colours_are_counted() -> None:
    convexity = documents.convexity()
    saddles = replace(convexity, min_eigenvalue=-convexity.max_eigenvalue)
    assert "62 points above 0.5" in texts(convexity_figure(saddles, SUBJECT))


def test_edges_lie_half_way_between_points() -> None:
    np.testing.assert_allclose(edges(np.array([0.0, 1.0, 3.0])), [-0.5, 0.5, 2.0, 4.0])


def test_initialisations_stand_at_their_losses_against_the_plane() -> None:
    fresh, surface = documents.initialisations(), documents.surface()
    figure = initialisations_figure(fresh, SUBJECT, Beside(surface=surface))
    strip, shares = figure.axes
    drawn = [line.get_xdata() for line in strip.lines if line.get_linestyle() == "None"]
    np.testing.assert_array_equal(drawn[0], fresh.loss)
    np.testing.assert_array_equal(drawn[1], fresh.calibrated_loss)
    x, y = shares.lines[0].get_data()
    level = 5.0
    below = 100 * np.count_nonzero(surface.loss < level) / surface.loss.size
    assert abs(np.interp(level, x, y) - below) < 1  # type: ignore[arg-type]
    assert strip.get_xlim() == shares.get_xlim()
    assert "the trained network, loss 0.04" in texts(figure)


def test_a_certified_surface_shows_certificate_held_out_points_and_how_each_was_obtained() -> None:
    surface = documents.certified_surface()
    figure = surface_figure(surface, SUBJECT)
    said = texts(figure)
    assert "with 95 % confidence at least 95 % of the displayed plane is within 2 %" in said
    assert "60 held-out points, computed exactly" in said
    assert "computed on a part of the samples" in said
    assert "fewer points: the plane is smooth" in said
    crosses = [line for line in figure.axes[0].lines if line.get_marker() == "x"]
    np.testing.assert_array_equal(crosses[0].get_xdata(), surface.held_out.x)  # type: ignore[union-attr]


def test_results_of_the_same_plane_come_into_the_figure_of_a_surface() -> None:
    found = beside(item_of("surface-0"), SESSION)
    assert found.trajectory is item_of("trajectory-0").result
    assert found.initialisations is item_of("initialisations-0").result
    said = texts(result_figure(item_of("surface-0").result, SUBJECT, found))
    assert "training, 12 checkpoints" in said
    assert "6 fresh initialisations" in said


def test_results_of_another_plane_or_without_directions_stay_out() -> None:
    way = item_of("trajectory-0")
    other = documents.trajectory(plane=documents.directions(seed=5))
    nothing = documents.trajectory(plane=replace(documents.directions(), x={}, y={}))
    for result in (other, nothing):
        session = SESSION.with_item(replace(way, result=result))
        assert beside(item_of("surface-0"), session).trajectory is None
    alone = replace(way, network_id="network-1")
    assert beside(item_of("surface-0"), SESSION.with_item(alone)).trajectory is None


def test_other_networks_in_the_plane_are_marked_with_their_names() -> None:
    surface = documents.surface()
    anchors = (Anchor(name="大きい $batch$", sha256="a" * 64, x=0.5, y=-0.5),)
    said = texts(surface_figure(replace(surface, directions=replace(surface.directions, anchors=anchors)), SUBJECT))
    assert "大きい $batch$" in said
    assert "other network in the plane" in said


def nothing_known(result: Result) -> Result:
    """The same before its first point was computed."""
    empty = {
        name: np.full_like(value, np.nan)
        for name, value in vars(result).items()
        if isinstance(value, np.ndarray) and value.dtype == np.float64 and name not in ("x", "y", "epoch")
    }
    return replace(result, status="partial", **empty)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "result",
    [documents.curve(3), documents.trajectory(), documents.convexity(), documents.initialisations()],
    ids=lambda result: type(result).__name__,
)
def test_what_has_only_begun_is_drawn_and_marked(result: Result) -> None:
    said = texts(result_figure(nothing_known(result), SUBJECT))
    assert "PARTIAL" in said
    assert "Partial result" in said


@pytest.mark.parametrize("points", [1, 2])
def test_a_way_of_hardly_any_checkpoints_is_drawn(points: int) -> None:
    assert "own loss" in texts(trajectory_figure(documents.trajectory(points), SUBJECT))


@pytest.mark.parametrize(
    "loss", [np.zeros(6), np.full(6, np.inf), np.linspace(-2, 3, 6), np.geomspace(1e-9, 1e9, 6)], ids=str
)
def test_initialisations_of_any_loss_are_drawn(loss: np.ndarray) -> None:
    fresh = replace(documents.initialisations(), loss=loss, calibrated_loss=loss)
    assert "untrained" in texts(initialisations_figure(fresh, SUBJECT, Beside(surface=documents.surface())))


@pytest.mark.parametrize("name", ["$x$ and $\\frac", "<b>&\"'", "a\0b\x1b\udcff", "模型 модель"])
def test_names_break_no_figure_of_the_landscape(name: str) -> None:
    network = replace(documents.network_item(), name=name)
    odd = Subject(title=name, network=network, dataset=replace(documents.dataset_item(), name=name))
    for item in SESSION.results:
        assert texts(result_figure(item.result, odd, beside(item, SESSION)))
