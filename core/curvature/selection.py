"""Which parameters a matrix of curvature is about: all, those of some layers, weights without biases."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

from core.errors import InvalidRequest

SHOWN = 12  # names of layers in a message


@dataclass(frozen=True)
class Selection:
    """Parameters by their place among ``module.parameters()``, so that they are found again in a copy."""

    places: tuple[int, ...]  # ascending
    names: tuple[str, ...]
    size: int  # numbers in them together

    def of(self, module: nn.Module) -> list[nn.Parameter]:
        """The parameters themselves, of the module or of a copy."""
        every = list(module.parameters())
        return [every[place] for place in self.places]


def select(module: nn.Module, layers: Sequence[str] = (), *, weights_only: bool = False) -> Selection:
    """Choose parameters.

    Parameters
    ----------
    module : nn.Module
    layers : sequence of str
        Modules as in the names of the parameters: ``layer1.0`` takes all in it; none: all layers. A parameter that
        two layers share belongs to both.
    weights_only : bool
        Leave out tensors of one axis: biases, and scale and shift of normalisation.

    Raises
    ------
    InvalidRequest
        If a layer does not exist or has no parameters, or none are left; the text lists what there is.
    """
    names: dict[int, list[str]] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        names.setdefault(id(parameter), []).append(name)
    every = list(module.parameters())
    for layer in layers:
        if not any(_within(name, layer) for known in names.values() for name in known):
            raise InvalidRequest(f'There are no parameters in a layer "{layer}". {_listed(module)}')
    places = [
        place
        for place, parameter in enumerate(every)
        if (not layers or any(_within(name, layer) for name in names[id(parameter)] for layer in layers))
        and (not weights_only or parameter.ndim > 1)
    ]
    size = sum(every[place].numel() for place in places)
    if not size:
        what = f"The layers {', '.join(layers)} hold" if layers else "The network holds"
        raise InvalidRequest(f"{what} no weights besides biases and normalisation. Let these vary too.")
    return Selection(tuple(places), tuple(names[id(every[place])][0] for place in places), size)


def layer_names(module: nn.Module) -> tuple[str, ...]:
    """Every layer with parameters of its own, in order."""
    names = (name.rpartition(".")[0] for name, _ in module.named_parameters(remove_duplicate=False))
    return tuple(dict.fromkeys(name for name in names if name))


def _within(name: str, layer: str) -> bool:
    return name == layer or name.startswith(f"{layer}.")


def _listed(module: nn.Module) -> str:
    layers = layer_names(module)
    if not layers:
        return "The network has no layers with names."
    more = f" and {len(layers) - SHOWN} more" if len(layers) > SHOWN else ""
    return f"Layers with parameters are {', '.join(layers[:SHOWN])}{more}; a group of them is named by its beginning."
