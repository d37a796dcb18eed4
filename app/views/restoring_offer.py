"""Offers to go on with what an unexpected end of Corrie interrupted, and shows what was restored."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.actions.wording import short
from app.recovery.interrupted import Damaged, InterruptedWork

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MOST_NAMED = 3


class RestoringOffer(QObject):
    """Made once by the main window for each kind of work.

    Parameters
    ----------
    work : InterruptedWork
        What looks for it. The offer belongs to it.
    sentence : callable
        What is said of everything that was found.
    """

    def __init__(
        self, window: "MainWindow", work: InterruptedWork[Any], sentence: Callable[[Sequence[Any]], str]
    ) -> None:
        super().__init__(work)
        self._window, self._work, self._sentence = window, work, sentence
        work.found.connect(self._offer)
        work.damaged.connect(self._offer_damaged)
        work.restored.connect(self._on_restored)

    def _offer(self, found: Sequence[Any]) -> None:
        files = listed(sorted({f"“{short(Path(one.home.path).name)}”" for one in found if one.home.path}))
        self._window.offers.offer(
            f"{self._sentence(found)}{f' It was for {files}.' if files else ''}",
            (
                ("Restore", lambda: self._restore(found)),
                ("Throw away", lambda: self._work.discard(found)),
            ),
        )

    def _offer_damaged(self, damaged: Sequence[Damaged]) -> None:
        more = f" {len(damaged) - 1} more cannot be read either." if len(damaged) > 1 else ""
        self._window.offers.offer(
            f"Something that was kept when Corrie ended cannot be read. {damaged[0].reason}{more}",
            (("Throw away", lambda: self._work.discard(damaged)),),
        )

    def _restore(self, found: Sequence[Any]) -> None:
        """Put each into the session that it was for, if that is here or can be opened; those of a third one wait."""
        groups: dict[Path | None, list[Any]] = {}
        for one in found:
            groups.setdefault(self._file_to_open(one), []).append(one)
        path = min(groups, key=lambda path: path is not None)  # what belongs here, if anything does
        first = groups.pop(path)
        rest = [one for group in groups.values() for one in group]
        if path is None:
            self._work.restore(first)
        else:
            self._window.desk.door.open_session(path, lambda: self._work.restore(first))
        if rest:
            self._offer(rest)

    def _file_to_open(self, one: Any) -> Path | None:
        """The file of the session that it was for; None if that is open, has no file, or is not there any more."""
        state, home = self._window.desk.state, one.home
        if not home.path or home.document_id == state.document.document_id:
            return None
        path = Path(home.path)
        return path if path.exists() and path != state.path else None

    def _on_restored(self, item_id: str) -> None:
        self._window.desk.selection.select(item_id)
        self._window.pages.open_page(item_id)


def listed(names: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
