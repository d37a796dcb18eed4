"""Turns boxes that were moved into steps of undo: in a slice, and in several features."""

from dataclasses import replace

from PySide6.QtCore import QObject

from app.actions.opening import explained
from app.commands.command import Command
from app.commands.results import SetBox, SetJointBox
from app.views.desk import Desk
from core.corrections.live.joint import same_place
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box, Correction
from core.corrections.records.joint import JointBox, JointCorrection
from core.errors import CorrieError
from core.session.document import Result, ResultItem


class BoxKeeper(QObject):
    """One step for each drag; what is proved of a box later belongs to the step that moved it there."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def set_box(self, item_id: str, box: Box) -> None:
        """Move or resize the box of a correction, as one step of undo."""
        correction = self._result(item_id)
        if box.proof == "unknown" and isinstance(correction, Correction):
            accepted = LiveRegion.of(correction).judge(box).accepted  # typed in, so no picture has judged it
            box = replace(box, proof="proved" if accepted else "unknown")
        self._push(SetBox(item_id, box))
        self._desk.history.end_gesture()

    def set_joint_box(self, item_id: str, box: JointBox) -> None:
        """Move the box of a correction in several features, as one step of undo; its proof may follow."""
        self._desk.history.end_gesture()
        self._push(SetJointBox(item_id, box))

    def set_joint_proof(self, item_id: str, box: JointBox) -> None:
        """Note what was proved of a box in the step that moved it there; a later step leaves it as it is."""
        joint, command = self._result(item_id), SetJointBox(item_id, box)
        there = isinstance(joint, JointCorrection) and same_place(joint.box, box)
        if there and self._desk.history.in_gesture(command):
            self._push(command)
            self._desk.history.end_gesture()

    def _result(self, item_id: str) -> Result | None:
        item = self._desk.state.document.items.get(item_id)
        return item.result if isinstance(item, ResultItem) else None

    def _push(self, command: Command) -> None:
        try:
            self._desk.history.push(command)
        except CorrieError as error:
            self._desk.computations.failed.emit(explained(error))
