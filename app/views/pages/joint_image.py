"""The pictures of a correction of an image along three handles or more."""

import numpy as np

from app.views.pages.corrected_image import CorrectedImage, HandledImage, light_of
from core.corrections.live.joint import KnownBoxes
from core.corrections.records.joint import JointBox, JointCorrection
from core.exchange.joint_words import joint_verdict, joint_wanted
from core.exchange.subject import Subject


class JointImage(CorrectedImage):
    """Says of the middle of the box what follows from the boxes that were proved and the points that were rejected."""

    def set_joint(self, joint: JointCorrection, subject: Subject) -> None:
        """Show the image of a correction; what becomes of it is shown by `set_box`."""
        freedom, pixels = joint.request.freedom, np.array(joint.request.input)
        plane = freedom.subspace(pixels)
        low, high = np.array([(one.low, one.high) for one in freedom.numbers]).T
        self.set_image(
            HandledImage(
                plane=plane,
                pixels=pixels,
                row=joint.request.row,
                judged=joint_verdict(joint, subject),
                wanted=joint_wanted(joint, subject),
                light=light_of(plane, joint.request.start, low, high),
            )
        )

    def set_box(self, box: JointBox | None, known: KnownBoxes) -> None:
        """Follow the box."""
        if box is None:
            self.set_middle(None, accepted=None)
            return
        middle = (box.low + box.high) / 2
        judged = known.judge(JointBox(low=middle, high=middle, levels=box.levels))
        self.set_middle(middle, accepted=None if judged is None else judged.answer == "proved")
