"""Folders of checkpoints as the original tool keeps them: ``model_0.t7``, ``model_1.t7`` and so on."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import UnreadableFile

_NAME = re.compile(r"(?:model|epoch|checkpoint)[_-]?(\d{1,9})\.(?:t7|pt|pth|safetensors)", re.IGNORECASE)
MOST_CHECKPOINTS = 100_000


@dataclass(frozen=True, order=True)
class CheckpointFile:
    """Weights after an epoch."""

    epoch: int
    path: Path


def checkpoint_files(folder: Path) -> tuple[CheckpointFile, ...]:
    """The checkpoints of a folder in the order of their epochs. Optimiser states and other files are passed over.

    Raises
    ------
    UnreadableFile
        If it is no folder, holds no checkpoint, too many, or two of one epoch.
    """
    if not folder.is_dir():
        raise UnreadableFile(folder, "It is not a folder.", "Choose the folder that holds model_0.t7, model_1.t7, ….")
    try:
        found = [
            CheckpointFile(int(name[1]), path)
            for path in folder.iterdir()
            if (name := _NAME.fullmatch(path.name)) and path.is_file()
        ]
    except OSError as error:
        raise UnreadableFile(folder, f"It cannot be listed ({error.strerror}).", "Choose another folder.") from error
    if not found:
        raise UnreadableFile(
            folder, "It holds no checkpoint.", "Their names must say the epoch, such as model_10.t7 or epoch-10.pt."
        )
    if len(found) > MOST_CHECKPOINTS:
        raise UnreadableFile(folder, f"It holds {len(found):,} checkpoints.", "Keep fewer of them in one folder.")
    found.sort()
    for earlier, later in itertools.pairwise(found):
        if earlier.epoch == later.epoch:
            raise UnreadableFile(
                folder,
                f"{earlier.path.name} and {later.path.name} are of the same epoch.",
                "Keep the checkpoints of one training in a folder.",
            )
    return tuple(found)
