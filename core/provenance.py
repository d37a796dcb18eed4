"""How a result came about: what a reviewer needs to judge it, or to compute it again."""

import importlib.metadata
import platform
import sys
from dataclasses import dataclass, field

from core import __version__


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What was computed with what. Kept with every result, in memory and in the session file."""

    network_sha256: str
    data_sha256: str
    test_sha256: str = ""  # of the test set, where there is one
    samples: int  # how many samples of the data set the loss was averaged over
    seconds: float  # wall time of the computation
    threads: int  # intra-op threads of torch
    dtype: str  # of the forward passes, such as "float32"
    device: str  # such as "cpu" or "cuda:0"
    versions: dict[str, str] = field(default_factory=dict)  # of Corrie, Python, and the libraries that computed

    @property
    def imported(self) -> str:
        """The file of another tool that the result was read from; "" where Corrie computed it."""
        return self.versions.get("read from", "")


def imported_provenance(origin: str) -> Provenance:
    """Of a result out of another tool's file, which says nothing about network, data and arithmetic."""
    return Provenance(
        network_sha256="",
        data_sha256="",
        samples=0,
        seconds=0.0,
        threads=0,
        dtype="not recorded",
        device="not recorded",
        versions={"read from": origin, "by corrie": __version__},
    )


def software_versions() -> dict[str, str]:
    """Versions of Corrie, Python, the platform and the numerical libraries. Imports none of them."""
    versions = {"corrie": __version__, "python": sys.version.split()[0], "platform": platform.platform()}
    for name in ("torch", "numpy", "scipy", "shapely", "h5py"):
        versions[name] = _version(name)
    return versions


def _version(name: str) -> str:
    """Version of an installed library; an installation that has lost its papers must not cost anybody a result."""
    try:
        return importlib.metadata.version(name) or "unknown"
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
