"""The adaptive method: the lever suits the plane, cells say how they came about, and nothing is computed twice."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.landscape.effort import FEWEST_POINTS
from core.landscape.surface import EVALUATED, INTERPOLATED, SAMPLED, Surface
from core.landscape.surfaces.adaptive import Adaptive
from tests.core.landscape.surfaces.planes import (
    FloatArray,
    Losses,
    computed,
    rough_plane,
    share_within,
    smooth_plane,
    work_on,
)


def truth(losses: Losses) -> FloatArray:
    return np.asarray(losses.mean(axis=2, dtype=np.float64))


def check_cells(surface: Surface, losses: Losses) -> None:
    """Exact cells are exact, and every cell shows something where the truth is finite."""
    exact = surface.evaluated == EVALUATED
    assert np.allclose(surface.loss[exact], truth(losses)[exact], rtol=1e-6, equal_nan=True)
    assert not surface.loss.flags.writeable


def test_a_smooth_plane_takes_fewer_points() -> None:
    losses = smooth_plane(31, 35)
    surface, evaluator = computed(losses, tolerance=0.02)
    check_cells(surface, losses)
    assert surface.course is not None
    assert surface.course.lever == "fewer points"
    assert surface.evaluated_count < losses.shape[0] * losses.shape[1] / 3
    assert surface.evaluated_count == len(evaluator.asked) == surface.course.full_points
    assert surface.course.forwards == surface.evaluated_count * losses.shape[2]
    assert set(np.unique(surface.evaluated)) == {INTERPOLATED, EVALUATED}
    assert surface.certificate is not None
    assert surface.certificate.holds
    assert share_within(surface, losses, 0.02) >= 0.95
    assert np.nanmin(surface.accuracy) >= 0
    assert np.nanmax(surface.accuracy) <= 1


def test_a_tighter_tolerance_takes_more_points() -> None:
    losses = smooth_plane(31, 31, seed=3)
    loose, tight = (computed(losses, tolerance=tolerance)[0] for tolerance in (0.05, 0.003))
    assert loose.evaluated_count < tight.evaluated_count


def test_a_chaotic_plane_of_few_samples_is_computed_in_full_and_says_so() -> None:
    losses = rough_plane()
    surface, _ = computed(losses, tolerance=0.02)
    check_cells(surface, losses)
    assert (surface.evaluated == EVALUATED).all()
    assert surface.certificate is None
    assert surface.course is not None
    assert surface.course.lever == "every point"
    assert "rough" in surface.course.reason
    assert "%" in surface.course.reason  # with the figures that it rests on


def test_chaos_is_recognised_early_where_half_of_the_plane_is_above_the_limit() -> None:
    losses = rough_plane(41, 41) * np.float32(2.5)
    shown = (truth(losses) <= 10).mean()
    assert 0.3 < shown < 0.65
    surface, _ = computed(losses, tolerance=0.02)
    assert surface.course is not None
    assert surface.course.lever == "every point"
    between = re.search(r"between (\d+) points", surface.course.reason)
    assert between is not None
    assert int(between[1]) < 200


@pytest.mark.parametrize("seed", range(3))
def test_a_part_whose_errors_have_heavy_tails_is_still_asked_for_its_held_out_points(seed: int) -> None:
    """However rough some points are: every point is computed only where many of those held out miss."""
    losses = rough_plane(31, 31, samples=900, seed=seed)
    losses[3::7, 3::7, seed::17] *= 30  # single points at which a few samples are like nowhere else
    surface, _ = computed(losses, tolerance=0.03)
    assert surface.course is not None
    assert surface.course.lever == "fewer samples"
    assert surface.certificate is not None
    assert share_within(surface, losses, surface.certificate.tolerance) >= 0.95


def test_a_chaotic_plane_of_many_samples_takes_fewer_of_them() -> None:
    losses = rough_plane(31, 31, samples=800)
    surface, evaluator = computed(losses, tolerance=0.03)
    check_cells(surface, losses)
    assert surface.course is not None
    assert surface.course.lever == "fewer samples"
    assert (surface.evaluated == SAMPLED).sum() > surface.loss.size / 2
    assert surface.sampling is not None
    assert surface.course.subset == len(surface.sampling.rows) == len(surface.sampling.weights)
    forwards = sum(samples for *_, samples in evaluator.asked)
    assert surface.course.forwards == forwards < losses.size / 2
    assert share_within(surface, losses, 0.03) >= 0.95
    row, column = np.argwhere(surface.evaluated == SAMPLED)[7]
    part = losses[row, column][surface.sampling.rows.astype(int)]
    assert surface.loss[row, column] == pytest.approx(float(part @ surface.sampling.weights), rel=1e-6)


def test_samples_without_anything_in_common_do_not_stand_for_each_other() -> None:
    losses = rough_plane(18, 18, samples=600, patterns=40, private=1.0)
    surface, _ = computed(losses, tolerance=0.01)
    assert surface.course is not None
    assert surface.course.lever == "every point"
    assert (surface.evaluated == EVALUATED).all()
    assert surface.sampling is None


@pytest.mark.parametrize("value", [0.0, 0.7, 50.0])
def test_a_constant_plane_takes_hardly_any_points(value: float) -> None:
    losses = np.full((51, 51, 3), value, dtype=np.float32)
    surface, evaluator = computed(losses)
    assert np.allclose(surface.loss, value, atol=1e-6, rtol=1e-4)
    assert len(evaluator.asked) == pytest.approx(FEWEST_POINTS, rel=0.1)  # as is foretold of the least


def test_a_plane_wholly_above_the_display_limit_takes_the_coarse_levels_only() -> None:
    losses = smooth_plane(40, 40) + np.float32(200)
    surface, evaluator = computed(losses)
    assert len(evaluator.asked) == 81
    assert surface.certificate is None
    assert np.isfinite(surface.loss).all()


def test_holes_keep_their_edges() -> None:
    losses = smooth_plane(31, 31)
    losses[:9, :12], losses[25:, 20:] = np.nan, np.inf
    surface, _ = computed(losses, tolerance=0.05)
    check_cells(surface, losses)
    assert (np.isfinite(surface.loss) == np.isfinite(truth(losses))).mean() > 0.97
    assert share_within(surface, losses, 0.05) >= 0.95
    assert surface.holes > 10


def test_a_plane_without_any_finite_loss_is_computed_in_full() -> None:
    losses = np.full((16, 17, 2), np.nan, dtype=np.float32)
    surface, _ = computed(losses)
    assert surface.holes == 16 * 17
    assert surface.certificate is None


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (2, 3), (15, 15), (3, 90), (90, 3), (2, 200)])
def test_grids_of_any_shape_are_computed(rows: int, columns: int) -> None:
    losses = smooth_plane(rows, columns, samples=1)
    surface, _ = computed(losses, tolerance=0.05)
    check_cells(surface, losses)
    assert np.isfinite(surface.loss).all()
    assert share_within(surface, losses, 0.05) >= 0.95


class Counting(JobContext):
    """Stops at the check of that number; keeps the newest snapshot."""

    def __init__(self, checks: int) -> None:
        self.left, self.newest = checks, None

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("Enough.")

    def partial(self, snapshot: object) -> None:
        assert isinstance(snapshot, Surface)
        self.newest = snapshot  # type: ignore[assignment]


def stopped(losses: Losses, checks: int, resume: Surface | None = None, **options: object) -> Surface:
    work, _ = work_on(losses, Counting(checks), resume, **options)
    with pytest.raises(Cancelled):
        Adaptive(work).run()
    return work.growing.snapshot("partial")


@pytest.mark.parametrize("checks", [1, 20, 40, 60, 82])
@pytest.mark.parametrize("kind", ["smooth", "rough"])
def test_a_stopped_surface_goes_on_without_computing_a_cell_twice(kind: str, checks: int) -> None:
    losses = smooth_plane() if kind == "smooth" else rough_plane(samples=600)
    partial = stopped(losses, checks, tolerance=0.03)
    known = np.argwhere(partial.evaluated == EVALUATED)
    work, evaluator = work_on(losses, resume=partial, tolerance=0.03)
    Adaptive(work).run()
    surface = work.growing.snapshot("complete")
    asked = [(row, column) for row, column, samples in evaluator.asked if samples == losses.shape[2]]
    assert not {(int(row), int(column)) for row, column in known} & set(asked)
    assert len(set(asked)) == len(asked)
    check_cells(surface, losses)
    assert share_within(surface, losses, 0.03) >= 0.95


def test_sampled_cells_are_kept_with_their_calibration() -> None:
    losses = rough_plane(samples=600)
    whole, evaluator = computed(losses, tolerance=0.03)
    assert (whole.evaluated == SAMPLED).any()
    first = next(place for place, (*_, samples) in enumerate(evaluator.asked) if samples < 600)
    partial = stopped(losses, checks=first + 140, tolerance=0.03)
    before = np.argwhere(partial.evaluated == SAMPLED)
    assert len(before) > 50
    work, again = work_on(losses, resume=partial, tolerance=0.03)
    Adaptive(work).run()
    sampled = {(row, column) for row, column, samples in again.asked if samples < 600}
    assert not {(int(row), int(column)) for row, column in before} & sampled
    assert share_within(work.growing.snapshot("complete"), losses, 0.03) >= 0.95


def test_looks_that_were_spent_stay_spent() -> None:
    losses = smooth_plane()
    whole, _ = computed(losses, tolerance=0.02)
    assert whole.course is not None
    assert whole.course.looks >= 1
    unfinished = replace(whole, certificate=None, held_out=None, status="partial")
    work, _ = work_on(losses, resume=unfinished, tolerance=0.02)
    assert work.growing.course.looks == whole.course.looks


def test_snapshots_come_no_more_often_than_they_are_drawn() -> None:
    told: list[object] = []
    losses = smooth_plane(40, 40)
    work, _ = work_on(losses, ControlledJob(on_partial=told.append), tolerance=0.01)
    Adaptive(work).run()
    assert 0 < len(told) < 500
    assert len({id(snapshot) for snapshot in told}) == len(told)


def test_the_display_limit_says_where_points_belong() -> None:
    losses = smooth_plane(41, 41, height=40.0)
    surface, _ = computed(losses, tolerance=0.02, display_limit=5.0)
    exact = surface.evaluated == EVALUATED
    shown = truth(losses) <= 5
    assert exact[shown].mean() > 2 * exact[truth(losses) > 12].mean()
    assert share_within(surface, losses, 0.02) >= 0.95
