"""Whether a network is piecewise linear in its input: found by watching the operations of one forward pass.

Whatever a network is made of, layers, code of its own or an exported program, it comes down to torch's operations. A
value moves with the input if it was computed from one that does. Operations that are affine, or affine in pieces, keep
a network piecewise linear; products do if only one of the factors moves. Everything else, and whatever is not known
here, does not.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from core.networks.parameters import evaluation_mode


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


AFFINE = _names(
    "add add_ sub sub_ rsub neg neg_ sum mean cat stack clone contiguous alias detach lift_fresh_copy copy_ view "
    "_unsafe_view reshape _reshape_alias as_strided flatten squeeze unsqueeze permute transpose t expand repeat "
    "select slice split split_with_sizes unbind index_select narrow flip roll unfold im2col pixel_shuffle "
    "channel_shuffle constant_pad_nd reflection_pad1d reflection_pad2d replication_pad1d replication_pad2d "
    "avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d _adaptive_avg_pool2d _adaptive_avg_pool3d "
    "mkldnn_adaptive_avg_pool2d upsample_nearest1d upsample_nearest2d upsample_bilinear2d upsample_linear1d _to_copy "
    "cumsum diagonal "
    # in pieces
    "relu relu_ leaky_relu leaky_relu_ _prelu_kernel threshold threshold_ hardtanh hardtanh_ hardsigmoid hardsigmoid_ "
    "softshrink relu6 clamp clamp_ clamp_min clamp_min_ clamp_max clamp_max_ abs abs_ maximum minimum amax amin "
    "max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices max_pool2d mkldnn_max_pool2d "
    "adaptive_max_pool2d rrelu_with_noise"
)
# In which places the factors of a product stand: at most one of them may move.
PRODUCTS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("mul", "mul_", "mm", "bmm", "mv", "dot", "matmul", "linear", "mkldnn_linear"), (0, 1)),
    **dict.fromkeys(("convolution", "_convolution", "mkldnn_convolution", "convolution_overrideable"), (0, 1)),
    **dict.fromkeys(("addmm", "baddbmm", "addbmm", "addmv", "addcmul"), (1, 2)),
}
# The first may move, the others not: a moving divisor, weight or statistic is no factor.
FIRST_ONLY = _names(
    "div div_ native_batch_norm _native_batch_norm_legit_no_training _native_batch_norm_legit "
    "_batch_norm_with_update cudnn_batch_norm native_dropout index gather"
)
TRAINING_PLACE = {"native_batch_norm": 5, "_native_batch_norm_legit": 5, "cudnn_batch_norm": 5}
NUMBERS_ONLY = _names("sym_size sym_stride sym_numel is_same_size _has_same_storage_numel")


def is_piecewise_linear(module: nn.Module, inputs: Tensor) -> bool:
    """Whether every operation that these inputs go through is affine, or affine in pieces.

    Parameters
    ----------
    module : nn.Module
        Watched in evaluation mode.
    inputs : (n, …) float32
        One or two samples are enough.
    """
    with evaluation_mode(module), torch.no_grad():
        watch = _Watch(inputs)
        with watch:
            module(inputs)
    return watch.piecewise_linear


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows what is computed from the inputs."""

    def __init__(self, inputs: Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._moving = {id(inputs): inputs}  # kept, so that no other tensor gets the same identity
        self.piecewise_linear = True

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        del types
        named = kwargs or {}
        result = func(*args, **named)
        if any(self._moves(leaf) for leaf in tree_leaves((args, named))):
            name = func.overloadpacket.__name__
            self.piecewise_linear &= self._keeps(name, args, named)
            for leaf in tree_leaves(result):
                if isinstance(leaf, Tensor):
                    self._moving[id(leaf)] = leaf
        return result

    def _moves(self, value: object) -> bool:
        return isinstance(value, Tensor) and id(value) in self._moving

    def _keeps(self, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> bool:
        if "out" in named or self._writes_elsewhere(name, args):
            return False
        if name in AFFINE or name in NUMBERS_ONLY:
            return True
        if name in PRODUCTS:
            return sum(self._moves(args[place]) for place in PRODUCTS[name] if place < len(args)) <= 1
        training = TRAINING_PLACE.get(name)
        if training is not None and args[training]:
            return False
        rest = tree_leaves((args[1:], named))
        return name in FIRST_ONLY and not any(self._moves(leaf) for leaf in rest)

    def _writes_elsewhere(self, name: str, args: tuple[Any, ...]) -> bool:
        """Whether a moving value is written into a part of one that stands still: the whole would move unseen."""
        written = args[0] if name.endswith("_") and not name.endswith("__") and args else None
        return isinstance(written, Tensor) and not self._moves(written) and written._is_view()  # noqa: SLF001
