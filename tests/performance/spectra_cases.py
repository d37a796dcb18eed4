"""Networks whose spectra are compared: a small one with a dense Hessian, and C1 of Yao et al. 2018, narrow and whole.

Needs nothing but torch, numpy and, to train, scikit-learn's digits, where it is imported.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.networks.architectures.registry import build_architecture
from tests.performance.peers_cases import Case

SAMPLES = 512
TOP = 20


def build_spectra_case(architecture: str) -> nn.Module:
    """A network with the shapes of its case, weights fresh: ``mlp…`` for small digits, ``c1…`` for colour images."""
    if architecture.startswith("mlp"):
        return build_architecture(architecture, (64,), 10)
    side = 32 if architecture == "c1" else 16
    return build_architecture(architecture, (3, side, side), 10)


def mlp() -> Case:
    """A trained MLP on digits, P = 3,466."""
    inputs, labels = _digits()
    return _trained("mlp:64-32-32-10", "MLP on digits", inputs.flatten(1), labels, 60)


def small_c1(steps: int) -> Case:
    """C1 of width 8 on enlarged digits, P = 19,778: after 25 steps with eigenvalues of both signs, after 80 trained."""
    inputs, labels = _digits()
    large = nn.functional.interpolate(inputs, size=(16, 16), mode="bilinear", align_corners=False)
    title = f"C1 of width 8 after {steps} steps"
    return _trained("c1_w8", title, large.expand(-1, 3, -1, -1).contiguous(), labels, steps)


def whole_c1(samples: int = 128, steps: int = 60) -> Case:
    """C1 at full width, P = 1,756,682, on digits enlarged to 3 × 32 × 32."""
    inputs, labels = _digits(samples)
    large = nn.functional.interpolate(inputs, size=(32, 32), mode="bilinear", align_corners=False)
    return _trained("c1", "C1 at full width", large.expand(-1, 3, -1, -1).contiguous(), labels, steps)


CASES: dict[str, Callable[[], Case]] = {
    "MLP": mlp,
    "C1-small early": lambda: small_c1(25),
    "C1-small trained": lambda: small_c1(80),
}


def _digits(samples: int = SAMPLES) -> tuple[Tensor, Tensor]:
    from sklearn.datasets import load_digits  # noqa: PLC0415  the peers' environment lacks it

    loaded = load_digits()
    images = torch.tensor(loaded.images[:samples, None] / 16, dtype=torch.float32)
    return (images - 0.3) / 0.38, torch.tensor(loaded.target[:samples])


def _trained(architecture: str, title: str, inputs: Tensor, labels: Tensor, steps: int) -> Case:
    torch.manual_seed(0)
    module = build_spectra_case(architecture).train()
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1 if architecture.startswith("mlp") else 0.02, momentum=0.9)
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        rows = torch.randint(0, len(labels), (64,), generator=generator)
        optimiser.zero_grad()
        nn.functional.cross_entropy(module(inputs[rows]), labels[rows]).backward()
        optimiser.step()
    return Case(title, architecture, module.eval(), inputs, labels)
