"""What is measured between epochs: loss and accuracy on whole sets, gradient norm and curvature; nothing is changed."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.curvature.hessian import hessian_vector_product, micro_batch
from core.curvature.lanczos import ritz_pairs
from core.curvature.reductions import norm
from core.errors import NumericalFailure
from core.job import JobContext
from core.networks.loss import correct, per_sample_loss
from core.networks.parameters import evaluation_mode
from core.training.samples import Samples

# Lanczos: an eigenvalue's error goes with the square of the residual, so 1 % of residual is 0.01 % of error.
RESIDUAL = 1e-2
MOST_PRODUCTS = 60


@dataclass(frozen=True)
class Quality:
    """Mean loss, and accuracy from 0 to 1 (NaN where numbers are predicted)."""

    loss: float = math.nan
    accuracy: float = math.nan


@dataclass(frozen=True)
class Curvature:
    """Length of the gradient, and the Hessian's eigenvalue of largest magnitude."""

    gradient_norm: float = math.nan
    top_eigenvalue: float = math.nan


def measure_quality(module: nn.Module, samples: Samples, job: JobContext) -> Quality:
    """Loss and accuracy over all samples in evaluation mode, summed in float64."""
    total, right = 0.0, 0.0
    size = micro_batch(samples.inputs(slice(0, 1)))
    with evaluation_mode(module), torch.inference_mode():
        for start in range(0, len(samples), size):
            job.check()
            labels = samples.labels[start : start + size]
            outputs = module(samples.inputs(slice(start, start + size)))
            total += float(per_sample_loss(outputs, labels).double().sum())
            right += float(correct(outputs, labels).double().sum())
    return Quality(total / len(samples), right / len(samples))


def measure_curvature(module: nn.Module, samples: Samples, count: int, job: JobContext, seed: int) -> Curvature:
    """Gradient norm and top eigenvalue of the loss on the first so many samples, in evaluation mode.

    NaN where they are not finite. The eigenvalue comes from Lanczos without the audit that a `Spectrum` gets.
    """
    inputs, labels = samples.inputs(slice(0, count)), samples.labels[:count]
    length = _gradient_norm(module, inputs, labels, job)
    if not math.isfinite(length):
        return Curvature()
    try:
        with hessian_vector_product(module, inputs, labels, job) as product:
            none = torch.empty(0, product.size)
            for pairs in ritz_pairs(product, product.size, 1, MOST_PRODUCTS, none, seed, job.check):
                if pairs.converged(RESIDUAL):
                    break
            return Curvature(length, float(pairs.values[0]))
    except NumericalFailure:
        return Curvature(length)


def _gradient_norm(module: nn.Module, inputs: Tensor, labels: Tensor, job: JobContext) -> float:
    parameters = list(module.parameters())
    total = [torch.zeros_like(parameter) for parameter in parameters]
    size = micro_batch(inputs)
    with evaluation_mode(module), torch.enable_grad():
        for batch, batch_labels in zip(torch.split(inputs, size), torch.split(labels, size), strict=True):
            job.check()
            loss = per_sample_loss(module(batch), batch_labels).sum() / len(labels)
            gradients = torch.autograd.grad(loss, parameters, allow_unused=True, materialize_grads=True)
            torch._foreach_add_(total, gradients)
    return math.hypot(*(norm(piece.reshape(-1)) for piece in total))
