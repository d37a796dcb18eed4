"""Undo and redo, without limit. Documents are immutable and share what did not change, so a step is two references."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.commands.command import Command
from app.state.document_state import DocumentState, same_content
from core.errors import InvalidRequest
from core.session.document import Document


@dataclass(frozen=True, eq=False)
class Step:
    """One entry of the Edit menu: the document before and after it."""

    label: str
    before: Document
    after: Document
    command: Command  # the last one of a gesture

    @property
    def merge_key(self) -> Hashable | None:
        return self.command.merge_key


class History(QObject):
    """The way from the document that was opened to the present one, and back.

    A drag is a *gesture*: its commands carry a merge key and become one step until `end_gesture` (mouse or key
    released), or `cancel_gesture` (Escape), which puts everything back as if it had not happened. What a person does
    besides ends it; what comes by itself meanwhile is a step of its own below it (`receive`).
    """

    changed = Signal()  # what can be undone or redone, or its text, is another one

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._steps: list[Step] = []
        self._index = 0  # steps before it can be undone, the others redone
        self._gesture_open = False
        state.opened.connect(self._on_opened)

    @property
    def can_undo(self) -> bool:
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        return self._index < len(self._steps)

    @property
    def undo_text(self) -> str:
        """What would be undone, such as ``move box``; empty if nothing can be."""
        return self._steps[self._index - 1].label if self.can_undo else ""

    @property
    def redo_text(self) -> str:
        """What would be redone; empty if nothing can be."""
        return self._steps[self._index].label if self.can_redo else ""

    @property
    def index(self) -> int:
        """How many steps can be undone."""
        return self._index

    @property
    def clean_index(self) -> int | None:
        """Where `index` must be for the document to be the saved one; None if no undo or redo leads there."""
        documents = [self._steps[0].before] if self._steps else [self._state.document]
        documents += [step.after for step in self._steps]
        return next((i for i, document in enumerate(documents) if self._is_saved(document)), None)

    def push(self, command: Command) -> None:
        """Make the edit, and remember it if it changed anything. What was undone before can no longer be redone.

        Raises
        ------
        InvalidRequest
            If the edit cannot be made; the document and the history are then as before.
        """
        before = self._state.document
        after = command.apply(before)
        if after is before:
            return
        step = Step(command.label(before), before, after, command)
        del self._steps[self._index :]
        if self._merges(step):
            self._steps[-1] = replace(step, before=self._steps[-1].before)
        else:
            self._steps.append(step)
        self._index = len(self._steps)
        self._gesture_open = step.merge_key is not None
        self._go_to(after)

    def receive(self, command: Command) -> None:
        """Make an edit that comes by itself, such as a result that was computed, as a step of its own.

        A gesture that is under way goes on: the new step lies below the one that the gesture has made so far, so that
        undo takes back the gesture first and whole, and cancelling it leaves what has come.

        Raises
        ------
        InvalidRequest
            As `push`.
        """
        gesture = self._steps[-1] if self._gesture_open and self._steps else None
        if gesture is None or self._is_saved(gesture.after):  # what was saved stays a step
            self.push(command)
            return
        try:
            between = command.apply(gesture.before)
            after = gesture.command.apply(between)
        except InvalidRequest:  # it needs what the gesture has made, or leaves it nothing to act on
            self.push(command)
            return
        if between is gesture.before:
            return
        self._steps[-1] = Step(command.label(gesture.before), gesture.before, between, command)
        self._gesture_open = after is not between
        if self._gesture_open:
            self._steps.append(replace(gesture, before=between, after=after))
        self._index = len(self._steps)
        self._go_to(after)

    def undo(self) -> None:
        """Go back to the very document before the last step. Nothing happens at the beginning."""
        self._gesture_open = False
        if self.can_undo:
            self._index -= 1
            self._go_to(self._steps[self._index].before)

    def redo(self) -> None:
        """Make the step again that was undone last. Nothing happens at the end."""
        self._gesture_open = False
        if self.can_redo:
            self._index += 1
            self._go_to(self._steps[self._index - 1].after)

    def end_gesture(self) -> None:
        """Say that a drag is over: the next command is a step of its own."""
        self._gesture_open = False

    def in_gesture(self, command: Command) -> bool:
        """Whether a command would become part of the step that is under way."""
        last = self._steps[-1] if self._gesture_open and self._steps else None
        return last is not None and last.merge_key == command.merge_key

    def cancel_gesture(self) -> None:
        """Take back the drag that is under way, leaving nothing to redo. Nothing happens if there is none."""
        if self._gesture_open:
            self._gesture_open = False
            step = self._steps.pop()
            self._index = len(self._steps)
            self._go_to(step.before)

    def _merges(self, step: Step) -> bool:
        if not (self._gesture_open and self._steps):
            return False
        last = self._steps[-1]
        # What was saved in the middle of a drag stays a step, so that undo can come back to it.
        return last.merge_key == step.merge_key and not self._is_saved(last.after)

    def _is_saved(self, document: Document) -> bool:
        return self._state.saved is not None and same_content(document, self._state.saved)

    def _go_to(self, document: Document) -> None:
        self._state.edit(document)
        self.changed.emit()

    def _on_opened(self) -> None:
        self._steps.clear()
        self._index = 0
        self._gesture_open = False
        self.changed.emit()
