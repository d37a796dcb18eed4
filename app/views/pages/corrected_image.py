"""What a box of the slice of an image stands for: the image, what changes, and the corrected image at its middle."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.render.plot.slices.correction_words import SliceWords
from app.render.plot.style import BLUE, VERMILLION, mixed, plot_colours
from app.views.attacks.change_picture import as_pixels, change_picture
from app.views.networks.sample_images import Brightness, brightness_of, picture_of_sample
from app.views.networks.sample_strip import Sample, SampleStrip
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box, Correction
from core.corrections.records.subspace import Subspace
from core.exchange.words import number

SIDE = 96  # pixels of a picture
SMALL = 56  # and in a row, below a slice that needs the room
UPRIGHT = 128  # pixels of the column
ANY = 16_777_215  # as wide as Qt allows
FloatArray = npt.NDArray[np.float64]


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
        self.setBackgroundRole(QPalette.ColorRole.Base)  # as the slice
        self.strip = SampleStrip("correction.pictures", wished=SIDE)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.strip)
        layout.addStretch(1)
        self._correction: Correction | None = None
        self._words: SliceWords | None = None
        self._plane: Subspace | None = None
        self._region: LiveRegion | None = None
        self._light = Brightness(low=0.0, high=1.0)
        self._box: Box | None = None
        self.hide()

    def set_correction(self, correction: Correction | None, words: SliceWords) -> None:
        """Show the image of a correction and what becomes of it in the middle of the box."""
        before, self._correction, self._words = self._correction, correction, words
        self.setVisible(correction is not None)
        if correction is None:
            return
        if before is None or before.request is not correction.request:
            self._plane = correction.request.subspace
            self._light = _light(correction, self._plane)
        if before is None or before.accepted is not correction.accepted:
            self._region = LiveRegion.of(correction)
        self.set_box(correction.box)

    def set_box(self, box: Box | None) -> None:
        """Follow the box."""
        self._box = box
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_box"):  # Qt may call before __init__ is done
            self._draw()

    def set_upright(self, *, upright: bool) -> None:
        """One above the other, or smaller in a row."""
        self.setMinimumWidth(UPRIGHT if upright else 0)
        self.setMaximumWidth(UPRIGHT if upright else ANY)
        self._layout.setContentsMargins(10, 8 if upright else 0, 10, 8)
        self.strip.set_wished(SIDE if upright else SMALL)

    def _draw(self) -> None:
        correction, words, plane = self._correction, self._words, self._plane
        if correction is None or words is None or plane is None:
            return
        start = np.array(correction.request.input)
        light = self._light
        row = correction.request.row
        as_it_is = Sample(
            image=picture_of_sample(start.reshape(self._shape), light),
            caption="image" if row is None else f"image {row}",
            verdict=f"judged {words.class_name(correction.verdict)}",
        )
        if self._box is None:
            self.strip.set_samples([as_it_is])
            return
        corrected: FloatArray = plane.inputs(np.array([self._box.centre]))[0]
        change = corrected - start
        reach = float(np.abs(change).max(initial=0.0))
        accepted = self._accepted(self._box)
        wanted = words.wanted_words(correction)
        self.strip.set_samples(
            [
                as_it_is,
                Sample(
                    image=change_picture(as_pixels(change.reshape(self._shape)), reach, *self._colours()),
                    caption="change",
                    verdict=f"up to {number(reach, 2)}" if reach else "none",
                ),
                Sample(
                    image=picture_of_sample(corrected.reshape(self._shape), light),
                    caption="middle of the box",
                    verdict=f"✓ judged {wanted}" if accepted else f"✗ not {wanted}",
                    good=accepted,
                ),
            ]
        )

    def _accepted(self, box: Box) -> bool:
        """Whether the middle of the box lies in the accepted region."""
        point = Box(centre=box.centre, half_width=(0.0, 0.0))
        return self._region is not None and self._region.judge(point).accepted

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Less, no change, more."""
        frame = plot_colours(self.palette())
        if frame.dark:
            return mixed(BLUE, QColor("white"), 0.25), mixed(frame.background, frame.text, 0.1), VERMILLION
        return BLUE, QColor("#f4f4f4"), VERMILLION


def _light(correction: Correction, plane: Subspace) -> Brightness:
    """Black and white for all of the slice: from the image and where each handle alone leads."""
    x_low, y_low, x_high, y_high = correction.request.bounds
    x, y = correction.request.point
    values = plane.inputs(np.array([(x, y), (x_low, y), (x_high, y), (x, y_low), (x, y_high)]))
    whole = np.array_equal(values[0], np.rint(values[0]))
    return brightness_of(np.rint(values).astype(np.int64) if whole else values)
