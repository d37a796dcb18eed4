"""Inner products and norms of long float32 vectors, accumulated in float64.

float32 reductions break the guarantees at real size: at 1.76 million entries ``Tensor.norm()`` is wrong by 2.6e-5 and a
matrix product by 1.4e-4, more than the tolerance of an eigenvalue. Vectors stay float32; a chunk at a time is widened.
Many long rows take a second: `check`, which may raise, is called before each chunk.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from core.job import JobContext

CHUNK = 1 << 16  # entries widened at a time: 64 rows of it take 32 MiB
Check = Callable[[], None]
never: Check = JobContext().check  # a job that nobody stops


def inner_products(rows: Tensor, vector: Tensor, check: Check = never) -> Tensor:
    """(j,) float64: every row's inner product with the vector. `rows` is (j, n), `vector` (n,)."""
    total = torch.zeros(len(rows), dtype=torch.float64)
    for part, piece in zip(torch.split(rows, CHUNK, dim=1), torch.split(vector, CHUNK), strict=True):
        check()
        total += part.double() @ piece.double()
    return total


def inner_tables(tables: Sequence[Tensor], images: Tensor, check: Check = never) -> list[Tensor]:
    """For every (j, n) table (j, k) float64: the inner products of its rows with `images` (k, n)."""
    totals = [torch.zeros(len(rows), len(images), dtype=torch.float64) for rows in tables]
    for start in range(0, images.shape[1], CHUNK):
        check()
        piece = images[:, start : start + CHUNK].double().T
        for total, rows in zip(totals, tables, strict=True):
            total.add_(rows[:, start : start + CHUNK].double() @ piece)
    return totals


def norm(vector: Tensor) -> float:
    """Euclidean length of a vector (n,)."""
    if len(vector) <= CHUNK:
        return float(torch.linalg.vector_norm(vector, dtype=torch.float64))
    return math.sqrt(sum(float(piece.double().square().sum()) for piece in torch.split(vector, CHUNK)))


def subtract_combination(vector: Tensor, rows: Tensor, coefficients: Tensor, check: Check = never) -> Tensor:
    """``vector − coefficients @ rows`` in the vector's own type, formed in float64."""
    result = torch.empty_like(vector)
    pieces = zip(torch.split(vector, CHUNK), torch.split(rows, CHUNK, dim=1), torch.split(result, CHUNK), strict=True)
    for piece, part, out in pieces:
        check()
        out.copy_(piece.double() - coefficients @ part.double())
    return result


def combination(coefficients: Tensor, rows: Tensor, check: Check = never) -> Tensor:
    """(k, n) float32: ``coefficients (k, j) @ rows (j, n)``, formed in float64."""
    result = torch.empty(len(coefficients), rows.shape[1], dtype=torch.float32)
    for part, out in zip(torch.split(rows, CHUNK, dim=1), torch.split(result, CHUNK, dim=1), strict=True):
        check()
        out.copy_(coefficients @ part.double())
    return result


def orthogonalise(vector: Tensor, rows: Tensor, check: Check = never) -> Tensor:
    """The part of a vector orthogonal to orthonormal rows. Two passes, because one leaves float32 rounding behind."""
    for _ in range(2):
        if len(rows):
            vector = subtract_combination(vector, rows, inner_products(rows, vector, check), check)
    return vector
