"""Computes the running statistics of batch normalisation anew at a point (Garipov et al. 2018, §5.1; `update_bn`)."""

import torch
from torch import Tensor, fx, nn
from torch.nn.modules.batchnorm import _BatchNorm

from core.errors import UnsupportedNetwork
from core.job import JobContext
from core.landscape.evaluation.graph_norm import GraphNorm
from core.landscape.evaluation.operations import aten, norm_at

BATCH = 128  # samples over which a layer normalises while the statistics are averaged, as in training


class Recalibration:
    """Runs samples through a module in whose layers of batch normalisation only are in training mode.

    The statistics become the average over one pass, each batch weighted by its size, so that they do not depend on
    those that were there. Dropout stays off. A module without batch normalisation is left alone.

    Parameters
    ----------
    module : nn.Module
        A copy that may be changed; use `module` instead of it.

    Raises
    ------
    UnsupportedNetwork
        If a program has running statistics that no layer of normalisation can be seen to use.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = _with_layers(module) if isinstance(module, fx.GraphModule) else module
        self._layers = [
            layer
            for layer in self.module.modules()
            if isinstance(layer, _BatchNorm | GraphNorm) and layer.running_mean is not None
        ]

    def run(self, inputs: Tensor, job: JobContext) -> None:
        """Set the statistics to those of the inputs; call it in inference mode.

        Whether the job should stop is asked at every layer of normalisation: a batch of a deep network takes long.
        """
        if not self._layers:
            return
        for layer in self._layers:
            layer.training = True
            _tensor(layer.running_mean).zero_()  # what is not finite there would stay, however little it counted
            _tensor(layer.running_var).fill_(1)
        kept = [layer.momentum for layer in self._layers]
        watched = [layer.register_forward_pre_hook(lambda *_: job.check()) for layer in self._layers]
        seen = 0
        try:
            for batch in torch.split(inputs, _batches(len(inputs))):
                seen += len(batch)
                for layer in self._layers:
                    layer.momentum = len(batch) / seen  # the first batch replaces what was there
                self.module(batch)
        finally:
            for handle in watched:
                handle.remove()
            for layer, momentum in zip(self._layers, kept, strict=True):
                layer.training, layer.momentum = False, momentum


def _tensor(statistics: Tensor | None) -> Tensor:
    assert statistics is not None  # noqa: S101  layers without were left out
    return statistics


def _batches(samples: int) -> list[int]:
    """Sizes of the batches; one sample left over has no variance and joins the last."""
    sizes = [BATCH] * (samples // BATCH) + [samples % BATCH] * (samples % BATCH > 0)
    if len(sizes) > 1 and sizes[-1] == 1:
        sizes[-2:] = [sizes[-2] + 1]
    return sizes


def _with_layers(program: fx.GraphModule) -> fx.GraphModule:
    used: set[int] = set()
    for number, node in enumerate(list(program.graph.nodes)):
        norm = norm_at(program, node)
        if norm is None or node.op != "call_function" or node.target is not aten.batch_norm.default:
            continue
        used |= {norm.mean.data_ptr(), norm.variance.data_ptr()}
        name = f"recalibrated_{number}"
        program.add_submodule(name, GraphNorm(norm.epsilon, norm.mean, norm.variance))
        with program.graph.inserting_after(node):
            layer = program.graph.call_module(name, tuple(node.args[:5]))
        node.replace_all_uses_with(layer)
        program.graph.erase_node(node)
    program.recompile()
    for name, buffer in program.named_buffers():
        if name.endswith(("running_mean", "running_var")) and buffer.data_ptr() not in used:
            raise UnsupportedNetwork(
                f'The statistics of batch normalisation cannot be computed anew: the program uses "{name}" in a form '
                "that was frozen when it was exported. Choose frozen statistics, or open the network from its weights."
            )
    return program
