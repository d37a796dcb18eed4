"""From a recipe to an untrained network, and from the weights of a checkpoint to a trained one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from core.data.dataset import Dataset
from core.data.order import missing_classes, sorted_by_class
from core.errors import InvalidRequest
from core.networks.architectures.registry import blueprint, build_architecture
from core.networks.architectures.size import activation_bytes
from core.networks.card import NetworkCard
from core.networks.network import Network, fingerprint
from core.networks.weights import apply_weights
from core.training.inputs import output_count
from core.training.recipe import TrainingRequest

# Activations that a micro-batch may keep when the recipe leaves its size open. Not a share of the memory that happens
# to be free: the same recipe would give other weights on another day.
MICRO_BATCH_BYTES = 2**30


def learnt_part(request: TrainingRequest, data: Dataset) -> Dataset:
    """The samples that a recipe learns from, with the classes of all of them.

    Raises
    ------
    InvalidRequest
        If the data are sorted by class, and the first samples are not of all classes: a network that never saw a class
        would be trained without a word.
    DataError
        If there are fewer samples than the recipe asks for.
    """
    used = data.first(request.samples)
    if used is data:
        return data
    if (missing := missing_classes(data, len(used))) and sorted_by_class(data):
        raise InvalidRequest(
            f'"{data.name}" is sorted by class, and its first {len(used):,} samples lack {missing} of the classes. '
            "Train on all samples, or shuffle the file."
        )
    return replace(used, classes=_classes(data))


def network_card(request: TrainingRequest, data: Dataset) -> NetworkCard:
    """The card of the network that a recipe trains on these data."""
    return NetworkCard(
        name=request.name,
        input=request.input,
        architecture=request.architecture,
        weights=f"{request.architecture.replace(':', '-')}.safetensors",
        classes=_classes(data),
        description=request.description,
    )


def _classes(data: Dataset) -> tuple[str, ...]:
    if data.task == "regression":
        return ()
    return data.classes or tuple(str(index) for index in range(output_count(data)))


def untrained_network(request: TrainingRequest, data: Dataset) -> Network:
    """A network with the initial weights that the seed decides. Nobody else's random numbers depend on it.

    Raises
    ------
    InvalidRequest
        If there is no such architecture, or it does not fit the input shape or the classes.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(request.seed)
        module = build_architecture(request.architecture, request.input.shape, output_count(data))
    return Network(card=network_card(request, data), module=module, sha256="")


def network_with(request: TrainingRequest, data: Dataset, weights: Mapping[str, npt.NDArray[np.generic]]) -> Network:
    """The network of a recipe with these weights, in evaluation mode.

    Raises
    ------
    WeightsMismatch
        If they are those of another network.
    """
    module = untrained_network(request, data).module
    apply_weights(module, tensors(weights), architecture=request.architecture)
    module.eval()
    return Network(card=network_card(request, data), module=module, sha256=fingerprint(module.state_dict()))


def tensors(weights: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, torch.Tensor]:
    """Copies of arrays as tensors."""
    return {name: torch.from_numpy(np.array(array)) for name, array in weights.items()}


def arrays(module: nn.Module) -> dict[str, npt.NDArray[np.generic]]:
    """Copies of all weights and buffers of a module, by name."""
    return {name: value.detach().cpu().numpy().copy() for name, value in module.state_dict().items()}


def bytes_of_a_sample(request: TrainingRequest, data: Dataset) -> int:
    """Bytes that one sample keeps on its way through the network until the gradient has come back."""
    module = blueprint(request.architecture, request.input.shape, output_count(data))
    return max(1, activation_bytes(module, request.input.shape, 1))


def micro_batch_for(request: TrainingRequest, data: Dataset) -> int:
    """How many samples pass the network at once: the recipe's own number, or as many as a gigabyte holds.

    Never more than the largest batch there will be.
    """
    wanted = request.micro_batch or max(1, MICRO_BATCH_BYTES // bytes_of_a_sample(request, data))
    largest = request.batch_size * (request.adaptive.limit if request.adaptive is not None else 1)
    return min(wanted, largest, len(data))
