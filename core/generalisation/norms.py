"""Norms of a network's linear maps: exactly where that is cheap, otherwise with a bound on the error.

The spectral norm of a convolution is that of the linear map on images of the size that it is given, borders, stride and
all: the norm of the kernel as a matrix may be several times off either way (Sedghi, Gupta & Long 2019).
"""

import math
from dataclasses import replace

import torch
from torch import Tensor

from core.generalisation.complexity import LayerNorms
from core.generalisation.linear_maps import LinearMap, aten
from core.generalisation.singular import Operator, largest_singular_value
from core.job import JobContext

# Shorter side of a matrix, and operations for its Gram matrix, up to which it is exact: a tenth of a second and one.
EXACT, MOST_WORK = 600, 2e9
CHUNK = 512  # columns of it at a time


def layer_norms(one: LinearMap, seed: int, job: JobContext) -> LayerNorms:
    """The norms of one map.

    Parameters
    ----------
    seed : int
        Of the random start of an iteration.
    """
    frobenius = math.sqrt(float(one.weight.double().square().sum()))
    spectral, error = spectral_norm(one, seed, job)
    return LayerNorms(
        layer=one.layer,
        parameters=one.parameters,
        frobenius=frobenius,
        spectral=spectral,
        spectral_error=error,
        kind=one.kind,
    )


def spectral_norm(one: LinearMap, seed: int, job: JobContext) -> tuple[float, float]:
    """Largest singular value of a map, and a bound on its error: 0 where it is exact up to rounding in float64."""
    if not torch.isfinite(one.weight).all():
        return math.nan, math.nan
    scale = float(one.weight.abs().max())
    if one.kind == "normalisation" or not scale:
        return scale, 0.0
    # Weights of size one: squares of others may be zero or infinite in float32.
    one = replace(one, weight=one.weight.double() / scale)
    matrix = _as_matrix(one)
    if matrix is not None and min(matrix.shape) <= EXACT and min(matrix.shape) * matrix.numel() <= MOST_WORK:
        return scale * _exact(matrix, job), 0.0
    value, error = largest_singular_value(_convolution(one) if matrix is None else _matrix(matrix), seed, job)
    return scale * value, scale * error


def _as_matrix(one: LinearMap) -> Tensor | None:
    """The matrix that has the same singular values, in float64; None for a convolution that looks around."""
    if one.kind == "dense":
        return one.weight
    how = one.convolving
    # A kernel of one position is the same matrix everywhere; a stride only leaves places out.
    if how is not None and not how.transposed and how.groups == 1 and math.prod(one.weight.shape[2:]) == 1:
        return one.weight.flatten(1)
    return None


def _exact(matrix: Tensor, job: JobContext) -> float:
    """The root of the largest eigenvalue of the smaller Gram matrix: at this end as exact as a decomposition."""
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    gram = torch.zeros(len(wide), len(wide), dtype=torch.float64)
    for piece in torch.split(wide, CHUNK, dim=1):
        job.check()
        gram += piece @ piece.T
    return math.sqrt(max(0.0, float(torch.linalg.eigvalsh(gram)[-1])))


def _matrix(matrix: Tensor) -> Operator:
    matrices = {dtype: matrix.to(dtype) for dtype in (torch.float32, torch.float64)}
    return Operator(
        shape=(matrix.shape[1],),
        forward=lambda vector: matrices[vector.dtype] @ vector,
        backward=lambda vector: matrices[vector.dtype].T @ vector,
    )


def _convolution(one: LinearMap) -> Operator:
    """A convolution without its offsets, and its transpose, both as torch does them, in the type of the vector."""
    how = one.convolving
    assert how is not None  # noqa: S101  every convolution has it
    weights = {dtype: one.weight.to(dtype) for dtype in (torch.float32, torch.float64)}
    rest = (how.stride, how.padding, how.dilation, how.transposed, how.output_padding, how.groups)

    def forward(image: Tensor) -> Tensor:
        output: Tensor = aten.convolution(image[None], weights[image.dtype], None, *rest)
        return output[0]

    def backward(output: Tensor) -> Tensor:
        image = torch.empty(1, *one.input_shape, dtype=output.dtype)
        wanted = [True, False, False]
        found: tuple[Tensor, ...] = aten.convolution_backward(
            output[None], image, weights[output.dtype], None, *rest, wanted
        )
        return found[0][0]

    return Operator(shape=one.input_shape, forward=forward, backward=backward)
