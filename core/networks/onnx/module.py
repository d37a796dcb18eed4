"""A translated graph as a torch module: its calls one after the other."""

from torch import Tensor, nn

from core.networks.onnx.store import fetch
from core.networks.onnx.values import Edge, Literal, Operand, Step


class TranslatedGraph(nn.Module):
    """Runs the calls of a graph in order. Meant to be exported: its code goes away, its calls and numbers stay.

    Parameters
    ----------
    kept : nn.Module
        The tensors, by their paths.
    steps : tuple of Step
    source, result : str
        The values that are the input and the output.
    own_axis : bool
        Whether the file's first axis has size one and the input comes without it.
    """

    def __init__(self, kept: nn.Module, steps: tuple[Step, ...], source: str, result: str, *, own_axis: bool) -> None:
        super().__init__()
        # Taken over whole, so that the names stay those of the file without a folder in front.
        self._parameters = kept._parameters  # noqa: SLF001
        self._buffers = kept._buffers  # noqa: SLF001
        self._non_persistent_buffers_set = kept._non_persistent_buffers_set  # noqa: SLF001
        self._modules = kept._modules  # noqa: SLF001
        self._steps, self._source, self._result, self._own_axis = steps, source, result, own_axis

    def forward(self, x: Tensor) -> Tensor:
        values = {self._source: x.unsqueeze(1) if self._own_axis else x}
        for step in self._steps:
            given = step.call.function(*(self._tensor(operand, values) for operand in step.call.operands))
            values.update(zip(step.outputs, given if isinstance(given, tuple) else (given,), strict=True))
            for name in step.freed:
                values.pop(name, None)
        return values[self._result]

    def _tensor(self, operand: Operand, values: dict[str, Tensor]) -> Tensor:
        if isinstance(operand, Edge):
            return values[operand.name]
        if isinstance(operand, Literal):
            return operand.tensor
        tensor = fetch(self, operand.path)
        return tensor.mT if operand.transposed else tensor
