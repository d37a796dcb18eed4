"""Stochastic gradient descent with a step schedule, as in the papers: exact seeds, cancellable, nothing hidden."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.data.dataset import Dataset
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network, fingerprint


@dataclass(frozen=True, kw_only=True)
class TrainingRequest:
    """A recipe. The defaults are those of Li et al. 2018 (main.py), but for the number of epochs."""

    name: str
    architecture: str
    input: InputCard
    epochs: int
    batch_size: int = 128
    learning_rate: float = 0.1
    milestones: tuple[float, ...] = (0.5, 0.75, 0.9167)  # shares of the epochs after which the rate is divided by ten
    momentum: float = 0.9  # Nesterov
    weight_decay: float = 5e-4
    seed: int = 0
    description: str = ""

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1 or not self.learning_rate > 0:
            raise InvalidRequest(
                "Training needs at least one epoch, one sample a batch and a learning rate above zero."
            )


Augment = Callable[[Tensor, torch.Generator], Tensor]


def train(request: TrainingRequest, data: Dataset, job: JobContext, augment: Augment | None = None) -> Network:
    """Train a network from scratch.

    Parameters
    ----------
    request : TrainingRequest
    data : Dataset
        Its order and the seed decide everything: the same call gives the same weights on the same machine.
    job : JobContext
        Progress after each epoch, with loss and accuracy on the batches seen.
    augment : callable, optional
        Changes a batch of normalised inputs (n, …) before it is seen.

    Raises
    ------
    NumericalFailure
        If the loss becomes NaN or infinite; the text says when.
    """
    torch.manual_seed(request.seed)  # initial weights
    generator = torch.Generator().manual_seed(request.seed)  # order of samples, augmentation
    card = NetworkCard(
        name=request.name,
        input=request.input,
        architecture=request.architecture,
        weights=f"{request.architecture.replace(':', '-')}.safetensors",
        classes=data.classes,
        description=request.description,
    )
    module = build_architecture(request.architecture, request.input.shape, len(data.classes))
    inputs, labels = Network(card=card, module=module, sha256="").prepare(data)
    optimiser = torch.optim.SGD(
        module.parameters(),
        lr=request.learning_rate,
        momentum=request.momentum,
        nesterov=request.momentum > 0,
        weight_decay=request.weight_decay,
    )
    steps = [round(share * request.epochs) for share in request.milestones]
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, steps, gamma=0.1)
    module.train()
    for epoch in range(1, request.epochs + 1):
        order = torch.randperm(len(labels), generator=generator)
        total = 0.0
        for chosen in order.split(request.batch_size):
            job.check()
            batch = inputs[chosen] if augment is None else augment(inputs[chosen], generator)
            total += _step(module, optimiser, batch, labels[chosen], epoch) * len(chosen)
        schedule.step()
        job.progress(epoch, request.epochs, f"loss {total / len(labels):.4f}")
    module.eval()
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def _step(module: nn.Module, optimiser: torch.optim.Optimizer, batch: Tensor, labels: Tensor, epoch: int) -> float:
    optimiser.zero_grad(set_to_none=True)
    loss = functional.cross_entropy(module(batch), labels)
    if not torch.isfinite(loss):
        raise NumericalFailure(f"The loss became {loss.item()} in epoch {epoch}. Try a smaller learning rate.")
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())
