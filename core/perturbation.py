"""The loss along the eigenvectors of a spectrum: requests for curves, each with its direction (Yao et al. 2018, §3).

Spectra and landscapes know nothing of one another; here an eigenvector of the one becomes an axis of the other.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidRequest
from core.landscape.curve import CurveRequest
from core.landscape.plane import Directions, FileDirections, Range
from core.spectrum.spectrum import MATRIX_NAMES, Spectrum, SpectrumRequest

POINTS = 41  # with the network itself in the middle
REACH: Range = (-0.5, 0.5)  # lengths of the change of all weights together: the same for all networks, to compare them

Shapes = Mapping[str, tuple[int, ...]]  # of the network's parameters by name


@dataclass(frozen=True, kw_only=True, eq=False)
class Perturbation:
    """A curve to be computed, and the direction that it asks for."""

    rank: int  # of the eigenvalue, from 1
    request: CurveRequest
    directions: Directions


def perturbations(
    spectrum: Spectrum,
    shapes: Shapes,
    ranks: Sequence[int],
    *,
    test: bool = False,
    test_samples: int | None = None,
    x_range: Range = REACH,
    points: int = POINTS,
) -> tuple[Perturbation, ...]:
    """Curves along ±v for eigenvectors of unit length, on the samples that the spectrum is about.

    Parameters
    ----------
    spectrum : Spectrum
        With its eigenvectors.
    shapes : mapping
        Of the parameters of its network, for every name in `spectrum.parameters`.
    ranks : sequence of int
        Which eigenvectors, counted from 1.
    test : bool
        On a test set as well, its first `test_samples` samples.
    x_range : Range
        Ends of the curve, in lengths of the change.
    points : int
        Of each curve; an odd number has the network itself in the middle of a range about 0.

    Raises
    ------
    InvalidRequest
        If the spectrum has no eigenvectors (yet), or none of that rank; or they do not fit the shapes.
    """
    made = []
    for rank in ranks:
        directions = _direction(spectrum, shapes, rank)
        request = CurveRequest(
            points=points,
            x_range=x_range,
            directions=FileDirections(
                origin=_origin(spectrum.request),
                sha256=directions.fingerprint,
                x_axis=f"multiples of eigenvector {rank} (unit length)",
                eigenvector=rank,
                eigenvalue=float(spectrum.eigenvalues[rank - 1]),
            ),
            samples=spectrum.request.samples,
            test=test,
            test_samples=test_samples if test else None,
        )
        made.append(Perturbation(rank=rank, request=request, directions=directions))
    return tuple(made)


def _origin(request: SpectrumRequest) -> str:
    """What the eigenvectors are those of, in words."""
    block = f" of {', '.join(request.layers)}" if request.layers else ""
    return f"the {MATRIX_NAMES[request.matrix]}{block}{' without biases' if request.weights_only else ''}"


def _direction(spectrum: Spectrum, shapes: Shapes, rank: int) -> Directions:
    """An eigenvector as the axis of a line; its sign means nothing: the entry of largest magnitude is positive."""
    vectors = spectrum.eigenvectors
    if vectors is None:
        raise InvalidRequest(
            "The eigenvectors of this spectrum are not known: it is not complete, or they were not kept. Compute it "
            "again to the end."
        )
    if not 1 <= rank <= len(vectors):
        raise InvalidRequest(f"There is no eigenvector {rank}: the spectrum has {len(vectors)}. Ask for a lower rank.")
    missing = [name for name in spectrum.parameters if name not in shapes]
    sizes = [math.prod(shapes[name]) for name in spectrum.parameters if name in shapes]
    vector = vectors[rank - 1]
    if missing or sum(sizes) != len(vector):
        raise InvalidRequest("The eigenvectors belong to another network: their entries do not fit its weights.")
    if vector[np.abs(vector).argmax()] < 0:
        vector = -vector
    pieces = np.split(vector, np.cumsum(sizes)[:-1])
    named = zip(spectrum.parameters, pieces, strict=True)
    x = {name: np.ascontiguousarray(piece.reshape(shapes[name]), dtype=np.float32) for name, piece in named}
    # Of another matrix it is no second derivative of the loss, so nothing is promised about the curve.
    eigenvalues = (float(spectrum.eigenvalues[rank - 1]),) if spectrum.request.matrix == "hessian" else ()
    return Directions(x=x, y={}, cosine=math.nan, eigenvalues=eigenvalues)
