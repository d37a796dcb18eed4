"""Evaluates points on several threads, each with a copy of the network and one thread inside it."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import torch

from core.errors import Cancelled
from core.job import JobContext
from core.landscape.evaluation.points import PointValues
from core.landscape.evaluation.replica import Replica

Point = tuple[float, float]
Evaluate = Callable[[Replica, Point, JobContext], PointValues]
PATIENCE = 0.05  # seconds between two looks whether the job was stopped


class _Until(JobContext):
    """The job as the workers see it: the thread that started them asks the real one."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def check(self) -> None:
        if self._stop.is_set():
            raise Cancelled("The job was stopped.")


def on_threads(
    replicas: list[Replica], evaluate: Evaluate, points: Iterable[Point], job: JobContext
) -> Generator[tuple[int, PointValues]]:
    """Give every point's values with its place among `points`, as they become known.

    However it ends, by a stop, an error or because nobody asks for more: when it has ended, no thread is left.
    """
    stop = threading.Event()
    inner = _Until(stop)
    idle: queue.SimpleQueue[Replica] = queue.SimpleQueue()
    for replica in replicas:
        idle.put(replica)

    def work(point: Point) -> PointValues:
        replica = idle.get()
        try:
            return evaluate(replica, point, inner)
        finally:
            idle.put(replica)

    threads = torch.get_num_threads()
    executor = ThreadPoolExecutor(len(replicas), "landscape", initializer=torch.set_num_threads, initargs=(1,))
    running: dict[Future[PointValues], int] = {}
    numbered = enumerate(points)
    try:
        while True:
            while len(running) < len(replicas) + 1 and (following := next(numbered, None)) is not None:
                running[executor.submit(work, following[1])] = following[0]
            if not running:
                return
            done, _ = wait(running, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            job.check()
            for future in done:
                yield running.pop(future), future.result()
    finally:
        stop.set()
        executor.shutdown(wait=True, cancel_futures=True)
        torch.set_num_threads(threads)  # some of torch's libraries keep one number for all threads
