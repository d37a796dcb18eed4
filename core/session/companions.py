"""Which other items of a document a request refers to."""

from dataclasses import dataclass

from core.corrections.records.cases import CasesRequest
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.joint import JointRequest
from core.corrections.records.pairs import PairsRequest
from core.errors import InvalidRequest
from core.generalisation.complexity import ComplexityRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import Directions, FileDirections, PcaDirections
from core.landscape.trajectory import TrajectoryRequest
from core.naming import Request
from core.robustness.robustness import RobustnessRequest
from core.session.document import DatasetItem, Document, NetworkItem, RunItem
from core.spectrum.history import HistoryRequest
from core.spectrum.spectrum import SpectrumRequest

# In no plane, and about no other network.
_ALONE = (
    SpectrumRequest
    | HistoryRequest
    | CorrectionRequest
    | JointRequest
    | PairsRequest
    | InitialisationRequest
    | ComplexityRequest
)


@dataclass(frozen=True, kw_only=True, eq=False)
class CompanionItems:
    """Items that a computation needs beside its own network and data."""

    networks: tuple[NetworkItem, ...] = ()
    test: DatasetItem | None = None
    run: RunItem | None = None  # whose checkpoints are asked for
    directions: Directions | None = None  # of a file, or of another result


def companion_items(
    request: Request,
    document: Document,
    *,
    test_id: str = "",
    run_id: str = "",
    directions: Directions | None = None,
) -> CompanionItems:
    """Look up what a request refers to.

    Parameters
    ----------
    directions : Directions, optional
        Read from a file. Without, a request for given directions gets those of the result that has the same ones.

    Raises
    ------
    InvalidRequest
        If a network, the test set or the run is not in the document (any more).
    """
    test, run = document.items.get(test_id), document.items.get(run_id)
    asks_for_test = getattr(request, "test", False)
    if asks_for_test and not isinstance(test, DatasetItem):
        raise InvalidRequest("The test set is no longer in the session. Choose one, or compute without.")
    if needs_run(request) and not isinstance(run, RunItem):
        raise InvalidRequest("The run whose checkpoints are asked for is not in the session. Choose one.")
    return CompanionItems(
        networks=tuple(_network(document, sha256) for sha256 in others_of(request)),
        test=test if asks_for_test and isinstance(test, DatasetItem) else None,
        run=run if isinstance(run, RunItem) else None,
        directions=_given(request, document, directions),
    )


def others_of(request: Request) -> tuple[str, ...]:
    """sha256 of the networks that a request refers to beside its own."""
    if isinstance(request, RobustnessRequest):
        return (request.made_on,) if request.made_on else ()
    if isinstance(request, CasesRequest):
        return request.others
    if isinstance(request, _ALONE):
        return ()
    return request.directions.others


def needs_run(request: Request) -> bool:
    """Whether a request is about the checkpoints of a run."""
    if isinstance(request, HistoryRequest):
        return True
    if isinstance(request, _ALONE | RobustnessRequest | CasesRequest):
        return False
    return isinstance(request, TrajectoryRequest) or isinstance(request.directions, PcaDirections)


def directions_of(document: Document, fingerprint: str) -> Directions | None:
    """The directions of that fingerprint, from a result that lies in them; None if no result does."""
    if not fingerprint:
        return None
    held = (getattr(item.result, "directions", None) for item in document.results)
    return next((axes for axes in held if isinstance(axes, Directions) and axes.fingerprint == fingerprint), None)


def _given(request: Request, document: Document, directions: Directions | None) -> Directions | None:
    asked = getattr(request, "directions", None)
    if not isinstance(asked, FileDirections):
        return None
    return directions_of(document, asked.sha256) if directions is None else directions


def _network(document: Document, sha256: str) -> NetworkItem:
    found = next((item for item in document.networks if item.sha256 == sha256), None)
    if found is None:
        raise InvalidRequest(
            f"The plane goes through another network ({sha256[:12]}…), which is not in the session. Open it again."
        )
    return found
