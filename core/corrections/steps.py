"""The two things that a piecewise-linear network does, as records."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from torch import Tensor

from core.errors import UnsupportedNetwork

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Relu:
    """``max(0, h)``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Affine:
    """``W h + b``."""

    weight: FloatArray = field(repr=False)  # (outputs, inputs)
    bias: FloatArray = field(repr=False)  # (outputs,)
    place: str  # in the network, for messages

    @classmethod
    def of_linear(cls, weight: Tensor, bias: Tensor | None, place: str) -> "Affine":
        """Of a fully connected layer."""
        matrix = as_array(weight)
        return cls(weight=matrix, bias=np.zeros(len(matrix)) if bias is None else as_array(bias), place=place)

    @classmethod
    def of_batch_norm(
        cls,
        weight: Tensor | None,
        bias: Tensor | None,
        mean: Tensor | None,
        variance: Tensor | None,
        eps: float,
        place: str,
    ) -> "Affine":
        """Of batch normalisation with its running statistics."""
        if mean is None or variance is None:
            raise UnsupportedNetwork(
                f"Layer {place} has no running mean and variance, so what it does depends on the other samples. "
                "Use a network with track_running_stats=True."
            )
        scale = 1.0 / np.sqrt(as_array(variance) + eps)
        if weight is not None:
            scale = scale * as_array(weight)
        shift = -as_array(mean) * scale
        return cls(weight=np.diag(scale), bias=shift if bias is None else shift + as_array(bias), place=place)

    def fits(self, width: int, name: str) -> None:
        """Raise `UnsupportedNetwork` unless the step takes so many inputs."""
        if self.weight.shape[1] != width:
            raise UnsupportedNetwork(
                f'Layer {self.place} of "{name}" takes {self.weight.shape[1]} inputs but gets {width}: it works on '
                "parts of its input one by one. Exact corrections treat fully connected layers."
            )


Step = Affine | Relu


def as_array(tensor: Tensor) -> FloatArray:
    """A parameter in float64."""
    return tensor.detach().cpu().double().numpy()
