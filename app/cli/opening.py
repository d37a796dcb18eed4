"""The network and the data of a command, opened; an error always names the file at fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.errors import CorrieError
from core.networks.loading import open_network
from core.networks.network import Network
from core.runtime import prepare_torch


def open_both(network: Path, architecture: str | None, data: str) -> tuple[Network, Dataset]:
    """Open NETWORK and DATA as they were given. Raises `CorrieError`."""
    prepare_torch()
    with naming(network):
        opened = open_network(network, architecture)
    with naming(data):
        return opened, open_dataset(data)


@contextmanager
def naming(source: str | Path) -> Iterator[None]:
    """Put the file's name before an error that does not say which file it is about."""
    try:
        yield
    except CorrieError as error:
        if str(source) in str(error):
            raise
        raise CorrieError(f"{source}: {error}") from error
