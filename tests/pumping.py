"""A simulated pumping station: its table, and a small network that predicts its pressure. Nobody measured these."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file
from torch import nn

from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.program import export_program
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
    x, _ = simulated()
    mean, std = x.mean(axis=0), x.std(axis=0)
    numbers = {"mean": ", ".join(map(repr, mean.tolist())), "std": ", ".join(map(repr, std.tolist()))}
    (folder / "pressure.toml").write_text(CARD.format(**numbers), encoding="utf-8")
    with one_torch_thread(), torch.random.fork_rng():
        torch.manual_seed(3)
        module = nn.Sequential(
            nn.Flatten(), nn.Linear(5, 24), nn.ReLU(), nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 1)
        )
        train(module, STEPS)
    weights = {name: value.detach().contiguous() for name, value in module.state_dict().items()}
    save_file(weights, folder / "pressure.safetensors")
    return folder / "pressure.toml", write_table(folder)


def write_table(folder: Path) -> Path:
    """Write station.csv with its feature card into a folder."""
    x, y = simulated()
    lines = [",".join((*COLUMNS, "pressure"))]
    lines += [",".join(f"{value:.6g}" for value in (*row, target)) for row, target in zip(x, y, strict=True)]
    (folder / "station.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "station.features.toml").write_text(FEATURES, encoding="utf-8")
    return folder / "station.csv"


def write_program(folder: Path, module: nn.Module, name: str) -> Path:
    """Write a network on the normalised settings as an exported program with its card, and say where the card is."""
    x, _ = simulated()
    mean, std = (tuple(values.tolist()) for values in (x.mean(axis=0), x.std(axis=0)))
    (folder / "curved.pt2").write_bytes(export_program(module.eval(), (len(COLUMNS),)))
    card = NetworkCard(name=name, input=InputCard(shape=(len(COLUMNS),), mean=mean, std=std), file="curved.pt2")
    write_network_card(card, folder / "curved.toml")
    return folder / "curved.toml"


def train(module: nn.Module, steps: int) -> None:
    """Let a network learn the pressure of all rows from the normalised settings."""
    x, y = simulated()
    inputs = torch.from_numpy(((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32))
    targets = torch.from_numpy(y.astype(np.float32))[:, None]
    optimiser = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(steps):
        optimiser.zero_grad()
        nn.functional.mse_loss(module(inputs), targets).backward()
        optimiser.step()
