"""Batch normalisation of an exported program, with a switch for training as a layer of a module has it."""

from torch import Tensor, nn
from torch.nn import functional


class GraphNorm(nn.Module):
    """Stands in a program's graph for its batch normalisation, whose tensors it is given at every call.

    Parameters
    ----------
    running_mean, running_var : Tensor
        The program's own running statistics; they are not registered here a second time.
    """

    def __init__(self, epsilon: float, running_mean: Tensor, running_var: Tensor) -> None:
        super().__init__()
        self.training = False
        self.epsilon, self.momentum = epsilon, 0.1
        self._statistics = (running_mean, running_var)

    @property
    def running_mean(self) -> Tensor:
        """That of the program."""
        return self._statistics[0]

    @property
    def running_var(self) -> Tensor:
        """That of the program."""
        return self._statistics[1]

    def forward(self, x: Tensor, weight: Tensor | None, bias: Tensor | None, mean: Tensor, variance: Tensor) -> Tensor:
        return functional.batch_norm(x, mean, variance, weight, bias, self.training, self.momentum, self.epsilon)
