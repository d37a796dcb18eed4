"""Stochastic gradient descent with a step schedule, as in the papers: exact seeds, cancellable, nothing hidden."""

import math
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
        if not 0 <= self.momentum < 1 or not 0 <= self.weight_decay < math.inf:
            raise InvalidRequest("The momentum must lie in [0, 1), and the weight decay may not be negative.")
        if not all(share > 0 for share in self.milestones):
            raise InvalidRequest("A milestone is a share of the epochs above zero, such as 0.5 for half of them.")


Augment = Callable[[Tensor, torch.Generator], Tensor]


def train(request: TrainingRequest, data: Dataset, job: JobContext, augment: Augment | None = None) -> Network:
    """Train a network from scratch.

    Parameters
    ----------
    request : TrainingRequest
    data : Dataset
        Its order and the seed decide everything: the same call gives the same weights on the same machine.
    job : JobContext
        Progress after each epoch, with the mean loss of the batches while they were learnt.
    augment : callable, optional
        Changes a batch of normalised inputs (n, …) before it is seen.

    Raises
    ------
    NumericalFailure
        If the loss or the weights become NaN or infinite; the text says when.
    """
    classes = data.classes or tuple(str(index) for index in range(int(data.y.max()) + 1))
    generator = torch.Generator().manual_seed(request.seed)  # order of samples, augmentation
    card = NetworkCard(
        name=request.name,
        input=request.input,
        architecture=request.architecture,
        weights=f"{request.architecture.replace(':', '-')}.safetensors",
        classes=classes,
        description=request.description,
    )
    with torch.random.fork_rng(devices=[]):  # nobody else's random numbers depend on ours
        torch.manual_seed(request.seed)  # initial weights
        module = build_architecture(request.architecture, request.input.shape, len(classes))
    inputs, labels = Network(card=card, module=module, sha256="").prepare(data)
    optimiser = torch.optim.SGD(
        module.parameters(),
        lr=request.learning_rate,
        momentum=request.momentum,
        nesterov=request.momentum > 0,
        weight_decay=request.weight_decay,
    )
    # Never before the first epoch is over: half of one epoch would round to a start at a tenth of the rate.
    steps = [max(1, round(share * request.epochs)) for share in request.milestones]
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, steps, gamma=0.1)
    module.train()
    for epoch in range(1, request.epochs + 1):
        order = torch.randperm(len(labels), generator=generator)
        total = 0.0
        for chosen in torch.split(order, request.batch_size):
            job.check()
            batch = inputs[chosen] if augment is None else augment(inputs[chosen], generator)
            total += _step(module, optimiser, batch, labels[chosen], epoch) * len(chosen)
        schedule.step()
        job.progress(epoch, request.epochs, f"loss {total / len(labels):.4f}")
        if not all(bool(torch.isfinite(parameter).all()) for parameter in module.parameters()):
            raise NumericalFailure(f"The weights became infinite in epoch {epoch}. Try a smaller learning rate.")
    module.eval()
    optimiser.zero_grad(set_to_none=True)  # the last gradients would stay with the network
    return Network(card=card, module=module, sha256=fingerprint(module.state_dict()))


def _step(module: nn.Module, optimiser: torch.optim.Optimizer, batch: Tensor, labels: Tensor, epoch: int) -> float:
    optimiser.zero_grad(set_to_none=True)
    loss = functional.cross_entropy(module(batch), labels)
    if not torch.isfinite(loss):
        raise NumericalFailure(f"The loss became {loss.item()} in epoch {epoch}. Try a smaller learning rate.")
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())
