"""The papers' networks once more, in as little code as they can be said in: truth for tests, in float64."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

State = Mapping[str, Tensor]


def resnet56_logits(state: State, images: Tensor, *, shortcuts: bool) -> Tensor:
    """ResNet-56 for CIFAR-10 as its authors trained it, or the same without any shortcut (Li et al. 2018, §6).

    Parameters
    ----------
    images : (n, 3, 32, 32), normalised
    """

    def normed(x: Tensor, name: str) -> Tensor:
        statistics = (state[f"{name}.running_mean"], state[f"{name}.running_var"])
        return functional.batch_norm(x, *statistics, state[f"{name}.weight"], state[f"{name}.bias"])

    x = functional.relu(normed(functional.conv2d(images, state["conv1.weight"], padding=1), "bn1"))
    for stage in (1, 2, 3):
        for number in range(9):
            block, stride = f"layer{stage}.{number}", 2 if stage > 1 and number == 0 else 1
            y = functional.conv2d(x, state[f"{block}.conv1.weight"], stride=stride, padding=1)
            y = functional.relu(normed(y, f"{block}.bn1"))
            y = normed(functional.conv2d(y, state[f"{block}.conv2.weight"], padding=1), f"{block}.bn2")
            if shortcuts and stride == 2:
                x = functional.conv2d(x, state[f"{block}.shortcut.0.weight"], stride=stride)
                x = normed(x, f"{block}.shortcut.1")
            x = functional.relu(y + x if shortcuts else y)
    return functional.linear(x.mean(dim=(2, 3)), state["linear.weight"], state["linear.bias"])


def relu_logits(state: State, rows: Tensor) -> Tensor:
    """A chain of affine layers ``W0, b0, W1, b1, …`` with ReLU between them. (n, inputs) to (n, outputs)."""
    layers = sum(name.startswith("W") for name in state)
    x = rows
    for layer in range(layers):
        x = x @ state[f"W{layer}"] + state[f"b{layer}"]
        if layer < layers - 1:
            x = torch.relu(x)
    return x
