"""Edits of a result: the box a user drags, and a computation that went on."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np

from app.commands.command import Command
from app.commands.items import existing, quoted
from core.corrections.live.joint import same_place
from core.corrections.records.correction import Box, Correction
from core.corrections.records.joint import JointBox, JointCorrection
from core.errors import InvalidRequest
from core.session.document import Document, Result, ResultItem


@dataclass(frozen=True, eq=False)
class SetBox(Command):
    """Move or resize the box of a correction. The steps of one drag, or of several nudges, merge."""

    item_id: str
    box: Box | None  # with what is known about it: a box that was moved is "unknown" until it is proved again

    def label(self, document: Document) -> str:  # noqa: ARG002
        return "move box" if self.box is not None else "remove box"

    def apply(self, document: Document) -> Document:
        item = existing_result(document, self.item_id)
        if not isinstance(item.result, Correction):
            raise InvalidRequest(f"{quoted(item.name)} is not a correction and has no box.")
        if self.box is not None:
            _check_box(self.box)
        if _same_box(self.box, item.result.box):
            return document
        return document.with_item(replace(item, result=replace(item.result, box=self.box)))

    @property
    def merge_key(self) -> Hashable:
        return "box", self.item_id


@dataclass(frozen=True, eq=False)
class SetJointBox(Command):
    """Move or resize the box of a correction in several features. The steps of one drag merge, its proof with them."""

    item_id: str
    box: JointBox

    def label(self, document: Document) -> str:  # noqa: ARG002
        return "move box"

    def apply(self, document: Document) -> Document:
        item = existing_result(document, self.item_id)
        if not isinstance(item.result, JointCorrection):
            raise InvalidRequest(f"{quoted(item.name)} is not a correction in several features and has no such box.")
        box, freedom = self.box, item.result.request.freedom
        if box.low.shape != (len(freedom.numbers),) or box.high.shape != box.low.shape:
            raise InvalidRequest(
                f"A box needs a lowest and a highest value for each of {len(freedom.numbers)} numbers."
            )
        if not bool(np.isfinite([box.low, box.high]).all() and (box.low <= box.high).all()):
            raise InvalidRequest("A box needs finite values, and none that is highest below the lowest.")
        if len(box.levels) != len(freedom.categories):
            raise InvalidRequest(f"A box needs a level for each of {len(freedom.categories)} categories.")
        before = item.result.box
        if before is not None and same_place(before, box) and before.proof == box.proof:
            return document
        return document.with_item(replace(item, result=replace(item.result, box=box)))

    @property
    def merge_key(self) -> Hashable:
        return "box", self.item_id


@dataclass(frozen=True, eq=False)
class ReplaceResult(Command):
    """Put a result that was computed further in the place of the partial one."""

    item_id: str
    result: Result

    def label(self, document: Document) -> str:
        verb = "complete" if self.result.status == "complete" else "continue"
        return f"{verb} {quoted(existing(document, self.item_id).name)}"

    def apply(self, document: Document) -> Document:
        item = existing_result(document, self.item_id)
        if type(item.result) is not type(self.result):
            raise InvalidRequest(
                f"{quoted(item.name)} is a {type(item.result).__name__.lower()} and cannot become a "
                f"{type(self.result).__name__.lower()}. Add the new result as an item of its own."
            )
        return document if item.result is self.result else document.with_item(replace(item, result=self.result))


def existing_result(document: Document, item_id: str) -> ResultItem:
    """The result of that id. Raises `InvalidRequest` if it is gone, or is not a result."""
    item = existing(document, item_id)
    if not isinstance(item, ResultItem):
        raise InvalidRequest(f"{quoted(item.name)} is not a result. Select a surface, a spectrum or a correction.")
    return item


def _check_box(box: Box) -> None:
    if not all(math.isfinite(value) for value in (*box.centre, *box.half_width)) or min(box.half_width) < 0:
        raise InvalidRequest("A box needs a finite centre and finite half widths that are not negative.")


def _same_box(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.centre, one.half_width, one.proof) == (other.centre, other.half_width, other.proof)
