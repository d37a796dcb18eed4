"""A part of the samples, weighted to stand for all, and how far it says that it is to be trusted."""

import numpy as np

from core.landscape.surfaces.calibration import calibrate, stratified
from tests.core.landscape.surfaces.planes import rough_plane


def parts(count: int = 48, points: int = 90) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    losses = rough_plane(20, 20, samples=700).reshape(400, 700)
    whole = losses.mean(axis=1, dtype=np.float64)
    known = np.random.default_rng(0).choice(400, points, replace=False)
    rows = stratified(losses[known], whole[known], count, np.random.default_rng(1))
    return losses, whole, known, rows


def test_weights_predict_points_that_they_were_not_fitted_to() -> None:
    losses, whole, known, rows = parts()
    others = np.setdiff1d(np.arange(400), known)
    fitted, _ = calibrate(losses[known][:, rows], whole[known]).estimate(losses[others][:, rows])
    even = losses[others][:, rows].mean(axis=1)
    error, plain = (np.abs(np.log(e + 0.1) - np.log(whole[others] + 0.1)) for e in (fitted, even))
    assert np.quantile(error, 0.95) < 0.03
    assert np.quantile(error, 0.95) < np.quantile(plain, 0.95) / 2


def test_what_is_left_out_tells_the_error_elsewhere() -> None:
    losses, whole, known, rows = parts()
    found = calibrate(losses[known][:, rows], whole[known])
    others = np.setdiff1d(np.arange(400), known)
    means, spread = found.estimate(losses[others][:, rows])
    error = np.abs(np.log(means + 0.1) - np.log(whole[others] + 0.1))
    assert 0.4 < np.sqrt(np.mean(np.square(found.errors))) / np.sqrt(np.mean(np.square(error))) < 2.5
    assert 0.3 < np.sqrt(np.mean(np.square(error / spread))) < 3


def test_a_point_unlike_all_others_is_not_trusted() -> None:
    losses, whole, known, rows = parts()
    found = calibrate(losses[known][:, rows], whole[known])
    strange = np.zeros((1, len(rows)), dtype=np.float32)
    strange[0, :4] = 30.0  # four samples alone
    _, (doubt,) = found.estimate(strange)
    _, usual = found.estimate(losses[known][:, rows])
    assert doubt > 5 * np.median(usual)


def test_easy_and_hard_samples_are_drawn_in_proportion() -> None:
    numbers = np.random.default_rng(0)
    losses = np.concatenate([np.full((5, 90), 0.1), np.full((5, 10), 5.0)], axis=1).astype(np.float32)
    rows = stratified(losses, losses.mean(axis=1), 10, numbers)
    assert (rows >= 90).sum() == 1
    assert len(set(rows.tolist())) == 10
