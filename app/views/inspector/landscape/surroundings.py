"""What there is in the session around a network and data that an analysis of the landscape may use."""

from dataclasses import dataclass

from core.landscape.plane import Directions
from core.session.document import DatasetItem, Document, NetworkItem, ResultItem, RunItem
from core.session.fitting import normalises, partners_of, planes_of, runs_of


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedDirections:
    """Directions that were read from a file for one network."""

    name: str  # of the file
    directions: Directions


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """Everything that can be offered; what does not fit is left out."""

    samples: int  # of the data
    normalises: bool  # whether the network keeps running statistics
    partners: tuple[NetworkItem, ...] = ()
    runs: tuple[RunItem, ...] = ()
    planes: tuple[ResultItem, ...] = ()
    tests: tuple[DatasetItem, ...] = ()
    opened: tuple[OpenedDirections, ...] = ()


def surroundings_of(
    network: NetworkItem,
    data: DatasetItem,
    document: Document,
    tests: tuple[DatasetItem, ...] = (),
    opened: tuple[OpenedDirections, ...] = (),
) -> Surroundings:
    """Look around in a document.

    Parameters
    ----------
    tests : tuple of DatasetItem
        Data that can be fed to the network; those it is computed on are left out.
    """
    return Surroundings(
        samples=data.samples,
        normalises=normalises(network),
        partners=partners_of(network, document),
        runs=runs_of(network, document),
        planes=planes_of(network, document),
        tests=tuple(item for item in tests if item.id != data.id and bool(item.targets) == bool(data.targets)),
        opened=opened,
    )
