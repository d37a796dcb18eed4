"""Random points and an adversary that look for a rejected point in a box that is said to be proved."""

import itertools

import numpy as np
import torch
from torch import Tensor

from tests.core.corrections.proved_boxes import ProvedBox

AT_A_TIME = 20_000
MOST_CORNERS = 1024
STARTS = 64  # of the descent beside the corners: the worst of the random points
STEPS = 40
STRIDE, SHRINK = 0.25, 0.88  # of the box's sides, and what is left of the stride after each step


def worst_point(box: ProvedBox, count: int, seed: int = 0) -> tuple[float, np.ndarray]:
    """The least lead that was met in the box, and where: random points, all corners, and descent from the worst."""
    generator = np.random.default_rng(seed)
    found, starts = _judged(box, _corners(box, generator))
    for begin in range(0, count, AT_A_TIME):
        number = min(AT_A_TIME, count - begin)
        points = box.low + generator.random((number, len(box.low))) * (box.high - box.low)
        met, worst = _judged(box, _placed(box, points))
        starts = np.concatenate([starts, worst])
        found = min(found, met, key=lambda one: one[0])
    return min(found, _descended(box, starts), key=lambda one: one[0])


def _judged(box: ProvedBox, points: np.ndarray) -> tuple[tuple[float, np.ndarray], np.ndarray]:
    """The least lead with its point, and the few worst points."""
    with torch.inference_mode():
        leads = box.leads(torch.from_numpy(points)).numpy()
    order = np.argsort(leads)[:STARTS]
    return (float(leads[order[0]]), points[order[0]]), points[order]


def _descended(box: ProvedBox, starts: np.ndarray) -> tuple[float, np.ndarray]:
    """Projected gradient descent of the lead, by the signs of the slopes and by their direction."""
    found, points = _judged(box, starts)
    sides, stride = box.high - box.low, STRIDE
    for _ in range(STEPS):
        slopes = _slopes(box, points)
        straight = slopes * sides**2 / np.maximum(np.linalg.norm(slopes * sides, axis=1, keepdims=True), 1e-300)
        tried = [points - stride * np.sign(slopes) * sides, points - stride * straight]
        met, points = _judged(box, _placed(box, np.concatenate([points, *tried])))
        found = min(found, met, key=lambda one: one[0])
        stride *= SHRINK
    return found


def _slopes(box: ProvedBox, points: np.ndarray) -> np.ndarray:
    placed: Tensor = torch.from_numpy(points).requires_grad_()
    (slopes,) = torch.autograd.grad(box.leads(placed).sum(), placed)
    return slopes.numpy()


def _corners(box: ProvedBox, generator: np.random.Generator) -> np.ndarray:
    handles = len(box.low)
    if 2**handles <= MOST_CORNERS:
        upper = np.array(list(itertools.product((False, True), repeat=handles)))
    else:
        upper = generator.random((MOST_CORNERS, handles)) < 0.5
    return _placed(box, np.where(upper, box.high, box.low))


def _placed(box: ProvedBox, points: np.ndarray) -> np.ndarray:
    """Within the box, on whole steps where it is about these only."""
    low, high = box.lattice.inward(box.low, box.high)
    return np.clip(box.lattice.nearest(np.clip(points, box.low, box.high)), low, high)
