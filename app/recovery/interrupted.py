"""Work of any kind that an unexpected end of Corrie interrupted: looked for, restored, or thrown away."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from app.actions.kept import Home, Kept
from app.jobs.background import run_in_background
from core.errors import CorrieError


class Found(Protocol):
    """Work that was interrupted."""

    @property
    def kept(self) -> Kept:
        """Where it is on the disk; its lock is held."""

    @property
    def home(self) -> Home:
        """Where it belongs."""


@dataclass(frozen=True, eq=False)
class Damaged:
    """Something that was kept and cannot be read; its lock is held."""

    kept: Kept
    reason: str  # a sentence with its place


K = TypeVar("K", bound=Kept)
F = TypeVar("F", bound=Found)


class InterruptedWork(QObject, Generic[F]):
    """Looks for work that an unexpected end interrupted, restores it, or throws it away.

    Parameters
    ----------
    every : callable
        All that is on the disk, that of living processes too. Called in another thread, as `read` is.
    read : callable
        What was kept; None if it is nothing yet. Raises `CorrieError` if it makes no sense.
    name : str
        Of the work, for the sentence about an unexpected failure.
    """

    found = Signal(object)  # tuple of what was read; not emitted if there is nothing
    damaged = Signal(object)  # tuple of Damaged; the same
    looked = Signal()  # after these
    restored = Signal(str)  # id of an item that is now in the document
    failed = Signal(object)  # JobFailure

    def __init__(
        self,
        every: Callable[[], Iterable[K]],
        read: Callable[[K], F | None],
        name: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._find: Callable[[], tuple[tuple[F, ...], tuple[Damaged, ...]]] = partial(_find, every, read)
        self._name = name

    def look(self) -> None:
        """Look for it behind the window, and emit `found` and `damaged`, then `looked`."""

        def done(seen: tuple[tuple[F, ...], tuple[Damaged, ...]]) -> None:
            interrupted, damaged = seen
            if interrupted:
                self.found.emit(interrupted)
            if damaged:
                self.damaged.emit(damaged)
            self.looked.emit()

        run_in_background(self._find, done, self.failed.emit, name=self._name, owner=self)

    def restore(self, interrupted: Sequence[F]) -> None:
        """Put these into the document."""
        raise NotImplementedError

    def discard(self, interrupted: Sequence[F | Damaged]) -> None:
        """Throw these away for good."""
        for one in interrupted:
            one.kept.remove()


def _find(every: Callable[[], Iterable[K]], read: Callable[[K], F | None]) -> tuple[tuple[F, ...], tuple[Damaged, ...]]:
    """All that no living process holds: what can be read, and what cannot."""
    found, damaged = [], []
    for kept in every():
        if not kept.take():
            continue
        try:
            one = read(kept)
        except CorrieError as error:  # damaged beyond what its writer promises: somebody is told
            damaged.append(Damaged(kept, str(error)))
            continue
        if one is None:
            kept.remove()
        else:
            found.append(one)
    return tuple(found), tuple(damaged)
