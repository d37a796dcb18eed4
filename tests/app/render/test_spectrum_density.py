"""Density, errors of sampling and the choice of bars on screen."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.render.plot.spectra.density_panel import density_picture
from app.render.plot.spectra.view import SpectrumView
from app.render.plot.spectra.words import bar_words, caption_words, unverified_words
from core.spectrum.spectrum import Audit, Spectrum, SpectrumRequest
from tests import documents


@pytest.fixture
def view(qtbot: QtBot) -> SpectrumView:
    widget = SpectrumView()
    qtbot.addWidget(widget)
    widget.resize(900, 900)
    widget.set_spectrum(documents.whole_spectrum())
    widget.below.show()
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def legend(view: SpectrumView) -> list[str]:
    return [entry.text for entry in view._legend.entries]


def press_bar(qtbot: QtBot, view: SpectrumView, rank: int, keys: Qt.KeyboardModifier) -> None:
    box = view._plot.getViewBox()
    place = view._plot.mapFromScene(box.mapViewToScene(QPointF(rank, 1.0)))
    qtbot.mouseClick(view._plot.viewport(), Qt.MouseButton.LeftButton, keys, place + QPoint(1, 0))


def without(spectrum: Spectrum, **change: object) -> Spectrum:
    return replace(spectrum, **change)  # type: ignore[arg-type]


# ---- two errors


def test_the_two_errors_are_told_apart_in_the_legend(view: SpectrumView) -> None:
    texts = legend(view)
    assert "± residual: a true eigenvalue lies within" in texts
    assert "± standard error on other samples" in texts
    assert "v′Hv over all 400 samples at hand" in texts
    view.set_spectrum(documents.spectrum())
    assert not [text for text in legend(view) if "samples" in text]


def test_a_search_that_goes_on_calls_its_residuals_estimates(view: SpectrumView) -> None:
    growing = without(documents.spectrum(vectors=False), status="partial", audit=None)
    view.set_spectrum(growing)
    assert "± residual as the search estimates it" in legend(view)


def test_the_whisker_of_sampling_lies_inside_the_axes(view: SpectrumView) -> None:
    spectrum = documents.whole_spectrum()
    assert spectrum.sampling is not None
    wide = without(
        spectrum, sampling=replace(spectrum.sampling, standard_error=2 * np.abs(spectrum.eigenvalues), groups=8)
    )
    view.set_spectrum(wide)
    low, high = view._plot.getViewBox().viewRange()[1]
    assert low < view._bars.bars.sampled_lower.min() < 0 < view._bars.bars.sampled_upper.max() < high


def test_a_bar_tells_both_errors_and_the_value_over_all_samples() -> None:
    words = bar_words(documents.whole_spectrum(), 0)
    assert "residual ‖Hv − λv‖ = 0.16" in words
    assert "on other samples ± 3.3 (standard error)" in words
    assert "v′Hv over all 400 samples = 37.50" in words
    assert words.endswith("; verified")
    other = replace(documents.whole_spectrum(), request=SpectrumRequest(top=8, matrix="gauss_newton"))
    assert "‖Gv − λv‖" in bar_words(other, 0)


# ---- what the figure says


def test_the_caption_tells_matrix_mode_samples_and_trace() -> None:
    spectrum = documents.whole_spectrum()
    words = caption_words(without(spectrum, request=replace(spectrum.request, matrix="fisher", weights_only=True)))
    for part in (
        "of the empirical Fisher matrix of the mean loss in the weights alone",
        "on 40 samples, in evaluation mode",
        "Trace: 103.40 ± 0.75 (standard error over 3 random vectors)",
        "96 Fisher-vector products",
    ):
        assert part in words


def test_what_is_not_verified_is_told_by_rank_and_reason() -> None:
    spectrum = documents.spectrum()
    assert unverified_words(spectrum).startswith("Not verified: rank")
    some = without(spectrum, residuals=np.zeros(8), verified=np.array([1, 0, 0, 0, 1, 0, 1, 1], dtype=np.uint8))
    assert unverified_words(some).startswith("Not verified: ranks 2–4, 6, because the residual could be computed")
    short = without(some, audit=Audit(products=2, missed=0, miss_probability=0.4))
    assert "because the audit was too short" in unverified_words(short)
    assert unverified_words(without(spectrum, verified=np.ones(8, dtype=np.uint8))) == ""
    assert unverified_words(without(spectrum, audit=None)).startswith("None is verified: the audit")


# ---- the density


def test_known_eigenvalues_stand_as_high_as_a_single_eigenvalue_does() -> None:
    spectrum = documents.whole_spectrum()
    picture = density_picture(spectrum)
    assert picture is not None
    assert spectrum.density is not None
    single = 1 / documents.PARAMETERS / (np.sqrt(2 * np.pi) * 0.1)
    assert np.allclose(10**picture.tops, single)
    assert np.array_equal(np.sign(picture.places), np.sign(spectrum.eigenvalues))
    outermost = np.interp(picture.places[0], picture.grid, picture.height)  # alone in its decade
    assert 10**outermost >= 0.99 * single
    assert density_picture(documents.spectrum()) is None


def test_the_share_under_the_curve_is_one() -> None:
    picture = density_picture(documents.whole_spectrum())
    assert picture is not None
    shown = np.where(picture.height > picture.floor, 10**picture.height, 0.0)  # what lies below the axis is not drawn
    assert np.trapezoid(shown, picture.grid) == pytest.approx(1.0, abs=0.02)


def test_the_caption_states_width_and_making_of_the_density_while_it_is_seen(view: SpectrumView) -> None:
    caption = view.findChild(QLabel, "caption")
    assert caption is not None
    assert "standard deviation is 0.1 of a decade" in caption.text()
    assert "3 random vectors of 20 Lanczos steps, 8 known eigenvalues taken out" in caption.text()
    view.density.hide()
    view.set_lower_shown()
    assert "Density" not in caption.text()


def test_a_bar_of_the_density_is_read_and_chosen_like_that_of_the_spectrum(view: SpectrumView, qtbot: QtBot) -> None:
    picture, bars = view.density.picture, view.density.bars
    assert picture is not None
    viewport = view.density.plot.viewport()
    place = view.density.plot.mapFromScene(
        view.density.plot.getViewBox().mapViewToScene(QPointF(float(picture.places[0]), picture.floor + 0.2))
    )

    def points() -> bool:  # again, if the window was still being laid out
        qtbot.mouseMove(viewport, place + QPoint(1, 0))
        qtbot.mouseMove(viewport, place)
        return view._bars.index == bars.marked == 0

    qtbot.waitUntil(points)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert view.chosen == (0,)


# ---- choosing


def test_bars_are_chosen_by_clicks_and_with_control_several(view: SpectrumView, qtbot: QtBot) -> None:
    none, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    press_bar(qtbot, view, 3, none)
    press_bar(qtbot, view, 1, control)
    assert view.chosen == view._bars.chosen == (2, 0)
    press_bar(qtbot, view, 3, control)
    assert view.chosen == (0,)
    press_bar(qtbot, view, 2, none)
    assert view.chosen == (1,)


def test_arrow_keys_choose_and_shift_keeps_the_others(view: SpectrumView, qtbot: QtBot) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    assert view.chosen == (1, 2)
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.chosen == (7,)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.chosen == ()


def test_what_was_chosen_stays_while_values_tighten_and_goes_with_another_spectrum(
    view: SpectrumView, qtbot: QtBot
) -> None:
    spectrum = documents.whole_spectrum()
    qtbot.keyClick(view, Qt.Key.Key_End)
    view.set_spectrum(without(spectrum, residuals=spectrum.residuals / 2))
    assert view.chosen == (7,)
    view.set_spectrum(replace(documents.spectrum(4), request=SpectrumRequest(top=4)))
    assert view.chosen == ()
