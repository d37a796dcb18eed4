"""Random edits of every kind that there is. A kind that nothing here makes fails the tests that use this."""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

import numpy as np

import app.commands
from app.commands.belonging import LinkResults
from app.commands.cards import EditCard, card_edit
from app.commands.command import Command, Together
from app.commands.items import AddItems, RemoveItem, RenameItem
from app.commands.notes import AddNote, EditNote, MoveNote, RemoveNote, ReopenNote, ResolveNote
from app.commands.results import ReplaceResult, SetBox, SetJointBox
from app.commands.runs import ReplaceRun
from core.corrections.records.correction import Box, Correction
from core.corrections.records.joint import JointBox, JointCorrection
from core.errors import InvalidRequest
from core.landscape.surface import Surface
from core.review.note import Note, PointAnchor
from core.review.writing import new_note
from core.session.document import Document, Item, NetworkItem, Result, ResultItem, RunItem
from tests import documents
from tests.every_kind import imported_surface
from tests.joints import joint
from tests.runs import run, run_item

FEWEST_ITEMS, MOST_ITEMS, MOST_NOTES = 12, 40, 20
NAMES = ("March", "a & b", "<b>bold</b>", "x" * 300, "–", "Größe × 2")
Thing = TypeVar("Thing")


def commands_of_the_application() -> set[type[Command]]:
    """Every kind of edit that any module of `app.commands` defines."""
    for module in pkgutil.iter_modules(app.commands.__path__, "app.commands."):
        importlib.import_module(module.name)
    found: set[type[Command]] = set()
    waiting = [Command]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found.update(kind for kind in kinds if kind.__module__.startswith("app."))
        waiting += kinds
    return found


class Editor:
    """Draws edits that fit a document; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._number = 0
        self.makers: dict[type[Command], Callable[[Document], Command | None]] = {
            AddItems: self.add_items,
            RemoveItem: self.remove_item,
            RenameItem: self.rename_item,
            EditCard: self.edit_card,
            SetBox: self.set_box,
            SetJointBox: self.set_joint_box,
            ReplaceResult: self.replace_result,
            ReplaceRun: self.replace_run,
            LinkResults: self.link_results,
            AddNote: self.add_note,
            EditNote: self.edit_note,
            ResolveNote: self.resolve_note,
            ReopenNote: self.reopen_note,
            MoveNote: self.move_note,
            RemoveNote: self.remove_note,
            Together: self.together,
        }

    def edit(self, document: Document) -> Command:
        """An edit that can be made in this document and changes it."""
        while True:
            command = self._random.choice(list(self.makers.values()))(document)
            if command is not None and _changes(command, document):
                return command

    # ---- items

    def add_items(self, document: Document) -> Command | None:
        if len(document.items) >= MOST_ITEMS:
            return None
        number = self._next()
        network = documents.network_item(f"network-x{number}", name=f"Network {number}", seed=number)
        results: Sequence[Result] = (documents.surface(4, 4), documents.spectrum(3), documents.correction(), joint())
        result = replace(
            documents.result_item(self._random.choice(results), f"result-x{number}", f"Result {number}"),
            network_id=network.id,
            dataset_id="",
        )
        items: list[tuple[Item, ...]] = [
            (network,),
            (network, result),
            (documents.dataset_item(f"dataset-x{number}", kept=False),),
            (run_item(f"run-x{number}", epochs=self._random.choice((2, 4))),),
            (replace(imported_surface(), id=f"imported-x{number}"),),
        ]
        return AddItems(self._random.choice(items), self._random.choice(("", f"compute “Result {number}”")))

    def remove_item(self, document: Document) -> Command | None:
        return RemoveItem(self._one(list(document.items))) if len(document.items) > FEWEST_ITEMS else None

    def rename_item(self, document: Document) -> Command:
        return RenameItem(self._one(list(document.items)), f"{self._one(NAMES)} {self._next()}")

    def edit_card(self, document: Document) -> Command | None:
        network = self._maybe(document.networks)
        if not isinstance(network, NetworkItem):
            return None
        card = replace(network.card, description=f"as of edit {self._next()}")
        if self._random.random() < 0.2 and len(document.items) < MOST_ITEMS:
            return card_edit(
                document, network.id, replace(card, input=replace(card.input, mean=(self._random.random(),)))
            )
        return EditCard(network.id, card)

    # ---- results

    def set_box(self, document: Document) -> Command | None:
        item = self._maybe([found for found in document.results if isinstance(found.result, Correction)])
        if item is None:
            return None
        if self._random.random() < 0.1:
            return SetBox(item.id, None)
        centre = self._random.uniform(10, 60), self._random.uniform(1000, 15000)
        return SetBox(item.id, Box(centre=centre, half_width=(2.0, 500.0)))

    def set_joint_box(self, document: Document) -> Command | None:
        item = self._maybe([found for found in document.results if isinstance(found.result, JointCorrection)])
        if item is None:
            return None
        low = np.array([self._random.uniform(5, 20), self._random.uniform(1000, 4000)])
        proof = self._random.choice(("unknown", "proved"))
        return SetJointBox(item.id, JointBox(low=low, high=low * 2, levels=(self._random.randint(0, 1),), proof=proof))

    def replace_result(self, document: Document) -> Command | None:
        item = self._maybe(document.results)
        if item is None:
            return None
        status = "complete" if item.result.status == "partial" else "partial"
        return ReplaceResult(item.id, replace(item.result, status=status))

    def replace_run(self, document: Document) -> Command | None:
        item = self._maybe(document.runs)
        if not isinstance(item, RunItem):
            return None
        number = self._next()
        network = documents.network_item(f"network-r{number}", name=item.name, seed=number)
        grows = len(document.items) < MOST_ITEMS and self._random.random() < 0.5
        return ReplaceRun(item.id, run(epochs=self._random.choice((2, 4)), seed=number), network if grows else None)

    def link_results(self, document: Document) -> Command | None:
        imported = [found for found in document.results if found.result.provenance.imported]
        item = self._maybe(imported)
        if not isinstance(item, ResultItem):
            return None
        if item.network_id or not document.networks:
            return LinkResults((item.id,), "", "")
        data = self._maybe(document.datasets)
        return LinkResults((item.id,), self._one(document.networks).id, "" if data is None else data.id)

    # ---- notes

    def add_note(self, document: Document) -> Command | None:
        if len(document.notes) >= MOST_NOTES:
            return None
        places = [item.id for item in document.results if _has_plane(item)]
        item_id = self._one(places) if places and self._random.random() < 0.7 else self._one([None, *document.items])
        return AddNote(new_note(f"Note {self._next()}", self._one(("Ada", "Bo")), item_id))

    def edit_note(self, document: Document) -> Command | None:
        note = self._maybe(list(document.notes.values()))
        return None if note is None else EditNote(note.note_id, f"{note.text[:40]} {self._next()}")

    def resolve_note(self, document: Document) -> Command | None:
        note = self._maybe([note for note in document.notes.values() if not note.resolved])
        return None if note is None else ResolveNote(note.note_id, "Bo")

    def reopen_note(self, document: Document) -> Command | None:
        note = self._maybe([note for note in document.notes.values() if note.resolved])
        return None if note is None else ReopenNote(note.note_id)

    def move_note(self, document: Document) -> Command | None:
        def movable(note: Note) -> bool:
            item = document.items.get(note.item_id or "")
            return isinstance(item, ResultItem) and _has_plane(item)

        note = self._maybe([note for note in document.notes.values() if movable(note)])
        if note is None:
            return None
        return MoveNote(note.note_id, PointAnchor(x=self._random.uniform(10, 60), y=self._random.uniform(1000, 9000)))

    def remove_note(self, document: Document) -> Command | None:
        note = self._maybe(list(document.notes.values()))
        return None if note is None or len(document.notes) < 3 else RemoveNote(note.note_id)

    # ---- both

    def together(self, document: Document) -> Command | None:
        first = self.rename_item(document)
        after = first.apply(document)
        second = self._random.choice((self.set_box, self.edit_card, self.add_note, self.remove_item))(after)
        return None if second is None else Together("make two edits", (first, second))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _one(self, things: Sequence[Thing]) -> Thing:
        return self._random.choice(things)

    def _maybe(self, things: Sequence[Thing]) -> Thing | None:
        return self._random.choice(things) if things else None


def _has_plane(item: ResultItem) -> bool:
    """Whether a note can be pinned to a point of its picture."""
    return isinstance(item.result, Correction | Surface)


def _changes(command: Command, document: Document) -> bool:
    try:
        return command.apply(document) is not document
    except InvalidRequest:
        return False
