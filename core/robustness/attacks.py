"""Attacks: small changes of an input that raise the loss (Yao et al. 2018, §4).

What the names stand for, with g the gradient of a sample's loss in the input and H its Hessian there:

==========  ====================================================================================================
fgsm        ε · sign(g)
fgsm10      ten steps of ε / 10, each as ``fgsm``
l2grad      ε · g / ‖g‖₂
pgd         from a random place in the ε-cube, steps of 2.5 ε / steps along sign(g), projected back onto the cube; the
            place of largest loss counts, that of ``fgsm`` among them (Madry et al. 2018)
fhsm        ε · sign((H + μ)⁻¹ g)
l2hess      ε · (H + μ)⁻¹ g / ‖(H + μ)⁻¹ g‖₂
==========  ====================================================================================================

Lengths are in units of the data's range, so that ε = 0.1 of pixels from 0 to 255 is 25.5. Whatever an attack finds is
brought back into the range of the data: it is an input that could be there. The definitions of the second-order attacks
are a reconstruction; their damping μ is not known from the paper, changes their strength a lot, and so is a parameter.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.networks.loss import per_sample_loss
from core.networks.parameters import evaluation_mode
from core.networks.saving import stopping
from core.robustness.derivatives import derivative
from core.robustness.input_hessian import input_curvature
from core.robustness.kinds import ALONG_GRADIENT, ONE_STEP, SECOND_ORDER, Attack

FGSM_STEPS = 10
PGD_STEPS = 10
PGD_REACH = 2.5  # times ε: how far all steps together could lead


def attack(
    module: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    *,
    kind: Attack,
    epsilon: float,
    low: Tensor,
    high: Tensor,
    scale: Tensor,
    damping: float = 0.01,
    generator: torch.Generator | None = None,
    steps: int = PGD_STEPS,
) -> Tensor:
    """Attacked inputs, in the network's normalised units.

    Parameters
    ----------
    module : nn.Module
        Attacked in evaluation mode, and left as it was: statistics of batch normalisation and gradients too.
    inputs : (n, …) float32, normalised
    labels : (n,) int64, or (n, k) float32
    kind : Attack
    epsilon : float
        Largest change of one number, or L2 length of the change of a sample, in units of the data's range.
    low, high : Tensor
        The range of the data in normalised units; broadcast to the inputs.
    scale : Tensor
        Its length, ``high − low``: one unit of ε. Where it is 0, nothing is changed.
    damping : float
        Of ``fhsm`` and ``l2hess``: added to the Hessian, relative to its largest eigenvalue.
    generator : torch.Generator, optional
        Of the random start of ``pgd``.
    steps : int
        Of ``pgd``.

    Returns
    -------
    (n, …) float32
        Where the gradient vanishes or is NaN, the input itself.
    """
    if not len(inputs):
        return inputs
    target = Target(module, labels, low, high, scale.to(inputs.dtype).expand(1, *inputs.shape[1:]))
    with evaluation_mode(module):
        if kind in ONE_STEP:
            return target.along(inputs, ascent(target, inputs, kind, damping), kind, epsilon)
        if kind == "fgsm10":
            return fgsm_repeated(target, inputs, epsilon)
        return projected_gradient(target, inputs, epsilon, steps, generator)


class Target:
    """One network with the labels of one batch, and the box that the inputs stay in.

    Parameters
    ----------
    module : nn.Module
        In evaluation mode.
    check : callable, optional
        Asked between the operations of a gradient whether to stop; it raises if so.
    """

    def __init__(
        self,
        module: nn.Module,
        labels: Tensor,
        low: Tensor,
        high: Tensor,
        scale: Tensor,
        check: Callable[[], None] | None = None,
    ) -> None:
        self.module, self.labels, self._low, self._high = module, labels, low, high
        self.scale, self.check = scale, check

    def gradient(self, inputs: Tensor) -> Tensor:
        """Of every sample's loss up to a positive factor, in units of the data's range; 0 where it is NaN."""
        with torch.enable_grad(), stopping(self.check):
            place = inputs.detach().clone().requires_grad_()
            gradient = derivative(height(self.module(place), self.labels).sum(), place)
        return (gradient * self.scale).nan_to_num_(nan=0.0)

    def heights(self, inputs: Tensor) -> Tensor:
        """(n,), the larger the loss the larger; see `height`."""
        with torch.no_grad():
            return height(self.module(inputs), self.labels)

    def along(self, inputs: Tensor, direction: Tensor, kind: Attack, epsilon: float) -> Tensor:
        """Moved by ε along a direction's sign, or along the direction itself."""
        step = _unit(direction) if kind in ALONG_GRADIENT else direction.sign()
        return self.moved(inputs, epsilon * step)

    def moved(self, inputs: Tensor, step: Tensor) -> Tensor:
        """Moved by a step in units of the data's range, and brought back into the box."""
        # An input outside of the range of the training data is not pulled in, only not pushed further.
        low, high = torch.minimum(self._low, inputs), torch.maximum(self._high, inputs)
        return torch.clamp(inputs + step * self.scale, low, high).detach()

    def projected(self, place: Tensor, inputs: Tensor, epsilon: float) -> Tensor:
        """The nearest place that is within ε of the input in every number."""
        reach = epsilon * self.scale
        return torch.clamp(place, inputs - reach, inputs + reach)


def height(outputs: Tensor, labels: Tensor) -> Tensor:
    """(n,) a number that rises with each sample's loss, so that its gradient has the same direction.

    Of classes the logarithm of the odds against the right one, ``log((1 − p) / p)``. The cross-entropy itself is lost
    in rounding where the network is sure: float32 makes 1 − p zero from 1e-7 on, and an attack along that gradient
    would find nothing where there is something to be found.
    """
    if labels.is_floating_point():
        return per_sample_loss(outputs, labels)
    right = labels[:, None]
    others = outputs.scatter(1, right, -torch.inf)
    return torch.logsumexp(others, dim=1) - outputs.gather(1, right).squeeze(1)


def ascent(target: Target, inputs: Tensor, kind: Attack, damping: float) -> Tensor:
    """The direction along which an attack of one step moves: the gradient, or Newton's. It is the same for every ε."""
    if kind not in SECOND_ORDER:
        return target.gradient(inputs)
    found = input_curvature(
        target.module, inputs, target.labels, scale=target.scale, damping=damping, check=target.check
    )
    return found.direction


def _unit(direction: Tensor) -> Tensor:
    """Every sample's direction with L2 length one; zero stays zero."""
    flat = direction.flatten(1)
    largest = flat.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(flat.dtype).tiny)
    flat = flat / largest  # squares of small gradients would vanish
    lengths: Tensor = torch.linalg.vector_norm(flat, dim=1, keepdim=True).clamp(min=torch.finfo(flat.dtype).tiny)
    return (flat / lengths).reshape(direction.shape)


def fgsm_repeated(target: Target, inputs: Tensor, epsilon: float) -> Tensor:
    """Ten steps of ε / 10 along the sign of the gradient."""
    place = inputs
    for _ in range(FGSM_STEPS):
        place = target.moved(place, epsilon / FGSM_STEPS * target.gradient(place).sign())
    return place


def projected_gradient(
    target: Target, inputs: Tensor, epsilon: float, steps: int, generator: torch.Generator | None
) -> Tensor:
    """The place of largest loss on a way of steps that begins at random (Madry et al. 2018)."""
    start = 2 * torch.rand(inputs.shape, generator=generator, dtype=inputs.dtype) - 1
    place = target.moved(inputs, epsilon * start)
    best = target.moved(inputs, epsilon * target.gradient(inputs).sign())
    largest = target.heights(best)
    for _ in range(steps):
        step = PGD_REACH * epsilon / steps * target.gradient(place).sign()
        place = target.projected(target.moved(place, step), inputs, epsilon)
        heights = target.heights(place)
        higher = heights > largest
        largest = torch.where(higher, heights, largest)
        best = torch.where(higher.reshape(-1, *[1] * (inputs.ndim - 1)), place, best)
    return best
