"""The two optimisers, and what they remember as plain arrays.

Weight decay is the L2 penalty of the papers, for both: ``decay · w`` is added to the gradient before anything else is
done with it. (For Adam that is not the decoupled decay of AdamW.)
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from core.errors import InvalidRequest
from core.training.recipe import TrainingRequest

Arrays = dict[str, npt.NDArray[np.generic]]


def build_optimiser(request: TrainingRequest, module: nn.Module) -> torch.optim.Optimizer:
    """SGD with momentum (Nesterov's, if asked for) or Adam (β = 0.9, 0.999; ε = 1e-8)."""
    parameters = list(module.parameters())
    if request.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=request.learning_rate, weight_decay=request.weight_decay)
    return torch.optim.SGD(
        parameters,
        lr=request.learning_rate,
        momentum=request.momentum,
        nesterov=request.nesterov and request.momentum > 0,
        weight_decay=request.weight_decay,
    )


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Use another learning rate from now on."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def remembered(optimiser: torch.optim.Optimizer, module: nn.Module) -> Arrays:
    """Copies of all that an optimiser remembers, named by what it is and by the parameter it belongs to."""
    return {
        f"{what} {name}": value.detach().cpu().numpy().copy()
        for name, parameter in module.named_parameters()
        for what, value in optimiser.state.get(parameter, {}).items()
        if value is not None
    }


def remind(optimiser: torch.optim.Optimizer, module: nn.Module, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
    """Give back what `remembered` had copied.

    Raises
    ------
    InvalidRequest
        If the arrays belong to another network.
    """
    parameters = dict(module.named_parameters())
    for key, array in arrays.items():
        what, _, name = key.partition(" ")
        parameter = parameters.get(name)
        if parameter is None or array.shape not in ((), tuple(parameter.shape)):
            raise InvalidRequest(
                f'The state of the run belongs to another network ("{name}" does not fit). Train again from the start.'
            )
        optimiser.state[parameter][what] = torch.from_numpy(np.array(array))
