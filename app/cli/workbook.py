"""The session that a command writes: a new one, or results added to one that is there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.cli.progress import Interrupted, run_with_progress
from core.analysis import Request, compute
from core.data.dataset import Dataset
from core.data.storing import store_dataset
from core.errors import InvalidRequest
from core.job import JobContext
from core.naming import kind_of, result_name
from core.networks.network import Network
from core.networks.storing import store_network
from core.session.adding import known_dataset, known_network
from core.session.document import Document, Result, ResultItem, new_id, utc_now
from core.session.files import open_document, save_document

INTERRUPTED = 130
SESSION_SUFFIX = ".corrie.h5"


@dataclass
class Workbook:
    """A document on its way to a file. Every added result is saved at once, so nothing computed is lost."""

    path: Path
    document: Document

    def add(
        self, result: Result, network: Network, data: Dataset, origin: str, item_id: str | None = None
    ) -> ResultItem:
        """Add a result with its network and data, and save. With `item_id`, it takes that item's place."""
        network_item = known_network(self.document, store_network(network))
        dataset_item = known_dataset(self.document, store_dataset(data, origin=origin, keep=False))
        item = ResultItem(
            id=item_id or new_id(kind_of(result)),
            name=result_name(result.request, network.name),
            created_utc=utc_now(),
            network_id=network_item.id,
            dataset_id=dataset_item.id,
            result=result,
        )
        for each in (network_item, dataset_item, item):
            self.document = self.document.with_item(each)
        save_document(self.document, self.path)
        return item


def open_workbook(output: Path | None, name: str) -> Workbook:
    """The session at `output` with what it holds, or a new one; without `output`, a new file called after `name`.

    Raises
    ------
    SessionError
        If something is there that is no session: it is not overwritten.
    """
    path = output or _free_path(name)
    return Workbook(path, open_document(path) if path.exists() else Document())


def _free_path(name: str) -> Path:
    stem = "".join(character if character.isalnum() or character in "-_." else "-" for character in name).strip("-.")
    candidates = (
        Path(f"{stem or 'session'}{tail}{SESSION_SUFFIX}") for tail in ("", *(f"-{n}" for n in range(2, 10_000)))
    )
    return next(path for path in candidates if not path.exists())


def compute_into(
    workbook: Workbook,
    request: Request,
    network: Network,
    data: Dataset,
    origin: str,
    *,
    resume: ResultItem | None = None,
    time_limit: float | None = None,
) -> tuple[ResultItem, bool]:
    """Compute a request with progress, and add the result; a partial one if the job was stopped.

    Returns
    -------
    The item, and whether it is complete.

    Raises
    ------
    Interrupted
        If the job was stopped before there was anything to keep.
    """
    earlier = None if resume is None else resume.result

    def work(job: JobContext) -> Result:
        return compute(request, network, data, job, earlier)

    item_id = None if resume is None else resume.id
    result, complete = _or_partial(result_name(request, network.name), work, time_limit)
    return workbook.add(result, network, data, origin, item_id), complete


def _or_partial(name: str, work: Callable[[JobContext], Result], time_limit: float | None) -> tuple[Result, bool]:
    try:
        return run_with_progress(name, work, time_limit=time_limit), True
    except Interrupted as stopped:
        if stopped.partial is None:
            raise
        return stopped.partial, False  # type: ignore[return-value]  # engines give partials of their result's kind


def partial_to_resume(path: Path, request: Request, network: Network) -> ResultItem:
    """The partial result in a session that belongs to this request and network.

    Raises
    ------
    InvalidRequest
        If there is none.
    """
    document = open_document(path)
    for item in document.results:
        result = item.result
        same = result.provenance.network_sha256 == network.sha256 and result.request == request
        if result.status == "partial" and same:
            return item
    raise InvalidRequest(
        f"{path} holds no partial {kind_of(request)} of this network with these options. "
        "Give the same options as before, or leave --resume out."
    )
