"""Initial weights as in the code of Li et al. 2018 (main.py)."""

from torch import nn


def initialise_as_li(module: nn.Module) -> None:
    """Kaiming over the inputs for convolutions, a small Gaussian for linear layers, no biases; for ``Module.apply``."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight)
    elif isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=1e-3)
    if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
