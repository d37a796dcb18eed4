"""A pin as it is drawn: what it says, and how it looks."""

from dataclasses import dataclass

from core.review.note import Anchor


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A note at a place of a picture; one with the number 0 is being written and not in the session yet."""

    note_id: str
    number: int  # as in the list of notes, from 1
    anchor: Anchor
    resolved: bool = False
    tip: str = ""  # text, author and time for whoever hovers over it, may be markup
    words: str = ""  # the same in one plain line, for screen readers


def arrangement(
    pins: tuple[Pin, ...], places: dict[str, tuple[float, float]], current: str, near: float
) -> list[list[Pin]]:
    """Pins that would cover one another go together under one mark, the most important first.

    Parameters
    ----------
    places : dict
        Pixels of the pins that are seen, by the id of their note.
    current : str
        The note that is being read: its pin leads wherever it is.
    near : float
        Pixels between two tips below which their marks would cover one another.
    """
    order = sorted(pins, key=lambda pin: (pin.note_id != current, pin.resolved, pin.number))
    groups: list[list[Pin]] = []
    cells: dict[tuple[int, int], list[int]] = {}  # groups by the square of `near` pixels in which they lead
    for pin in order:
        if pin.note_id not in places:
            continue
        x, y = places[pin.note_id]
        column, row = int(x // near), int(y // near)
        around = (cells.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        found = next((group for cell in around for group in cell if _close(places, groups[group][0], x, y, near)), None)
        if found is None:
            cells.setdefault((column, row), []).append(len(groups))
            groups.append([pin])
        else:
            groups[found].append(pin)
    return groups


def _close(places: dict[str, tuple[float, float]], lead: Pin, x: float, y: float, near: float) -> bool:
    a, b = places[lead.note_id]
    return abs(a - x) < near and abs(b - y) < near
