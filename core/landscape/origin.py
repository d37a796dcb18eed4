"""Where a result of the landscape engine comes from, and whether a partial one may be gone on with."""

from typing import Protocol

import torch

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.networks.network import Network
from core.provenance import Provenance


class Partial(Protocol):
    """A result of any kind that may be resumed."""

    @property
    def request(self) -> object: ...

    @property
    def provenance(self) -> Provenance: ...


def made_from(
    network: Network, data: Dataset, seconds: float, versions: dict[str, str], test: Dataset | None = None
) -> Provenance:
    """The provenance of a result in float32.

    Parameters
    ----------
    data, test : Dataset
        The samples that were used, no others.
    seconds : float
        All sessions of work together.
    """
    return Provenance(
        network_sha256=network.sha256,
        data_sha256=data.sha256,
        test_sha256="" if test is None else test.sha256,
        samples=len(data),
        seconds=seconds,
        threads=torch.get_num_threads(),
        dtype="float32",
        device="cpu",
        versions=versions,
    )


def refuse_foreign(
    resume: Partial, request: object, network: Network, data: Dataset, what: str, *, test: Dataset | None = None
) -> None:
    """Raise `InvalidRequest` unless a partial result is of this request, network, data and test set.

    Parameters
    ----------
    what : str
        What it is called in the sentence, such as ``surface``.
    """
    origin = resume.provenance
    same = origin.network_sha256 == network.sha256 and origin.data_sha256 == data.sha256
    if test is not None and origin.test_sha256:  # the first files do not say which test set it was
        same = same and origin.test_sha256 == test.sha256
    if resume.request != request or not same:
        raise InvalidRequest(
            f"The partial {what} to resume belongs to another request, network or data set. "
            "Resume it with its own, or compute a new one."
        )
