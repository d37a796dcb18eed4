"""Curves of accuracy against the strength of attacks, and the Hessian in the input."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.render.plot.attacks.curvature_view import InputCurvatureView, curvature_sentences
from app.render.plot.attacks.strength_axes import StrengthAxis
from app.render.plot.attacks.strength_view import StrengthView
from core.robustness.robustness import Robustness
from tests import documents


def show(qtbot: QtBot, found: Robustness | None = None) -> StrengthView:
    view = StrengthView()
    qtbot.addWidget(view)
    view.resize(700, 560)
    with qtbot.waitExposed(view):
        view.show()
    view.set_result(documents.robustness() if found is None else found)
    return view


def test_every_attack_has_a_curve_and_the_legend_names_it(qtbot: QtBot) -> None:
    view = show(qtbot)
    assert view.panel.curve_count == 3
    assert [entry.text for entry in view._legend.entries][:3] == ["FGSM", "L2GRAD", "FHSM"]
    assert "200 samples" in view.caption
    assert not view.grab().isNull()


def test_what_is_not_computed_yet_has_no_curve_and_is_said(qtbot: QtBot) -> None:
    view = show(qtbot, documents.robustness(status="partial"))
    assert view.panel.curve_count == 2
    assert view.caption.startswith("Partial: 6 of 9 cells computed")
    view.point_at(2, 0)
    assert view.reading == "FHSM at ε 0.01: not computed yet"


def test_a_wide_range_of_strengths_is_logarithmic_until_somebody_chooses(qtbot: QtBot) -> None:
    view = show(qtbot)
    assert view.logarithmic  # 0.01 to 0.2
    assert view.scale_chosen is None
    changes: list[bool] = []
    view.view_changed.connect(lambda: changes.append(view.logarithmic))
    view._log.click()
    assert changes == [False]
    view.set_result(documents.robustness())
    assert not view.logarithmic


def test_arrow_keys_and_the_pointer_read_one_attack_at_one_strength(qtbot: QtBot) -> None:
    view, found = show(qtbot), documents.robustness()
    said: list[str] = []
    places: list[tuple[int, int]] = []
    view.hovered.connect(said.append)
    view.pointed.connect(lambda row, column: places.append((row, column)))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert said[-1].startswith("FGSM at ε 0.01: ")
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert said[-1].startswith("L2GRAD at L2 0.0245 (ε 0.01): ")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert said[-1] == ""
    box = view.panel._plot.getViewBox()
    here = QPointF(np.log10(found.epsilon[2]), 100 * found.accuracy[0, 2])
    view.panel._on_moved(box.mapViewToScene(here))
    assert places[-1] == (0, 2)
    assert "95 % interval" in said[-1]


def test_where_numbers_are_predicted_the_loss_is_drawn(qtbot: QtBot) -> None:
    plain = documents.robustness()
    view = show(qtbot, replace(plain, right=None, clean_right=None, accuracy=np.full((3, 3), np.nan)))
    assert view.panel.curve_count == 3
    assert "right" not in view.reading
    assert [entry.text for entry in view._legend.entries][-1] == "samples as they are"


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_axis_above_has_the_ticks_of_its_own_multiples(qtbot: QtBot, *, logarithmic: bool) -> None:
    axis = StrengthAxis("bottom", 28.0)
    axis.logarithmic = logarithmic
    ends = (np.log10(0.01), np.log10(0.2)) if logarithmic else (0.0, 0.2)
    ((spacing, values), *_) = axis.tickValues(*ends, 400.0)
    told = axis.tickStrings(values, 1.0, spacing)
    places = [10**value if logarithmic else value for value in values]
    assert told
    assert [float(text) for text in told] == pytest.approx([28.0 * place for place in places], rel=1e-6, abs=1e-9)


def test_the_largest_eigenvalues_are_counted_and_the_sign_of_the_smallest_is_told(qtbot: QtBot) -> None:
    found = documents.robustness()
    view = InputCurvatureView()
    qtbot.addWidget(view)
    view.set_result(found)
    assert view.panel.bars is not None
    assert view.panel.bars.counts.sum() == found.samples
    assert "not negative but for rounding" in view.words
    assert "(Yao et al. 2018, §4)" in view.words
    assert "Exact but for rounding" in view.words
    bent = curvature_sentences(replace(found, smallest_input_eigenvalue=-0.5, piecewise_linear=False))
    assert "has saddle points" in bent
    assert "Gauss–Newton" in bent


def test_a_hessian_that_was_not_computed_says_how_to_get_it(qtbot: QtBot) -> None:
    view = InputCurvatureView()
    qtbot.addWidget(view)
    view.set_result(replace(documents.robustness(), input_eigenvalues=None, smallest_input_eigenvalue=np.nan))
    assert view._pages.currentIndex() == 0
