"""What an edit is: a record that makes a new document out of an old one."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass

from core.session.document import Document


@dataclass(frozen=True, eq=False)
class Command(ABC):
    """An edit of the document. Undo needs no inverse: `History` keeps the document from before.

    Changes of the view (cameras, layout, selection) are no commands: see `DocumentState.set_view`.
    """

    @abstractmethod
    def label(self, document: Document) -> str:
        """What the Edit menu puts behind "Undo", such as ``move box``. `document` is the one before the edit."""

    @abstractmethod
    def apply(self, document: Document) -> Document:
        """The document after the edit; the very same object if there was nothing to change.

        Raises
        ------
        InvalidRequest
            If the edit cannot be made in this document.
        """

    @property
    def merge_key(self) -> Hashable | None:
        """Consecutive commands of one gesture with the same key become one step of undo; None never does.

        The last of them must say alone what all of them came to, such as where a box is now, and not how it was moved.
        """
        return None


@dataclass(frozen=True, eq=False)
class Together(Command):
    """Several edits as one step: either all are made, or none."""

    text: str
    commands: tuple[Command, ...]

    def label(self, document: Document) -> str:  # noqa: ARG002  the text was chosen by who put them together
        return self.text

    def apply(self, document: Document) -> Document:
        for command in self.commands:
            document = command.apply(document)
        return document
