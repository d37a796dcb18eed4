"""The plain way to slice a network, for comparison: each cell on its own, neuron after neuron, in Python."""

import numpy as np

from core.corrections.network.piecewise import PiecewiseLinear


def clipped(polygon: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The part of a convex polygon (n, 2) where a linear function, given at its corners, is not negative."""
    kept = []
    for index, (point, value) in enumerate(zip(polygon, values, strict=True)):
        before, value_before = polygon[index - 1], values[index - 1]
        if value * value_before < 0:
            kept.append(before + value_before / (value_before - value) * (point - before))
        if value >= 0:
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


def cells_one_by_one(
    network: PiecewiseLinear, x: tuple[float, float], y: tuple[float, float]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Every linear piece of a network of two inputs: its corners, and its affine logits (classes, 3)."""
    rectangle = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])
    cells = [(rectangle, np.column_stack([network.weights[0], network.biases[0]]))]
    for weight, bias in zip(network.weights[1:], network.biases[1:], strict=True):
        after = []
        for start, affine in cells:
            pieces = [start]
            for row in affine:
                pieces = [part for piece in pieces for part in _both_sides(piece, row)]
            for piece in pieces:
                centre = np.append(piece.mean(axis=0), 1.0)
                active = (affine @ centre > 0)[:, None]
                after.append((piece, weight @ (affine * active) + np.outer(bias, [0, 0, 1])))
        cells = after
    return cells


def _both_sides(polygon: np.ndarray, row: np.ndarray) -> list[np.ndarray]:
    values = polygon @ row[:2] + row[2]
    if values.min() >= -1e-12 or values.max() <= 1e-12:
        return [polygon]
    return [clipped(polygon, values), clipped(polygon, -values)]
