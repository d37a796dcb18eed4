"""From a torch module to its plainest form: the layers that are affine are multiplied out, the ReLUs stay.

Nested containers of the usual layers are walked through. Anything with a `forward` of its own is exported first, so
that nothing it does is overlooked; programs that come as `.pt2` are exported already.
"""

import warnings

import numpy as np
import numpy.typing as npt
import torch
from torch.fx import GraphModule

from core.corrections.network.flow import Builder, Flow
from core.corrections.network.graph import flow_through_graph
from core.corrections.network.modules import flow_through_layers, is_plain
from core.corrections.network.operations import each_channel
from core.corrections.network.piecewise import PiecewiseLinear
from core.errors import UnsupportedNetwork
from core.networks.network import Network

FloatArray = npt.NDArray[np.float64]
PROBES = 16
AGREEMENT = 1e-4  # of the largest output: what a few hundred float32 operations a layer may differ by


def lower(network: Network, *, curved: bool = False) -> PiecewiseLinear:
    """The network as float64 matrices with ReLUs between them, of an input in the user's units.

    A softmax, sigmoid or tanh at the very end is left out and named in `PiecewiseLinear.head`.

    Parameters
    ----------
    curved : bool
        Whether activations such as GELU, SiLU and tanh may stand between the matrices as well: for those who ask for
        bounds only, since there are no exact regions then.

    Raises
    ------
    UnsupportedNetwork
        If an operation is not piecewise linear; the text names it and its place. Also if the lowered network and the
        module disagree on random inputs by more than float32 explains, or its matrices fill the memory.

    Notes
    -----
    The normalisation of the network card goes into the first layer. Batch normalisation is taken as in evaluation.
    """
    builder = Builder(curved=curved)
    start = _normalised(network)
    if is_plain(network.module):
        outputs, head = flow_through_layers(builder, start, network.module, network.name)
    else:
        program = network.module if isinstance(network.module, GraphModule) else _exported(network)
        outputs, head = flow_through_graph(builder, start, program)
    builder.close(outputs)
    lowered = PiecewiseLinear.of_layers(start.size, builder.layers, head)
    _verify(network, lowered)
    return lowered


def why_no_pieces(network: Network) -> str:
    """Why there are no exact regions although there are bounds: a layer bends everywhere. "" where there are regions.

    Also "" where there is neither; who asks for one of them is told so then.
    """
    try:
        lower(network)
    except UnsupportedNetwork as refused:
        try:
            lower(network, curved=True)
        except UnsupportedNetwork:
            return ""
        return str(refused)
    return ""


def _normalised(network: Network) -> Flow:
    """``(raw − mean) / std``, in the shape of a sample."""
    card = network.card.input
    raw = Flow.of_source(0, card.shape)
    mean, std = (each_channel(values, len(card.shape)) for values in (card.mean, card.std))
    return raw.scaled(1.0 / std, -mean / std)


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
            f"({type(error).__name__}). Exact corrections need layers whose shapes fit the card, or a .pt2 program."
        ) from error


def _verify(network: Network, lowered: PiecewiseLinear) -> None:
    """Compare the two forms on random inputs in the range that the network was trained on, and beyond."""
    card = network.card.input
    generator = np.random.default_rng(0)
    spread = generator.normal(size=(PROBES, *card.shape)) * np.linspace(0.1, 3.0, PROBES).reshape(
        -1, *[1] * len(card.shape)
    )
    mean, std = (each_channel(values, len(card.shape)) for values in (card.mean, card.std))
    raw = (mean + std * spread).astype(np.float32)
    with torch.inference_mode():
        truth = network.module(network.normalise(raw)).double().cpu().numpy().reshape(PROBES, -1)
    ours = lowered.head.applied(lowered.forward(raw.reshape(PROBES, -1).astype(np.float64)))
    if truth.shape != ours.shape or not np.allclose(ours, truth, rtol=AGREEMENT, atol=AGREEMENT * np.abs(truth).max()):
        raise UnsupportedNetwork(
            f'"{network.name}" gives other results than its layers multiplied out: it is not in evaluation mode, or '
            "does more than they say. Exact corrections treat what its layers say."
        )
