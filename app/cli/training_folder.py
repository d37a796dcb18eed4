"""The folder that ``corrie train`` fills: a card and weights of each network, one session, and running checkpoints."""

import contextlib
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import safetensors.numpy
import tomli_w
from PySide6.QtCore import QLockFile

from app.cli.place import check_place
from app.cli.training_plan import TrainingPlan, read_plan, write_plan
from app.cli.workbook import lasting, open_workbook
from app.state.process_lock import process_lock
from core.data.dataset import Dataset
from core.data.storing import store_dataset
from core.errors import InvalidRequest, OutOfSpace, SessionError
from core.naming import SESSION_SUFFIX
from core.networks.card import card_as_table
from core.networks.network import Network
from core.networks.storing import store_network
from core.session.adding import free_name, known_dataset, known_network
from core.session.atomic import replace_with
from core.session.document import Document, NetworkItem, RunItem, utc_now
from core.session.files import open_document
from core.training.checkpoints import CheckpointFolder
from core.training.engine import trained_network
from core.training.run import Run

SESSION = f"runs{SESSION_SUFFIX}"
CHECKPOINTS = "checkpoints"
LOCK = "training.lock"
CARD, WEIGHTS = ".toml", ".safetensors"


@dataclass(frozen=True, eq=False)
class Material:
    """What the networks learn from, and are tested on."""

    data: Dataset
    data_source: str
    test: Dataset | None
    test_source: str  # "" without


class TrainingFolder:
    """Made by `new_folder` or `known_folder`; nobody else trains in it until `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = process_lock(path / LOCK)

    @property
    def session(self) -> Path:
        """The file that holds the runs."""
        return self.path / SESSION

    def card_path(self, stem: str) -> Path:
        """The card of a trained network."""
        return self.path / f"{stem}{CARD}"

    def checkpoints(self, stem: str) -> CheckpointFolder:
        """Where a run is kept while it is trained."""
        return CheckpointFolder(self.path / CHECKPOINTS / stem)

    def taken(self, stem: str) -> bool:
        """Whether files of that name are there."""
        names = (f"{stem}{CARD}", f"{stem}{WEIGHTS}", f"{CHECKPOINTS}/{stem}")
        return any((self.path / name).exists() for name in names)

    def document(self) -> Document:
        """The session as it is on the disk. Raises `SessionError`."""
        return open_document(self.session) if self.session.exists() else Document()

    def free_sweep(self, name: str) -> str:
        """The name itself, or with the first number behind it that no sweep in the session bears."""
        taken = {item.sweep for item in self.document().runs}
        candidates = (name if number == 1 else f"{name} ({number})" for number in count(1))
        return next(candidate for candidate in candidates if candidate not in taken)

    def lock(self) -> None:
        """Keep others out. Raises `InvalidRequest` if another process trains here."""
        if not self._lock.tryLock(0) and self._lock.error() == QLockFile.LockError.LockFailedError:
            raise InvalidRequest(
                f"{self.path}: another corrie is training in this folder. Wait for its end, or choose another folder."
            )

    def release(self) -> None:
        """Let others in, and leave nothing behind that is not needed."""
        self._lock.unlock()
        with contextlib.suppress(OSError):
            (self.path / CHECKPOINTS).rmdir()  # unless a run is kept there

    def begin(self, plan: TrainingPlan) -> None:
        """Make the folder, and write down what it is for. Raises `OutOfSpace`."""
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise OutOfSpace(f"{self.path} cannot be made ({error.strerror}). Choose another place with -o.") from error
        self.lock()
        write_plan(plan, self.path)

    def so_far(self, plan: TrainingPlan) -> list[Run | None]:
        """How far each run of the plan has come, in the session or in its checkpoints, whichever is farther."""
        found: list[Run | None] = []
        for request, stem, saved in zip(plan.requests, plan.stems, self.saved(plan), strict=True):
            known = [run for run in (saved, self.checkpoints(stem).read()) if run is not None]
            found.append(max((run for run in known if run.request == request), key=_progress, default=None))
        return found

    def saved(self, plan: TrainingPlan) -> list[Run | None]:
        """The runs of the plan as they are in the session."""
        items = self.document().items
        return [item.run if isinstance(item := items.get(each), RunItem) else None for each in plan.items]

    def keep(self, plan: TrainingPlan, index: int, run: Run, material: Material) -> RunItem:
        """Put a run into the session; one that has ended with the card and the weights of its network.

        Raises
        ------
        OutOfSpace, SessionError
            If the disk is full; the session before is untouched, and the checkpoints stay.
        """
        workbook, item_id = open_workbook(self.session, self.path.name), plan.items[index]
        earlier = workbook.document.items.get(item_id)
        name = earlier.name if earlier is not None else free_name(workbook.document, run.request.name)
        ended = run.status == "complete" or bool(run.ended)
        network = self._write_network(plan.stems[index], name, run, material) if ended else None
        kept: list[RunItem] = []

        def edit(document: Document) -> Document:
            data = store_dataset(material.data, origin=lasting(material.data_source), keep=False)
            document = document.with_item(dataset := known_dataset(document, data))
            test_id, network_id = "", ""
            if material.test is not None:
                test = store_dataset(material.test, origin=lasting(material.test_source), keep=False)
                document = document.with_item(test := known_dataset(document, test))
                test_id = test.id
            if network is not None:
                document = document.with_item(known := known_network(document, network))
                network_id = known.id
            item = RunItem(
                id=item_id,
                name=name,
                created_utc=utc_now(),
                dataset_id=dataset.id,
                test_id=test_id,
                network_id=network_id,
                sweep=plan.sweep,
                run=run,
            )
            kept[:] = [item]
            return document.with_item(item)

        workbook.edit(edit)
        if ended:
            self.checkpoints(plan.stems[index]).remove()
        return kept[0]

    def _write_network(self, stem: str, name: str, run: Run, material: Material) -> NetworkItem:
        trained = trained_network(run, material.data)
        path, weights = self.card_path(stem), f"{stem}{WEIGHTS}"
        network = _renamed(trained, name, weights, path)
        content = safetensors.numpy.save(dict(run.last.weights))
        replace_with(content, path.with_name(weights))
        card = tomli_w.dumps(card_as_table(network.card)).encode("utf-8")
        replace_with(card, path)
        return store_network(network)


def new_folder(wanted: Path | None, name: str) -> TrainingFolder:
    """A folder for new runs: the one that was asked for, or one in this folder that is not there yet.

    Nothing is written yet.

    Raises
    ------
    InvalidRequest
        If runs in it are not complete.
    SessionError, OutOfSpace
        If it cannot be made or written.
    """
    path = wanted or _free_path(name)
    if path.is_dir():
        check_place(path / SESSION)
    else:
        check_place(path)
    folder = TrainingFolder(path)
    plan = read_plan(path)
    so_far = folder.so_far(plan) if plan is not None else []
    if any(so_far) and not all(finished(run) for run in so_far):  # a plan of which nothing came may be replaced
        raise InvalidRequest(
            f"{path} holds runs that are not complete. Go on with `corrie train --resume {path}`, or choose another "
            "folder."
        )
    return folder


def known_folder(wanted: Path) -> tuple[TrainingFolder, TrainingPlan]:
    """The folder of earlier runs, by itself or by its session.

    Raises
    ------
    InvalidRequest
        If nothing was trained there.
    """
    path = wanted if wanted.is_dir() else wanted.parent
    plan = read_plan(path)
    if plan is None or (path != wanted and wanted.name != SESSION):
        if not wanted.exists():
            raise SessionError(wanted, "There is no such folder or session.", "Check the path.")
        raise InvalidRequest(
            f"{wanted} was not written by `corrie train`, so there is nothing to resume. Give the folder that was "
            "given with -o; a session of the window is resumed there."
        )
    return TrainingFolder(path), plan


def finished(run: Run | None) -> bool:
    """Whether a run has ended, well or not."""
    return run is not None and (run.status == "complete" or bool(run.ended))


def _free_path(name: str) -> Path:
    candidates = (Path(f"{name}{tail}") for tail in ("", *(f"-{n}" for n in range(2, 10_000))))
    return next(path for path in candidates if not path.exists())


def _progress(run: Run) -> tuple[bool, int]:
    return finished(run), run.last.step


def _renamed(network: Network, name: str, weights: str, path: Path) -> Network:
    return replace(network, card=replace(network.card, name=name, weights=weights), origin=str(path.absolute()))
