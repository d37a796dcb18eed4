"""How much memory a network needs, said before it is trained."""

import torch
from torch import Tensor, nn

from core.networks.parameters import evaluation_mode
from core.networks.saving import watched_saving


def parameter_count(module: nn.Module) -> int:
    """Number of parameters; shared ones count once. Modules without memory (`registry.blueprint`) have one too."""
    return sum(parameter.numel() for parameter in module.parameters())


def activation_bytes(module: nn.Module, input_shape: tuple[int, ...], batch: int) -> int:
    """Bytes that one training step keeps of a batch until it goes backward, in float32.

    Parameters
    ----------
    module : nn.Module
        Of torch's meta device (`registry.blueprint`) it costs no memory to ask; otherwise one sample is sent through.
    input_shape : tuple of int
        Of one sample.
    batch : int
        Samples that are differentiated at once.

    Returns
    -------
    int
        Everything that automatic differentiation saves, the batch itself among it. Not counted: the parameters, their
        gradients and the optimiser's own numbers (4 bytes a parameter each), and what single operations need for a
        moment.
    """
    kept: dict[int, torch.UntypedStorage] = {}  # by identity: an activation that two operations save is kept once

    def keep(tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        kept[storage._cdata] = storage  # noqa: SLF001  storages without memory have no other address

    some = next(module.parameters(), None)
    sample = torch.zeros(1, *input_shape, device=some.device if some is not None else None)
    own = {tensor.untyped_storage()._cdata for tensor in (*module.parameters(), *module.buffers())}  # noqa: SLF001
    # In evaluation the running statistics stay, and one sample is enough; the same activations are saved.
    with evaluation_mode(module), torch.enable_grad(), watched_saving(keep):
        module(sample)
    return batch * sum(storage.nbytes() for identity, storage in kept.items() if identity not in own)
