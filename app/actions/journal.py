"""What a training leaves on the disk beside its checkpoints, so that it can be found again after a crash."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.actions.kept import Kept, oldest_first
from core.errors import UnreadableFile
from core.places import user_data_folder
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
    document_id: str = ""  # of the session that it was asked for in
    session: str = ""  # the file of that session; empty if it had none


def training_folder() -> Path:
    """Where running trainings keep their checkpoints: beside portable settings, or the platform's place for data."""
    return user_data_folder("training")


def origin_of(item: DatasetItem, of: DatasetItem | None = None) -> DataOrigin:
    """The origin of an item; ``of`` is what it was held out of, if it was."""
    held_out = of is not None and of.origin == item.origin and of.sha256 != item.sha256
    start = of.samples - item.samples if held_out and of is not None else 0
    return DataOrigin(name=item.name, origin=item.origin, sha256=item.sha256, start=max(0, start))


class KeptTraining(Kept):
    """The folder of one training."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder / LOCK)
        self.folder = folder

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
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.take()
        draft = self.folder / f"{JOURNAL}.part"
        draft.write_text(record_to_json(journal), encoding="utf-8")
        draft.replace(self.folder / JOURNAL)

    def journal(self) -> Journal:
        """What the folder is for. Raises `UnreadableFile` if that makes no sense."""
        path = self.folder / JOURNAL
        try:
            return record_from_json(Journal, path.read_text(encoding="utf-8"))
        except (OSError, ValueError, Refusal) as error:
            raise UnreadableFile(
                path, f"It is no journal of a training ({error}).", "Look at its checkpoints."
            ) from error

    def remove(self) -> None:
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def kept_trainings() -> Iterator[KeptTraining]:
    """All folders of trainings, those of running ones too, oldest first."""
    journals: list[Path] = []
    with contextlib.suppress(OSError):
        journals = [path for path in training_folder().glob(f"*/{JOURNAL}") if path.is_file()]
    yield from (KeptTraining(path.parent) for path in oldest_first(journals))
