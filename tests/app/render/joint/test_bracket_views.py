"""How far a search is: the bar, and the curves of bound and best."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.render.plot.joint.bracket_bar import BracketBar, Standing
from app.render.plot.joint.bracket_plot import SECONDS, STABILITY, BracketPlot, bracket_text
from tests.joints import joint


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing(0.0, None, closed=False, complete=False), "nothing is proved yet; none found yet"),
        (Standing(0.2, None, closed=False, complete=True), "none nearer than 0.200, proved; none was found"),
        (
            Standing(0.2, 0.25, closed=False, complete=False),
            "none nearer than 0.200, proved; best found 0.2500, still searching",
        ),
        (Standing(0.25, 0.25, closed=True, complete=True), "proved: none is nearer; nearest 0.2500"),
        (
            Standing(np.inf, None, closed=True, complete=True),
            "Provably no stable correction exists within these ranges",
        ),
    ],
)
def test_the_bar_says_what_is_proved_and_what_is_open(qtbot: QtBot, standing: Standing, said: str) -> None:
    bar = BracketBar()
    qtbot.addWidget(bar)
    bar.resize(400, bar.sizeHint().height())
    bar.set_standing(standing)
    assert bar.words == said
    assert not bar.grab().isNull()


def test_the_bar_is_coloured_up_to_the_bound_and_hatched_up_to_the_best(qtbot: QtBot) -> None:
    bar = BracketBar()
    qtbot.addWidget(bar)
    bar.resize(448, bar.sizeHint().height())
    bar.set_standing(Standing(0.5, 1.0, closed=False, complete=True))  # 1.12 wide: the bound at 200, the best at 400
    image = bar.grab().toImage()
    proved, beyond = image.pixelColor(100, 8), image.pixelColor(430, 8)
    assert proved != beyond
    assert image.pixelColor(150, 8) == proved
    assert len({image.pixelColor(x, 8).rgb() for x in range(220, 380)}) > 1


def test_the_course_holds_each_state_until_the_next_one(qtbot: QtBot) -> None:
    plot = BracketPlot("course", SECONDS, "nothing yet")
    qtbot.addWidget(plot)
    plot.set_rows(joint().course)
    seconds, lower = plot._lower.getData()
    assert seconds.tolist() == [0.1, 0.4, 0.4, 1.5, 1.5, 4.0, 4.0]
    assert lower.tolist() == [0.0, 0.0, 0.1, 0.1, 0.3, 0.3, 0.38]
    assert plot.reading == "After 4.00 s: best 0.4040, none nearer than 0.3800"
    assert plot._place_of(1.49) == 1


def test_the_curve_over_the_stability_ends_where_none_exists(qtbot: QtBot) -> None:
    plot = BracketPlot("tradeoff", STABILITY, "nothing yet")
    qtbot.addWidget(plot)
    plot.set_rows(joint().tradeoff)
    _, best = plot._best.getData()
    assert np.isfinite(best).tolist() == [True, True, False, False]
    plot._read(3)
    assert plot.reading == "Stable for 4.00 times the ± that was asked for: provably none exists"
    assert bracket_text(0.6, np.inf) == "none found, none nearer than 0.600"


def test_without_rows_there_is_a_sentence(qtbot: QtBot) -> None:
    plot = BracketPlot("course", SECONDS, "The search has not begun.")
    qtbot.addWidget(plot)
    plot.set_rows(np.zeros((0, 3)))
    assert plot._pages.currentIndex() == 0
