"""What a failed job tells the user: a sentence to read, and details to copy."""

import traceback
from dataclasses import dataclass, field
from typing import Literal

from core.errors import CorrieError, NoExactRegions
from core.provenance import software_versions

FailureKind = Literal["explained", "memory", "unexpected"]

UNEXPECTED = (
    "Something went wrong inside Corrie while it worked on “{name}”. What was computed before is untouched. "
    "Copy the details and send them with your report."
)
MEMORY = (
    "Something went wrong inside Corrie while it worked on “{name}”: the memory of this computer did not suffice. "
    "Ask for fewer samples or points, or close other programs, and try again."
)


@dataclass(frozen=True)
class JobFailure:
    """Why a job failed. `message` stands on screen; `details` wait behind a button."""

    kind: FailureKind  # "explained": an error of `core.errors`, whose own sentence is the message
    message: str
    details: str = field(repr=False)  # traceback and versions, for a report
    searchable: bool = False  # a search by bounds would do where what is exact cannot be had


def failure_of(error: BaseException, name: str) -> JobFailure:
    """Describe an exception that ended the work called `name`. Keeps text only, so nothing stays alive through it."""
    if isinstance(error, CorrieError):
        searchable = isinstance(error, NoExactRegions)
        return JobFailure("explained", str(error), _details(error), searchable=searchable)
    if _is_memory(error):
        return JobFailure("memory", MEMORY.format(name=name), _details(error))
    return JobFailure("unexpected", UNEXPECTED.format(name=name), _details(error))


def _is_memory(error: BaseException) -> bool:
    # torch's own class is known by its name, because importing torch here would delay the window by seconds. For
    # ordinary memory torch has no class, only these words in a RuntimeError.
    named = any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__)
    return isinstance(error, MemoryError) or named or "you tried to allocate" in str(error)


def _details(error: BaseException) -> str:
    try:
        versions = "\n".join(f"{name} {version}" for name, version in software_versions().items())
    except Exception as trouble:  # noqa: BLE001  it reads files, and a job must end even where no more can be opened
        versions = f"The versions could not be read: {trouble}"
    return f"{''.join(traceback.format_exception(error))}\n{versions}\n"
