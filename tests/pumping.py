"""A simulated pumping station: its table, and a small network that predicts its pressure. Nobody measured these."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file
from torch import nn

from tests.threads import one_torch_thread

ROWS = 240
STEPS = 400
COLUMNS = ("speed", "valve", "inlet", "hour", "demand")
FEATURES = """
name = "Pumping station (simulated)"
target = "pressure"
target_unit = "bar"
classes = []
[[features]]
name = "speed"
unit = "rpm"
low = 1100.0
high = 1800.0
half_width = 15.0
[[features]]
name = "valve"
unit = "%"
low = 20.0
high = 100.0
half_width = 2.0
[[features]]
name = "inlet"
unit = "bar"
change = "fixed"
[[features]]
name = "hour"
kind = "integer"
change = "fixed"
[[features]]
name = "demand"
unit = "m³/h"
low = 20.0
high = 140.0
change = "down"
"""
CARD = """
name = "Pressure"
architecture = "mlp:5-24-16-1"
weights = "pressure.safetensors"
[input]
shape = [5]
mean = [{mean}]
std = [{std}]
"""
FloatArray = npt.NDArray[np.float64]


def simulated(rows: int = ROWS) -> tuple[FloatArray, FloatArray]:
    """Settings (n, 5) in the order of `COLUMNS`, and the pressure (n,) in bar: pump curve less losses, and noise."""
    draw = np.random.default_rng(17)
    speed, valve = draw.uniform(1100, 1800, rows), draw.uniform(20, 100, rows)
    inlet, hour = draw.uniform(0.8, 1.6, rows), draw.integers(0, 24, rows).astype(np.float64)
    demand = 60 + 35 * np.exp(-(((hour - 17) / 2.5) ** 2)) + 25 * np.exp(-(((hour - 7) / 2) ** 2))
    demand = np.clip(demand + draw.normal(0, 6, rows), 20, 140)
    pressure = inlet + 4.2 * (speed / 1500) ** 2 - 0.9 * (demand / 100) ** 2 * (1 + 0.25 * (100 / valve - 1))
    return np.column_stack([speed, valve, inlet, hour, demand]), pressure + draw.normal(0, 0.03, rows)


def build_station(folder: Path) -> tuple[Path, Path]:
    """Write pressure.toml and station.csv with its feature card into a folder; takes about a second."""
    x, y = simulated()
    mean, std = x.mean(axis=0), x.std(axis=0)
    lines = [",".join((*COLUMNS, "pressure"))]
    lines += [",".join(f"{value:.6g}" for value in (*row, target)) for row, target in zip(x, y, strict=True)]
    (folder / "station.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "station.features.toml").write_text(FEATURES, encoding="utf-8")
    numbers = {"mean": ", ".join(map(repr, mean.tolist())), "std": ", ".join(map(repr, std.tolist()))}
    (folder / "pressure.toml").write_text(CARD.format(**numbers), encoding="utf-8")
    save_file(_trained((x - mean) / std, y), folder / "pressure.safetensors")
    return folder / "pressure.toml", folder / "station.csv"


def _trained(x: FloatArray, y: FloatArray) -> dict[str, torch.Tensor]:
    with one_torch_thread(), torch.random.fork_rng():
        torch.manual_seed(3)
        module = nn.Sequential(
            nn.Flatten(), nn.Linear(5, 24), nn.ReLU(), nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 1)
        )
        inputs = torch.from_numpy(x.astype(np.float32))
        targets = torch.from_numpy(y.astype(np.float32))[:, None]
        optimiser = torch.optim.Adam(module.parameters(), lr=0.01)
        for _ in range(STEPS):
            optimiser.zero_grad()
            nn.functional.mse_loss(module(inputs), targets).backward()
            optimiser.step()
        return {name: value.detach().contiguous() for name, value in module.state_dict().items()}
