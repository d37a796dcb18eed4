"""What a request refers to beside its own network and data, opened and ready for computing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.landscape.plane import Directions
from core.networks.network import Network
from core.networks.waypoint import Waypoint


@dataclass(frozen=True, kw_only=True, eq=False)
class Companions:
    """Nothing of it is needed by requests that do not ask for it."""

    networks: Mapping[str, Network] = field(default_factory=lambda: MappingProxyType({}))  # by sha256
    test: Dataset | None = None
    waypoints: tuple[Waypoint, ...] = ()  # checkpoints of one training, the first one first
    directions: Directions | None = None  # read from a file or taken from another result

    def network(self, sha256: str) -> Network:
        """The other network of that fingerprint. Raises `InvalidRequest` if it is not at hand."""
        if sha256 not in self.networks:
            raise InvalidRequest(
                f"The plane goes through another network ({sha256[:12]}…), which is not at hand. Open it as well."
            )
        return self.networks[sha256]
