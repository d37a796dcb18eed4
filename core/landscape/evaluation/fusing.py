"""Rewrites a network's graph: convolution, normalisation, sum and ReLU become one layer where nothing else looks on."""

import torch
from torch import Tensor, fx, nn

from core.landscape.evaluation.copying import graph_of
from core.landscape.evaluation.folding import Folding
from core.landscape.evaluation.fused_layers import FusedLayer, fused_layer
from core.landscape.evaluation.operations import Affine, Norm, added_to, affine_at, is_relu, norm_at


class FusedNetwork:
    """A network whose layers are fused; call `refresh` after its tensors have changed.

    Parameters
    ----------
    graph : fx.GraphModule
        Shares its tensors with the network, and is rewritten.
    """

    def __init__(self, graph: fx.GraphModule) -> None:
        layers = _fuse(graph)
        self.layers = len(layers)  # how many took something else in
        self._folding = Folding(layers)
        self._forward = graph

    def refresh(self) -> None:
        """Prepare the weights of the present point."""
        self._folding.refresh()

    def __call__(self, batch: Tensor) -> Tensor:
        outputs: Tensor = self._forward(batch)
        return outputs


def fused_network(module: nn.Module) -> FusedNetwork | None:
    """The network with its layers fused; None where it cannot be traced or has nothing to be fused."""
    graph = graph_of(module)
    if graph is None:
        return None
    fused = FusedNetwork(graph)
    return fused if fused.layers else None


def _fuse(graph: fx.GraphModule) -> list[tuple[FusedLayer, Norm | None]]:
    layers: list[tuple[FusedLayer, Norm | None]] = []
    for node in list(graph.graph.nodes):
        affine = affine_at(graph, node)
        if affine is not None:
            layers += _fuse_behind(graph, node, affine, number=len(layers))
    for node in list(graph.graph.nodes):
        if is_relu(graph, node):
            _overwrite(graph, node)
    graph.graph.lint()
    graph.recompile()
    return layers


def _fuse_behind(
    graph: fx.GraphModule, node: fx.Node, affine: Affine, number: int
) -> list[tuple[FusedLayer, Norm | None]]:
    """Replace a layer and what follows it by one; nothing where there is nothing to be gained."""
    last, taken, norm, summand = node, [node], None, None
    following = _only_user(last)
    if following is not None and _fits(norm_at(graph, following), last, affine):
        norm, last = norm_at(graph, following), following
        taken.append(last)
        following = _only_user(last)
    if following is not None and affine.dimensions == 2 and (other := added_to(following, last)) is not None:
        summand, last = other, following
        taken.append(last)
        following = _only_user(last)
    relu = following is not None and is_relu(graph, following)
    if relu and following is not None:
        last = following
        taken.append(last)
    if len(taken) == 1:
        return []
    layer = fused_layer(affine, normalised=norm is not None, relu=relu)
    name = f"fused_{number}"
    graph.add_submodule(name, layer)
    with graph.graph.inserting_after(last):
        inputs = (affine.source,) if summand is None else (affine.source, summand)
        replacement = graph.graph.call_module(name, inputs)
    last.replace_all_uses_with(replacement)
    for old in reversed(taken):
        graph.graph.erase_node(old)
    return [(layer, norm)]


def _fits(norm: Norm | None, source: fx.Node, affine: Affine) -> bool:
    return norm is not None and norm.source is source and len(norm.mean) == affine.weight.shape[0]


def _only_user(node: fx.Node) -> fx.Node | None:
    return next(iter(node.users)) if len(node.users) == 1 else None


def _overwrite(graph: fx.GraphModule, node: fx.Node) -> None:
    """Let a ReLU overwrite its input where that was made for it alone: half the memory is touched."""
    source = node.args[0] if node.args else None
    if not isinstance(source, fx.Node) or len(source.users) != 1:
        return
    if norm_at(graph, source) is not None or added_to(source, source) is not None or affine_at(graph, source):
        node.op, node.target, node.args, node.kwargs = "call_function", torch.relu_, (source,), {}
