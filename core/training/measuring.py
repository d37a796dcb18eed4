"""What is measured between epochs: loss and accuracy on whole sets, gradient norm and curvature; nothing is changed."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from core.curvature.hessian import micro_batch
from core.curvature.measuring import gradient_norm, top_pairs
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
    length = gradient_norm(module, inputs, labels, job)
    if not math.isfinite(length):
        return Curvature()
    try:
        pairs = top_pairs(module, inputs, labels, job, relative=RESIDUAL, most_products=MOST_PRODUCTS, seed=seed)
    except NumericalFailure:
        return Curvature(length)
    return Curvature(length, float(pairs.values[0]))
