"""From a torch module to its plainest form: the layers that are affine are multiplied out, the ReLUs stay.

Nested containers of the usual layers are walked through. Anything with a `forward` of its own is exported first, so
that nothing it does is overlooked; programs that come as `.pt2` are exported already. Either way the result is a list
of steps, which `compose` joins.
"""

import warnings
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.fx import GraphModule

from core.corrections.graph import steps_of_graph
from core.corrections.piecewise import PiecewiseLinear
from core.corrections.steps import Affine, Relu, Step
from core.errors import UnsupportedNetwork
from core.networks.network import Network

FloatArray = npt.NDArray[np.float64]
NOTHING = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout, nn.Identity, nn.Flatten)
LAYERS = (*NOTHING, nn.ReLU, nn.Linear, nn.BatchNorm1d)
PROBES = 16
AGREEMENT = 1e-4  # of the largest logit: what a few hundred float32 operations a layer may differ by


def lower(network: Network) -> PiecewiseLinear:
    """The network as float64 matrices with ReLU between them, of an input in the user's units.

    Raises
    ------
    UnsupportedNetwork
        If a layer is neither affine nor ReLU; the text names it and its place. Also if the lowered network and the
        module disagree on random inputs by more than float32 explains.

    Notes
    -----
    The normalisation of the network card goes into the first layer. Batch normalisation is taken as in evaluation.
    """
    module = network.module
    columns = int(np.prod(network.card.input.shape))
    if type(module) is nn.Sequential or type(module) in LAYERS:
        steps = list(_steps_of(module, ""))
    else:
        steps = steps_of_graph(module if isinstance(module, GraphModule) else _exported(network), columns)
    lowered = compose([_normalisation(network, columns), *steps], network.name)
    if lowered.inputs != columns:
        raise UnsupportedNetwork(
            f'The card of "{network.name}" gives {columns} inputs, its first layer takes {lowered.inputs}. '
            "Correct the shape in the card."
        )
    _verify(network, lowered)
    return lowered


def compose(steps: Iterable[Step], name: str) -> PiecewiseLinear:
    """Join neighbouring affine steps into one matrix each. Two ReLUs in a row are one."""
    weights: list[FloatArray] = []
    biases: list[FloatArray] = []
    open_layer = False  # whether the last matrix may still be multiplied
    for step in steps:
        if isinstance(step, Relu):
            open_layer = False
            continue
        if weights:
            step.fits(len(biases[-1]), name)
        if not open_layer:
            weights.append(step.weight)
            biases.append(step.bias)
            open_layer = True
        else:
            weights[-1] = step.weight @ weights[-1]
            biases[-1] = step.weight @ biases[-1] + step.bias
    if not open_layer:  # a ReLU at the end
        weights.append(np.eye(len(biases[-1])))
        biases.append(np.zeros(len(biases[-1])))
    return PiecewiseLinear(weights=tuple(weights), biases=tuple(biases))


def _normalisation(network: Network, columns: int) -> Affine:
    """``(raw − mean) / std`` as an affine step."""
    card = network.card.input
    repeats = columns // card.shape[0]
    mean = np.array(card.mean) if len(card.mean) == 1 else np.repeat(card.mean, repeats)
    std = np.array(card.std) if len(card.std) == 1 else np.repeat(card.std, repeats)
    scale = np.broadcast_to(1.0 / std, columns)
    return Affine(weight=np.diag(scale), bias=np.broadcast_to(-mean / std, columns).copy(), place="normalisation")


def _steps_of(module: nn.Module, place: str) -> Iterable[Step]:
    """The steps of a module and of what it contains, in order."""
    named = f'"{place}" ({type(module).__name__})' if place else type(module).__name__
    # A subclass may do anything, so only the layers themselves are trusted.
    if type(module) in NOTHING:
        return
    if type(module) is nn.ReLU:
        yield Relu()
    elif type(module) is nn.Linear:
        yield Affine.of_linear(module.weight, module.bias, named)
    elif type(module) is nn.BatchNorm1d:
        yield Affine.of_batch_norm(
            module.weight, module.bias, module.running_mean, module.running_var, module.eps, named
        )
    elif type(module) is nn.Sequential:
        for name, child in module.named_children():
            yield from _steps_of(child, f"{place}.{name}" if place else name)
    else:
        raise UnsupportedNetwork(
            f"Layer {named} is neither affine nor ReLU, so there are no exact regions. Exact corrections treat "
            "networks of Linear, ReLU, BatchNorm1d, Dropout, Flatten and Identity; a network with code of its own can "
            "be exported as a .pt2 program of these."
        )


def _exported(network: Network) -> GraphModule:
    """What the module does, as a graph of operators."""
    batch = torch.export.Dim("batch", min=1)
    example = torch.zeros(2, *network.card.input.shape)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's own deprecations are nothing the user can act on
            program = torch.export.export(network.module, (example,), dynamic_shapes=({0: batch},))
            return program.module()
    except Exception as error:  # torch raises whatever its tracer met in the user's forward
        raise UnsupportedNetwork(
            f'"{network.name}" ({type(network.module).__name__}) cannot be exported, so what it computes is unknown '
            f"({type(error).__name__}). Exact corrections need a plain chain of layers or a .pt2 program."
        ) from error


def _verify(network: Network, lowered: PiecewiseLinear) -> None:
    """Compare the two forms on random inputs in the range that the network was trained on, and beyond."""
    card = network.card.input
    generator = np.random.default_rng(0)
    spread = generator.normal(size=(PROBES, *card.shape)) * np.linspace(0.1, 3.0, PROBES).reshape(
        -1, *[1] * len(card.shape)
    )
    trailing = (1,) * (len(card.shape) - 1)
    mean, std = (np.reshape(values, (-1, *trailing)) for values in (card.mean, card.std))
    raw = (mean + std * spread).astype(np.float32)
    with torch.inference_mode():
        truth = network.module(network.normalise(raw)).double().cpu().numpy()
    ours = lowered.forward(raw.reshape(PROBES, -1).astype(np.float64))
    if truth.shape != ours.shape or not np.allclose(ours, truth, rtol=AGREEMENT, atol=AGREEMENT * np.abs(truth).max()):
        raise UnsupportedNetwork(
            f'"{network.name}" gives other results than its layers multiplied out: it is not in evaluation mode, or '
            "does more than they say. Exact corrections treat plain chains of layers."
        )
