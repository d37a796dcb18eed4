"""The linear maps a network is made of, found by watching one sample on its way through it.

What is watched are torch's own operations, to which built-in architectures and exported programs come down alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from core.generalisation.complexity import LayerKind
from core.job import JobContext
from core.networks.parameters import evaluation_mode

aten = torch.ops.aten


@dataclass(frozen=True, kw_only=True)
class Convolving:
    """How a convolution is done, as torch's operation is told."""

    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    transposed: bool
    output_padding: tuple[int, ...]
    groups: int


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearMap:
    """One use of a layer's weights."""

    name: str  # of the weight, such as ``layer1.0.conv1.weight``
    kind: LayerKind
    weight: Tensor = field(repr=False)  # (outputs, inputs), a kernel, or the (channels,) factors of a normalisation
    parameters: int  # of weights and offsets
    input_shape: tuple[int, ...]  # of one sample
    convolving: Convolving | None = None  # of a convolution

    @property
    def layer(self) -> str:
        """Name of the module, or of the weight where it stands on its own."""
        return self.name.rpartition(".")[0] or self.name


def linear_maps(module: nn.Module, sample: Tensor, job: JobContext) -> tuple[tuple[LinearMap, ...], tuple[str, ...]]:
    """Follow a sample, and note every linear map in the order in which they act, with the sizes they act on.

    Parameters
    ----------
    module : nn.Module
        Set to evaluation mode for as long as this takes.
    sample : (1, …) float32

    Returns
    -------
    The maps, and the names of the parameters that belong to none of them.
    """
    watcher = _Watcher(module, job)
    with evaluation_mode(module), torch.no_grad(), watcher:
        module(sample)
    unlisted = tuple(name for name, _ in module.named_parameters() if name not in watcher.seen)
    return tuple(watcher.maps), unlisted


class _Watcher(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own
    """Notes operations whose weights are parameters of the module, whatever view of them is used."""

    def __init__(self, module: nn.Module, job: JobContext) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._job = job
        # By where they begin: a transposed or expanded view begins there, too.
        self._named: dict[int, tuple[str, Tensor]] = {
            parameter.data_ptr(): (name, parameter.detach())
            for name, parameter in module.named_parameters()
            if parameter.numel()
        }
        self.maps: list[LinearMap] = []
        self.seen: set[str] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        del types
        self._job.check()
        packet = func.overloadpacket
        if packet is aten.convolution:
            self._convolution(*args)
        elif packet in (aten.addmm, aten.mm, aten.bmm, aten.linear):
            self._dense(*args)
        elif packet is aten.native_batch_norm:
            self._normalisation(*args)
        return func(*args, **(kwargs or {}))

    def _name(self, tensor: object) -> str:
        """Name of the parameter that a tensor is, or is a view of; "" for any other."""
        if not isinstance(tensor, Tensor) or not tensor.numel():
            return ""
        name, _ = self._named.get(tensor.data_ptr(), ("", None))
        return name

    def _convolution(self, x: Tensor, weight: Tensor, bias: Tensor | None, *how: Any) -> None:
        stride, padding, dilation, transposed, output_padding, groups = how
        convolving = Convolving(
            stride=tuple(stride),
            padding=tuple(padding),
            dilation=tuple(dilation),
            transposed=transposed,
            output_padding=tuple(output_padding),
            groups=groups,
        )
        self._note("convolution", weight, bias, weight.detach(), tuple(x.shape[1:]), convolving)

    def _dense(self, *args: Any) -> None:
        """``x Wᵀ``, ``b + x Wᵀ`` or ``W x``: one of the factors is a parameter."""
        parameters = [value for value in args if isinstance(value, Tensor) and self._name(value)]
        bias = next((value for value in parameters if value.ndim == 1), None)
        for weight in parameters:
            matrix = self._named[weight.data_ptr()][1]
            if weight.ndim > 1 and matrix.ndim == 2:
                self._note("dense", weight, bias, matrix, (matrix.shape[1],))

    def _normalisation(
        self, x: Tensor, weight: Tensor | None, bias: Tensor | None, mean: Tensor, variance: Tensor, *how: Any
    ) -> None:
        del mean
        _, _, epsilon = how
        factors = 1 / (variance.detach().double() + epsilon).sqrt()
        if weight is not None:
            factors = factors * weight.detach().double()
        self._note("normalisation", weight, bias, factors, tuple(x.shape[1:]))

    def _note(
        self,
        kind: LayerKind,
        weight: Tensor | None,
        bias: Tensor | None,
        values: Tensor,
        shape: tuple[int, ...],
        convolving: Convolving | None = None,
    ) -> None:
        name = self._name(weight)
        fresh = [tensor for tensor in (weight, bias) if (own := self._name(tensor)) and own not in self.seen]
        self.seen |= {self._name(tensor) for tensor in fresh}
        if not name and kind != "normalisation":
            return  # weights that are computed on the way are nobody's parameters
        self.maps.append(
            LinearMap(
                name=name or f"normalisation {len(self.maps) + 1}",
                kind=kind,
                weight=values,
                parameters=sum(tensor.numel() for tensor in fresh if tensor is not None),
                input_shape=shape,
                convolving=convolving,
            )
        )
