"""What every picture over a plane stands in: a colour scale beside it, words below it, a sentence where it is empty."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.render.colour_bar import ColourBar
from core.errors import InvalidRequest


class CaptionedPicture(QWidget):
    """A widget that draws, with what belongs to it. Which widget, its subclasses say to `_arrange`."""

    nothing = "There is nothing to make a picture of yet. Compute it first."  # to whom copies an empty view

    def _arrange(self, drawn: QWidget, empty: str, bar: ColourBar, *, inset: int, above: int) -> None:
        """Put the widget that draws beside its bar, `inset` pixels from the corner, and `above` pixels over the words.

        Until `_show_page` says otherwise, the sentence `empty` is all that is seen.
        """
        self._bar = bar
        self._caption, self._empty = QLabel(self), QLabel(empty, self)
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(10, above, 10, 6)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(24)
        row = QHBoxLayout()
        row.setContentsMargins(inset, inset, 0, 0)
        row.setSpacing(0)
        row.addWidget(drawn, 1)
        row.addWidget(self._bar)
        self._content = QWidget(self)
        self.column = QVBoxLayout(self._content)  # more can be put above and below the picture
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(row, 1)
        self.column.addWidget(self._caption)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._content)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _show_page(self, *, something: bool) -> None:
        """Show the picture, or the sentence that says why there is none."""
        self._pages.setCurrentWidget(self._content if something else self._empty)

    def _set_quiet(self, colour: QColor) -> None:
        """Write the words in this colour."""
        quiet = QPalette(self.palette())
        quiet.setColor(QPalette.ColorRole.WindowText, colour)
        self._caption.setPalette(quiet)
        self._empty.setPalette(quiet)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def image(self, scale: float = 2.0) -> QImage:
        """All that is on screen, at `scale` pixels per logical pixel, for copying and export.

        Raises InvalidRequest while there is no picture.
        """
        if self._pages.currentWidget() is self._empty:
            raise InvalidRequest(self.nothing)
        picture = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(self.palette().color(QPalette.ColorRole.Base))
        painter = QPainter(picture)
        self._paint_all(painter, scale)
        painter.end()
        return picture

    def _paint_all(self, painter: QPainter, _scale: float) -> None:
        """Paint all that is on screen, at `_scale` pixels per logical pixel."""
        self.render(painter, QPoint(0, 0))

    def sizeHint(self) -> QSize:
        return QSize(800, 600)
