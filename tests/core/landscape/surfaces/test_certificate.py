"""What a certificate says is true, at least as often as it says."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binom

from core.errors import Cancelled
from core.job import JobContext
from core.landscape.surface import EVALUATED
from core.landscape.surfaces import holding_out
from core.landscape.surfaces.certificate import (
    CONFIDENCE,
    COVERAGE,
    Population,
    certified_error,
    last_risk_of,
    plan,
    risk_of,
)
from core.landscape.surfaces.holding_out import display_error, look
from tests.core.landscape.surfaces.planes import computed, rough_plane, share_within, smooth_plane, work_on

TRIALS = 100
RISKS = tuple(risk_of(look) for look in range(4))


def test_all_looks_together_spend_no_more_than_the_confidence_leaves() -> None:
    """However many of them were stopped half-way, and spent all the same."""
    spent = sum(risk_of(look) for look in range(200)) + sum(last_risk_of(look) for look in range(2, 200))
    assert spent <= 1 - CONFIDENCE + 1e-12


@pytest.mark.parametrize("risk", RISKS)
def test_a_look_at_a_plane_that_misses_too_much_succeeds_no_more_often_than_it_may(risk: float) -> None:
    """By drawing, not by the recursion that found the stages."""
    stages = np.array(plan(risk).stages)
    numbers = np.random.default_rng(0)
    misses = np.cumsum(numbers.random((40_000, stages[-1])) < 1 - COVERAGE, axis=1)
    succeeded = (misses[:, stages - 1] <= np.arange(len(stages))).any(axis=1).mean()
    noise = np.sqrt(risk / 40_000)
    assert risk / 2 < succeeded < risk + 4 * noise  # not wasteful either


@pytest.mark.parametrize(("exact", "shown", "beyond"), [(0, 120, 0), (100, 1150, 350), (600, 1750, 50)])
def test_a_look_at_a_part_of_the_plane_is_fooled_no_more_often_than_it_may(exact: int, shown: int, beyond: int) -> None:
    """Of the whole plane shown just too many cells miss, all of them among those that were not computed."""
    population = Population(exact=exact, fewest=shown - shown // 10, most=shown + beyond)
    look = plan(0.04, population)
    missing = int((1 - COVERAGE) * (exact + shown)) + 1
    numbers = np.random.default_rng(0)
    cells = np.arange(shown) < missing
    fooled = np.zeros(20_000, dtype=bool)
    for draw in range(len(fooled)):
        misses = np.cumsum(numbers.permutation(cells)[: look.most])
        fooled[draw] = any(misses[points - 1] <= i for i, points in enumerate(look.stages) if points <= shown)
    assert fooled.mean() <= 0.04 + 4 * np.sqrt(0.04 / len(fooled))
    assert look.stages[0] < plan(0.04).stages[0]


def test_a_look_that_is_stopped_is_spent() -> None:
    class Stopping(JobContext):
        left = 20

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled("Enough.")

    losses = np.full((40, 40, 4), 1.0, dtype=np.float32)
    work, _ = work_on(losses, Stopping())
    work.growing.between["loss"][:] = 1.0
    with pytest.raises(Cancelled):
        look(work, np.ones((40, 40), dtype=bool), 0.02)
    partial = work.growing.snapshot("partial")
    assert partial.course is not None
    assert partial.course.looks == 1
    again, _ = work_on(losses, resume=partial)
    again.growing.between["loss"][:] = 1.0
    judged = look(again, ~again.growing.exact, 0.02)
    assert judged is not None
    assert judged.finished
    assert len(judged.cells) > plan(RISKS[0]).stages[0]  # the second look, at a smaller risk
    assert again.growing.course.looks == 2


def test_any_number_of_stopped_looks_leaves_one_more() -> None:
    losses = np.full((40, 40, 4), 1.0, dtype=np.float32)
    work, _ = work_on(losses)
    work.growing.course = replace(work.growing.course, looks=5)
    work.growing.between["loss"][:] = 2.0
    judged = look(work, np.ones((40, 40), dtype=bool), 0.02)
    assert judged is not None
    assert judged.finished
    assert work.growing.certificate is not None
    assert not work.growing.certificate.holds
    assert work.growing.certificate.tolerance == pytest.approx(np.log(2.1 / 1.1))


def test_the_first_stage_is_that_of_the_textbook() -> None:
    """Clopper and Pearson: no miss among m points proves the coverage if 0.95 ** m is small enough."""
    for risk in RISKS:
        first = plan(risk).stages[0]
        assert binom.cdf(0, first, 1 - COVERAGE) <= risk
    assert binom.cdf(0, 59, 0.05) <= 0.05 < binom.cdf(0, 58, 0.05)


def test_the_certified_error_is_a_bound_on_the_quantile() -> None:
    numbers = np.random.default_rng(3)
    bounds = np.array([certified_error(numbers.random(150), 0.05) for _ in range(2000)])
    assert 0.94 < (bounds >= COVERAGE).mean() <= 1.0
    assert (bounds < 1).all()
    assert certified_error(np.zeros(10), 0.05) == np.inf  # too few to say anything


def guessed(miss: npt.NDArray[np.bool_]) -> tuple[bool, int]:
    """Whether a look finds an estimate proved that misses the tolerance at some cells, and how many it computed."""
    losses = np.full((*miss.shape, 4), 1.0, dtype=np.float32)
    work, evaluator = work_on(losses)
    work.growing.between["loss"][:] = np.where(miss, 1.2, 1.0)
    judged = look(work, np.ones(miss.shape, dtype=bool), 0.02)
    assert judged is not None
    return judged.finished, len(evaluator.asked)


def test_looks_are_fooled_as_seldom_as_they_promise() -> None:
    numbers = np.random.default_rng(1)
    fooled = sum(guessed(numbers.random((40, 40)) < 0.055)[0] for _ in range(150))
    assert fooled <= binom.ppf(0.999, 150, RISKS[0])


def test_looks_succeed_where_hardly_a_point_misses() -> None:
    numbers = np.random.default_rng(2)
    found = [guessed(numbers.random((40, 40)) < 0.002) for _ in range(30)]
    assert np.mean([proved for proved, _ in found]) > 0.85
    assert np.median([points for _, points in found]) <= plan(RISKS[0]).stages[0]


def trial(seed: int) -> bool:
    """Whether what the certificate of a small plane says is true: half of the planes are smooth, half are rough."""
    numbers = np.random.default_rng(seed)
    tolerance = float(numbers.choice([0.01, 0.02, 0.05]))
    if seed % 2:
        losses = smooth_plane(seed=seed, samples=16, height=float(numbers.uniform(1, 12)))
    else:
        private = float(numbers.choice([0.02, 0.2]))
        losses = rough_plane(seed=seed, samples=600, patterns=4, private=private)
    surface, _ = computed(losses, tolerance=tolerance)
    certificate = surface.certificate
    if certificate is None:  # nothing was left to prove: then what is shown is exact
        return share_within(surface, losses, 1e-5) == 1.0
    assert certificate.confidence == 0.95
    return share_within(surface, losses, certificate.tolerance) >= certificate.coverage


@pytest.mark.slow
def test_the_statement_is_true_on_full_truth_in_at_least_95_of_100_trials() -> None:
    assert sum(trial(seed) for seed in range(TRIALS)) >= 95


def test_the_statement_is_true_in_trials_of_either_kind() -> None:
    assert sum(trial(seed) for seed in range(6)) == 6


def test_a_certificate_that_looks_away_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial can fail: where held-out points are not really judged, and nothing is refined, it does."""
    monkeypatch.setattr("core.landscape.surfaces.adaptive.MISSING", 2.0)
    monkeypatch.setattr(holding_out, "display_error", lambda one, _: np.zeros(len(one)))
    for seed in range(3):
        losses = rough_plane(seed=seed)
        surface, _ = computed(losses, tolerance=0.02)
        assert surface.certificate is not None
        assert share_within(surface, losses, surface.certificate.tolerance) < surface.certificate.coverage


def test_held_out_points_are_exact_and_were_not_there_before() -> None:
    losses = smooth_plane(seed=5)
    surface, evaluator = computed(losses, tolerance=0.02)
    held, certificate = surface.held_out, surface.certificate
    assert held is not None
    assert certificate is not None
    assert certificate.holds
    assert certificate.points == len(held.x) == len(held.loss)
    rows = [int(np.abs(surface.y - y).argmin()) for y in held.y]
    columns = [int(np.abs(surface.x - x).argmin()) for x in held.x]
    truth = losses.mean(axis=2, dtype=np.float64)[rows, columns]
    assert np.allclose(held.loss, truth, rtol=1e-6)
    assert (surface.evaluated[rows, columns] == EVALUATED).all()
    assert np.allclose(surface.loss[rows, columns], truth, rtol=1e-6)
    assert certificate.max_seen == pytest.approx(display_error(held.estimate, held.loss).max())
    asked = [(row, column) for row, column, _ in evaluator.asked]
    assert len(set(asked)) == len(asked)
    assert set(zip(rows, columns, strict=True)) <= set(asked[-len(rows) - 40 :])  # the last that were computed


def test_errors_of_holes_are_told_apart() -> None:
    one, other = np.array([1.0, np.nan, np.inf, np.nan]), np.array([1.0, 1.0, np.nan, np.nan])
    assert display_error(one, other).tolist() == [0.0, np.inf, 0.0, 0.0]
