"""The pictures of the slice of an image along two handles."""

import numpy as np

from app.render.plot.slices.correction_words import SliceWords
from app.views.pages.corrected_image import CorrectedImage, HandledImage, light_of
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box, Correction


class SliceImage(CorrectedImage):
    """Knows of every point of the slice whether it is accepted, exactly."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__(shape)
        self._correction: Correction | None = None
        self._region: LiveRegion | None = None

    def set_correction(self, correction: Correction | None, words: SliceWords) -> None:
        """Show the image of a correction and what becomes of it in the middle of the box."""
        before, self._correction = self._correction, correction
        if correction is None:
            self.set_image(None)
            return
        if before is None or before.accepted is not correction.accepted:
            self._region = LiveRegion.of(correction)
        if before is None or before.request is not correction.request:
            self.set_image(_image(correction, words))
        self.set_box(correction.box)

    def set_box(self, box: Box | None) -> None:
        """Follow the box."""
        if box is None:
            self.set_middle(None, accepted=None)
            return
        point = Box(centre=box.centre, half_width=(0.0, 0.0))
        accepted = self._region is not None and self._region.judge(point).accepted
        self.set_middle(np.array(box.centre), accepted=accepted)


def _image(correction: Correction, words: SliceWords) -> HandledImage:
    request, plane = correction.request, correction.request.subspace
    low, high = np.array(request.bounds).reshape(2, 2)
    return HandledImage(
        plane=plane,
        pixels=np.array(request.input),
        row=request.row,
        judged=words.class_name(correction.verdict),
        wanted=words.wanted_words(correction),
        light=light_of(plane, np.array(request.point), low, high),
    )
