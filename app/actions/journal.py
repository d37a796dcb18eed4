"""What a training leaves on the disk beside its checkpoints, so that it can be found again after a crash."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile

from app.state.settings import FOLDER_VARIABLE
from core.session.document import DatasetItem
from core.session.json_text import record_from_json, record_to_json
from core.session.refusal import Refusal
from core.training.recipe import TrainingRequest

JOURNAL = "training.json"
LOCK = "lock"
CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, kw_only=True)
class DataOrigin:
    """Where data are opened from again, and how to know that they are the same."""

    name: str
    origin: str
    sha256: str
    start: int = 0  # the samples before it belong to other data: those that these were held out of


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What a training belongs to. Its recipe stands in its checkpoints."""

    item_id: str
    name: str
    data: DataOrigin
    test: DataOrigin | None = None
    sweep: str = ""
    waiting: tuple[TrainingRequest, ...] = ()  # runs of the sweep that had not begun


def training_folder() -> Path:
    """Where running trainings keep their checkpoints: beside portable settings, or the platform's place for data."""
    named = os.environ.get(FOLDER_VARIABLE)
    return (Path(named) if named else platformdirs.user_data_path("Corrie", appauthor=False)) / "training"


def origin_of(item: DatasetItem, of: DatasetItem | None = None) -> DataOrigin:
    """The origin of an item; ``of`` is what it was held out of, if it was."""
    held_out = of is not None and of.origin == item.origin and of.sha256 != item.sha256
    start = of.samples - item.samples if held_out and of is not None else 0
    return DataOrigin(name=item.name, origin=item.origin, sha256=item.sha256, start=max(0, start))


class KeptTraining:
    """The folder of one training. While the lock is held, no other window takes it for an interrupted one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = QLockFile(str(folder / LOCK))
        self._lock.setStaleLockTime(0)  # stale only if its process is gone: a training may take days

    @property
    def checkpoints(self) -> Path:
        """Where the engine keeps its checkpoints."""
        return self.folder / CHECKPOINTS

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is anything to go on from."""
        with contextlib.suppress(OSError):
            return any(self.checkpoints.iterdir())
        return False

    def begin(self, journal: Journal) -> None:
        """Make the folder and write down what it is for. Raises `OSError` where that cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock.tryLock(0)
        draft = self.folder / f"{JOURNAL}.part"
        draft.write_text(record_to_json(journal), encoding="utf-8")
        draft.replace(self.folder / JOURNAL)

    def take(self) -> Journal | None:
        """Lock the folder and read its journal; None if a living process holds it, or it makes no sense."""
        if not self._lock.tryLock(0):
            return None
        try:
            return record_from_json(Journal, (self.folder / JOURNAL).read_text(encoding="utf-8"))
        except (OSError, ValueError, Refusal):
            self._lock.unlock()
            return None

    def release(self) -> None:
        """Leave the folder for the next start."""
        self._lock.unlock()

    def remove(self) -> None:
        """Delete the folder. What cannot be deleted now is offered again at the next start."""
        self._lock.unlock()
        shutil.rmtree(self.folder, ignore_errors=True)


def kept_trainings() -> Iterator[KeptTraining]:
    """All folders of trainings, those of running ones too, oldest first."""
    folders: list[Path] = []
    with contextlib.suppress(OSError):
        folders = [path for path in training_folder().iterdir() if (path / JOURNAL).is_file()]
    yield from (KeptTraining(path) for path in sorted(folders, key=_age))


def _age(folder: Path) -> float:
    with contextlib.suppress(OSError):
        return (folder / JOURNAL).stat().st_mtime
    return 0.0
