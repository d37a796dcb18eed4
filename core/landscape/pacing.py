"""How long each kind of work takes on this machine: measured before a long computation, by the means that it will use.

Imports torch only where it measures: the window reckons with paces before torch is there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.job import JobContext
from core.landscape.effort import Work
from core.networks.pace import BATCH
from core.networks.pace import Pace as PlainPace
from core.networks.pace import measure_pace as measure_plain

if TYPE_CHECKING:
    from core.data.dataset import Dataset
    from core.networks.network import Network

SECONDS = 0.15  # of passes on whose samples a point is timed
FEWEST, MOST = 64, 512  # such samples
DIFFERENTIATED = (8, 64)  # samples whose products with the Hessian are timed; more only where fewer are quick
ENOUGH = 0.1  # seconds of such a product
REPEATS = 3  # the fastest counts
LEAST_SHARE = 0.05  # of a product that grows with the samples: less is not told from noise
ROWS = 4  # vectors whose inner products are timed
ROW_PASSES = 120  # over all entries of a vector, between two products: some ten for each of a dozen vectors
OURSELVES = 0.3  # cores that this process keeps busy beside the measuring: then the machine is not slow, we are
LOOK = 0.3  # seconds of the whole measurement, at least: in less, others' work is there or not by chance
SLOWEST = 5.0  # times slower by others' work, at most: more is an accident of the moment


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds for each kind of `Work`."""

    setup: float  # to find the fastest way of evaluating
    point: float  # beside its samples
    sample: float  # at a point, the fastest way
    plain: PlainPace  # the network as it is, in its usual batches
    graph: float = 0.0  # a sample's gradient, with what differentiates it again
    product: float = 0.0  # a sample's product with the Hessian, its graph at hand
    room: float = float("inf")  # samples whose graphs fit into memory
    search: float = 0.0  # on the vectors between two products

    def seconds(self, work: Work) -> float:
        """Time for all of it."""
        kept = min(1.0, self.room / work.differentiated) if work.differentiated else 1.0
        graphs = kept * work.graphs + (1 - kept) * work.products
        return (
            work.setups * self.setup
            + work.points * self.point
            + work.samples * self.sample
            + self.plain.seconds(work.passes, BATCH)
            + graphs * self.graph
            + work.products * self.product
            + work.searches * self.search
        )


def measure_pace(network: "Network", data: "Dataset", job: JobContext, *, curvature: bool = False) -> Pace:
    """Time a point of a plane as it will be evaluated, and a product with the Hessian if that is asked for.

    Takes one or two seconds for deep networks. The network is left as it was. With a single thread its own processor
    time is taken, and multiplied by how much longer the whole measurement took, unless that was for other work of this
    process: that will be done when the computation begins.

    Parameters
    ----------
    data : Dataset
        The first samples of it are measured.
    curvature : bool
        Whether products with the Hessian are timed.
    """
    clock = _Clock()
    plain = measure_plain(network, data, job)
    count = min(len(data), max(FEWEST, min(MOST, int(SECONDS / plain.sample))))
    setup, point, sample = _timed_points(network, data.first(count), clock, job)
    pace = Pace(setup=setup, point=point, sample=sample, plain=plain)
    if curvature:
        pace = _with_curvature(pace, network, data.first(min(len(data), DIFFERENTIATED[-1])), clock, job)
    return _slower(pace, clock.slowness())


class _Clock:
    """Processor time of this thread where torch computes in it alone, and what the machine makes of it."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415

        self._alone = torch.get_num_threads() == 1
        self.now: Callable[[], float] = time.thread_time if self._alone else time.perf_counter
        self._began = time.perf_counter(), time.thread_time(), time.process_time()

    def fastest(self, work: Callable[[], object], repeats: int = REPEATS) -> float:
        """Seconds of the fastest of some attempts."""
        took = []
        for _ in range(repeats):
            began = self.now()
            work()
            took.append(self.now() - began)
        return min(took)

    def settle(self, work: Callable[[], object]) -> None:
        """Do something again until the measurement has lasted long enough to see others' work."""
        while time.perf_counter() - self._began[0] < LOOK:
            work()

    def slowness(self) -> float:
        """How many times longer everything since the start took, if it was for work of others."""
        wall, own, all_threads = time.perf_counter(), time.thread_time(), time.process_time()
        wall, own, all_threads = wall - self._began[0], own - self._began[1], all_threads - self._began[2]
        if not self._alone or all_threads - own > OURSELVES * wall:
            return 1.0
        return min(SLOWEST, max(1.0, wall / max(own, 1e-9)))


def _timed_points(network: "Network", data: "Dataset", clock: _Clock, job: JobContext) -> tuple[float, float, float]:
    """Seconds to prepare, for a point, and for each sample of it."""
    from core.landscape.directions.random import random_directions  # noqa: PLC0415  imports torch
    from core.landscape.evaluation.setting_up import prepare  # noqa: PLC0415
    from core.landscape.plane import RandomDirections  # noqa: PLC0415

    inputs, labels = network.prepare(data)
    began = clock.now()
    directions = random_directions(network.module, RandomDirections(ignore="none"))
    prepared = prepare(network.module, directions, inputs, labels, job, "frozen")
    setup = clock.now() - began
    replica, way = prepared.replica, prepared.way
    inputs, labels = inputs.to(replica.device, replica.dtype), labels.to(replica.device)
    move = clock.fastest(lambda: replica.move(0.1, 0.1, inputs, way, job))
    if prepared.workers > 1:  # measured in one thread while it was prepared
        whole = prepared.seconds
        move /= prepared.workers
    else:
        whole = move + clock.fastest(lambda: replica.values(inputs, labels, way, job))
    clock.settle(lambda: replica.values(inputs, labels, way, job))
    return setup, move, max(0.0, whole - move) / len(labels)


def _with_curvature(pace: Pace, network: "Network", data: "Dataset", clock: _Clock, job: JobContext) -> Pace:
    import torch  # noqa: PLC0415

    from core.curvature.footprint import graph_bytes  # noqa: PLC0415
    from core.curvature.hessian import RETAINED_BYTES, hessian_vector_product  # noqa: PLC0415
    from core.curvature.reductions import inner_products  # noqa: PLC0415
    from core.networks.mean_loss import channels_last  # noqa: PLC0415

    inputs, labels = network.prepare(data)
    inputs = channels_last(inputs)
    with hessian_vector_product(network.module, inputs[:1], labels[:1], job) as product:
        vector = torch.ones(product.size)
        product(vector)  # the first one of a process sets things up
    times = []  # samples, seconds of a product with its graphs, and without
    for count in DIFFERENTIATED:
        with hessian_vector_product(network.module, inputs[:count], labels[:count], job) as product:
            first = clock.fastest(lambda: product(vector), 1)
            times.append((min(count, len(labels)), first, clock.fastest(lambda: product(vector), 1)))
        if times[-1][2] > ENOUGH or count >= len(labels):
            break
    held = graph_bytes(network.module, inputs, labels)
    rows = torch.ones(ROWS, len(vector))
    search = ROW_PASSES * clock.fastest(lambda: inner_products(rows, vector, job.check)) / ROWS
    count, first, each = times[-1]
    more = each / count
    if len(times) > 1 and count > times[-2][0]:
        # Of a deep network with small inputs most of a product is the same for few samples as for many.
        more = min(more, max(LEAST_SHARE * more, (each - times[-2][2]) / (count - times[-2][0])))
    return replace(
        pace,
        graph=max(0.0, first - each) / count,
        product=more,
        room=RETAINED_BYTES / held,
        search=search + each - more * count,
    )


def _slower(pace: Pace, times: float) -> Pace:
    plain = PlainPace(batch=times * pace.plain.batch, sample=times * pace.plain.sample)
    rest = {name: times * getattr(pace, name) for name in ("setup", "point", "sample", "graph", "product", "search")}
    return replace(pace, plain=plain, **rest)
