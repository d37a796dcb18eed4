"""Margins of a network on its samples: how far the right class is ahead of all others."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from core.generalisation.complexity import FloatArray
from core.job import JobContext
from core.networks.mean_loss import mean_loss


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """What a network says of samples with known answers."""

    loss: float  # mean per sample
    accuracy: float  # 0 to 1; NaN for regression
    margins: FloatArray = field(repr=False)  # (n,); empty for regression, and where there is one class only


def answers(module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext) -> Answers:
    """Loss, accuracy and margins of a module in evaluation mode.

    A margin is the output of the right class minus the largest of the others: positive where the sample is classified
    right (Neyshabur et al. 2017, §2).
    """
    margins: list[Tensor] = []

    def seen(outputs: Tensor, batch_labels: Tensor) -> None:
        if not batch_labels.is_floating_point() and outputs.shape[1] > 1:
            margins.append(margins_of(outputs, batch_labels))

    loss, accuracy = mean_loss(module, inputs, labels, job, seen)
    known = torch.cat(margins).numpy() if margins else np.empty(0)
    return Answers(loss=loss, accuracy=accuracy, margins=known)


def margins_of(outputs: Tensor, labels: Tensor) -> Tensor:
    """(n,) float64 from (n, k) outputs and (n,) labels; NaN where an output is."""
    right = outputs.double().gather(1, labels[:, None])[:, 0]
    others = outputs.double().scatter(1, labels[:, None], -torch.inf)
    return right - others.max(dim=1).values
