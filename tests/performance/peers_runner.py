"""Runs in the peers' environment: a tool walks over its plane, and the CPU time of each grid point is written down.

``python -m tests.performance.peers_runner CASE TOOL``: CASE is a file of weights and samples. For each line read, a
number of grid points, one line is written: the CPU seconds of each, as JSON.
"""

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import nn

from tests.performance.peers_cases import build

STEPS = 11  # a side of the grid that is begun; points are all alike
Evaluate = Callable[[object], float]


class EnoughPoints(Exception):
    """The tool has walked over as many points as were asked for."""


class Clock:
    """Stops the CPU time from the end of one point's evaluation to the end of the next: a move and an evaluation."""

    def __init__(self, points: int) -> None:
        self._points, self._ends = points, list[float]()

    def tick(self) -> None:
        """Note the end of a point."""
        self._ends.append(time.process_time())
        if len(self._ends) > self._points:
            raise EnoughPoints

    def seconds(self) -> list[float]:
        return np.diff(self._ends).tolist()


def loss_landscapes(model: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, clock: Clock) -> None:
    """Its own `random_plane` with its own `Loss`, as its README shows."""
    import loss_landscapes as tool  # noqa: PLC0415
    from loss_landscapes import metrics  # noqa: PLC0415

    class Timed(metrics.Loss):  # type: ignore[misc]
        def __call__(self, model_wrapper: object) -> float:
            loss: float = super().__call__(model_wrapper)
            clock.tick()
            return loss

    metric = Timed(nn.CrossEntropyLoss(), inputs, labels)
    tool.random_plane(model, metric, distance=10, steps=STEPS, normalization="filter", deepcopy_model=True)


def landscaper(model: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, clock: Clock) -> None:
    """Its own `compute_loss_landscape` in two random directions; from the corner of 11 × 11, so few additions."""
    from landscaper.compute import compute_loss_landscape  # noqa: PLC0415

    criterion = nn.CrossEntropyLoss()

    def loss(model: nn.Module, data: tuple[torch.Tensor, torch.Tensor]) -> float:
        value = criterion(model(data[0]), data[1]).item()
        clock.tick()
        return value

    directions = [[torch.randn_like(p) for p in model.parameters()] for _ in range(2)]
    data = (inputs, labels)
    compute_loss_landscape(model, data, directions, loss, steps=STEPS, distance=0.05, dim=2, device="cpu")


def plain_loop(model: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, clock: Clock) -> None:
    """The original tool's scheme, written anew: every point reloads the weights, and walks over batches of 128."""
    centre = {name: value.clone() for name, value in model.state_dict().items()}
    directions = [{name: torch.randn_like(p) * 0.01 for name, p in model.named_parameters()} for _ in range(2)]
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, labels), batch_size=128)
    criterion = nn.CrossEntropyLoss()
    for a in np.linspace(-1, 1, STEPS):
        for b in np.linspace(-1, 1, STEPS):
            moved = {name: centre[name] + a * step + b * directions[1][name] for name, step in directions[0].items()}
            model.load_state_dict(centre | moved)
            total, right = 0.0, 0
            with torch.no_grad():
                for batch, targets in loader:
                    outputs = model(batch)
                    total += criterion(outputs, targets).item() * len(batch)
                    right += int((outputs.argmax(dim=1) == targets).sum())
            clock.tick()


TOOLS = {"loss-landscapes": loss_landscapes, "Landscaper": landscaper, "plain loop": plain_loop}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without the tools' own progress bars."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def main(case: str, tool: str) -> None:
    """Answer until the other side closes the pipe."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with np.load(case, allow_pickle=False) as file:
        model = build(str(file["architecture"])).eval()
        weights = {name[2:]: torch.from_numpy(file[name]) for name in file.files if name.startswith("w/")}
        inputs, labels = torch.from_numpy(file["inputs"]), torch.from_numpy(file["labels"])
    for line in sys.stdin:
        clock = Clock(int(line))
        model.load_state_dict(weights)  # a tool may leave it displaced
        with quiet(), contextlib.suppress(EnoughPoints):
            TOOLS[tool](model, inputs, labels, clock)
        os.write(1, (json.dumps(clock.seconds()) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
