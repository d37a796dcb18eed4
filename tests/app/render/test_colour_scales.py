import math

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette

from app.render.colormaps import CATEGORIES, LOSS_MAPS, category, colormap, colours, lightness, over_colour
from app.render.colour_bar import ColourBar
from app.render.scales import HeightScale, even_ticks, shared_scale
from core.errors import InvalidRequest
from tests.app.render.surfaces import bowl, odd_surfaces, surface_of

RANGES = [(0.0, 10.0), (0.108, 10.0), (0.0, 161.7), (2.29, 2.31), (0.0, 1e12), (0.0, 1e-4), (3.0, 3.1)]


def test_the_height_is_the_logarithm_of_the_loss_plus_a_tenth():
    scale = HeightScale(low=0.0, high=10.0)
    heights = scale.heights(np.array([0.0, 0.9, 9.9, 99.9, np.nan, np.inf]))
    assert heights[:4] == pytest.approx([-1.0, 0.0, 1.0, 2.0])
    assert np.isnan(heights[4:]).all()


def test_a_loss_above_the_scale_is_drawn_at_its_top():
    scale = HeightScale(low=0.0, high=10.0, kind="linear", clips=True)
    assert scale.shares(np.array([0.0, 5.0, 10.0, 160.0])).tolist() == [0.0, 0.5, 1.0, 1.0]


def test_the_share_of_one_loss_is_that_of_an_array_of_it():
    scale = HeightScale(low=0.1, high=10.0)
    losses = [0.1, 0.5, 3.0, 10.0, 20.0]
    assert [scale.share(loss) for loss in losses] == pytest.approx(scale.shares(np.array(losses)).tolist())


@pytest.mark.parametrize(("low", "high"), RANGES)
@pytest.mark.parametrize("kind", ["log", "linear"])
def test_ticks_are_ascending_inside_the_scale_and_few(low, high, kind):
    scale = HeightScale(low=low, high=high, kind=kind)
    for ticks, most in ((scale.ticks(), 9), (scale.levels(), 22)):
        assert 2 <= len(ticks) <= most
        assert list(ticks) == sorted(set(ticks))
        assert low <= ticks[0]
        assert ticks[-1] <= high


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_ticks_of_a_logarithmic_scale_do_not_crowd(low, high):
    scale = HeightScale(low=low, high=high)
    assert np.diff([scale.share(tick) for tick in scale.ticks()]).min() > 0.03


def test_the_paper_s_range_has_the_paper_s_ticks():
    assert {0.1, 1.0, 10.0} <= set(HeightScale(low=0.0, high=10.0).ticks())


def test_even_ticks_are_round():
    assert even_ticks(-1.0, 1.0, 5) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert even_ticks(-0.25, 0.25, 5) == [-0.2, -0.1, 0.0, 0.1, 0.2]


def test_two_surfaces_share_the_scale_that_holds_both():
    deep, high = bowl(), surface_of([[0.5, 3.0], [20.0, 4.0]])
    scale = shared_scale([deep, high])
    assert (scale.low, scale.high, scale.clips) == (0.0, 10.0, True)
    assert shared_scale([deep, high], limit=100.0).high == 20.0
    assert not shared_scale([deep, high], limit=100.0).clips


@pytest.mark.parametrize("name", odd_surfaces())
def test_every_surface_has_a_scale(name):
    surface = odd_surfaces()[name]
    scale = shared_scale([surface])
    shares = scale.shares(surface.loss)
    assert np.array_equal(np.isfinite(shares), np.isfinite(surface.loss))
    assert math.isfinite(scale.bottom)
    assert scale.bottom < scale.top


@pytest.mark.parametrize("wrong", [{"low": 1.0, "high": 1.0}, {"low": -1.0, "high": 1.0}, {"low": 0.0, "high": np.nan}])
def test_a_scale_that_shows_nothing_is_refused(wrong):
    with pytest.raises(InvalidRequest, match="scale"):
        HeightScale(**wrong)


@pytest.mark.parametrize("name", ["viridis", "cividis", "batlow"])
def test_sequential_maps_grow_steadily_lighter(name):
    steps = np.diff(lightness(colormap(name)))
    assert steps.min() > -0.05  # less than one eight-bit step of one channel is worth
    assert np.ptp(lightness(colormap(name))) > 55


@pytest.mark.parametrize("name", LOSS_MAPS)
def test_what_is_above_the_scale_is_told_from_its_last_colour(name):
    assert np.abs(over_colour(name).astype(int) - colormap(name)[255]).max() > 40


def test_unknown_losses_are_transparent():
    painted = colours("viridis", np.array([0.0, np.nan, 1.0]))
    assert painted[:, 3].tolist() == [255, 0, 255]
    assert painted[0].tolist() == colormap("viridis")[0].tolist()


def test_an_unknown_map_is_refused_with_those_there_are():
    with pytest.raises(InvalidRequest, match="viridis"):
        colormap("jet")


def test_categories_are_distinct_and_begin_again():
    assert len({QColor(colour).rgb() for colour in CATEGORIES}) == len(CATEGORIES)
    assert category(len(CATEGORIES)) == category(0)


def bar_picture(qtbot, scale, *, dark=False):
    bar = ColourBar()
    qtbot.addWidget(bar)
    if dark:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, QColor("white"))
        palette.setColor(QPalette.ColorRole.Window, QColor("black"))
        bar.setPalette(palette)
    bar.set_scale(scale)
    bar.resize(bar.sizeHint().width(), 400)
    picture = bar.grab().toImage()
    return np.array(
        [[picture.pixelColor(x, y).getRgb()[:3] for x in range(picture.width())] for y in range(picture.height())]
    )


def test_the_bar_runs_from_the_first_colour_to_the_last(qtbot):
    column = bar_picture(qtbot, HeightScale(low=0.0, high=10.0))[:, 16]
    table = colormap("viridis")[:, :3].astype(int)
    nearest = np.abs(column[:, None] - table).sum(axis=2)
    rows = np.flatnonzero(nearest.min(axis=1) < 12)
    order = nearest[rows].argmin(axis=1)
    assert order[0] > 250
    assert order[-1] < 5
    assert (np.diff(order) <= 0).all()


def test_only_a_clipped_scale_has_a_pointed_end(qtbot):
    greyed = over_colour("viridis")[:3].astype(int)
    for clips in (True, False):
        pixels = bar_picture(qtbot, HeightScale(low=0.0, high=10.0, clips=clips))
        assert (np.abs(pixels - greyed).sum(axis=2) < 12).any() == clips


def test_numbers_beside_the_bar_follow_the_palette(qtbot):
    beside = bar_picture(qtbot, HeightScale(low=0.0, high=10.0), dark=True)[:, 34:]
    assert beside.max() > 200  # white digits
    assert np.median(beside) < 10  # on black


def test_the_bar_tells_its_range_to_screen_readers(qtbot):
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.set_scale(HeightScale(low=0.0, high=10.0, clips=True))
    assert bar.accessibleDescription() == "loss from 0 to 10, cut off above"


def test_marks_cross_the_bar_at_their_loss(qtbot):
    bar = ColourBar()
    qtbot.addWidget(bar)
    scale = HeightScale(low=0.0, high=10.0, kind="linear")
    bar.set_scale(scale)
    bar.resize(bar.sizeHint().width(), 400)
    plain = bar.grab().toImage()

    def place(loss):
        bar.set_marks([loss])
        marked = bar.grab().toImage()
        return float(np.mean([y for y in range(400) if plain.pixel(14, y) != marked.pixel(14, y)]))

    assert (place(0.0) - place(7.5)) / (place(0.0) - place(10.0)) == pytest.approx(0.75, abs=0.01)
