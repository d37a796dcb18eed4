"""The network card: a TOML file without code that says what a set of weights is (DESIGN.md, "Networks and data").

A card names either a built-in architecture with a weights file, or a self-contained program. Paths in a card are
relative to the card.
"""

import math
import tomllib
from pathlib import Path

import tomli_w
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated

from core.errors import InvalidRequest, UnreadableFile


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class InputCard:
    """What the network is fed: ``(raw − mean) / std``, in the units of the data file."""

    shape: tuple[int, ...]  # of one sample, channels first, such as (3, 32, 32) or (51,)
    mean: tuple[float, ...] = (0.0,)  # one, or one per channel (per column for tables)
    std: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        if not self.shape or any(size < 1 for size in self.shape):
            raise InvalidRequest(f"The input shape {self.shape} must be one or more positive sizes.")
        for label, values in (("mean", self.mean), ("std", self.std)):
            if len(values) not in (1, self.shape[0]):
                raise InvalidRequest(
                    f"The input has {self.shape[0]} channels or columns, but {label} has {len(values)} values. "
                    "Give one value, or one per channel."
                )
        if not all(math.isfinite(value) for value in self.mean):
            raise InvalidRequest("Every mean must be a finite number: it is taken from the input.")
        if not all(0 < value < math.inf for value in self.std):
            raise InvalidRequest("Every std must be a finite number above zero: the input is divided by it.")


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class NetworkCard:
    """What a trained network is, without any code."""

    name: str
    input: InputCard
    architecture: str | None = None  # built in, with `weights`
    weights: str | None = None  # .safetensors .pt .pth .t7, relative to the card
    file: str | None = None  # a .pt2 program, relative to the card; needs no architecture
    classes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if (self.file is None) == (self.architecture is None):
            raise InvalidRequest(
                f'The card of "{self.name}" must name either an architecture (with weights) or a file (.pt2), not '
                f"{'neither' if self.file is None else 'both'}."
            )


WEIGHT_SUFFIXES = (".safetensors", ".pt", ".pth", ".t7", ".bin", ".ckpt")  # known here, where no torch is needed

LARGEST_CARD = 2**24  # bytes
LONGEST_NAME, LONGEST_MESSAGE = 120, 1000  # characters, in a sentence about what is wrong with a card

_CARD = TypeAdapter(NetworkCard)


def read_network_card(path: Path) -> NetworkCard:
    """Read and validate a card.

    Raises
    ------
    UnreadableFile
        If the file is missing, is not TOML, or a field is missing, unknown or of the wrong kind; the text names it.
    """
    try:
        if path.stat().st_size > LARGEST_CARD:
            raise UnreadableFile(path, "It is far too large for a network card.", "Choose another file.")
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "Check the file and its permissions.") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no TOMLDecodeError
        raise UnreadableFile(
            path, f"It is not valid TOML: {shortened(str(error), LONGEST_MESSAGE)}.", "Correct that line."
        ) from error
    try:
        return _CARD.validate_python(table)
    except ValidationError as error:
        raise UnreadableFile(path, describe_validation(error), "Correct the network card.") from error


def write_network_card(card: NetworkCard, path: Path) -> None:
    """Write a card that `read_network_card` reads back as the same card."""
    path.write_text(tomli_w.dumps(card_as_table(card)), encoding="utf-8")


def card_as_table(card: NetworkCard) -> dict[str, object]:
    """A card as plain tables and lists, empty fields left out: what TOML and JSON can hold."""
    table: dict[str, object] = _CARD.dump_python(card, mode="json", exclude_none=True)
    return {key: value for key, value in table.items() if value not in ("", [])}


def checked_input(shape: tuple[int, ...], mean: tuple[float, ...], std: tuple[float, ...]) -> InputCard:
    """An input card from what a person says. Raises `InvalidRequest` with the field at fault."""
    try:
        return InputCard(shape=shape, mean=mean, std=std)
    except ValidationError as error:
        raise InvalidRequest(describe_validation(error)) from error


def card_from_table(table: object) -> NetworkCard:
    """The inverse of `card_as_table`. Raises `InvalidRequest` if the table is no card."""
    try:
        return _CARD.validate_python(table)
    except ValidationError as error:
        raise InvalidRequest(f"The network card is damaged: {describe_validation(error)}") from error


def describe_validation(error: ValidationError) -> str:
    """The first thing wrong, in one sentence that names the field; what is endless in the file is cut short."""
    first = error.errors(include_url=False)[0]
    field_name = shortened(".".join(str(part) for part in first["loc"]), LONGEST_NAME)
    message = shortened(first["msg"].removeprefix("Value error, "), LONGEST_MESSAGE)
    return f'Field "{field_name}": {message}.' if field_name else message


def shortened(text: str, length: int) -> str:
    """A text, or its beginning and an ellipsis where it is longer than that."""
    return text if len(text) <= length else f"{text[:length]}…"
