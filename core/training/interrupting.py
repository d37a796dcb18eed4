"""Stopping inside a batch: a large one takes seconds, and whoever pressed Stop should not wait for it."""

from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from core.job import JobContext

SLOW = 0.05  # seconds that a batch takes before its layers are watched


class Interrupter:
    """Asks `job.check` after every layer, forward and backward, as long as batches are slow.

    Quick batches are left alone: for small networks the questions would cost a fifth of the time. What is computed is
    the same with and without.
    """

    def __init__(self, module: nn.Module, job: JobContext) -> None:
        self._module, self._job = module, job
        self._handles: list[RemovableHandle] = []
        self._watch()  # until it is known how long a batch takes

    def took(self, seconds: float) -> None:
        """Take note of how long a batch took."""
        if seconds < SLOW:
            self.release()
        elif not self._handles:
            self._watch()

    def release(self) -> None:
        """Leave the module alone."""
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def _watch(self) -> None:
        layers = [layer for layer in self._module.modules() if not any(True for _ in layer.children())]
        self._handles = [layer.register_forward_hook(self._asked) for layer in layers]

    def _asked(self, _layer: nn.Module, _inputs: object, output: object) -> None:
        self._job.check()
        if isinstance(output, Tensor) and output.requires_grad:
            output.register_hook(lambda _gradient: self._job.check())  # type: ignore[no-untyped-call]
