"""Data sets that ship with Corrie, under `resources/examples`."""

from pathlib import Path

from core.data.arrays import read_npz
from core.data.dataset import Dataset
from core.data.tables.features import read_feature_card
from core.data.tables.reading import read_table

DIGITS_SOURCE = (
    "Optical Recognition of Handwritten Digits (Alpaydin & Kaynak 1998), UCI Machine Learning Repository, CC BY 4.0; "
    "the copy that comes with scikit-learn"
)
NAMES = ("digits", "german-credit")


def examples_folder() -> Path:
    """Where the built-in data, networks and cards lie."""
    return Path(__file__).resolve().parents[2] / "resources" / "examples"


def open_builtin(name: str) -> Dataset:
    """Open a built-in data set; `NAMES` lists them."""
    folder = examples_folder()
    if name == "digits":
        digits = [str(digit) for digit in range(10)]
        return read_npz(folder / "digits.npz", name="digits", classes=tuple(digits), source=DIGITS_SOURCE)
    return read_table(folder / "german_credit.csv", read_feature_card(folder / "german_credit.features.toml"))
