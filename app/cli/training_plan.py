"""What a folder of trainings is for, written down before the first one begins, so that ``--resume`` needs no more."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidRequest, UnreadableFile
from core.session.atomic import replace_with
from core.session.json_text import record_from_json, record_to_json
from core.session.refusal import Refusal
from core.training.recipe import TrainingRequest

PLAN = "training.json"


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """The runs of one command, in order, and what they learn from."""

    requests: tuple[TrainingRequest, ...]
    items: tuple[str, ...]  # id of each run in the session
    stems: tuple[str, ...]  # how the names of its files begin
    sweep: str = ""  # name that the runs share; "" for a single one
    data: str  # path or name, opened from anywhere
    data_sha256: str
    test: str = ""  # "" without
    test_sha256: str = ""

    def __post_init__(self) -> None:
        if not len(self.requests) == len(self.items) == len(self.stems) > 0:
            raise InvalidRequest("Every run has an id and a name for its files.")


def write_plan(plan: TrainingPlan, folder: Path) -> None:
    """Write the plan into the folder. Raises `OutOfSpace`."""
    text = record_to_json(plan).encode("ascii")
    replace_with(text, folder / PLAN)


def read_plan(folder: Path) -> TrainingPlan | None:
    """The plan in a folder; None if there is none. Raises `UnreadableFile` if it makes no sense."""
    path = folder / PLAN
    try:
        return record_from_json(TrainingPlan, path.read_text(encoding="ascii"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (Refusal, ValueError, InvalidRequest) as error:
        raise UnreadableFile(path, f"It is no plan of a training ({error}).", "Train into another folder.") from error
    except OSError as error:
        raise UnreadableFile(path, f"It cannot be read ({error.strerror}).", "Check its permissions.") from error


def stem_of(name: str, taken: Callable[[str], bool]) -> str:
    """The name of a run as the beginning of file names that every system takes, and that are not taken yet."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower()).split()
    stem = "-".join(words)[:80] or "network"
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 1_000_000))
    return next(candidate for candidate in candidates if not taken(candidate))
