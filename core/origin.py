"""Where a result comes from that is computed bit by bit, and whether a partial one may be gone on with."""

import time
from typing import Protocol

import torch

from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.networks.network import Network
from core.provenance import Provenance, software_versions


class Partial(Protocol):
    """A result of any kind that may be resumed."""

    @property
    def request(self) -> object: ...

    @property
    def provenance(self) -> Provenance: ...


class Origin:
    """What a result that is being computed comes from, and how long it has taken so far.

    Parameters
    ----------
    network : Network
    data, test : Dataset
        The samples that are used, no others.
    """

    def __init__(self, network: Network, data: Dataset, test: Dataset | None = None) -> None:
        self._network, self._data, self._test = network, data, test
        self._seconds_before = 0.0
        self._versions = software_versions()
        self._started = time.perf_counter()

    def take_over(self, resume: Partial) -> None:
        """Count the time that a partial result has taken before."""
        self._seconds_before = resume.provenance.seconds

    def provenance(self) -> Provenance:
        """Of what is there now, in float32; the time is that of all sessions of work together."""
        return Provenance(
            network_sha256=self._network.sha256,
            data_sha256=self._data.sha256,
            test_sha256="" if self._test is None else self._test.sha256,
            samples=len(self._data),
            seconds=self._seconds_before + time.perf_counter() - self._started,
            threads=torch.get_num_threads(),
            dtype="float32",
            device="cpu",
            versions=self._versions,
        )


def refuse_foreign(
    resume: Partial,
    request: object,
    network: Network,
    data: Dataset,
    what: str,
    *,
    test: Dataset | None = None,
    alike: bool = True,
) -> None:
    """Raise `InvalidRequest` unless a partial result is of this request, network, data and test set.

    Parameters
    ----------
    what : str
        What it is called in the sentence, such as ``surface``.
    alike : bool
        Whether what else this kind of result depends on is the same.
    """
    origin = resume.provenance
    same = alike and origin.network_sha256 == network.sha256 and origin.data_sha256 == data.sha256
    if test is not None and origin.test_sha256:  # the first files do not say which test set it was
        same = same and origin.test_sha256 == test.sha256
    if resume.request != request or not same:
        raise InvalidRequest(
            f"The partial {what} to resume belongs to another request, network or data set. "
            "Resume it with its own, or compute a new one."
        )
