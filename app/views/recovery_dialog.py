"""Asks what is to become of sessions that were not saved when Corrie ended unexpectedly."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions.wording import short
from app.recovery.interrupted import Damaged
from app.recovery.sessions import UnsavedSession, time_of
from app.recovery.slot import Slot
from app.theme.theme import Theme
from app.views.made import named, text_label
from core.session.document import Document

PICTURE = QSize(208, 130)
LONGEST_REASON = 260  # characters

Found = UnsavedSession | Damaged


class RecoveryDialog(QDialog):
    """A list of them with a picture each. One is restored, or thrown away; the others are kept until the next start."""

    restore_wanted = Signal(object)  # UnsavedSession
    discard_wanted = Signal(object)  # UnsavedSession or Damaged

    def __init__(self, found: Sequence[Found], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setWindowTitle("Unsaved work")
        self._theme = theme
        self._list = named(QListWidget(), "recovery.list")
        self._list.setIconSize(PICTURE)
        self._list.setSpacing(4)
        self._list.setWordWrap(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Sessions that were not saved")
        for one in found:
            self._add(one)
        self._list.currentRowChanged.connect(self._refresh)
        self._list.itemActivated.connect(self._on_activated)
        self._restore = named(QPushButton("Restore"), "recovery.restore")
        self._restore.clicked.connect(self._on_restore)
        self._discard = named(QPushButton("Throw away"), "recovery.throw_away")
        self._discard.clicked.connect(self._on_discard)
        later = named(QPushButton("Not now"), "recovery.not_now")
        later.clicked.connect(self.reject)
        later.setToolTip("Everything stays where it is, and is offered again when Corrie starts")
        buttons = QDialogButtonBox()
        buttons.addButton(self._restore, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(later, QDialogButtonBox.ButtonRole.RejectRole)
        row = QHBoxLayout()
        row.addWidget(self._discard)
        row.addStretch(1)
        row.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(text_label(_heading(len(found)), "recovery.text"))
        column.addWidget(self._list, 1)
        column.addLayout(row)
        self.resize(680, 150 + 153 * min(len(found), 3))
        self._list.setCurrentRow(0)
        self._restore.setDefault(True)
        self._refresh()

    def remove(self, one: Found) -> None:
        """Take it from the list; without any, there is nothing left to ask."""
        for row in reversed(range(self._list.count())):
            if self._list.item(row).data(Qt.ItemDataRole.UserRole) is one:
                self._list.takeItem(row)
        if not self._list.count():
            self.accept()

    def _add(self, one: Found) -> None:
        picture = _picture(one, self._theme)
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)  # else it would be tinted
        item = QListWidgetItem(icon, _words(one))
        item.setData(Qt.ItemDataRole.UserRole, one)
        item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter)
        item.setSizeHint(QSize(0, PICTURE.height() + 14))
        if isinstance(one, Damaged):
            item.setToolTip(one.reason)
        self._list.addItem(item)

    def _current(self) -> Found | None:
        item = self._list.currentItem()
        found: Found | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return found

    def _refresh(self) -> None:
        current = self._current()
        self._restore.setEnabled(isinstance(current, UnsavedSession))
        self._discard.setEnabled(current is not None)

    def _on_activated(self) -> None:
        self._on_restore()

    def _on_restore(self) -> None:
        current = self._current()
        if isinstance(current, UnsavedSession):
            self.remove(current)
            self.accept()
            self.restore_wanted.emit(current)

    def _on_discard(self) -> None:
        if (current := self._current()) is not None:
            self.discard_wanted.emit(current)


def _heading(count: int) -> str:
    what = "a session that was" if count == 1 else f"{count} sessions that were"
    return (
        f"Corrie ended unexpectedly. It kept {what} not saved. What you restore opens as it was, not yet saved; "
        "the kept copy goes only once you have saved it."
    )


def _words(one: Found) -> str:
    if isinstance(one, Damaged):
        slot = one.kept
        when = f", kept {_moment(time_of(slot))}" if isinstance(slot, Slot) else ""
        return f"Cannot be read{when}\n{short(one.reason, LONGEST_REASON)}"
    path = one.path
    file = "Never saved to a file" if path is None else f"Belongs to {path}"
    return f"{short(one.name)}\nKept {_moment(one.time)}\n{contents(one.document)}\n{file}"


def contents(document: Document) -> str:
    """``2 networks, 1 data set, 5 results``."""
    kinds = (
        (len(document.networks), "network"),
        (len(document.datasets), "data set"),
        (len(document.runs), "training run"),
        (len(document.results), "result"),
    )
    return ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for count, kind in kinds if count) or "Empty"


def _moment(time: datetime) -> str:
    now = datetime.now(time.tzinfo)
    clock = f"{time:%H:%M}"
    if time.date() == now.date():
        return f"today at {clock}"
    return f"on {QLocale.c().toString(QDate(time.year, time.month, time.day), 'd MMMM yyyy')} at {clock}"


def _picture(one: Found, theme: Theme) -> QPixmap:
    """The picture in its frame, or a frame without one."""
    image = one.picture if isinstance(one, UnsavedSession) else None
    canvas = QPixmap(PICTURE)
    colours = theme.colours
    canvas.fill(QColor(colours.base))
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if image is not None:
        scaled = _fitted(image)
        painter.drawImage((PICTURE.width() - scaled.width()) // 2, (PICTURE.height() - scaled.height()) // 2, scaled)
    else:
        font = QFont(painter.font())
        font.setPointSizeF(max(8.0, font.pointSizeF()))
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        text = "damaged" if isinstance(one, Damaged) else "no picture"
        painter.drawText(canvas.rect(), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(QColor(colours.border))
    painter.drawRect(canvas.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return canvas


def _fitted(image: QImage) -> QImage:
    return image.scaled(PICTURE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
