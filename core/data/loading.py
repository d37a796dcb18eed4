"""One door for every kind of data: a built-in name, an `.npz`, or a table with its feature card."""

from pathlib import Path

from core.data.arrays import read_npz
from core.data.builtin import NAMES, open_builtin
from core.data.dataset import Dataset
from core.data.features import read_feature_card
from core.data.tables import read_table
from core.errors import UnreadableFile

TABLES = (".csv", ".tsv")


def open_dataset(source: str | Path) -> Dataset:
    """Open data by built-in name or path.

    A table ``name.csv`` needs its feature card ``name.features.toml`` beside it; the card may be given instead of the
    table.

    Raises
    ------
    UnreadableFile, DataError
    """
    if str(source) in NAMES:
        return open_builtin(str(source))
    path = Path(source)
    if path.name.endswith(".features.toml"):
        return read_table(_table_beside(path), read_feature_card(path))
    if not path.exists():
        raise UnreadableFile(path, "There is no such file.", f"Give a path, or a built-in name: {', '.join(NAMES)}.")
    if path.suffix == ".npz":
        return read_npz(path)
    if path.suffix in TABLES:
        card = path.with_suffix(".features.toml")
        if not card.exists():
            raise UnreadableFile(path, f"Its feature card {card.name} is missing.", "Write one that names its columns.")
        return read_table(path, read_feature_card(card))
    raise UnreadableFile(
        path,
        f'"{path.suffix}" is no kind of data that Corrie reads.',
        "Open .npz, .csv, .tsv or a .features.toml card.",
    )


def _table_beside(card: Path) -> Path:
    stem = card.name.removesuffix(".features.toml")
    for suffix in TABLES:
        if (table := card.with_name(stem + suffix)).exists():
            return table
    raise UnreadableFile(card, f"There is no table {stem}.csv beside it.", "Put the table beside its card.")
