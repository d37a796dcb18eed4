"""Matrices that are numpy arrays where they are full, and CSR arrays of scipy where they are mostly zero."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy import sparse

FloatArray = npt.NDArray[np.float64]
SparseArray = sparse.csr_array[np.float64]
Matrix = FloatArray | SparseArray
FULL_FROM = 0.05  # share of numbers that are not zero from which BLAS on all of them is the faster


def transposed(matrix: Matrix) -> Matrix:
    """Contiguous, or CSR again."""
    if isinstance(matrix, np.ndarray):
        return np.ascontiguousarray(matrix.T)
    return matrix.T.tocsr()


def magnitude(matrix: Matrix) -> Matrix:
    """The absolute value of every number."""
    return cast("Matrix", abs(cast("Any", matrix)))


def product(left: Matrix | FloatArray, right: Matrix | FloatArray) -> FloatArray:
    """``left @ right`` as a full array; one of them at most is sparse."""
    return cast("FloatArray", cast("Any", left) @ right)


def is_zero(matrix: Matrix) -> bool:
    """Whether no number of it was stored at all. A full matrix counts as one that says something."""
    return not isinstance(matrix, np.ndarray) and matrix.nnz == 0


def terms_in_a_row(matrix: Matrix) -> int:
    """The most numbers that a row sums up: what the rounding of ``matrix @ h`` grows with."""
    if isinstance(matrix, np.ndarray):
        return int(matrix.shape[1])
    return int(np.diff(matrix.indptr).max(initial=0))


def compact(matrix: Any) -> Matrix:
    """The same matrix in the form that is the faster to multiply with."""
    if isinstance(matrix, np.ndarray):
        full = np.count_nonzero(matrix) > FULL_FROM * matrix.size
        return matrix if full else sparse.csr_array(matrix)
    if matrix.nnz > FULL_FROM * matrix.shape[0] * matrix.shape[1]:
        return cast("FloatArray", matrix.toarray())
    kept = cast("SparseArray", matrix.tocsr())
    kept.eliminate_zeros()
    kept.sort_indices()
    return kept
