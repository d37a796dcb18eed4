"""Matrices that are numpy arrays where they are full, and CSR arrays of scipy where they are mostly zero."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy import sparse

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
SparseArray = sparse.csr_array[np.float64]
Matrix = FloatArray | SparseArray
FULL_FROM = 0.05  # share of numbers that are not zero from which BLAS on all of them is the faster
SMALL = 4096  # numbers, up to which a full matrix is the faster whatever it holds


def product(left: Matrix, right: Matrix) -> FloatArray:
    """``left @ right`` as a full array; one of them at most is sparse."""
    return cast("FloatArray", cast("Any", left) @ right)


def composed(left: Matrix, right: Any) -> Any:
    """``left @ right`` of two matrices of either kind: sparse if both are."""
    return cast("Any", left) @ right


def added(left: Matrix, right: Matrix) -> Matrix:
    """``left + right`` of two matrices of either kind: sparse if both are."""
    total: Any = cast("Any", left) + right
    return cast("Matrix", total if isinstance(total, np.ndarray) else total.tocsr())


def transposed(matrix: Matrix) -> Matrix:
    """To multiply samples that are rows: contiguous, or a view of a sparse one."""
    if isinstance(matrix, np.ndarray):
        return np.ascontiguousarray(matrix.T)
    return cast("SparseArray", matrix.T)


def magnitude(matrix: Matrix) -> Matrix:
    """The absolute value of every number. Sparse ones share their places with the matrix."""
    if isinstance(matrix, np.ndarray):
        return np.abs(matrix)
    return sparse.csr_array((np.abs(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)


def diagonal(values: FloatArray) -> SparseArray:
    """With these numbers on its diagonal."""
    return scattered(np.arange(len(values)), np.arange(len(values)), values, (len(values), len(values)))


def selection(places: IntArray, width: int, *, inverse: bool = False) -> SparseArray:
    """Picks the values at some places out of so many; the inverse puts values to these places, zeros elsewhere."""
    count, ones = np.arange(len(places)), np.ones(len(places))
    if inverse:
        return scattered(places, count, ones, (width, len(places)))
    return scattered(count, places, ones, (len(places), width))


def scattered(rows: IntArray, columns: IntArray, values: FloatArray, shape: tuple[int, int]) -> SparseArray:
    """With numbers at some places; those at the same place are added."""
    return sparse.csr_array(sparse.coo_array((values, (rows, columns)), shape=shape))


def on_top_of_each_other(matrices: Sequence[Matrix | None], heights: Sequence[int]) -> Matrix:
    """Stacked; None stands for as many rows of zeros as `heights` says."""
    width = next(int(matrix.shape[1]) for matrix in matrices if matrix is not None)
    blocks = [
        sparse.csr_array((height, width), dtype=np.float64) if matrix is None else matrix
        for matrix, height in zip(matrices, heights, strict=True)
    ]
    if all(isinstance(block, np.ndarray) for block in blocks):
        return np.concatenate(cast("list[FloatArray]", blocks))
    return cast("SparseArray", sparse.vstack([sparse.csr_array(block) for block in blocks], format="csr"))


def least(matrix: Matrix) -> float:
    """The smallest number that is stored; 0 where none is."""
    values = matrix if isinstance(matrix, np.ndarray) else matrix.data
    return float(values.min(initial=0.0))


def stored(matrix: Matrix) -> int:
    """How many numbers it takes in memory."""
    return int(matrix.size if isinstance(matrix, np.ndarray) else matrix.nnz)


def is_zero(matrix: Matrix) -> bool:
    """Whether no number of it was stored at all. A full matrix counts as one that says something."""
    return not isinstance(matrix, np.ndarray) and matrix.nnz == 0


def terms_in_a_row(matrix: Matrix) -> int:
    """The most numbers that a row sums up: what the rounding of ``matrix @ h`` grows with."""
    if isinstance(matrix, np.ndarray):
        return int(matrix.shape[1])
    return int(np.diff(matrix.indptr).max(initial=0))


def compact(matrix: Matrix) -> Matrix:
    """The same matrix in the form that is the faster to multiply with."""
    size = matrix.shape[0] * matrix.shape[1]
    filled = int(np.count_nonzero(matrix)) if isinstance(matrix, np.ndarray) else int(matrix.nnz)
    if size <= SMALL or filled > FULL_FROM * size:
        return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    kept = sparse.csr_array(matrix)
    kept.eliminate_zeros()
    kept.sort_indices()
    return kept
