"""The session that a command writes: a new one, or results added to one that is there."""

import contextlib
import os
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
from core.session.document import DatasetItem, Document, NetworkItem, Result, ResultItem, new_id, utc_now
from core.session.files import open_document, save_document
from core.session.known import known_spectrum
from core.spectrum.spectrum import SpectrumRequest

INTERRUPTED = 130
ATTEMPTS = 10  # to save what another command has changed meanwhile

Stamp = tuple[int, int, int] | None
Task = tuple[Request, Network, ResultItem | None]  # the last a partial result of it


@dataclass(frozen=True, eq=False)
class Belongings:
    """The items that a result refers to, stored before the engine moves a weight: it may be saved while it computes."""

    network: NetworkItem
    data: DatasetItem
    company: Company = ALONE


class _ChangedMeanwhile(Exception):  # the save begins anew
    """Another command has saved into the session since it was read."""


@dataclass
class Workbook:
    """A document on its way to a file. Every added result is saved at once, so nothing computed is lost."""

    path: Path
    document: Document
    replaces: bool = False  # a file that is there makes way; otherwise what it holds stays
    _unfinished: bool = False  # the file was saved last in the middle of a computation

    def add(self, result: Result, belongings: Belongings, item_id: str) -> ResultItem:
        """Add a result with all that it refers to, in the place of the item of that id, and save.

        Raises
        ------
        OutOfSpace, SessionError
            If the session cannot be saved; the text says where the result is instead.
        """
        try:
            self._change(lambda document: _with_result(document, result, belongings, item_id))
        except CorrieError as error:
            self._rescue(error)
        finally:
            self._unfinished = False
        return cast("ResultItem", self.document.items[item_id])

    def add_so_far(self, result: Result, belongings: Belongings, item_id: str) -> None:
        """The same with a partial result while its computation goes on. Raises the same, but saves nowhere else."""
        self._change(lambda document: _with_result(document, result, belongings, item_id))
        self._unfinished = True

    def edit(self, change: Callable[[Document], Document]) -> None:
        """Change the session as it is on the disk now, and save. Raises what `add` raises."""
        try:
            self._change(change)
        except CorrieError as error:
            self._rescue(error)

    def _change(self, change: Callable[[Document], Document]) -> None:
        """Read, change and save, anew if another command saves in between."""
        for attempt in range(ATTEMPTS):
            stamp = None if self.replaces else _stamp(self.path)
            document, obstacle = self._newest()
            self.document = change(document)
            if obstacle is not None:
                raise obstacle  # never over something that is no session
            with contextlib.suppress(_ChangedMeanwhile):
                self._save(stamp, last=attempt == ATTEMPTS - 1)
                return

    def _newest(self) -> tuple[Document, CorrieError | None]:
        """The session as it is on the disk now, for another command may have added to it; or why it cannot be read."""
        if self.replaces or not self.path.exists():
            return self.document, None
        try:
            return open_document(self.path), None
        except CorrieError as error:
            return self.document, error

    def _save(self, stamp: Stamp, *, last: bool) -> None:
        def last_look() -> None:
            if not (self.replaces or last) and _stamp(self.path) != stamp:
                raise _ChangedMeanwhile

        # The copy beside it stays what was there before the computation, however often that is saved on its way.
        save_document(self.document, self.path, keep_previous=not self._unfinished, last_look=last_look)
        self.replaces = False

    def _rescue(self, error: CorrieError) -> None:
        place = saved_elsewhere(self.document, self.path)
        if place is None:
            raise error
        raise OutOfSpace(f"{error} The result itself is safe in {place}") from error


def _with_result(document: Document, result: Result, belongings: Belongings, item_id: str) -> Document:
    document, test_id, run_id = belongings.company.enter(document)
    network = known_network(document, belongings.network)
    data = known_dataset(document, belongings.data)
    earlier = document.items.get(item_id)
    item = ResultItem(
        id=item_id,
        name=earlier.name if earlier else free_name(document, result_name(result.request, network.name)),
        created_utc=utc_now(),
        network_id=network.id,
        dataset_id=data.id,
        test_id=test_id,
        run_id=run_id,
        result=result,
    )
    for each in (network, data, item):
        document = document.with_item(each)
    return document


def _stamp(path: Path) -> Stamp:
    """Tells one generation of a file from the next; None without a file."""
    with contextlib.suppress(OSError):
        found = os.stat(path)  # noqa: PTH116  one call for all three
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None


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
    known: Result | None = None,
    time_limit: float | None = None,
    company: Company = ALONE,
) -> tuple[ResultItem, bool]:
    """Compute a request with progress, and add the result; a partial one if the job was stopped.

    What is computed so far is saved now and then, so that a session of a command that was killed can be resumed. What
    is known of another result, which stays as it is, need not be computed again.

    Returns
    -------
    The item, and whether it is complete.

    Raises
    ------
    Interrupted
        If the job was stopped before there was anything to keep.
    """
    earlier = known or (None if resume is None else resume.result)
    item_id = new_id(kind_of(request)) if resume is None else resume.id
    stored = store_dataset(data, origin=lasting(origin), keep=False)
    belongings = Belongings(store_network(network), stored, company)

    def work(job: JobContext) -> Result:
        try:
            return compute(request, network, data, job, earlier, company.companions)
        except DataError as error:  # found only now that network and data meet
            raise DataError(f"{origin}: {error}") from error

    def keep(result: object, complete: bool) -> tuple[ResultItem, bool]:
        # Engines give partial results of their result's kind.
        return workbook.add(cast("Result", result), belongings, item_id), complete

    def keep_so_far(result: object) -> None:
        workbook.add_so_far(cast("Result", result), belongings, item_id)

    name = result_name(request, network.name)
    return run_with_progress(name, work, keep, time_limit=time_limit, keep_so_far=keep_so_far)


def still_to_do(path: Path, requests: Sequence[Request], network: Network) -> list[tuple[Request, ResultItem | None]]:
    """Which of several requests are not complete in a session, each with its partial result if there is one.

    Raises
    ------
    InvalidRequest
        If all are complete, or none was ever begun.
    """
    tasks: list[Task] = [(request, network, None) for request in requests]
    return [(request, item) for request, _, item in still_to_do_of_several(path, tasks)]


def still_to_do_of_several(path: Path, tasks: Sequence[Task]) -> list[Task]:
    """The same of requests about a network each. Raises as `still_to_do` does."""
    document = open_document(path)
    found = [_same(document, request, network) for request, network, _ in tasks]
    if not any(found) or all(_complete(same) for same in found):
        partial_to_resume(path, *tasks[0][:2])  # says what is wrong
    return [
        (request, network, next((item for item in same if item.result.status == "partial"), None))
        for (request, network, _), same in zip(tasks, found, strict=True)
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


def complete_result(path: Path, request: Request, network: Network) -> ResultItem | None:
    """The result of this request and network in a session, if it is complete there."""
    same = _same(open_document(path), request, network)
    return same[-1] if _complete(same) else None


def to_go_on_from(
    path: Path, request: Request, network: Network, data: Dataset
) -> tuple[ResultItem | None, Result | None]:
    """The partial result of this request in a session, and a spectrum whose eigenpairs need not be searched again.

    Raises
    ------
    InvalidRequest
        If there is neither, or this request is complete already.
    """
    document, known = open_document(path), None
    if isinstance(request, SpectrumRequest):
        known = known_spectrum(document, request, network.sha256, data.sha256, len(data))
        if known is not None and not _same(document, request, network):
            return None, known
    return _partial_in(document, path, request, network), known


def partial_to_resume(path: Path, request: Request, network: Network) -> ResultItem:
    """The partial result in a session that belongs to this request and network.

    Raises
    ------
    InvalidRequest
        If there is none; the text says whether it is complete already.
    """
    return _partial_in(open_document(path), path, request, network)


def _partial_in(document: Document, path: Path, request: Request, network: Network) -> ResultItem:
    what = "table of cases" if kind_of(request) == "cases" else kind_of(request)
    same = _same(document, request, network)
    partial = next((item for item in same if item.result.status == "partial"), None)
    if partial is not None:
        return partial
    if same:
        raise InvalidRequest(
            f"{path}: the {what} of this network with these options is complete ({same[0].id}). "
            "There is nothing to resume: leave --resume out to compute it again."
        )
    raise InvalidRequest(
        f"{path} holds no partial {what} of this network with these options. "
        "Give the same options as before, or leave --resume out."
    )
