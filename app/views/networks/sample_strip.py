"""A strip of sample images with captions, crisp at a whole number of screen pixels for each of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.actions.wording import tip
from app.views.networks.tones import tones

WISHED = 64  # pixels a side of a picture on the screen
NARROWEST_CELL = 84  # pixels, so that a caption has room
GAP = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """One picture and what is to be read under it."""

    image: QImage
    caption: str  # first line, such as the label
    verdict: str = ""  # second line, with a sign: ``✗ wrong: dog``
    note: str = ""  # third line, such as the confidence
    good: bool | None = None  # tints the second line; None: plain


class SampleStrip(QWidget):
    """Pictures in rows, as many side by side as there is room for; `wished` pixels a side, as far as that is whole."""

    def __init__(self, name: str = "samples", parent: QWidget | None = None, *, wished: int = WISHED) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._wished = wished
        self._samples: tuple[Sample, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is shown."""
        return self._samples

    def set_wished(self, wished: int) -> None:
        """Draw pictures of about so many pixels a side."""
        if wished != self._wished:
            self._wished = wished
            self.updateGeometry()
            self.update()

    def set_samples(self, samples: Sequence[Sample]) -> None:
        """Show these."""
        self._samples = tuple(samples)
        words = (", ".join(filter(None, (one.caption, one.verdict, one.note))) for one in self._samples)
        self.setAccessibleName("Samples: " + "; ".join(words))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._samples) // self._columns(width)) if self._samples else 0
        return rows * (self._cell().height() + GAP)

    def sizeHint(self) -> QSize:
        width = max(self.width(), 4 * (self._cell().width() + GAP))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._cell().width(), self.heightForWidth(max(self.width(), self._cell().width())))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  all of it is painted
        painter = QPainter(self)
        for index, sample in enumerate(self._samples):
            self._paint_one(painter, self._place(index), sample)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            sample = self._at(event.pos())
            words = "" if sample is None else "\n".join(filter(None, (sample.caption, sample.verdict, sample.note)))
            QToolTip.showText(event.globalPos(), tip(words), self)
            return True
        return super().event(event)

    def _paint_one(self, painter: QPainter, cell: QRect, sample: Sample) -> None:
        size = shown_size(sample.image.size(), self._wished)
        picture = QRect(QPoint(cell.left(), cell.top()), size)
        shrunk = size.width() < sample.image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
        painter.drawImage(picture, sample.image)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(picture.adjusted(0, 0, -1, -1))
        colours = tones(self.palette())
        tint = {True: colours.good, False: colours.bad, None: colours.text}[sample.good]
        lines = ((sample.caption, colours.text), (sample.verdict, tint), (sample.note, colours.muted))
        metrics, top = QFontMetrics(self.font()), cell.top() + self._picture_height() + 2
        for text, colour in lines:
            painter.setPen(QColor(colour))
            line = QRect(cell.left(), top, cell.width(), metrics.height())
            painter.drawText(
                line,
                Qt.AlignmentFlag.AlignLeft,
                metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width()),
            )
            top += metrics.height() if text else 0

    def _picture_height(self) -> int:
        return max((shown_size(one.image.size(), self._wished).height() for one in self._samples), default=0)

    def _cell(self) -> QSize:
        metrics = QFontMetrics(self.font())
        lines = max((sum(map(bool, (one.caption, one.verdict, one.note))) for one in self._samples), default=0)
        width = max((shown_size(one.image.size(), self._wished).width() for one in self._samples), default=0)
        texts = (text for one in self._samples for text in (one.caption, one.verdict, one.note))
        widest = min(max((metrics.horizontalAdvance(text) for text in texts), default=0) + 2, 2 * NARROWEST_CELL)
        return QSize(max(width, widest, NARROWEST_CELL), self._picture_height() + 2 + lines * metrics.height())

    def _columns(self, width: int) -> int:
        return max(1, (width + GAP) // (self._cell().width() + GAP))

    def _place(self, index: int) -> QRect:
        row, column = divmod(index, self._columns(self.width()))
        cell = self._cell()
        return QRect(QPoint(column * (cell.width() + GAP), row * (cell.height() + GAP)), cell)

    def _at(self, place: QPoint) -> Sample | None:
        found = (one for index, one in enumerate(self._samples) if self._place(index).contains(place))
        return next(found, None)


def shown_size(size: QSize, wished: int = WISHED) -> QSize:
    """The size on the screen: a whole multiple of the picture's own, or a whole fraction where it is large."""
    longest = max(size.width(), size.height(), 1)
    if longest <= wished:
        return size * max(1, wished // longest)
    fraction = -(-longest // (wished + wished // 2))
    return QSize(max(1, size.width() // fraction), max(1, size.height() // fraction))
