"""Whether a card and a module fit: a few forward passes before anybody computes with them."""

import math

import torch
from torch import Tensor, nn

from core.errors import InvalidRequest, UnsupportedNetwork
from core.networks.network import Network
from core.networks.parameters import tie_shared

MOST_NUMBERS = 2**26  # of one sample: 256 MB
COMPANY_TOLERANCE = 1e-2  # of the largest logit; rounding alone stays far below, batch statistics far above


def checked(network: Network) -> Network:
    """The network in evaluation mode, every parameter with gradients, after forward passes have shown that it fits.

    Raises
    ------
    UnsupportedNetwork
        If it cannot take the card's input in batches of any size, gives no rows of logits, or answers a sample
        differently in other company (a program that was exported in training mode).
    InvalidRequest
        If the card names another number of classes than there are outputs.
    """
    card, module = network.card, network.module
    if network.program is None:
        module.eval()  # an exported program was in evaluation mode when it was exported, and refuses to be asked
    tie_shared(module)
    for parameter in module.parameters():
        parameter.requires_grad = True
    if math.prod(card.input.shape) > MOST_NUMBERS:
        raise InvalidRequest(
            f"One sample of the shape {card.input.shape} would have {math.prod(card.input.shape):,} numbers. "
            "Correct the input shape."
        )
    samples = torch.randn(3, *card.input.shape, generator=torch.Generator().manual_seed(0))
    together = _logits(network, samples)
    alone = torch.cat([_logits(network, samples[:1]), _logits(network, samples[1:])])
    largest = float(together.abs().nan_to_num().max())
    if not torch.allclose(together, alone, rtol=0, atol=COMPANY_TOLERANCE * largest, equal_nan=True):
        raise UnsupportedNetwork(
            f'"{card.name}" answers a sample differently when other samples are in the batch, or by chance: it was '
            "exported in training mode. Call eval() on the model before torch.export.export."
        )
    if card.classes and together.shape[1] != len(card.classes):
        raise InvalidRequest(
            f'The card of "{card.name}" names {len(card.classes)} classes, but it has {together.shape[1]} outputs.'
        )
    return network


def _logits(network: Network, samples: Tensor) -> Tensor:
    """(n, classes), or the reason why there are none."""
    card = network.card
    try:
        with torch.inference_mode():
            outputs = network.module(samples)
    except (RuntimeError, ValueError, AssertionError, TypeError, IndexError) as error:
        raise UnsupportedNetwork(_refusal(network, samples, error)) from error
    if not isinstance(outputs, Tensor) or outputs.ndim != 2 or len(outputs) != len(samples):
        raise UnsupportedNetwork(f'"{card.name}" does not give one row of logits per sample. Export such a network.')
    return outputs


def _refusal(network: Network, samples: Tensor, error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    fixed = _fixed_batch(network.module)
    if fixed is not None and fixed != len(samples):
        return (
            f'"{network.name}" was exported for batches of exactly {fixed}. '
            'Export it for any batch: torch.export.export(…, dynamic_shapes=({0: torch.export.Dim("batch")},)).'
        )
    return (
        f'"{network.name}" cannot take an input of shape {network.card.input.shape}: {lines[0][:200]} '
        "Correct the input shape in the network card."
    )


def _fixed_batch(module: nn.Module) -> int | None:
    """The only batch size that an exported program takes, if it takes only one."""
    graph = getattr(module, "graph", None)
    for node in graph.nodes if graph is not None else ():
        value = node.meta.get("val") if node.op == "placeholder" else None
        if isinstance(value, Tensor) and value.ndim >= 2:
            return value.shape[0] if type(value.shape[0]) is int else None
    return None
