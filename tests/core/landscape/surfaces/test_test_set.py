"""The test set has holes of its own: between its finite values is interpolated, and nothing else is shown."""

import numpy as np

from core.exchange.words import words_on_test_set
from core.landscape.plane import FloatArray
from core.landscape.surface import EVALUATED, INTERPOLATED, Surface
from core.landscape.surfaces.adaptive import Adaptive
from core.landscape.surfaces.growing import GrowingSurface
from core.landscape.surfaces.points import PointSource
from core.landscape.surfaces.work import Work
from tests.core.landscape.surfaces.planes import Losses, TableEvaluator, computed, smooth_plane, work_on

ROWS, COLUMNS = 31, 33


def adaptive(train: Losses, test: Losses) -> Surface:
    """The adaptive surface of two tables."""
    work, evaluator = work_on(train, test=True)
    growing: GrowingSurface = work.growing
    x, y = growing.subject.x, growing.subject.y
    source = PointSource(x, y, evaluator, TableEvaluator(test, x, y))
    both = Work(growing, source, work.job, work.pace)
    Adaptive(both).run()
    return growing.snapshot("complete")


def loss_on_test_set(surface: Surface) -> FloatArray:
    assert surface.test_loss is not None
    return surface.test_loss


def planes() -> tuple[Losses, Losses]:
    """Training and test losses that are smooth and unlike each other."""
    return smooth_plane(ROWS, COLUMNS), smooth_plane(ROWS, COLUMNS, seed=5)


def errors(surface: Surface, test: Losses) -> FloatArray:
    truth = test.mean(axis=2, dtype=np.float64)
    with np.errstate(invalid="ignore"):  # infinity less infinity
        return np.asarray(np.abs(np.log(loss_on_test_set(surface) + 0.1) - np.log(truth + 0.1)))


def test_a_single_point_without_a_finite_test_loss_leaves_the_others_interpolated() -> None:
    train, test = planes()
    test[ROWS // 2, COLUMNS // 2] = np.inf  # in the middle, which the first level computes
    surface = adaptive(train, test)
    between = surface.evaluated == INTERPOLATED
    assert between.sum() > surface.loss.size / 3
    assert np.isposinf(loss_on_test_set(surface)[ROWS // 2, COLUMNS // 2])
    known = between & np.isfinite(loss_on_test_set(surface))
    assert known.sum() > 0.9 * between.sum()
    assert np.median(errors(surface, test)[known]) < 0.02
    assert surface.test_accuracy is not None
    assert np.isfinite(surface.test_accuracy[known]).all()
    assert surface.test_holes == 1


def test_nothing_is_shown_inside_a_hole_of_the_test_set_though_the_training_loss_is_known_there() -> None:
    train, test = planes()
    test[:, 20:] = np.nan
    surface = adaptive(train, test)
    assert np.isfinite(surface.loss).all()
    inside = np.zeros(train.shape[:2], dtype=bool)
    inside[:, 24:] = True
    assert np.isnan(loss_on_test_set(surface)[inside]).all()
    assert np.isfinite(loss_on_test_set(surface)[:, :16]).all()
    assert np.median(errors(surface, test)[:, :16]) < 0.02


def test_the_test_set_is_shown_where_the_training_loss_is_not_finite() -> None:
    train, test = planes()
    train[:, 24:] = np.inf
    surface = adaptive(train, test)
    hole = np.isinf(surface.loss) | np.isnan(surface.loss)
    assert hole[:, 26:].all()
    assert np.isfinite(loss_on_test_set(surface)).all()
    assert np.median(errors(surface, test)) < 0.02


def test_a_test_set_that_is_finite_nowhere_is_left_open_between_its_points() -> None:
    train, test = planes()
    test[:] = np.inf
    surface = adaptive(train, test)
    exact = surface.evaluated == EVALUATED
    assert np.isposinf(loss_on_test_set(surface)[exact]).all()
    assert np.isnan(loss_on_test_set(surface)[~exact]).all()
    assert (surface.test_holes, surface.test_gaps) == (exact.sum(), (~exact).sum())
    assert words_on_test_set(surface).startswith("no point has a finite loss; ")


def test_a_few_finite_test_losses_in_a_line_span_no_plane() -> None:
    train, test = planes()
    finite = np.zeros(train.shape[:2], dtype=bool)
    finite[ROWS // 2] = True
    test[~finite] = np.nan
    surface = adaptive(train, test)
    between = surface.evaluated == INTERPOLATED
    assert np.isnan(loss_on_test_set(surface)[between]).all()


def test_the_training_loss_does_not_depend_on_the_test_set() -> None:
    train, test = planes()
    alone, _ = computed(train)
    test[3:9, 3:9] = np.nan
    surface = adaptive(train, test)
    np.testing.assert_array_equal(surface.evaluated, alone.evaluated)
    np.testing.assert_array_equal(surface.loss, alone.loss)


def test_words_tell_holes_of_the_test_set_from_what_was_left_open() -> None:
    train, test = planes()
    test[:, 20:] = np.nan
    surface = adaptive(train, test)
    said = words_on_test_set(surface)
    assert surface.test_holes > 10
    assert surface.test_gaps > 10
    assert f"{surface.test_holes} holes without a finite test loss" in said
    assert f"{surface.test_gaps} points left open" in said
    assert "interpolated, without a certificate" in said
    assert said.startswith("loss ")
    assert " nats; " in said
