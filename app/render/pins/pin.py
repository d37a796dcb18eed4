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
    pins: tuple[Pin, ...], places: dict[str, tuple[float, float]], current: str, near: float, wide: float = 0.0
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
    wide : float
        Pixels from the tip to the far end of a mark that tells of several: where this is more than `near`, a mark
        beside such a one goes with it.
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
    return groups if wide <= near else _without_covered(groups, places, near, wide)


def _close(places: dict[str, tuple[float, float]], lead: Pin, x: float, y: float, near: float) -> bool:
    a, b = places[lead.note_id]
    return abs(a - x) < near and abs(b - y) < near


def _without_covered(
    groups: list[list[Pin]], places: dict[str, tuple[float, float]], near: float, wide: float
) -> list[list[Pin]]:
    """The groups once more: none lies under the wide mark of another one, nor its own wide mark under another."""

    def covers(first: list[Pin], second: list[Pin]) -> bool:
        (x, y), (other_x, other_y) = places[first[0].note_id], places[second[0].note_id]
        right = other_x - x
        if abs(other_y - y) >= near:
            return False
        return (len(first) > 1 and 0 <= right < wide) or (len(second) > 1 and 0 <= -right < wide)

    left = list(groups)
    kept: list[list[Pin]] = []
    while left:
        group = left.pop(0)
        while (place := next((i for i, other in enumerate(left) if covers(group, other)), None)) is not None:
            group = [*group, *left.pop(place)]
        before = next((i for i, other in enumerate(kept) if covers(other, group)), None)
        if before is None:
            kept.append(group)
        else:  # it became wide here: both are looked at again
            left.insert(0, [*kept.pop(before), *group])
    return kept
