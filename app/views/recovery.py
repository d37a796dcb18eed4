"""Offers what an unexpected end of Corrie left: unsaved sessions, and results that were being computed."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage

from app.actions.claiming import Owner
from app.actions.saving import stamp_of
from app.actions.wording import short
from app.recovery.computations import InterruptedComputations, InterruptedResult
from app.recovery.interrupted import Damaged
from app.recovery.sessions import UnsavedSession, UnsavedSessions
from app.views.pages.picture import picture_of
from app.views.recovery_dialog import RecoveryDialog
from app.views.restoring_offer import RestoringOffer, listed

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

PICTURE_SECONDS = 60.0  # between two pictures, for surfaces are dear to paint
PICTURE = QSize(416, 260)  # twice as large as it is shown, for screens with many pixels


class Recovery(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        desk = window.desk
        self._window = window
        self._found: tuple[UnsavedSession | Damaged, ...] = ()
        self._next_picture = 0.0
        self._dialog: RecoveryDialog | None = None
        self.sessions = UnsavedSessions(desk.state, desk.keeps_session, self)
        self.sessions.found.connect(self._on_found)
        self.sessions.damaged.connect(self._on_found)
        self.sessions.looked.connect(self._on_looked)
        self.interrupted = InterruptedComputations(desk.state, desk.history, desk.held, self)
        self._offer = RestoringOffer(window, self.interrupted, _sentence)
        for source in (self.sessions, self.interrupted, desk.keeps, desk.keeps_session):
            source.failed.connect(desk.computations.failed)
        desk.keeps_session.picture = self._picture
        desk.state.opened.connect(self._on_opened)
        desk.claims.taken.connect(self._on_taken)
        desk.claims.free.connect(self._on_free)

    def look(self) -> None:
        """Look for all that was interrupted: sessions first, because the rest belongs into them."""
        self.sessions.look()

    # ---- sessions

    def _on_found(self, found: Sequence[UnsavedSession | Damaged]) -> None:
        self._found = (*self._found, *found)

    def _on_looked(self) -> None:
        if not self._found:
            self._look_for_the_rest()
            return
        self._show(self._look_for_the_rest)

    def _show(self, then: Callable[[], object] = lambda: None) -> None:
        window = self._window
        # The newest first: it is what was being worked on.
        found = sorted(
            self._found, key=lambda one: isinstance(one, UnsavedSession) and one.time.timestamp(), reverse=True
        )
        dialog = self._dialog = RecoveryDialog(found, window.theme, window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.restore_wanted.connect(self._restore)
        dialog.discard_wanted.connect(self._discard)
        dialog.rejected.connect(self._put_off)
        dialog.finished.connect(lambda _result: then())
        dialog.open()

    def _look_for_the_rest(self) -> None:
        self._window.training_room.interrupted.look()
        self.interrupted.look()

    def _put_off(self) -> None:
        """They wait on the disk for the next start, of another window too; here they would only take memory."""
        found, self._found = self._found, ()
        for one in found:
            one.kept.release()

    def _restore(self, one: UnsavedSession) -> None:
        if self._window.may_leave_document(lambda: self._restore(one)):
            self._found = tuple(other for other in self._found if other is not one)
            self.sessions.restore([one])
        if self._found:
            more = "One more session that was not saved is" if len(self._found) == 1 else f"{len(self._found)} more are"
            self._window.offers.offer(f"{more} kept.", (("Show", self._show),))

    def _discard(self, one: UnsavedSession | Damaged) -> None:
        name = one.name if isinstance(one, UnsavedSession) else one.kept.place.name
        if self._window.dialogs.confirm_throwing_away(name):
            self._found = tuple(other for other in self._found if other is not one)
            self.sessions.discard([one])
            if self._dialog is not None:
                self._dialog.remove(one)

    def _on_opened(self) -> None:
        self._next_picture = 0.0  # of another session there is none yet

    def _picture(self) -> QImage | None:
        """The middle of the window, painted small: a picture of its full size would stop the window for 100 ms."""
        area, now = self._window.area, time.monotonic()
        dragging = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if dragging or now < self._next_picture or not area.isVisible() or not area.pages():
            return None  # the one before stays
        self._next_picture = now + PICTURE_SECONDS
        scale = min(PICTURE.width() / area.width(), PICTURE.height() / area.height(), 1.0)
        return picture_of(area, scale)

    # ---- a file that two windows have open

    def _on_taken(self, owner: Owner | None) -> None:
        window, path = self._window, self._window.desk.state.path
        name = "" if path is None else path.name
        who = "another Corrie window" if owner is None else owner.words
        text = f"“{short(name)}” is open in {who}. It is shown here to be read only: save changes under another name."
        if owner is not None and owner.gone:
            text = f"{text} That window has given no sign of life for a while."
            window.offers.offer(text, (("Open anyway for writing", window.desk.claims.seize),))
        else:
            window.offers.offer(text, ())

    def _on_free(self) -> None:
        desk = self._window.desk
        path = desk.state.path
        if path is not None and stamp_of(path) != desk.file.stamp:
            self._window.say("The file is this window's now, but was changed meanwhile: open it again to see how.")
        else:
            self._window.say("The file is this window's now: it can be saved here again.")


def _sentence(found: Sequence[InterruptedResult]) -> str:
    what = "Its partial result is" if len(found) == 1 else "Their partial results are"
    return f"Corrie ended while it computed {listed([f'“{short(one.item.name)}”' for one in found])}. {what} kept."
