"""Lists as a person types them: batch sizes, seeds, milestones, names of architectures."""

import re

from core.errors import InvalidRequest

LARGEST = 2**31 - 1
LONGEST_RANGE = 1000


def parse_whole_numbers(text: str, *, least: int, example: str) -> tuple[int, ...]:
    """Whole numbers with commas between them; ``0–2`` stands for 0, 1, 2. None of an empty text.

    Raises
    ------
    InvalidRequest
        If that is not what it says, or a number is below `least` or occurs twice.
    """
    numbers: list[int] = []
    for part in re.split(r"[,;]|(?<=\d)\s+(?=\d)", text):
        found = re.fullmatch(r"\s*(\d+)\s*(?:(?:[-–…]|\.\.+)\s*(\d+)\s*)?", part)
        if not part.strip():
            continue
        if found is None:
            raise InvalidRequest(f"“{part.strip()}” is no whole number. Type numbers such as {example}.")
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first or last - first >= LONGEST_RANGE or last > LARGEST:
            raise InvalidRequest(f"“{part.strip()}” is no sensible range. Type numbers such as {example}.")
        numbers += range(first, last + 1)
    if any(number < least for number in numbers):
        raise InvalidRequest(f"Every number must be {least} or more, such as {example}.")
    _refuse_twice([str(number) for number in numbers])
    return tuple(numbers)


def parse_names(text: str) -> tuple[str, ...]:
    """Names of architectures with commas or spaces between them; none of an empty text. Raises `InvalidRequest`."""
    names = [name for name in re.split(r"[\s,;]+", text) if name]
    _refuse_twice(names)
    return tuple(names)


def parse_shares(text: str) -> tuple[float, ...]:
    """Shares of the epochs, such as ``0.5, 0.75`` or ``50 %, 75 %``; none of an empty text. Raises `InvalidRequest`."""
    shares = []
    for part in re.split(r"[,;]", text):
        word = part.strip()
        if not word:
            continue
        found = re.fullmatch(r"(\d*\.?\d+)\s*(%?)", word)
        share = float(found[1]) / (100 if found[2] else 1) if found is not None else 0.0
        if not 0 < share <= 1:
            raise InvalidRequest(f"“{word}” is no share of the epochs. Type shares between 0 and 1, such as 0.5, 0.75.")
        shares.append(share)
    if sorted(shares) != shares:
        raise InvalidRequest("Type the shares in the order in which the rate drops, such as 0.5, 0.75.")
    return tuple(shares)


def list_text(values: tuple[object, ...]) -> str:
    """``64, 128, 256``."""
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


def _refuse_twice(words: list[str]) -> None:
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice is not None:
        raise InvalidRequest(f"{twice} is named twice: two of the runs would be the same. Remove one.")
