"""A folder as a user has it: two small networks, their data, and cards. One of them has an answer known by geometry."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from core.data.builtin import open_builtin

READER = """
name = "Small reader"
architecture = "mlp:64-16-10"
weights = "reader.safetensors"
[input]
shape = [1, 8, 8]
mean = [4.9]
std = [6.0]
"""
JUDGE = """
name = "Judge"
architecture = "mlp:6-3-2"
weights = "judge.safetensors"
classes = ["no", "yes"]
[input]
shape = [6]
"""
FEATURES = """
name = "Corners"
target = "verdict"
classes = ["no", "yes"]
wanted = "yes"
[[features]]
name = "width"
unit = "mm"
low = -2.0
high = 2.0
[[features]]
name = "height"
low = -2.0
high = 2.0
[[features]]
name = "count"
kind = "integer"
change = "fixed"
[[features]]
name = "colour"
kind = "category"
levels = ["red", "blue", "green, dark"]
"""
TABLE = """width,height,count,colour,verdict
-1,-1,3,red,no
1.5,1.5,4,"green, dark",yes
-2,0,5,red,no
"""
SAMPLES = 64


def build_house(folder: Path) -> Path:
    """Write everything into a folder: reader.toml with digits.npz, judge.toml with corners.csv."""
    digits = open_builtin("digits")
    np.savez(folder / "digits.npz", x=digits.x[:SAMPLES], y=digits.y[:SAMPLES])
    save_file(reader_weights(), folder / "reader.safetensors")
    save_file(judge_weights(), folder / "judge.safetensors")
    texts = {"reader.toml": READER, "judge.toml": JUDGE, "corners.features.toml": FEATURES, "corners.csv": TABLE}
    write_texts(folder, texts)
    return folder


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def reader_weights() -> dict[str, torch.Tensor]:
    """An untrained reader of digits: 64 inputs, 16 hidden units, 10 outputs."""
    generator = torch.Generator().manual_seed(7)
    shapes = {"1.weight": (16, 64), "1.bias": (16,), "3.weight": (10, 16), "3.bias": (10,)}
    return {name: torch.randn(shape, generator=generator) / 4 for name, shape in shapes.items()}


def judge_weights() -> dict[str, torch.Tensor]:
    """Says "yes" exactly where max(0, width) + max(0, height) > 1, and to everything blue."""
    first = torch.zeros(3, 6)
    first[0, 0], first[1, 1], first[2, 4] = 1.0, 1.0, 9.0
    second = torch.tensor([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    return {
        "1.weight": first,
        "1.bias": torch.zeros(3),
        "3.weight": second,
        "3.bias": torch.tensor([0.0, -1.0]),
    }
