"""The loss of each sample: of classes the cross-entropy, of numbers the mean squared error."""

import torch
from torch import Tensor
from torch.nn import functional


def per_sample_loss(outputs: Tensor, labels: Tensor) -> Tensor:
    """(n,) losses whose mean is the loss of the engines.

    Parameters
    ----------
    outputs : (n, k) float
        Logits, or the numbers that are predicted.
    labels : (n,) int64, or (n, k) float
        Classes: the cross-entropy in nats. Numbers: the mean of the k squared differences, without a factor of one
        half, in the target's unit squared.
    """
    if labels.is_floating_point():
        return (outputs - labels.to(outputs.dtype)).square().mean(dim=1)
    return functional.cross_entropy(outputs, labels, reduction="none")


def correct(outputs: Tensor, labels: Tensor) -> Tensor:
    """(n,) float32: 1 where the largest output is that of the class, else 0; NaN for numbers, which have no classes.

    A sample with a NaN among its outputs counts as wrong: the largest of several NaN is no verdict.
    """
    if labels.is_floating_point():
        return torch.full((len(outputs),), torch.nan)
    return ((outputs.argmax(dim=1) == labels) & ~outputs.isnan().any(dim=1)).float()
