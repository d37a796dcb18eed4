"""What is asked of the spectrum engine, and what it answers: plain records of numpy arrays."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
Status = Literal["complete", "partial"]
LIKELY_MISSED = 0.05  # with a larger bound on the probability of a miss, an audit verifies nothing


def product_limit(top: int) -> int:
    """Products after which a search for so many eigenvalues may give up; most need two to three a pair."""
    return max(200, 4 * top)


@dataclass(frozen=True, kw_only=True)
class SpectrumRequest:
    """The eigenvalues of largest magnitude of the Hessian of the mean loss (Yao et al. 2018, §2)."""

    top: int = 20
    tolerance: float = 1e-4  # relative error of an eigenvalue that is verified
    max_products: int = 200  # Hessian-vector products before the search gives up
    audit_products: int = 20  # further products that look for a missed eigenvalue; 0: no audit, nothing verified
    samples: int | None = None  # the first so many of the data set; None: all
    seed: int = 0

    def __post_init__(self) -> None:
        if self.top < 1:
            raise InvalidRequest(f"{self.top} eigenvalues cannot be computed. Ask for at least one.")
        if not 0 < self.tolerance < 1:
            raise InvalidRequest(f"The tolerance {self.tolerance:g} is not between 0 and 1, such as 1e-4.")
        if self.max_products < self.top:
            raise InvalidRequest(
                f"{self.top} eigenvalues cannot come out of {self.max_products} products: at least one product each."
            )
        if self.samples is not None and self.samples < 1:
            raise InvalidRequest(f"{self.samples} samples have no mean loss. Ask for at least one.")


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the deflated random restart found: whether an eigenvalue was missed."""

    products: int  # Hessian-vector products spent on it
    missed: int  # eigenvalues found that belonged among the top
    # Bound on the probability that an eigenvalue of at least 1.25 times the smallest magnitude shown was missed all the
    # same (Kuczyński & Woźniakowski 1992, Thm 4.2). Above `LIKELY_MISSED` nothing so small is verified.
    miss_probability: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Spectrum:
    """Eigenpairs by decreasing magnitude. Within ``residuals[i]`` of ``eigenvalues[i]`` lies a true eigenvalue."""

    request: SpectrumRequest
    status: Status
    eigenvalues: FloatArray = field(repr=False)  # (k,), signed; loss per squared parameter unit
    # (k,), ‖Hv − λv‖₂, same unit; recomputed in float64 once complete, the Lanczos estimate while partial
    residuals: FloatArray = field(repr=False)
    # (k,), 1: residual, or residual² / gap to the others, is within the tolerance, and the audit found none missed
    verified: npt.NDArray[np.uint8] = field(repr=False)
    eigenvectors: npt.NDArray[np.float32] | None = field(repr=False)  # (k, P), rows of unit length; P parameters
    parameters: tuple[str, ...] = field(repr=False)  # names in the order of the eigenvectors' entries
    products: int  # Hessian-vector products spent, the audit included
    audit: Audit | None  # None until the audit has run
    provenance: Provenance
