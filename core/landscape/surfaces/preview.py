"""A first honest picture of the whole plane: the coarse levels on a few samples, before they are computed in full."""

import numpy as np

from core.landscape.surface import SAMPLED, Sampling
from core.landscape.surfaces.grid import fill_level
from core.landscape.surfaces.schedule import coarse_to_fine
from core.landscape.surfaces.work import Work

SECONDS = 0.6  # of work: with the second in which the evaluator is prepared, the picture is there within two
POINTS = 81
FIRST = 25  # points computed in full of which there is a picture without a preview
FEWEST = 8  # samples: fewer say nothing
WAIT = 2.0  # seconds: coarse levels that take no longer in full need no preview


def preview(work: Work) -> None:
    """Compute the coarse levels on as many samples as there is time for; they stay sampled until computed in full.

    Their mean is that of samples drawn at random, with equal weights: it is not calibrated, and forgotten when a
    surface is resumed.
    """
    source, seconds = work.source, work.pace.per_sample
    if work.growing.computed.any() or FIRST * source.forwards() * seconds <= WAIT:
        return
    count = int(SECONDS / (POINTS * seconds))
    if count < FEWEST:
        count, levels = max(FEWEST, int(SECONDS / (25 * seconds))), 2
    else:
        levels = 3
    sampling = _drawn(count, source.samples, source.test_samples)
    if source.forwards(sampling) * 2 > source.forwards():
        return
    for level in coarse_to_fine(*work.growing.kind.shape)[:levels]:
        work.sampled(level.points, sampling, f"preview on {len(sampling.rows)} samples")
        fill_level(work.growing, level)
    work.job.partial(work.growing.snapshot("partial"))


def _drawn(count: int, samples: int, test_samples: int) -> Sampling:
    numbers = np.random.default_rng([count, samples])

    def some(size: int) -> np.ndarray:
        return np.sort(numbers.choice(size, min(count, size), replace=False)).astype(np.float64)

    rows = some(samples)
    sampling = Sampling(rows=rows, weights=np.full(len(rows), 1 / len(rows)))
    if test_samples == 0:
        return sampling
    test_rows = some(test_samples)
    return Sampling(
        rows=rows,
        weights=sampling.weights,
        test_rows=test_rows,
        test_weights=np.full(len(test_rows), 1 / len(test_rows)),
    )


def forget_preview(work: Work) -> None:
    """Take what is left of the preview for interpolated."""
    growing = work.growing
    left = growing.kind == SAMPLED
    for name, values in growing.values.items():
        growing.between[name][left] = values[left]
    growing.forget_sampled()
