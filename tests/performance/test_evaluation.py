"""One grid point of ours against the plain way: reload a state dict, then one forward pass over everything."""

import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest
import torch

from core.data.dataset import Dataset
from core.job import JobContext
from core.landscape.directions.random import random_directions
from core.landscape.evaluation.plane import plane_evaluator
from core.landscape.surface import RandomDirections
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from core.runtime import keep_memory

IMAGES = 256
ROUNDS = 5
LOOSE = 1.5  # times the plain way: noise of a busy machine, not a claim


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process: wall time says nothing where others compute too."""
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.slow
def test_a_grid_point_costs_no_more_than_the_plain_way(capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    keep_memory()  # helps both: the gain that is left is not the allocator's
    module = build_architecture("resnet20", (3, 32, 32), 10).eval()
    numbers = np.random.default_rng(0)
    x = numbers.normal(size=(IMAGES, 3, 32, 32)).astype(np.float32)
    data = Dataset(name="noise", x=x, y=numbers.integers(0, 10, IMAGES))
    card = NetworkCard(name="n", input=InputCard(shape=(3, 32, 32)), architecture="resnet20")
    inputs, labels = Network(card=card, module=module, sha256="0").prepare(data)
    directions = random_directions(module, RandomDirections())
    plain_module = build_architecture("resnet20", (3, 32, 32), 10).eval()
    centre = {name: value.clone() for name, value in module.state_dict().items()}
    moves = {
        name: (torch.from_numpy(directions.x[name]), torch.from_numpy(directions.y[name])) for name in directions.x
    }

    def plain() -> float:
        state = {
            name: value + 0.3 * moves[name][0] - 0.2 * moves[name][1] if name in moves else value
            for name, value in centre.items()
        }
        plain_module.load_state_dict(state)
        with torch.no_grad():
            return float(torch.nn.functional.cross_entropy(plain_module(inputs), labels))

    with plane_evaluator(module, directions, inputs, labels, JobContext()) as evaluator:

        def ours() -> float:
            return evaluator.at(0.3, -0.2, JobContext()).loss

        assert ours() == pytest.approx(plain(), rel=1e-5)
        # In turn, so that what disturbs one disturbs the other.
        ratios = [cpu_seconds(ours) / cpu_seconds(plain) for _ in range(ROUNDS)]
    torch.set_num_threads(threads)
    ratio = statistics.median(ratios)
    with capsys.disabled():
        print(f"\none grid point, ResNet-20, {IMAGES} images: {ratio:.2f} of the plain way ({ROUNDS} rounds)")  # noqa: T201
    assert ratio < LOOSE
