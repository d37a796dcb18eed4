"""What is computed besides the pairs where the request asks for it: density, trace, layers, sampling error."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from core.curvature.hessian import MatrixProduct
from core.job import JobContext
from core.spectrum.spectrum import Density, Estimate, LayerCurvature, Sampling
from core.spectrum.subject import Subject


@dataclass(frozen=True, kw_only=True, eq=False)
class Additions:
    """The fields of a `Spectrum` besides its pairs, so far."""

    density: Density | None = None
    trace: Estimate | None = None
    layer_table: tuple[LayerCurvature, ...] = ()
    sampling: Sampling | None = None


def additions(
    subject: Subject, values: Tensor, vectors: Tensor, product: MatrixProduct, job: JobContext
) -> Iterator[Additions]:
    """Compute what `subject.request` asks for besides the pairs, and give it again with every part that is finished.

    Parameters
    ----------
    subject : Subject
    values : (k,) float64 Tensor
        Eigenvalues in the order of the result.
    vectors : (k, P) float32 Tensor
        Their eigenvectors.
    product : MatrixProduct
        The operator of the search, its graphs kept as far as memory allows; it counts its products.
    job : JobContext
    """
    yield Additions()
