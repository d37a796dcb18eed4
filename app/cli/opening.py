"""The networks and the data of a command, opened; an error always names the file at fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.cli.streams import say
from app.cli.workbook import lasting
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.errors import CorrieError
from core.job import JobContext
from core.networks.loading import open_explained
from core.networks.network import Network
from core.networks.options import OpeningOptions
from core.runtime import prepare_torch


def open_both(network: Path, options: OpeningOptions, data: str) -> tuple[Network, Dataset]:
    """Open NETWORK and DATA as they were given, and say what was assumed. Raises `CorrieError`."""
    prepare_torch()
    with naming(network):
        opened = open_explained(network, options, JobContext())
    with naming(data):
        samples = open_dataset(data)
    for note in opened.notes:
        say(f"{network.name}: {note}")
    return opened.network, samples


def open_other(path: Path, options: OpeningOptions) -> Network:
    """Open a further network as NETWORK was: the function that builds it belongs to Python files alone."""
    suited = options if path.suffix == ".py" else replace(options, factory=None)
    with naming(path):
        return open_explained(path, suited, JobContext()).network


def open_test(test: str | None) -> tuple[Dataset | None, str]:
    """Open the test set, and say where it is found again; None and "" where none is named."""
    if test is None:
        return None, ""
    with naming(test):
        return open_dataset(test), lasting(test)


@contextmanager
def naming(source: str | Path) -> Iterator[None]:
    """Put the file's name before an error that does not say which file it is about."""
    try:
        yield
    except CorrieError as error:
        if str(source) in str(error):
            raise
        raise CorrieError(f"{source}: {error}") from error
