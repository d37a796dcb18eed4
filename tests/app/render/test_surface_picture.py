"""That the picture shows form, what is computed, and what is laid over it: pixel by pixel."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.render.overlays import Overlays
from app.render.scales import HeightScale
from core.landscape.plane import Anchor
from core.landscape.surface import EVALUATED, SAMPLED, HeldOut
from tests.app.render.laid import convexity_of, initialisations_of, trajectory_of
from tests.app.render.surfaces import bowl, radius, surface_of
from tests.app.render.three_dimensional import pixel, place_in_view, settle, show_surface, shown

pytestmark = pytest.mark.gl
TALL = 1.1
LINEAR = HeightScale(low=0.0, high=8.0, kind="linear")


def brightness(view, pixels, places):
    return np.array([pixel(view, pixels, place).sum() / 3 for place in places])


def one_colour(view):
    """One colour all over: whatever is brighter or darker then, is so by light alone."""
    view.set_scale(LINEAR)
    view.set_field("accuracy")
    view._stage.canvas._scene._mesh._program["u_lines"] = 0.0


def test_light_shows_form_where_the_colour_does_not(qtbot):
    hill = 6.0 * np.exp(-4 * radius(61) ** 2) + 0.5
    view = show_surface(qtbot, surface_of(hill), size=(900, 800))
    one_colour(view)
    pixels = shown(view)
    around = [
        (0.4 * np.cos(angle), 0.4 * np.sin(angle), TALL * (6 * np.exp(-0.64) + 0.5) / 8)
        for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ]
    ring = brightness(view, pixels, around)
    assert ring.max() > 1.35 * ring.min()
    assert 4 <= ring.argmax() <= 9  # lit from the upper left
    assert (ring.argmin() - ring.argmax()) % 16 in range(6, 11)  # and in shade opposite


def test_a_ramp_of_one_slope_is_of_one_brightness(qtbot):
    ramp = np.tile(np.linspace(0.0, 8.0, 33), (33, 1))
    view = show_surface(qtbot, surface_of(ramp))
    one_colour(view)
    pixels = shown(view)
    along = brightness(view, pixels, [(x, -0.4, TALL * (x + 1) / 2) for x in np.linspace(-0.3, 0.3, 15)])
    assert np.ptp(along) < 0.06 * along.mean()


def test_the_level_ground_of_a_pit_lies_in_its_shadow(qtbot):
    pit = np.where(radius(61) < 0.25, 0.2, 7.0)
    pit[0, 0] = 0.0
    view = show_surface(qtbot, surface_of(pit))
    one_colour(view)
    pixels = shown(view)
    ground = brightness(view, pixels, [(0.05, -0.08, 0.03), (-0.05, -0.08, 0.03)]).mean()
    plain = brightness(view, pixels, [(0.7, -0.7, TALL * 7 / 8), (-0.7, -0.7, TALL * 7 / 8)]).mean()
    assert ground < 0.85 * plain


def test_the_plane_of_the_limit_is_flat_whatever_lies_above(qtbot):
    loss = np.full((41, 41), 1.0)
    loss[:, 15:] = np.random.default_rng(0).uniform(20, 500, (41, 26))
    loss[0, 0] = 0.0
    view = show_surface(qtbot, surface_of(loss), size=(700, 600))
    pixels = shown(view)
    patch = brightness(view, pixels, [(x, y, TALL) for x in np.linspace(0.2, 0.9, 70) for y in (-0.5, -0.6, -0.7)])
    top = np.percentile(patch, 90)
    assert np.mean(patch > 0.97 * top) > 0.5  # plain between the stripes: no hill shows through
    assert np.mean(patch < 0.92 * top) > 0.08  # and stripes there are


def test_a_smooth_surface_still_meets_the_computed_points(qtbot):
    loss = 2.0 + np.random.default_rng(1).uniform(-1, 1, (9, 9))
    view = show_surface(qtbot, surface_of(loss))
    canvas = view._stage.canvas
    assert canvas.mesh.factor > 10
    assert np.array_equal(canvas.mesh.heights[:: canvas.mesh.factor, :: canvas.mesh.factor], view.scale.heights(loss))
    view.set_refined(False)
    assert canvas.mesh.factor == 1


def test_dots_are_where_points_were_computed_and_only_on_request(qtbot):
    evaluated = np.zeros((11, 11))
    evaluated[::2, ::2] = EVALUATED
    evaluated[4, 4] = SAMPLED
    view = show_surface(qtbot, surface_of(np.full((11, 11), 3.0), evaluated=evaluated), size=(700, 600))
    view.set_scale(LINEAR)
    exact, between, sampled = (0.6, -0.6, TALL * 3 / 8), (0.4, -0.4, TALL * 3 / 8), (-0.2, -0.2, TALL * 3 / 8)
    before = shown(view)
    assert np.ptp(brightness(view, before, [exact, between])) < 10
    view.set_show_evaluated(True)
    after = shown(view)
    dot, pale = brightness(view, after, [exact, between])
    assert dot < 0.6 * brightness(view, before, [exact])[0]
    assert pale > brightness(view, before, [between])[0] + 15
    x, y = place_in_view(view, sampled)
    ring = after[y - 4 : y + 5, x - 4 : x + 5].sum(axis=2) / 3
    assert ring.min() < 0.5 * ring[4, 4]  # hollow: dark around, not in the middle


def test_a_checkpoint_stands_at_its_own_loss_and_hangs_on_a_line_to_the_surface(qtbot):
    surface = surface_of(np.where(radius(31) < 2, 2.0, 0.0))
    view = show_surface(qtbot, surface, size=(800, 700), preset="front")
    view.set_scale(LINEAR)
    before = shown(view)
    view.set_overlays(Overlays(trajectory=trajectory_of(surface, loss=6.0)))
    after = shown(view)
    assert pixel(view, after, (0.7, -0.4, TALL * 6 / 8)).min() > 235  # white inside a dark rim
    drop = pixel(view, after, (0.1, -0.4, TALL * 6 / 8))
    assert drop[0] > 1.5 * drop[1] > 3 * drop[2]  # vermillion, where the rate was lowered
    middle = (0.5, -0.4, TALL * 4 / 8)
    assert pixel(view, after, middle).sum() < pixel(view, before, middle).sum() - 150
    beside = (0.6, -0.4, TALL * 4 / 8)
    assert np.abs(pixel(view, after, beside) - pixel(view, before, beside)).max() < 12


def test_other_networks_carry_their_colour_and_name(qtbot):
    view = show_surface(qtbot, bowl(31), size=(700, 600))
    view.set_overlays(Overlays(anchors=(Anchor(name="large batch", sha256="a", x=0.5, y=-0.5),)))
    place = view._stage.canvas.laid.marks[-1].places[0]
    found = pixel(view, shown(view), place)
    assert np.abs(found - [0x00, 0x72, 0xB2]).max() < 12
    assert "large batch" in [tag.text for tag in view._stage.canvas.laid.tags]
    view.set_overlays(Overlays(anchors=(Anchor(name="far away", sha256="a", x=5.0, y=0.0),)))
    assert "far away" not in [tag.text for tag in view._stage.canvas.laid.tags]


def test_held_out_points_are_white_squares_at_their_own_loss(qtbot):
    held = HeldOut(x=np.array([0.5]), y=np.array([-0.5]), loss=np.array([3.0]), estimate=np.array([2.0]))
    view = show_surface(qtbot, surface_of(np.full((11, 11), 2.0)), size=(700, 600))
    view.set_scale(LINEAR)
    view.set_overlays(Overlays(held_out=held))
    assert pixel(view, shown(view), (0.5, -0.5, TALL * 3 / 8)).min() > 235


def test_initialisations_are_levels_on_the_walls_behind(qtbot):
    surface = surface_of(np.where(radius(21) < 2, 1.0, 0.0))
    view = show_surface(qtbot, surface, size=(800, 700), preset="front")
    view.set_scale(LINEAR)
    view.set_overlays(Overlays(initialisations=initialisations_of([5.2])))
    x, y = place_in_view(view, (0.3, 1.0, TALL * 5.2 / 8))
    column = shown(view)[y - 3 : y + 4, x]
    assert (column[:, 0] - column[:, 2]).max() > 120  # vermillion
    assert view._bar._marks == (5.2,)


def test_the_field_of_curvature_colours_the_height_of_the_loss(qtbot):
    surface = bowl(21)
    view = show_surface(qtbot, surface)
    view.set_overlays(Overlays(convexity=convexity_of(surface)))
    heights = view._stage.canvas.mesh.heights
    view.set_field("convexity")
    pixels = shown(view)
    assert np.array_equal(view._stage.canvas.mesh.heights, heights)
    left, right = pixel(view, pixels, (-0.5, -0.2, 0.7)), pixel(view, pixels, (0.8, -0.2, 0.95))
    assert left[2] > left[1]  # dark violet: convex
    assert right[1] > 1.5 * right[2]  # yellow


def test_where_the_colour_is_not_known_the_surface_is_grey(qtbot):
    accuracy = np.full((21, 21), 0.9)
    accuracy[:, :10] = np.nan
    view = show_surface(qtbot, replace(surface_of(np.full((21, 21), 3.0)), accuracy=accuracy))
    view.set_scale(LINEAR)
    view.set_field("accuracy")
    pixels = shown(view)
    assert np.ptp(pixel(view, pixels, (-0.5, -0.4, TALL * 3 / 8))) < 6
    assert np.ptp(pixel(view, pixels, (0.5, -0.4, TALL * 3 / 8))) > 60


def count_draws(view, monkeypatch):
    drawn = []
    scene = view._stage.canvas._scene
    original = scene.draw
    monkeypatch.setattr(scene, "draw", lambda *args, **options: (drawn.append(1), original(*args, **options)))
    return drawn


def test_a_snapshot_is_drawn_once_and_a_hidden_view_not_at_all(qtbot, monkeypatch):
    view = show_surface(qtbot, bowl(21, rim=4.5))
    settle(view)
    drawn = count_draws(view, monkeypatch)
    view.set_surface(bowl(21, rim=4.6))
    view.set_overlays(Overlays(show_evaluated=True))
    view.set_field("loss")
    for _ in range(5):
        QApplication.processEvents()
    assert 1 <= len(drawn) <= 2  # one for the three changes; the screen may ask for its picture once more
    view.hide()
    QApplication.processEvents()
    before = len(drawn)
    view.set_surface(bowl(21, rim=4.7))
    for _ in range(5):
        QApplication.processEvents()
    assert len(drawn) == before
    assert view._stage.canvas._mesh is None  # not even the mesh was made


def test_every_overlay_may_be_empty(qtbot):
    view = show_surface(qtbot, bowl(11))
    empty = HeldOut(x=np.empty(0), y=np.empty(0), loss=np.empty(0), estimate=np.empty(0))
    nothing = trajectory_of(bowl(11))
    names = ("epoch", "learning_rate", "x", "y", "loss", "accuracy", "off_plane", "distance")
    nothing = replace(nothing, **{name: np.empty(0) for name in names})
    unknown = initialisations_of([np.nan])
    view.set_overlays(Overlays(held_out=empty, trajectory=nothing, initialisations=unknown, show_evaluated=True))
    shown(view)
    view.set_surface(None)
    view.set_overlays(Overlays())
    shown(view)
