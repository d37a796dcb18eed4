"""What is asked of the spectrum engine, and what it answers: plain records of numpy arrays."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.deferred import deferring, unread
from core.errors import InvalidRequest
from core.provenance import Provenance

FloatArray = npt.NDArray[np.float64]
Status = Literal["complete", "partial"]
Matrix = Literal["hessian", "gauss_newton", "fisher"]
End = Literal["magnitude", "largest", "smallest"]
MATRIX_NAMES: dict[Matrix, str] = {
    "hessian": "Hessian",
    "gauss_newton": "Gauss–Newton matrix",
    "fisher": "empirical Fisher matrix",
}
END_NAMES: dict[End, str] = {
    "magnitude": "of largest magnitude",
    "largest": "largest",
    "smallest": "smallest",
}
MOST_PROBES, MOST_DENSITY_STEPS = 1000, 1000
LIKELY_MISSED = 0.05  # with a larger bound on the probability of a miss, an audit verifies nothing


def product_limit(top: int) -> int:
    """Products after which a search for so many eigenvalues may give up; most need two to three a pair."""
    return max(200, 4 * top)


@dataclass(frozen=True, kw_only=True)
class SpectrumRequest:
    """The outermost eigenvalues of the Hessian of the mean loss (Yao et al. 2018, §2), and what else is asked of it.

    The network is in evaluation mode: statistics of batch normalisation stand still, as in the network that is used.
    """

    top: int = 20
    end: End = "magnitude"
    matrix: Matrix = "hessian"
    layers: tuple[str, ...] = ()  # modules whose parameters alone are varied, "layer1.0" with all in it; none: all
    weights_only: bool = False  # biases and the parameters of normalisation stand still
    tolerance: float = 1e-4  # relative error of an eigenvalue that is verified
    max_products: int = 200  # Hessian-vector products before the search gives up
    audit_products: int = 20  # further products that look for a missed eigenvalue; 0: no audit, nothing verified
    samples: int | None = None  # the first so many of the data set; None: all
    seed: int = 0
    density: bool = False  # of all eigenvalues, by stochastic Lanczos quadrature
    trace: bool = False
    layer_table: bool = False  # top eigenvalue and trace of every layer's own block
    probes: int = 4  # random vectors of density and trace
    density_steps: int = 40  # Lanczos steps for each of them
    # Pairs, from the first, whose curvature is also taken over all samples at hand where fewer are used. None: up to
    # three, as far as that takes no more work than the search.
    population_pairs: int | None = None

    def __post_init__(self) -> None:
        if self.matrix not in MATRIX_NAMES or self.end not in END_NAMES:
            raise InvalidRequest(f'There is no "{self.matrix}" or no "{self.end}" end of it.')
        if not 1 <= self.probes <= MOST_PROBES or not 1 <= self.density_steps <= MOST_DENSITY_STEPS:
            raise InvalidRequest(
                f"A density takes 1 to {MOST_PROBES} random vectors and 1 to {MOST_DENSITY_STEPS} steps for each."
            )
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
        if self.population_pairs is not None and self.population_pairs < 0:
            raise InvalidRequest(f"{self.population_pairs} pairs cannot be taken over all samples. Ask for 0 or more.")


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the deflated random restart found: whether an eigenvalue was missed."""

    products: int  # Hessian-vector products spent on it
    missed: int  # eigenvalues found that belonged among the top
    # Bound on the probability that an eigenvalue of at least 1.25 times the smallest magnitude shown was missed all the
    # same (Kuczyński & Woźniakowski 1992, Thm 4.2). Above `LIKELY_MISSED` nothing so small is verified.
    miss_probability: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number found from random vectors."""

    value: float
    standard_error: float  # of the mean over the random vectors; 0 if nothing was left to them


@dataclass(frozen=True, kw_only=True, eq=False)
class Density:
    """Spectral density: at every node so much of the whole; known pairs were deflated and are nodes themselves.

    Stochastic Lanczos quadrature (Golub & Meurant 2010; Ghorbani et al. 2019, §3): the mean over the probes.
    """

    nodes: FloatArray = field(repr=False)  # (m,), ascending, eigenvalues or Gauss nodes
    weights: FloatArray = field(repr=False)  # (m,), not negative, together 1: share of all eigenvalues
    probes: int
    steps: int
    deflated: int  # eigenvalues that are exact nodes


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerCurvature:
    """The block of the matrix that belongs to one layer's parameters alone."""

    layer: str  # name of the module
    parameters: int
    top_eigenvalue: float  # signed, of largest magnitude
    residual: float  # ‖Hv − λv‖₂ of it
    trace: Estimate
    share: float  # of the squared length of the whole's first eigenvector; NaN if only layers were computed


@dataclass(frozen=True, kw_only=True, eq=False)
class Sampling:
    """How much the eigenvalues would differ on other samples of the same kind, to first order in the perturbation.

    The eigenvalue of a subset is biased upwards: E λmax(H_S) ≥ λmax(E H_S). v'Hv with H over all samples at hand and v
    of the subset is a lower bound for the largest eigenvalue of these.
    """

    standard_error: FloatArray = field(repr=False)  # (k,), of v'H_b v over groups of samples; NaN if unknown
    groups: int  # of samples, drawn at random, among which it was taken
    population: int  # samples at hand; more than those used if `over_population` is known
    # (k,), v'Hv over all of them; NaN for pairs for which it was not computed, None if for none
    over_population: FloatArray | None = field(repr=False)
    population_sha256: str = ""  # of the samples at hand; "" in files from before it was recorded


@deferring("directions")
@dataclass(frozen=True, kw_only=True, eq=False)
class BegunSearch:
    """What a search that was stopped goes on from: ``H V' = V' T + w b'`` (`core.curvature.lanczos.Recurrence`)."""

    directions: npt.NDArray[np.float32] = field(repr=False)  # (j + 1, P), V and then w; (j, P): w is to be drawn
    projected: FloatArray = field(repr=False)  # (j, j), T
    coupling: FloatArray = field(repr=False)  # (j,), b
    products: int  # of the search so far
    draws: int  # random vectors that were drawn for it so far
    # Whether the search had come to its end: the directions are the eigenvectors (k, P), T has their eigenvalues, and
    # b the residuals as they were estimated. They were not judged yet.
    settled: bool = False


@deferring("eigenvectors")
@dataclass(frozen=True, kw_only=True, eq=False)
class Spectrum:
    """Eigenpairs, the outermost at the end asked for first.

    Within ``residuals[i]`` of ``eigenvalues[i]`` lies a true eigenvalue.
    """

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
    loss_unit: str = "nats"
    density: Density | None = None
    trace: Estimate | None = None
    layer_table: tuple[LayerCurvature, ...] = ()
    sampling: Sampling | None = None
    # (k, k), v'Hw of any two of the vectors, in float64: what two that lie close together have in common
    between: FloatArray | None = field(default=None, repr=False)
    taken_over: str = ""  # what came from an earlier computation and how that was checked, in a sentence; "" if nothing
    begun: BegunSearch | None = None  # of a partial one whose pairs were not judged yet

    @property
    def vectors(self) -> int:
        """How many eigenvectors were kept; they are not read for that."""
        held = unread(self, "eigenvectors")
        return 0 if held is None else int(held.shape[0])


def holds_pairs_for(known: Spectrum, request: SpectrumRequest) -> bool:
    """Whether a search for what is asked may begin with pairs of a known spectrum, if network and samples are the same.

    They are of the same matrix, end, parameters, tolerance and seed (who asks for another seed wants another search),
    as many as are asked for or fewer, and nothing that an audit missed is left among them. At a signed end they must be
    all that are asked for, and audited as well.
    """
    alike = ("matrix", "end", "layers", "weights_only", "tolerance", "seed")
    same = all(getattr(known.request, name) == getattr(request, name) for name in alike)
    audited = known.audit is not None and not known.audit.missed
    whole = audited and holds_all_pairs_for(known, request)
    further = request.end == "magnitude" and known.between is not None and (audited or known.audit is None)
    return same and known.vectors > 0 and len(known.eigenvalues) > 0 and (whole or further)


def holds_all_pairs_for(known: Spectrum, request: SpectrumRequest) -> bool:
    """Whether pairs that a search may begin with are as many as are asked for, and audited in as many products."""
    enough = len(known.eigenvalues) >= request.top
    audited = known.audit is not None and known.request.audit_products >= request.audit_products
    return enough and (audited or not request.audit_products)


def probes_for(known: Spectrum, request: SpectrumRequest) -> int:
    """How many random vectors of its density another with the same pairs goes on from.

    None of them where there are more than are asked for, or the steps for each are others.
    """
    density = known.density
    if density is None or known.request.density_steps != request.density_steps:
        return 0
    return density.probes if density.probes <= request.probes else 0


def has_pairs_of(known: Spectrum, request: SpectrumRequest) -> bool:
    """Whether its pairs are all that are asked for and no more: density and trace have them taken out."""
    return holds_all_pairs_for(known, request) and len(known.eigenvalues) == request.top


def has_trace_for(known: Spectrum, request: SpectrumRequest) -> bool:
    """Whether the trace of another with the same pairs is what is asked for."""
    return known.trace is not None and known.request.probes == request.probes and known.status == "complete"


def layers_for(known: Spectrum, request: SpectrumRequest) -> tuple[LayerCurvature, ...]:
    """Rows of the table of layers that another takes over, whatever its pairs."""
    return known.layer_table if known.request.probes == request.probes else ()
