"""What a box of handles of an image stands for: the image, what changes, and the corrected image at its middle."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.render.plot.style import BLUE, VERMILLION, mixed, plot_colours
from app.views.attacks.change_picture import as_pixels, change_picture
from app.views.networks.sample_images import Brightness, brightness_of, picture_of_sample
from app.views.networks.sample_strip import Sample, SampleStrip
from core.corrections.records.subspace import Subspace
from core.exchange.words import number

SIDE = 96  # pixels of a picture
SMALL = 56  # and in a row, below what needs the room
UPRIGHT = 128  # pixels of the column
BESIDE = 80  # letters of a page that has room for pictures at the right
ANY = 16_777_215  # as wide as Qt allows
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class HandledImage:
    """An image and the handles by which it is changed."""

    plane: Subspace
    pixels: FloatArray = field(repr=False)  # (columns,), as it is
    row: int | None  # of the data
    judged: str  # what the network says of it: ``"0"``
    wanted: str  # what it is to say: ``"6"``
    light: Brightness  # black and white of all pictures


class CorrectedImage(QWidget):
    """Three pictures that follow the box: as it is, the change, and corrected.

    Parameters
    ----------
    shape : channels, height, width
        As the network takes images.
    """

    def __init__(self, shape: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = shape
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)  # as what it lies beside
        self.strip = SampleStrip("correction.pictures", wished=SIDE)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.strip)
        layout.addStretch(1)
        self._image: HandledImage | None = None
        self._middle: FloatArray | None = None
        self._accepted: bool | None = None
        self.hide()

    def set_image(self, image: HandledImage | None) -> None:
        """Show this image; nothing while there is none."""
        self._image = image
        self.setVisible(image is not None)
        self._draw()

    def set_middle(self, middle: FloatArray | None, *, accepted: bool | None) -> None:
        """Show the image at the middle (k,) of a box, and whether it is accepted there; None: nobody knows."""
        self._middle, self._accepted = middle, accepted
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_accepted"):  # Qt may call during __init__
            self._draw()

    def set_upright(self, *, upright: bool) -> None:
        """One above the other, or smaller in a row."""
        self.setMinimumWidth(UPRIGHT if upright else 0)
        self.setMaximumWidth(UPRIGHT if upright else ANY)
        self._layout.setContentsMargins(10, 8 if upright else 0, 10, 8)
        self.strip.set_wished(SIDE if upright else SMALL)

    def _draw(self) -> None:
        image = self._image
        if image is None:
            return
        as_it_is = Sample(
            image=picture_of_sample(image.pixels.reshape(self._shape), image.light),
            caption="image" if image.row is None else f"image {image.row}",
            verdict=f"judged {image.judged}",
        )
        if self._middle is None:
            self.strip.set_samples([as_it_is])
            return
        corrected = image.plane.inputs(self._middle[None])[0]
        change = corrected - image.pixels
        reach = float(np.abs(change).max(initial=0.0))
        said = {True: f"✓ judged {image.wanted}", False: f"✗ not {image.wanted}", None: "? not proved"}
        self.strip.set_samples(
            [
                as_it_is,
                Sample(
                    image=change_picture(as_pixels(change.reshape(self._shape)), reach, *self._colours()),
                    caption="change",
                    verdict=f"up to {number(reach, 2)}" if reach else "none",
                ),
                Sample(
                    image=picture_of_sample(corrected.reshape(self._shape), image.light),
                    caption="middle of the box",
                    verdict=said[self._accepted],
                    good=self._accepted,
                ),
            ]
        )

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Less, no change, more."""
        frame = plot_colours(self.palette())
        if frame.dark:
            return mixed(BLUE, QColor("white"), 0.25), mixed(frame.background, frame.text, 0.1), VERMILLION
        return BLUE, QColor("#f4f4f4"), VERMILLION


class WithPictures(QWidget):
    """Pictures at the right of something where that leaves it wide enough, else below it."""

    def __init__(self, main: QWidget, pictures: CorrectedImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(main, 1)
        self._row.addWidget(pictures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= BESIDE * self.fontMetrics().averageCharWidth()
        self._pictures.set_upright(upright=beside)
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


def light_of(plane: Subspace, start: FloatArray, low: FloatArray, high: FloatArray) -> Brightness:
    """Black and white for all of the ranges (k,): from the image (k,) and where each handle alone leads."""
    points = [start]
    for handle in range(len(start)):
        for ends in (low, high):
            alone = start.copy()
            alone[handle] = ends[handle]
            points.append(alone)
    values = plane.inputs(np.array(points))
    whole = np.array_equal(values[0], np.rint(values[0]))
    return brightness_of(np.rint(values).astype(np.int64) if whole else values)
