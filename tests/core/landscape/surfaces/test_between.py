"""The loss between computed points, from what the network answers there."""

import numpy as np
import pytest

from core.errors import Cancelled
from core.job import JobContext
from core.landscape.surface import EVALUATED, Surface
from core.landscape.surfaces.adaptive import Adaptive
from core.landscape.surfaces.heights import Compression
from core.landscape.surfaces.refinement import fit
from tests.core.landscape.surfaces.planes import (
    Losses,
    answered,
    computed,
    cross_entropy,
    right_at_the_centre,
    share_within,
    smooth_outputs,
)


def surface_of(outputs: Losses, **options: object) -> Surface:
    work, _ = answered(outputs, right_at_the_centre(outputs), tolerance=0.02, **options)  # type: ignore[arg-type]
    Adaptive(work).run()
    return work.growing.snapshot("complete")


@pytest.mark.parametrize("seed", range(3))
def test_answers_take_far_fewer_points_than_losses_do(seed: int) -> None:
    outputs = smooth_outputs(seed=seed)
    losses = cross_entropy(outputs, right_at_the_centre(outputs))
    surface, plain = surface_of(outputs), computed(losses, tolerance=0.02)[0]
    assert plain.evaluated_count > 1.4 * surface.evaluated_count
    assert surface.certificate is not None
    assert surface.certificate.holds
    assert share_within(surface, losses, 0.02) >= 0.95
    truth = losses.mean(axis=2, dtype=np.float64)
    exact = surface.evaluated == EVALUATED
    assert np.allclose(surface.loss[exact], truth[exact], rtol=1e-6)


def test_the_share_that_is_right_comes_from_the_answers_too() -> None:
    outputs = smooth_outputs()
    surface = surface_of(outputs)
    own = np.take_along_axis(outputs, right_at_the_centre(outputs)[None, None, :, None], axis=3)[..., 0]
    right = (own >= outputs.max(axis=3)).mean(axis=2)
    between = (surface.evaluated != EVALUATED) & (surface.loss <= 10)
    assert np.abs(surface.accuracy - right)[between].max() < 0.1


def test_answers_that_say_nothing_about_the_loss_do_no_harm() -> None:
    outputs = smooth_outputs()
    losses = cross_entropy(outputs, right_at_the_centre(outputs))
    told = np.random.default_rng(0).normal(0, 30, outputs.shape).astype(np.float32)
    surface, plain = surface_of(outputs, told=told), computed(losses, tolerance=0.02)[0]
    assert share_within(surface, losses, 0.02) >= 0.95
    assert surface.evaluated_count < 1.3 * plain.evaluated_count


def test_a_resumed_surface_makes_do_with_the_answers_to_come() -> None:
    class Stopping(JobContext):
        left = 45

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled("Enough.")

    outputs = smooth_outputs()
    work, first = answered(outputs, right_at_the_centre(outputs), tolerance=0.02, job=Stopping())
    with pytest.raises(Cancelled):
        Adaptive(work).run()
    partial = work.growing.snapshot("partial")
    assert partial.evaluated_count > 25
    again, evaluator = answered(outputs, right_at_the_centre(outputs), tolerance=0.02, resume=partial)
    Adaptive(again).run()
    assert not set(first.asked) & set(evaluator.asked)
    assert (
        share_within(again.growing.snapshot("complete"), cross_entropy(outputs, right_at_the_centre(outputs)), 0.02)
        >= 0.95
    )


def test_numbers_beside_holes_stay_open() -> None:
    outputs = smooth_outputs()
    outputs[:8, :9] = np.nan
    surface = surface_of(outputs)
    truth = cross_entropy(outputs, right_at_the_centre(outputs)).mean(axis=2)
    assert (np.isfinite(surface.loss) == np.isfinite(truth)).mean() > 0.97


def test_a_rough_fit_knows_at_single_cells_what_a_whole_one_knows_everywhere() -> None:
    """And expects the same errors, so that the same points are chosen; what is shown stays until a whole one."""
    outputs = smooth_outputs()
    work, _ = answered(outputs, right_at_the_centre(outputs), tolerance=0.02)
    work.remember_answers()
    growing, compression = work.growing, Compression(10.0)
    work.exactly(np.argwhere(np.random.default_rng(0).random(growing.kind.shape) < 0.08), "some")
    rough = fit(growing, compression, work.job, work.answers, roughly=True)
    assert rough.rough
    assert np.isnan(growing.shown()[~growing.exact]).all()
    whole = fit(growing, compression, work.job, work.answers)
    assert not whole.rough
    assert not np.isnan(growing.shown()).any()
    assert np.array_equal(rough.spread, whole.spread)
    cells = np.argwhere(~growing.exact)[::7]
    at = tuple(cells.T)
    assert np.abs(rough.height[at] - whole.height[at]).max() > 0.02
    assert rough.sharpened(cells).height[at] == pytest.approx(whole.height[at], abs=1e-5)
    assert whole.sharpened(cells) is whole


def test_a_rough_fit_without_answers_is_a_whole_one() -> None:
    outputs = smooth_outputs()
    work, _ = answered(outputs, right_at_the_centre(outputs), tolerance=0.02)
    work.exactly(np.argwhere(np.random.default_rng(0).random(work.growing.kind.shape) < 0.08), "some")
    assert not fit(work.growing, Compression(10.0), work.job, roughly=True).rough
    assert not np.isnan(work.growing.shown()).any()


def test_what_is_known_is_shown_while_points_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that costs little; it changes nothing of what is chosen."""
    outputs = smooth_outputs()
    asked = []
    for share in (1.0, 1e-9):
        monkeypatch.setattr("core.landscape.surfaces.adaptive.PICTURES", share)
        monkeypatch.setattr("core.landscape.surfaces.adaptive.FIRST_PICTURE", -1.0 if share == 1.0 else 1e9)
        work, evaluator = answered(outputs, right_at_the_centre(outputs), tolerance=0.02)
        Adaptive(work).run()
        asked.append(evaluator.asked)
    assert asked[0] == asked[1]
