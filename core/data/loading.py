"""One door for every kind of data: a built-in name, or a path to whatever one of the readers recognises."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from core.data import arrays, builtin
from core.data.dataset import Dataset
from core.data.drawings import reading as drawings
from core.data.images import cifar, folders, idx
from core.data.mapping import refuse_special
from core.data.public.catalogue import find_set, is_public_name
from core.data.public.downloads import downloaded
from core.data.tables.features import read_feature_card
from core.data.tables.reading import read_table
from core.errors import UnreadableFile
from core.job import JobContext

TABLES = (".csv", ".tsv")
FEATURE_CARD = ".features.toml"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a reader may be asked for besides the path; each takes what it understands."""

    task: Literal["regression"] | None = None  # take whole numbers of y as numbers to be predicted
    part: Literal["train", "test"] = "train"  # of a folder or archive that holds both
    size: tuple[int, int] | None = None  # height and width that pictures are scaled to where theirs differ
    job: JobContext = field(default_factory=JobContext)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One kind of data."""

    title: str  # for lists: what it is, and how its files are called
    endings: tuple[str, ...]  # of the names of its files, for dialogs; empty for folders only
    recognises: Callable[[Path], bool]  # by names alone, nothing is opened
    read: Callable[[Path, Options], Dataset]


def _read_table(path: Path) -> Dataset:
    if path.name.endswith(FEATURE_CARD):
        return read_table(_table_beside(path), read_feature_card(path))
    card = path.with_suffix(FEATURE_CARD)
    if not card.exists():
        remedy = "With File > Make a feature card… the window helps to write one that names its columns."
        raise UnreadableFile(path, f"Its feature card {card.name} is missing.", remedy)
    return read_table(path, read_feature_card(card))


def _named(*endings: str) -> Callable[[Path], bool]:
    return lambda path: path.name.lower().endswith(endings) and not path.is_dir()


READERS = (
    Reader(
        title=".npz",
        endings=(".npz",),
        recognises=lambda path: path.name.lower().endswith(".npz"),
        read=lambda path, options: arrays.read_npz(path, task=options.task),
    ),
    Reader(
        title=".csv, .tsv with a .features.toml card",
        endings=(*TABLES, FEATURE_CARD),
        recognises=_named(*TABLES, FEATURE_CARD),
        read=lambda path, _: _read_table(path),
    ),
    Reader(
        title="x.npy beside y.npy",
        endings=(".npy",),
        recognises=_named(".npy"),
        read=lambda path, options: arrays.read_npy_pair(path, task=options.task),
    ),
    Reader(
        title="idx files (train-images-idx3-ubyte)",
        endings=idx.ENDINGS,
        recognises=idx.is_idx,
        read=lambda path, options: idx.read_idx(path, part=options.part),
    ),
    Reader(
        title="CIFAR python batches",
        endings=("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch",
                 *cifar.ARCHIVES),
        recognises=cifar.is_cifar,
        read=lambda path, options: cifar.read_cifar(path, part=options.part),
    ),
    Reader(
        title=".ndjson drawings",
        endings=drawings.ENDINGS,
        recognises=drawings.is_drawings,
        read=lambda path, options: drawings.read_drawing_set(path, job=options.job),
    ),
    Reader(
        title="folders of pictures, one folder for each class",
        endings=(),
        recognises=folders.is_image_folder,
        read=lambda path, options: folders.read_image_folder(
            path, size=options.size, part=options.part, job=options.job
        ),
    ),
)  # fmt: skip
KINDS = ", ".join(reader.title for reader in READERS)


def open_dataset(
    source: str | Path,
    *,
    task: Literal["regression"] | None = None,
    size: tuple[int, int] | None = None,
    job: JobContext | None = None,
) -> Dataset:
    """Open data by built-in name, by the name of a public set that was downloaded (``mnist``), or by path.

    What a path does not say may stand behind it: ``cifar-10-python.tar.gz:test``, ``photos:32x32`` (height x width),
    ``values.npz:regression``. A table ``name.csv`` needs its feature card ``name.features.toml`` beside it; the card
    may be given instead of the table.

    Parameters
    ----------
    task : "regression", optional
        Take a ``y`` of whole numbers as numbers to be predicted rather than classes.
    size : (height, width), optional
        Scale pictures of a folder where their sizes differ.

    Raises
    ------
    UnreadableFile, DataError
    """
    if str(source) in builtin.NAMES:
        return builtin.open_builtin(str(source))
    path, options = split_source(source)
    options = replace(options, task=task or options.task, size=options.size or size, job=job or options.job)
    if is_public_name(str(path)) and not path.exists():
        return _open_public(str(path), options)
    refuse_special(path)
    reader = _reader_of(path)
    if reader is not None:
        return reader.read(path, options)
    if not path.exists():
        names = ", ".join(builtin.NAMES)
        raise UnreadableFile(path, "There is no such file.", f"Give a path, or a built-in name: {names}.")
    if path.is_dir():
        raise UnreadableFile(path, "No data that Corrie reads lie in this folder.", f"Corrie reads {KINDS}.")
    raise UnreadableFile(path, f'"{path.suffix or path.name}" is no kind of data that Corrie reads.', f"Open {KINDS}.")


def _open_public(name: str, options: Options) -> Dataset:
    """A set of `core.data.public.catalogue` from the folder for downloads; nothing is fetched."""
    test = options.part == "test"
    path = downloaded(f"{name}:test" if test else name)
    if path is None:
        raise UnreadableFile(
            name,
            "This public data set is not on this computer.",
            f"Get it with File > Get data… in the window, or with `corrie data get {name}`.",
        )
    reader = _reader_of(path)
    if reader is None:
        raise UnreadableFile(path, "No reader knows this file.", "Delete it and get the set again.")
    wanted = find_set(name)
    data = reader.read(path, options)
    return replace(data, name=f"{wanted.title} test" if test else wanted.title, source=wanted.source)


def is_data(source: str | Path) -> bool:
    """Whether one of the readers recognises a path, by its name."""
    path, _ = split_source(source)
    try:
        return _reader_of(path) is not None
    except UnreadableFile:
        return True  # a folder that nobody may look into: whoever opens it says so


def lacks_card(path: Path) -> bool:
    """Whether a path is a table that is there, but no feature card beside it."""
    return path.suffix.lower() in TABLES and path.is_file() and not path.with_suffix(FEATURE_CARD).exists()


def _reader_of(path: Path) -> Reader | None:
    try:
        return next((reader for reader in READERS if reader.recognises(path)), None)
    except OSError as error:  # a folder that may not be looked into
        raise UnreadableFile(path, f"It cannot be read ({error}).", "Check the path and its permissions.") from error


_OPTION = re.compile(
    r"(?P<path>.+):(?:(?P<part>train|test)|(?P<task>regression)|(?P<height>\d{1,4})x(?P<width>\d{1,4}))"
)


def split_source(source: str | Path) -> tuple[Path, Options]:
    """The path, and what stands behind it after colons; a file that is really called like that comes first."""
    text, options = str(source), Options()
    while not Path(text).exists() and (match := _OPTION.fullmatch(text)) is not None:
        text = match["path"]
        if match["part"]:
            options = replace(options, part="test" if match["part"] == "test" else "train")
        elif match["task"]:
            options = replace(options, task="regression")
        elif int(match["height"]) and int(match["width"]):
            options = replace(options, size=(int(match["height"]), int(match["width"])))
    return Path(text), options


def _table_beside(card: Path) -> Path:
    stem = card.name.removesuffix(FEATURE_CARD)
    for suffix in TABLES:
        if (table := card.with_name(stem + suffix)).exists():
            return table
    raise UnreadableFile(card, f"There is no table {stem}.csv beside it.", "Put the table beside its card.")
