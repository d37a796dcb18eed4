"""Activations that bend everywhere, such as GELU and tanh: no linear pieces, but bounds of how fast they turn.

A network with one of them has no exact regions. Between two straight lines such an activation can be enclosed as well
as a ReLU, because its slope changes by no more than a known amount per unit (`Curve.bend`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
Function = Callable[[FloatArray], FloatArray]
RELU = "relu"  # the activation of a layer that names no curve
_ROOT = float(np.sqrt(2 / np.pi))
_CUBIC = 0.044715  # of the approximation of GELU by tanh (Hendrycks and Gimpel 2016)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A smooth function of one number, with the numbers that enclose it."""

    value: Function
    slope: Function  # its derivative
    bend: float  # the slope changes by no more than this per unit, anywhere
    steepest: float  # no slope is larger in size
    reach: float  # beyond ±reach …
    rest: float  # … it is no further than this from a straight line
    doubt: float = 0.0  # by which what a program computes differs from the function


def _softplus(z: FloatArray) -> FloatArray:
    return np.logaddexp(z.dtype.type(0), z)


def _gelu(z: FloatArray) -> FloatArray:
    return z * special.ndtr(z)


def _gelu_slope(z: FloatArray) -> FloatArray:
    return special.ndtr(z) + z * np.exp(-z * z / 2) * z.dtype.type(1 / np.sqrt(2 * np.pi))


def _gelu_by_tanh(z: FloatArray) -> FloatArray:
    return z * special.expit(2 * _ROOT * (z + _CUBIC * z**3))


def _gelu_by_tanh_slope(z: FloatArray) -> FloatArray:
    share = special.expit(2 * _ROOT * (z + _CUBIC * z**3))
    return share + z * share * (1 - share) * 2 * _ROOT * (1 + 3 * _CUBIC * z**2)


def _silu_slope(z: FloatArray) -> FloatArray:
    share = special.expit(z)
    return share * (1 + z * (1 - share))


def _mish(z: FloatArray) -> FloatArray:
    bent: FloatArray = z * np.tanh(_softplus(z))
    return bent


def _mish_slope(z: FloatArray) -> FloatArray:
    bent: FloatArray = np.tanh(_softplus(z))
    return bent + z * (1 - bent**2) * special.expit(z)


def _sigmoid_slope(z: FloatArray) -> FloatArray:
    share = special.expit(z)
    return share * (1 - share)


def _elu(z: FloatArray) -> FloatArray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


CURVES: dict[str, Curve] = {
    "gelu": Curve(value=_gelu, slope=_gelu_slope, bend=0.798, steepest=1.13, reach=6.0, rest=1e-8),
    "gelu_tanh": Curve(value=_gelu_by_tanh, slope=_gelu_by_tanh_slope, bend=0.81, steepest=1.13, reach=6.0, rest=1e-8),
    "silu": Curve(
        value=lambda z: z * special.expit(z), slope=_silu_slope, bend=0.5, steepest=1.1, reach=16.0, rest=2e-6
    ),
    "mish": Curve(value=_mish, slope=_mish_slope, bend=0.7, steepest=1.1, reach=16.0, rest=4e-6),
    "tanh": Curve(value=np.tanh, slope=lambda z: 1 - np.tanh(z) ** 2, bend=0.77, steepest=1.0, reach=9.0, rest=4e-8),
    "sigmoid": Curve(value=special.expit, slope=_sigmoid_slope, bend=0.0963, steepest=0.25, reach=16.0, rest=2e-7),
    "softplus": Curve(  # torch takes the identity from 20 on
        value=_softplus, slope=special.expit, bend=0.25, steepest=1.0, reach=16.0, rest=2e-7, doubt=3e-9
    ),
    "log_sigmoid": Curve(
        value=lambda z: -_softplus(-z),
        slope=lambda z: special.expit(-z),
        bend=0.25,
        steepest=1.0,
        reach=16.0,
        rest=2e-7,
    ),
    "elu": Curve(value=_elu, slope=lambda z: np.exp(np.minimum(z, 0)), bend=1.0, steepest=1.0, reach=16.0, rest=2e-7),
}


def activated(z: FloatArray, curve: str) -> FloatArray:
    """What a layer gives of its pre-activations."""
    return np.maximum(z, 0) if curve == RELU else CURVES[curve].value(z)


def slopes_of(z: FloatArray, curve: str) -> npt.NDArray[np.generic]:
    """The derivatives of that: which ReLUs are on, or numbers."""
    return z > 0 if curve == RELU else CURVES[curve].slope(z)
