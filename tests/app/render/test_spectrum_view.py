"""The spectrum on screen: what a reader sees and reads, checked at pixels, places and words."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.render.plot.number_text import power_of_ten, significant, with_error
from app.render.plot.spectra.signed_scale import LinearScale, SignedLogScale, SteadyRange, log_scale_for
from app.render.plot.spectra.view import SpectrumView
from app.render.plot.style import contrast, legible, plot_colours
from core.spectrum.spectrum import Audit, Spectrum, SpectrumRequest
from tests import documents


def make(values: list[float], residuals: list[float] | None = None, verified: list[int] | None = None) -> Spectrum:
    count = len(values)
    return replace(
        documents.spectrum(max(count, 1)),
        request=SpectrumRequest(top=max(count, 1)),
        eigenvalues=np.array(values, dtype=np.float64),
        residuals=np.array(residuals or [0.01] * count, dtype=np.float64),
        verified=np.array(verified or [1] * count, dtype=np.uint8),
        eigenvectors=None,
        parameters=(),
    )


def dark_palette() -> QPalette:
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, "#232629"),
        (QPalette.ColorRole.Base, "#1b1e20"),
        (QPalette.ColorRole.Text, "#eff0f1"),
        (QPalette.ColorRole.WindowText, "#eff0f1"),
    ):
        palette.setColor(role, QColor(colour))
    return palette


@pytest.fixture
def view(qtbot: QtBot) -> SpectrumView:
    widget = SpectrumView()
    qtbot.addWidget(widget)
    widget.resize(800, 500)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def pixel_of(view: SpectrumView, rank: float, place: float) -> QPoint:
    """Where a point of the plot is in its viewport."""
    box = view._plot.getViewBox()
    return view._plot.mapFromScene(box.mapViewToScene(QPointF(rank, place)))


def picture(view: SpectrumView) -> QImage:
    for side in ("left", "bottom"):
        view._plot.getAxis(side).setGrid(False)  # its lines would meet the pixels that are looked at
    view._plot.viewport().repaint()
    return view._plot.viewport().grab().toImage()


def colour_at(image: QImage, point: QPoint) -> QColor:
    scale = image.devicePixelRatio()
    return image.pixelColor(round(point.x() * scale), round(point.y() * scale))


def text_of(view: QWidget, name: str) -> str:
    label = view.findChild(QLabel, name)
    assert label is not None
    return label.text()


def hover(qtbot: QtBot, view: SpectrumView, rank: float, place: float) -> None:
    qtbot.mouseMove(view._plot.viewport(), pixel_of(view, rank, place) + QPoint(1, 0))
    qtbot.mouseMove(view._plot.viewport(), pixel_of(view, rank, place))


# ---- what there is to see


def test_a_view_without_a_spectrum_says_what_will_come(view: SpectrumView) -> None:
    label = view.findChild(QLabel, "empty")
    assert label is not None
    assert label.isVisible()
    assert "soon after its job has begun" in label.text()
    view.set_spectrum(documents.spectrum())
    assert not label.isVisible()
    view.set_spectrum(None)
    assert label.isVisible()


def test_a_bar_is_filled_up_to_its_value_and_not_beyond(view: SpectrumView) -> None:
    view.set_spectrum(make([10.0, 6.0, 3.0]))
    image, background = picture(view), view.palette().color(QPalette.ColorRole.Base)
    for rank, value in ((1, 10.0), (2, 6.0), (3, 3.0)):
        inside, beyond = pixel_of(view, rank + 0.2, value * 0.9), pixel_of(view, rank + 0.2, value * 1.12)
        assert contrast(colour_at(image, inside), background) > 3
        assert contrast(colour_at(image, beyond), background) < 1.6


def test_negative_bars_hang_below_zero_and_look_different(view: SpectrumView) -> None:
    view.set_spectrum(make([8.0, -6.0]))
    image = picture(view)

    def colours_in(rank: int, place: float) -> set[str]:
        middle = pixel_of(view, rank + 0.15, place)
        return {colour_at(image, middle + QPoint(x, y)).name() for x in range(8) for y in range(8)}

    assert len(colours_in(1, 4.0)) == 1  # one plain colour
    assert len(colours_in(2, -3.0)) >= 2  # a hatch: not told by colour alone
    assert colours_in(2, 3.0) == {view.palette().color(QPalette.ColorRole.Base).name()}


def test_a_small_negative_value_beside_a_large_one_is_still_marked(view: SpectrumView) -> None:
    view.set_spectrum(make([1000.0, -0.01]))
    image, zero = picture(view), pixel_of(view, 2, 0.0)
    background = view.palette().color(QPalette.ColorRole.Base)
    below = [colour_at(image, zero + QPoint(0, y)) for y in range(4, 12)]
    assert any(contrast(colour, background) >= 3 for colour in below)


def test_an_unverified_bar_is_paler_than_a_verified_one(view: SpectrumView) -> None:
    view.set_spectrum(make([8.0, 8.0], verified=[1, 0]))
    image, background = picture(view), view.palette().color(QPalette.ColorRole.Base)
    verified, unverified = (colour_at(image, pixel_of(view, rank + 0.2, 4.0)) for rank in (1, 2))
    assert contrast(verified, background) > 2 * contrast(unverified, background)
    assert unverified != background


def test_the_whisker_reaches_as_far_as_the_residual(view: SpectrumView) -> None:
    view.set_spectrum(make([10.0], residuals=[4.0]))
    image = picture(view)
    text = plot_colours(view.palette()).text
    for end in (6.0, 14.0):
        row = [colour_at(image, pixel_of(view, 1, end) + QPoint(3, dy)) for dy in (-1, 0, 1)]
        assert any(contrast(colour, text) < 3 for colour in row)
    assert colour_at(image, pixel_of(view, 1, 15.0)) == view.palette().color(QPalette.ColorRole.Base)


@pytest.mark.parametrize("scale", ["linear", "logarithmic"])
@pytest.mark.parametrize("values", [[5.0], [0.0], [-3.0], [7.0, -7.0, 0.0, 1e-12], [1e12, 1.0, -1e-9]])
def test_every_value_lies_inside_the_axes(view: SpectrumView, values: list[float], scale: str) -> None:
    view.set_logarithmic(scale == "logarithmic")
    view.set_spectrum(make(values))
    (left, right), (low, high) = view._plot.getViewBox().viewRange()
    assert left < 1
    assert right > len(values)
    tops = view._bars.bars.tops
    assert low < tops.min() + 1e-12
    assert tops.max() < high
    assert low <= 0 <= high
    assert np.array_equal(np.sign(tops), np.sign(values))
    assert not picture(view).isNull()


def test_the_axis_says_what_is_measured_and_shortens_it_when_the_window_is_low(
    view: SpectrumView, qtbot: QtBot
) -> None:
    view.set_spectrum(make([4.0, 2.0]))
    axis = view._plot.getAxis("left")
    whole = "eigenvalue of the Hessian of the mean loss (nats per squared weight)"
    view.resize(900, 900)
    qtbot.waitUntil(lambda: axis.label.toPlainText().strip() == whole)
    view.resize(420, 440)
    qtbot.waitUntil(lambda: axis.label.toPlainText().strip() == "Hessian eigenvalue")


def test_nothing_but_the_plot_itself_is_shown_inside_the_plot(view: SpectrumView) -> None:
    view.set_spectrum(make([4.0, 2.0]))
    shown = {type(child).__name__ for child in view._plot.findChildren(QWidget) if child.isVisible()}
    assert shown == {"QWidget"}  # the viewport


# ---- a search that is still going on


def test_a_partial_spectrum_says_how_much_there_is(view: SpectrumView) -> None:
    full = make([9.0, 5.0, 2.0, 1.0])
    view.set_spectrum(replace(full, status="partial", request=SpectrumRequest(top=20), audit=None))
    chip = view.findChild(QLabel, "partial")
    assert chip is not None
    assert chip.isVisible()
    assert chip.text() == "partial: 4 of 20 eigenvalues"
    view.set_spectrum(full)
    assert not chip.isVisible()


def test_a_search_without_any_eigenvalue_yet_is_shown_without_bars(view: SpectrumView) -> None:
    empty = replace(make([1.0]), status="partial", audit=None, eigenvalues=np.zeros(0), residuals=np.zeros(0))
    view.set_spectrum(replace(empty, verified=np.zeros(0, dtype=np.uint8), request=SpectrumRequest(top=5)))
    assert text_of(view, "partial") == "partial: 0 of 5 eigenvalues"
    assert not picture(view).isNull()


def test_live_updates_leave_the_axes_where_they_are(view: SpectrumView) -> None:
    numbers = np.random.default_rng(2)
    truth = 40.0 * 0.7 ** np.arange(10) * np.where(np.arange(10) == 4, -1, 1)
    request = SpectrumRequest(top=10)
    ranges = []
    for step in range(30):
        values = truth * (1 - 0.03 * numbers.random(10) * 0.8**step)
        snapshot = make(values.tolist(), residuals=(20 * 0.8**step * np.ones(10)).tolist(), verified=[0] * 10)
        view.set_spectrum(replace(snapshot, request=request, status="partial", audit=None))
        ranges.append(view._plot.getViewBox().viewRange())
    assert all(each == ranges[0] for each in ranges)


def test_an_update_is_drawn_by_the_same_item_without_a_new_one(view: SpectrumView) -> None:
    request = SpectrumRequest(top=4)
    view.set_spectrum(replace(make([4.0, 2.0]), request=request, status="partial"))
    before = view._plot.scene().items()
    view.set_spectrum(replace(make([4.1, 2.2, 1.0]), request=request, status="partial"))
    assert view._plot.scene().items() == before


def test_the_axis_grows_at_once_and_shrinks_only_when_it_is_mostly_empty() -> None:
    steady, scale = SteadyRange(), LinearScale()
    steady.include(0.0, 9.0, scale)
    assert steady.high == 10.0
    steady.include(0.0, 6.0, scale)
    assert steady.high == 10.0
    steady.include(-2.5, 11.0, scale)
    assert (steady.low, steady.high) == (-3.0, 15.0)
    steady.include(0.0, 1.0, scale)
    assert (steady.low, steady.high) == (0.0, 1.5)


# ---- reading a bar


def test_pointing_at_a_bar_tells_rank_value_error_and_verification(view: SpectrumView, qtbot: QtBot) -> None:
    view.set_spectrum(make([85.09124, -3.25], residuals=[0.0031, 0.02]))
    said: list[str] = []
    view.hovered.connect(said.append)
    hover(qtbot, view, 1, 40.0)
    assert said[-1].startswith("Rank 1: eigenvalue 85.0912 ± 0.0031")
    assert said[-1].endswith("; verified")
    assert said[-1] == text_of(view, "reading")
    assert view._bars.toolTip().splitlines()[::2] == ["Rank 1: eigenvalue 85.0912 ± 0.0031", "verified"]
    hover(qtbot, view, 2, 1.0)
    assert said[-1].startswith("Rank 2: eigenvalue −3.250 ± 0.020")


def test_leaving_the_bars_takes_the_words_back(view: SpectrumView, qtbot: QtBot) -> None:
    view.set_spectrum(make([5.0, 3.0]))
    said: list[str] = []
    view.hovered.connect(said.append)
    hover(qtbot, view, 1, 2.0)
    view._bars.point_at(-1)
    assert said[-1] == ""
    assert "Point at a bar" in text_of(view, "reading")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"audit": None}, "the audit for missed eigenvalues has not run yet"),
        ({"audit": Audit(products=20, missed=2, miss_probability=1e-6)}, "the audit found 2 missed eigenvalues"),
        ({"audit": Audit(products=20, missed=1, miss_probability=1e-6)}, "the audit found 1 missed eigenvalue"),
        ({"request": SpectrumRequest(top=2, audit_products=0), "audit": None}, "no audit was asked for"),
        ({}, "the residual is 25 % of the value, which does not prove an error within 0.010 %"),
    ],
)
def test_an_unverified_bar_says_why(view: SpectrumView, qtbot: QtBot, change: dict[str, object], reason: str) -> None:
    spectrum = make([8.0, 4.0], residuals=[0.01, 1.0], verified=[1, 0])
    view.set_spectrum(replace(spectrum, **change))  # type: ignore[arg-type]
    with qtbot.waitSignal(view.hovered) as told:
        hover(qtbot, view, 2, 1.0)
    assert reason in told.args[0]


def test_the_arrow_keys_step_through_the_bars(view: SpectrumView, qtbot: QtBot) -> None:
    view.set_spectrum(make([5.0, 3.0, 1.0]))
    said: list[str] = []
    view.hovered.connect(said.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Escape):
        qtbot.keyClick(view, key)
    assert [re.match(r"Rank (\d)", words).group(1) if words else "" for words in said] == ["1", "2", "1", ""]


def test_the_reading_follows_the_newest_values_without_a_signal(view: SpectrumView, qtbot: QtBot) -> None:
    request = SpectrumRequest(top=2)
    view.set_spectrum(replace(make([5.0, 3.0]), request=request))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    said: list[str] = []
    view.hovered.connect(said.append)
    view.set_spectrum(replace(make([6.0, 3.0]), request=request))
    assert "6.000 ± 0.010" in text_of(view, "reading")
    assert said == []


def test_the_caption_tells_cost_samples_and_audit(view: SpectrumView) -> None:
    view.set_spectrum(documents.spectrum(8))
    caption = text_of(view, "caption")
    for part in ("8 eigenvalues", "1 negative", "7 verified", "96 Hessian-vector products", "40 samples", "3.2×10⁻⁷"):
        assert part in caption


# ---- the logarithmic scale


def test_the_logarithmic_scale_keeps_signs_and_order() -> None:
    values = np.array([-1e5, -3.0, -1e-7, 0.0, 1e-7, 0.5, 3.0, 1e5])
    places = SignedLogScale(1e-2).place(values)
    assert (np.diff(places) > 0).all()
    assert places[3] == 0.0
    assert places[7] == pytest.approx(7.0, abs=1e-6)  # 1e5 is seven decades above 1e-2
    assert places[0] == -places[7]


def test_logarithmic_ticks_lie_at_their_values() -> None:
    scale = log_scale_for(np.array([2000.0, -0.3]))
    ticks = scale.ticks(-2.0, 5.0)
    assert ticks is not None
    written = {text: place for place, text in ticks}
    assert written["100"] == pytest.approx(float(scale.place(np.array([100.0]))[0]))
    assert written["0"] == 0.0
    assert power_of_ten(-4) == "10⁻⁴"


def test_switching_the_scale_moves_the_bars_and_back(view: SpectrumView) -> None:
    view.set_spectrum(make([100.0, -1.0]))
    linear, linear_range = view._bars.bars.tops.copy(), view._plot.getViewBox().viewRange()
    view.set_logarithmic(True)
    ratio = view._bars.bars.tops[0] / -view._bars.bars.tops[1]
    assert ratio < 20  # on the linear scale it is 100
    view.set_logarithmic(False)
    assert np.array_equal(view._bars.bars.tops, linear)
    assert view._plot.getViewBox().viewRange() == linear_range


# ---- numbers and colours


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (85.09123, 0.0031, "85.0912 ± 0.0031"),
        (-3.25, 0.02, "−3.250 ± 0.020"),
        (31.73, 4.0, "31.7 ± 4.0"),
        (0.0, 0.5, "0.00 ± 0.50"),
        (1234567.0, 12.0, "1\u202f234\u202f567 ± 12"),
        (85.0, 1e-14, "85.00000000 ± 1.0×10⁻¹⁴"),
    ],
)
def test_a_value_shows_as_many_digits_as_its_error_allows(value: float, error: float, text: str) -> None:
    assert with_error(value, error) == text


def test_small_and_large_numbers_are_powers_of_ten() -> None:
    assert significant(3.2e-7, 2) == "3.2×10⁻⁷"
    assert significant(0.00123, 2) == "0.0012"
    assert significant(-12345.0, 3) == "−12\u202f345" or significant(-12345.0, 3) == "−12\u202f300"


@pytest.mark.parametrize("palette", [QPalette, dark_palette])
def test_texts_and_bars_stand_out_from_the_background(view: SpectrumView, palette: Callable[[], QPalette]) -> None:
    view.setPalette(palette())
    colours = plot_colours(view.palette())
    assert colours.dark is (palette is dark_palette)
    assert contrast(colours.text, colours.background) >= 4.5
    assert contrast(colours.muted, colours.background) >= 4.5
    bars = view._bars._colours
    assert bars is not None
    for colour in (bars.positive, bars.negative, bars.tick):
        assert contrast(colour, colours.background) >= 3


def test_the_plot_takes_over_a_palette_that_changes(view: SpectrumView) -> None:
    view.set_spectrum(make([5.0, -3.0]))
    view.setPalette(dark_palette())
    corner = colour_at(picture(view), pixel_of(view, 2, 4.0))
    assert corner.name() == "#1b1e20"


def test_a_colour_is_moved_no_further_than_the_contrast_needs() -> None:
    white = QColor("white")
    assert legible(QColor("#000080"), white) == QColor.fromRgbF(*QColor("#000080").getRgbF())
    moved = legible(QColor("#F0E442"), white)
    assert 4.5 <= contrast(moved, white) < 6.0
    assert contrast(QColor("black"), white) == pytest.approx(21.0)
