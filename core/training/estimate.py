"""What a training will take, said before it starts: time from one real batch, memory from the sizes of things."""

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from core.curvature.footprint import LOOKED_AT, search_bytes
from core.curvature.hessian import micro_batch
from core.data.dataset import Dataset
from core.errors import InvalidRequest, NumericalFailure
from core.job import JobContext
from core.networks.architectures.size import parameter_count
from core.networks.network import Network
from core.robustness.box import data_box
from core.robustness.input_hessian import JACOBIAN_BYTES
from core.training.augmentation import Augmenter
from core.training.inputs import output_count
from core.training.interrupting import Interrupter
from core.training.loop import Learner, learn_batch
from core.training.measuring import measure_quality
from core.training.memory import available_memory, in_words
from core.training.optimisers import build_optimiser
from core.training.preparing import bytes_of_a_sample, learnt_part, micro_batch_for, untrained_network
from core.training.recipe import TrainingRequest
from core.training.samples import FLOAT, SHARE, Samples, prepared_bytes

TIMED_SECONDS = 0.3  # quick units are timed more than once, up to so long
WARM_UP = 2  # the first units fetch memory and choose kernels, so the quickest of a few counts
SECOND_ORDER = ("fhsm", "l2hess")  # attacks that hold the Jacobians of the outputs
PRODUCTS = 12  # Hessian-vector products that the top eigenvalue takes as a rule
GRADIENTS = 2.4  # that one product costs


@dataclass(frozen=True, kw_only=True)
class TrainingEstimate:
    """What a training is expected to take."""

    seconds: float  # on this machine, as busy as it was when it was timed
    memory: int  # bytes at the height of it
    micro_batch: int  # samples that pass the network at once
    parameters: int
    checkpoint_bytes: int  # of all checkpoints, in memory and, if they are kept there, on disk
    available: int  # bytes of memory that were free

    @property
    def words(self) -> str:
        """One sentence for people."""
        return (
            f"{self.parameters:,} parameters, about {in_words(self.memory)} of memory ({in_words(self.available)} are "
            f"free), {self.micro_batch:,} samples at once, {in_words(self.checkpoint_bytes)} of checkpoints."
        )


def estimate(request: TrainingRequest, data: Dataset, test: Dataset | None, job: JobContext) -> TrainingEstimate:
    """Estimate time and memory of a training, from a batch that is learnt and one that is evaluated.

    Parameters
    ----------
    request : TrainingRequest
    data : Dataset
        Only its first samples are looked at.
    test : Dataset, optional

    Raises
    ------
    InvalidRequest
        If the recipe does not fit the data, or the memory would not suffice; the text says how much is missing, and
        what would take less.
    """
    used = learnt_part(request, data)
    network = untrained_network(request, used)
    micro = micro_batch_for(request, used)
    memory, checkpoints = _memory(request, network, used, test, micro)
    available = available_memory()
    if memory > available:
        raise InvalidRequest(
            f"The training would take about {in_words(memory)} of memory, but only {in_words(available)} are free. "
            f"Use a micro-batch below {micro:,}, fewer samples for the curvature, fewer checkpoints, or a smaller "
            "network."
        )
    return TrainingEstimate(
        seconds=_seconds(request, network, used, 0 if test is None else len(test), micro, job),
        memory=memory,
        micro_batch=micro,
        parameters=parameter_count(network.module),
        checkpoint_bytes=checkpoints,
        available=available,
    )


def _memory(
    request: TrainingRequest, network: Network, data: Dataset, test: Dataset | None, micro: int
) -> tuple[int, int]:
    """Bytes at the height of the training, and those of all checkpoints among them."""
    weights = sum(tensor.numel() * tensor.element_size() for tensor in network.module.state_dict().values())
    remembered = 2 if request.optimizer == "adam" else int(request.momentum > 0)
    kept = 2 + (request.epochs // request.checkpoint_every if request.checkpoint_every else 0)
    optimiser = 2 * remembered * weights  # once in use, once as it was at the end of the last epoch
    sample = bytes_of_a_sample(request, data)
    samples, quarter = 0, available_memory() // SHARE
    for one in (data, test):
        prepared = 0 if one is None else prepared_bytes(network, one)
        samples += prepared if prepared <= quarter else 0
    height = max(
        micro * sample + _attack_bytes(request, output_count(data), micro),
        _curvature_bytes(request, network, data),
    )
    return 2 * weights + optimiser + height + samples + kept * weights, kept * weights


def _attack_bytes(request: TrainingRequest, outputs: int, micro: int) -> int:
    """Bytes that an attack on a whole micro-batch needs besides the activations."""
    if request.robust is None:
        return 0
    inputs = 4 * micro * math.prod(request.input.shape) * FLOAT
    if request.robust.attack not in SECOND_ORDER:
        return inputs
    jacobians = outputs * micro * math.prod(request.input.shape) * FLOAT
    return inputs + 5 * min(jacobians, JACOBIAN_BYTES)  # one in float32, two in float64


def _curvature_bytes(request: TrainingRequest, network: Network, data: Dataset) -> int:
    """Bytes that the top eigenvalue needs."""
    wanted = max(request.curvature_samples, request.adaptive.samples if request.adaptive is not None else 0)
    if not wanted:
        return 0
    inputs, labels = network.prepare(data.first(LOOKED_AT))
    samples = min(wanted, len(data))
    return search_bytes(network.module, inputs, labels, samples, pairs=1, products=2 * PRODUCTS)


def _seconds(
    request: TrainingRequest, network: Network, data: Dataset, tests: int, micro: int, job: JobContext
) -> float:
    part = data.first(min(len(data), max(min(request.batch_size, micro), 2)))
    samples = Samples(network, part, job)
    learner = Learner(
        module=network.module,
        optimiser=build_optimiser(request, network.module),
        samples=samples,
        generator=torch.Generator().manual_seed(request.seed),
        augmenter=Augmenter(request.augmentation, request.input),
        box=data_box(network, part, job) if request.robust is not None else None,
        robust=request.robust,
        micro_batch=micro,
        interrupter=Interrupter(network.module, job),
    )
    chosen = torch.arange(min(len(part), request.batch_size))
    share = request.robust.share if request.robust is not None else 0.0
    network.module.train()
    learnt = _timed(lambda: learn_batch(learner, chosen, 0, share, job)) / len(chosen)
    looked_at = Samples(network, part.first(min(len(part), micro_batch(samples.inputs(slice(0, 1))))), job)
    evaluated = _timed(lambda: measure_quality(network.module, looked_at, job)) / len(looked_at)
    looks = 2 + (request.epochs - 1) // request.evaluate_every
    seconds = request.epochs * len(data) * learnt + looks * (len(data) + tests) * evaluated
    bent = min(request.curvature_samples, len(data))
    if request.adaptive is not None and request.adaptive.samples != request.curvature_samples:
        bent += min(request.adaptive.samples, len(data))
    return seconds + (request.epochs + 1) * bent * learnt * (1 + PRODUCTS * GRADIENTS)


def _timed(unit: Callable[[], object]) -> float:
    """Seconds of one unit: the quickest of a few, or the only one if it takes long."""
    times: list[float] = []
    while len(times) <= WARM_UP or sum(times) < TIMED_SECONDS:
        began = time.perf_counter()
        with contextlib.suppress(NumericalFailure):  # training will say so, and when; it takes as long all the same
            unit()
        times.append(time.perf_counter() - began)
        if sum(times) > 2 * TIMED_SECONDS:
            break
    return min(times)
