"""Which layout is shown, and which networks or trainings take part."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.views.choosing_column import ChoosingColumn
from core.exchange.layouts.members import Member
from core.exchange.layouts.picture import KIND_WORDS, KINDS, Kind


class MemberChoice(ChoosingColumn):
    """The layouts, and a box to tick for everybody who could take part."""

    kind_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        layouts = ((kind, KIND_WORDS[kind]) for kind in KINDS)
        super().__init__("across", "kind", layouts, "Networks and trainings that take part", parent)
        self.kind_box = self._box
        self.kind_box.activated.connect(lambda _index: self.kind_wanted.emit(self.kind_box.currentData()))

    def offer(self, kind: Kind, members: Sequence[Member], chosen: Sequence[str], note: str) -> None:
        """Show a layout, who could take part, and who does; a sentence above, "" for none. Tells nobody."""
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))
        self._fill(((one.id, one.name if kind == "twins" else one.label) for one in members), chosen)
        self.say(note)
