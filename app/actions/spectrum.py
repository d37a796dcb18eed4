"""What follows from a spectrum: the loss along its eigenvectors, a surface over two of them, one layer by itself."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.actions.computing import Task
from app.actions.wording import short
from core.errors import InvalidRequest
from core.landscape.plane import Directions, FileDirections
from core.landscape.surface import SurfaceRequest
from core.perturbation import REACH, Shapes, perturbations
from core.session.document import DatasetItem, ResultItem
from core.spectrum.spectrum import Spectrum, SpectrumRequest

CURVES = 3  # along the first eigenvectors, where none are chosen
LEAST_TESTED = 256  # samples of a test set, if it has as many
LAYER_TOP = 10  # eigenvalues of one layer


def ranks_along(chosen: Sequence[int], spectrum: Spectrum) -> tuple[int, ...]:
    """Ranks, from 1, of the eigenvectors to go along: the chosen bars, or the first ones."""
    count = spectrum.vectors
    if wanted := tuple(sorted(index + 1 for index in chosen if index < count)):
        return wanted
    return tuple(range(1, min(CURVES, count) + 1))


def ranks_across(chosen: Sequence[int], spectrum: Spectrum) -> tuple[int, int]:
    """Ranks of the two axes of a plane: the first two chosen bars, filled up with the first ones.

    Raises
    ------
    InvalidRequest
        If there are not two eigenvectors.
    """
    count = spectrum.vectors
    wanted = [index + 1 for index in chosen if index < count][:2]
    wanted += [rank for rank in range(1, count + 1) if rank not in wanted][: 2 - len(wanted)]
    if len(wanted) < 2:
        raise InvalidRequest("A plane needs two eigenvectors, and this spectrum does not have them.")
    return wanted[0], wanted[1]


def curves_along(
    item: ResultItem, spectrum: Spectrum, shapes: Shapes, ranks: Sequence[int], test: DatasetItem | None = None
) -> tuple[Task, ...]:
    """The loss along eigenvectors, in both directions (Yao et al. 2018, §3).

    Parameters
    ----------
    item : ResultItem
        That holds the spectrum.
    shapes : mapping
        Of the parameters of its network.
    test : DatasetItem, optional
        To compute the loss on as well.

    Raises
    ------
    InvalidRequest
        If there are no such eigenvectors.
    """
    tested = None if test is None else min(test.samples, max(LEAST_TESTED, spectrum.provenance.samples))
    made = perturbations(spectrum, shapes, ranks, test=test is not None, test_samples=tested)
    test_id = "" if test is None else test.id
    return tuple(
        Task(one.request, item.network_id, item.dataset_id, test_id=test_id, directions=one.directions) for one in made
    )


def surface_across(item: ResultItem, spectrum: Spectrum, shapes: Shapes, ranks: tuple[int, int]) -> Task:
    """The surface over the plane of two eigenvectors of unit length. Raises `InvalidRequest` if there are none."""
    first, second = perturbations(spectrum, shapes, ranks)
    assert spectrum.eigenvectors is not None  # noqa: S101  else `perturbations` has raised
    one, other = (spectrum.eigenvectors[rank - 1].astype(np.float64) for rank in ranks)
    cosine = abs(float(one @ other))  # rounding: they are orthogonal
    of_hessian = spectrum.request.matrix == "hessian"
    eigenvalues = tuple(float(spectrum.eigenvalues[rank - 1]) for rank in ranks) if of_hessian else ()
    directions = Directions(x=first.directions.x, y=second.directions.x, cosine=cosine, eigenvalues=eigenvalues)
    x_axis, y_axis = (f"multiples of eigenvector {rank} (unit length)" for rank in ranks)
    asked = FileDirections(origin=f"“{short(item.name)}”", sha256=directions.fingerprint, x_axis=x_axis, y_axis=y_axis)
    request = SurfaceRequest(
        x_range=REACH, y_range=REACH, directions=asked, samples=spectrum.request.samples, method="adaptive"
    )
    return Task(request, item.network_id, item.dataset_id, directions=directions)


def layer_alone(request: SpectrumRequest, layer: str, parameters: int) -> SpectrumRequest:
    """The spectrum of one layer's own block, on the same samples.

    Parameters
    ----------
    parameters : int
        Of that layer: more eigenvalues than that there are not.
    """
    top = max(1, min(LAYER_TOP, parameters))
    return replace(request, layers=(layer,), top=top, density=False, trace=False, layer_table=False)


def with_everything(request: SpectrumRequest) -> SpectrumRequest:
    """The same spectrum with density, trace and the table of layers."""
    return replace(request, density=True, trace=True, layer_table=True)
