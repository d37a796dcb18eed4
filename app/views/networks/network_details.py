"""One network in full: its card, which can be edited, and its parameters by layer."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.jobs.failure import JobFailure
from app.jobs.latest import LatestWork
from app.views.made import named, text_label, with_icon
from app.views.networks.card_form import CardForm
from app.views.networks.layers_table import LayersTable
from app.views.networks.rows import kind_of_network
from core.deferred import array_shapes
from core.job import JobContext
from core.networks.layers import layers_of
from core.runtime import prepare_torch
from core.session.document import STATISTICS, NetworkItem

Shapes = Mapping[str, tuple[int, ...]]  # of parameters by name


class NetworkDetails(QWidget):
    """Shows and edits the card of one network. What is edited becomes an edit of the document on Apply."""

    apply_wanted = Signal(str, object)  # item id, NetworkCard
    export_wanted = Signal(str)  # item id
    remove_wanted = Signal(str)  # item id
    counted = Signal(str, int)  # sha256 and number of parameters of a program that was looked into

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_details")
        self._item: NetworkItem | None = None
        self._uses = 0
        self._work = LatestWork(self)
        self.form = CardForm("card", shape_editable=False)
        self.form.from_data.hide()
        self.form.changed.connect(self._show_state)
        self.note = text_label(name="card.note")
        self.apply = named(QPushButton("Apply"), "card.apply")
        self.apply.clicked.connect(self._apply)
        self.revert = named(QPushButton("Revert"), "card.revert")
        self.revert.clicked.connect(self._fill)
        self.export = named(with_icon(QPushButton("Export…"), "export"), "card.export")
        self.export.setToolTip("Write the network card, and the weights or the program beside it")
        self.export.clicked.connect(self._on_export)
        self.remove = named(QPushButton("Remove"), "card.remove")
        self.remove.clicked.connect(self._on_remove)
        self.layers = LayersTable("card.layers")
        self.layers_note = text_label(name="card.layers_note")
        self._lay_out()

    def set_item(self, item: NetworkItem, uses: int) -> None:
        """Show a network. What was typed for it and not applied stays if only something else about it has changed."""
        same = self._item is not None and self._item.id == item.id and self._item.card == item.card
        same = same and self._item is not None and self._item.name == item.name
        fresh = self._item is None or self._item.sha256 != item.sha256
        self._item, self._uses = item, uses
        if not same:
            self._fill()
        if fresh:
            self._show_layers(item)
        self._show_state()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._work.stop()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.form)
        column.addWidget(self.note)
        buttons = QHBoxLayout()
        for button in (self.apply, self.revert):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.export, self.remove):
            buttons.addWidget(button)
        column.addLayout(buttons)
        column.addStretch(1)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        title = QLabel("Parameters by &layer")
        title.setBuddy(self.layers)
        beside.addWidget(title)
        beside.addWidget(self.layers_note)
        beside.addWidget(self.layers, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([340, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _fill(self) -> None:
        if self._item is not None:
            self.form.set_card(replace(self._item.card, name=self._item.name), len(self._item.card.classes) or None)
            self._show_state()

    def _show_state(self) -> None:
        if self._item is None:
            return
        card = self.form.card()
        before = self._item.card
        changed = card is None or card != before or card.name != self._item.name
        self.apply.setEnabled(card is not None and changed)
        self.revert.setEnabled(changed)
        words = f"{kind_of_network(self._item)}, sha256 {self._item.sha256[:12]}…"
        if card is not None and card.input != before.input:
            words = (
                f"{self._uses} {'result was' if self._uses == 1 else 'results were'} computed with the old "
                "preprocessing and refer to it. Apply adds a second network with the new one."
                if self._uses
                else "Apply changes how the network is fed. Nothing was computed from it yet."
            )
        self.note.setText(words)

    def _apply(self) -> None:
        card = self.form.card()
        if card is not None and self._item is not None:
            self.apply_wanted.emit(self._item.id, card)

    def _on_export(self) -> None:
        if self._item is not None:
            self.export_wanted.emit(self._item.id)

    def _on_remove(self) -> None:
        if self._item is not None:
            self.remove_wanted.emit(self._item.id)

    def _show_layers(self, item: NetworkItem) -> None:
        self._work.stop()
        self.layers_note.hide()
        if item.program is None:
            shapes = array_shapes(item.weights)
            self._set_shapes({name: shape for name, shape in shapes.items() if not name.endswith(STATISTICS)})
            return
        self.layers.set_layers([])
        self._say("Looking into the program…")

        def done(shapes: Shapes) -> None:
            self.layers_note.hide()
            self._set_shapes(shapes)
            self.counted.emit(item.sha256, sum(layer.count for layer in layers_of(shapes)))

        def failed(failure: JobFailure) -> None:
            self._say(failure.message)

        self._work.start(item.name, lambda job: _shapes(item, job), done, failed)

    def _set_shapes(self, shapes: Shapes) -> None:
        self.layers.set_layers(layers_of(shapes))

    def _say(self, text: str) -> None:
        self.layers_note.setText(text)
        self.layers_note.show()


def _shapes(item: NetworkItem, job: JobContext) -> Shapes:
    prepare_torch()
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    job.check()
    return {name: tuple(value.shape) for name, value in restore_network(item).module.named_parameters()}
