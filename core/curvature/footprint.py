"""How much memory products with the Hessian take, before there are any."""

import math

from torch import Tensor, nn

from core.curvature.basis import room_for
from core.curvature.forms import hessian_form
from core.curvature.hessian import RETAINED_BYTES, fitting, micro_batch, still
from core.curvature.reductions import CHUNK
from core.networks.saving import SavedBytes, watched_saving

FLOAT = 4  # bytes of a float32
LOOKED_AT = 4  # samples that are differentiated to see what one of them keeps
VECTORS = 5  # of all parameters that a product takes besides: its sum in float64, its parts, what comes next
GRAIN = 1.3  # what the allocator takes for graphs of many small pieces, over the bytes in them
PASSING = 2  # times what a micro-batch keeps: its values and their derivatives while a product is formed


def search_bytes(module: nn.Module, inputs: Tensor, labels: Tensor, samples: int, *, pairs: int, products: int) -> int:
    """Bytes at the height of a search for the outermost eigenpairs of the Hessian of a mean loss.

    The graph of a few samples is formed and counted. Trainings with this search after an epoch were expected to take
    235, 516, 799 and 1371 MiB for C1 at full width on 16, 128, 256 and 512 CIFAR images, and grew by 238, 521, 749 and
    1331 MiB at their height (resident memory); ResNet-20 on 128 and 300: 723 and 1396 MiB, where it was 613 and 1253.

    Parameters
    ----------
    module : nn.Module
        As it was afterwards.
    inputs, labels : Tensor
        A few samples.
    samples : int
        That the search is on.
    pairs, products : int
        How many are searched for, in at most so many products.
    """
    parameters = sum(parameter.numel() for parameter in module.parameters())
    of_a_sample = graph_bytes(module, inputs, labels)
    at_once = fitting(micro_batch(inputs), of_a_sample, samples)
    kept = min(samples * of_a_sample, RETAINED_BYTES + at_once * of_a_sample)
    batches = math.ceil(kept / (at_once * of_a_sample))
    room = room_for(parameters, min(pairs, parameters), products)
    wide = 3 if parameters <= CHUNK else 1  # small directions are held in float64 as well
    directions = 0 if room.in_file else wide * room.rows
    vectors = FLOAT * parameters * (batches + VECTORS + directions)
    return round(GRAIN * (kept + PASSING * at_once * of_a_sample)) + vectors


def graph_bytes(module: nn.Module, inputs: Tensor, labels: Tensor) -> int:
    """Bytes that the graph of the gradient keeps for every sample, without what all samples share."""
    most = min(LOOKED_AT, len(labels))
    few = most // 2
    more = _kept(module, inputs[:most], labels[:most]) - _kept(module, inputs[:few], labels[:few])
    return max(1, math.ceil(more / (most - few)))


def _kept(module: nn.Module, inputs: Tensor, labels: Tensor) -> int:
    if not len(labels):
        return 0
    count, parameters = SavedBytes(), list(module.parameters())
    with still(module, parameters), watched_saving(count):
        product = hessian_form(module, inputs, labels, len(labels), parameters)
    del product
    return count.total
