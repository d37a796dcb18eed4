"""The session that a command writes: a new one, or results added to one that is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from app.cli.company import ALONE, Company
from app.cli.place import check_place, free_path, saved_elsewhere
from app.cli.progress import run_with_progress
from core.analysis import compute
from core.data.builtin import NAMES
from core.data.dataset import Dataset
from core.data.loading import split_source
from core.data.public.catalogue import is_public_name
from core.data.storing import store_dataset
from core.errors import CorrieError, DataError, InvalidRequest, OutOfSpace
from core.job import JobContext
from core.naming import Request, kind_of, result_name
from core.networks.network import Network
from core.networks.storing import store_network
from core.session.adding import free_name, known_dataset, known_network
from core.session.document import Document, Result, ResultItem, new_id, utc_now
from core.session.files import open_document, save_document

INTERRUPTED = 130


@dataclass
class Workbook:
    """A document on its way to a file. Every added result is saved at once, so nothing computed is lost."""

    path: Path
    document: Document
    replaces: bool = False  # a file that is there makes way; otherwise what it holds stays

    def add(
        self,
        result: Result,
        network: Network,
        data: Dataset,
        origin: str,
        item_id: str | None = None,
        company: Company = ALONE,
    ) -> ResultItem:
        """Add a result with all that it refers to, and save. With `item_id`, it takes that item's place.

        Raises
        ------
        OutOfSpace, SessionError
            If the session cannot be saved; the text says where the result is instead.
        """
        document, obstacle = self._newest()
        document, test_id, run_id = company.enter(document)
        network_item = known_network(document, store_network(network))
        dataset_item = known_dataset(document, store_dataset(data, origin=lasting(origin), keep=False))
        earlier = document.items.get(item_id or "")
        item = ResultItem(
            id=item_id or new_id(kind_of(result)),
            name=earlier.name if earlier else free_name(document, result_name(result.request, network.name)),
            created_utc=utc_now(),
            network_id=network_item.id,
            dataset_id=dataset_item.id,
            test_id=test_id,
            run_id=run_id,
            result=result,
        )
        for each in (network_item, dataset_item, item):
            document = document.with_item(each)
        self.document = document
        self._save(obstacle)
        return item

    def edit(self, change: Callable[[Document], Document]) -> None:
        """Change the session as it is on the disk now, and save. Raises what `add` raises."""
        document, obstacle = self._newest()
        self.document = change(document)
        self._save(obstacle)

    def _newest(self) -> tuple[Document, CorrieError | None]:
        """The session as it is on the disk now, for another command may have added to it; or why it cannot be read."""
        if self.replaces or not self.path.exists():
            return self.document, None
        try:
            return open_document(self.path), None
        except CorrieError as error:
            return self.document, error

    def _save(self, obstacle: CorrieError | None) -> None:
        try:
            if obstacle is not None:
                raise obstacle  # never over something that is no session
            save_document(self.document, self.path)
        except CorrieError as error:
            place = saved_elsewhere(self.document, self.path)
            if place is None:
                raise
            raise OutOfSpace(f"{error} The result itself is safe in {place}") from error
        self.replaces = False


def lasting(origin: str) -> str:
    """A name or path under which data are found again from any folder."""
    named = origin in NAMES or (is_public_name(origin) and not split_source(origin)[0].exists())
    return origin if named else str(Path(origin).absolute())


def open_workbook(output: Path | None, name: str) -> Workbook:
    """The session at `output` with what it holds, or a new one; without `output`, a new file called after `name`.

    Raises
    ------
    SessionError
        If something is there that is no session (it is not overwritten), or the folder does not exist.
    OutOfSpace
        If the folder may not be written.
    """
    path = output or free_path(name)
    check_place(path)
    return Workbook(path, open_document(path) if path.exists() else Document())


def compute_into(
    workbook: Workbook,
    request: Request,
    network: Network,
    data: Dataset,
    origin: str,
    *,
    resume: ResultItem | None = None,
    time_limit: float | None = None,
    company: Company = ALONE,
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
    item_id = None if resume is None else resume.id

    def work(job: JobContext) -> Result:
        try:
            return compute(request, network, data, job, earlier, company.companions)
        except DataError as error:  # found only now that network and data meet
            raise DataError(f"{origin}: {error}") from error

    def keep(result: object, complete: bool) -> tuple[ResultItem, bool]:
        # Engines give partial results of their result's kind.
        return workbook.add(cast("Result", result), network, data, origin, item_id, company), complete

    return run_with_progress(result_name(request, network.name), work, keep, time_limit=time_limit)


def still_to_do(path: Path, requests: Sequence[Request], network: Network) -> list[tuple[Request, ResultItem | None]]:
    """Which of several requests are not complete in a session, each with its partial result if there is one.

    Raises
    ------
    InvalidRequest
        If all are complete, or none was ever begun.
    """
    document = open_document(path)
    found = [_same(document, request, network) for request in requests]
    if not any(found) or all(_complete(same) for same in found):
        partial_to_resume(path, requests[0], network)  # says what is wrong
    return [
        (request, next((item for item in same if item.result.status == "partial"), None))
        for request, same in zip(requests, found, strict=True)
        if not _complete(same)
    ]


def _same(document: Document, request: Request, network: Network) -> list[ResultItem]:
    return [
        item
        for item in document.results
        if item.result.provenance.network_sha256 == network.sha256 and item.result.request == request
    ]


def _complete(items: Sequence[ResultItem]) -> bool:
    return any(item.result.status == "complete" for item in items) and not any(
        item.result.status == "partial" for item in items
    )


def partial_to_resume(path: Path, request: Request, network: Network) -> ResultItem:
    """The partial result in a session that belongs to this request and network.

    Raises
    ------
    InvalidRequest
        If there is none; the text says whether it is complete already.
    """
    same = _same(open_document(path), request, network)
    partial = next((item for item in same if item.result.status == "partial"), None)
    if partial is not None:
        return partial
    if same:
        raise InvalidRequest(
            f"{path}: the {kind_of(request)} of this network with these options is complete ({same[0].id}). "
            "There is nothing to resume: leave --resume out to compute it again."
        )
    raise InvalidRequest(
        f"{path} holds no partial {kind_of(request)} of this network with these options. "
        "Give the same options as before, or leave --resume out."
    )
