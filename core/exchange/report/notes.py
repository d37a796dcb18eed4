"""The notes of a review in a report: open ones first, each with what it is about; numbers are those of the pins."""

from collections.abc import Sequence

from core.exchange.figures.pins import Numbered, pinned
from core.exchange.report.blocks import Block, Section, Words, dated
from core.exchange.shown_names import shown
from core.exchange.words import count
from core.review.note import Note
from core.review.places import about_in_words
from core.session.document import Document, Item, ResultItem

ANCHOR = "notes"
_LONGEST_ABOUT = 400


def numbered(document: Document) -> tuple[Numbered, ...]:
    """Every note with its number: from 1, in the order in which they were written."""
    return tuple(enumerate(document.notes.values(), start=1))


def notes_section(items: Sequence[Item], document: Document) -> Section | None:
    """The notes about these items, and about the session where all of it is shown; nothing without any."""
    chosen, whole = {item.id for item in items}, len(items) == len(document.items)
    told = [(number, note) for number, note in numbered(document) if whole or note.item_id in chosen]
    if not told:
        return None
    told.sort(key=lambda entry: entry[1].resolved)
    left = sum(not note.resolved for _, note in told)
    lead = f"{count(len(told), 'note')}: {left} open, {len(told) - left} resolved. "
    lead += "What is open comes first; the numbers are those of the pins in the figures."
    blocks: list[Block] = [Words(text=lead)]
    for number, note in told:
        blocks.append(Words(text=_heading(number, note, document), look="lead"))
        blocks += [Words(text=line, look="note") for line in note.text.splitlines() if line.strip()]
    return Section(anchor=ANCHOR, title="Review notes", blocks=tuple(blocks))


def notes_line(item: Item, document: Document) -> tuple[Words, ...]:
    """Which notes are about an item, and which of them are pinned in its figure; nothing without any."""
    about = [(number, note) for number, note in numbered(document) if note.item_id == item.id]
    if not about:
        return ()
    inside = {number for number, _ in pinned(about, item.result)} if isinstance(item, ResultItem) else set()
    text = f"Review notes on this item: {', '.join(str(number) for number, _ in about)}."
    if inside:
        text += " Pins in the figure stand at what they are about, hollow where a note is resolved."
    return (Words(text=text),)


def _heading(number: int, note: Note, document: Document) -> str:
    about = about_in_words(note, document)
    signed = f"{shown(note.author, 200) or 'unsigned'}, {dated(note.created_utc)}"
    changed = f", changed {dated(note.changed_utc)}" if note.changed_utc != note.created_utc else ""
    state = "open"
    if note.resolved:
        by = f" by {shown(note.resolved_by, 200)}" if note.resolved_by else ""
        state = f"resolved{by}, {dated(note.resolved_utc)}"
    return f"{number}. {shown(about[:1].upper() + about[1:], _LONGEST_ABOUT)}. {signed}{changed}; {state}."
