"""What the pictures of pairs of features share: one is shown, painted whole, and says a sentence at every place."""

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.render.plot.style import PlotColours, plot_colours

P = TypeVar("P")


class PictureView(QWidget, Generic[P]):
    """Shows one picture, or nothing.

    Parameters
    ----------
    name : str
        By which tests and layouts find it.
    title : str
        What a screen reader calls it.
    """

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture: P | None = None

    @property
    def picture(self) -> P | None:
        """What is shown."""
        return self._picture

    def set_picture(self, picture: P | None) -> None:
        """Show this."""
        self._picture = picture
        self.updateGeometry()
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._picture is not None:
            QToolTip.showText(event.globalPos(), self._sentence_at(self._picture, QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = plot_colours(self.palette())
        painter.fillRect(self.rect(), look.background)
        self._paint(painter, self._picture, look)
        painter.end()

    def _sentence_at(self, picture: P, place: QPointF) -> str:
        """What is known at a place in pixels; "" for nothing."""
        raise NotImplementedError

    def _paint(self, painter: QPainter, picture: P, look: PlotColours) -> None:
        """Paint all of a picture on the background."""
        raise NotImplementedError
