"""The feature card of a table: what each column means, and how it may change (DESIGN.md, "Networks and data")."""

import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated

from core.data.tables.form import TableForm
from core.data.tables.groups import FeatureGroup
from core.errors import InvalidRequest, UnreadableFile
from core.networks.card import LONGEST_MESSAGE, describe_validation, shortened

Kind = Literal["number", "integer", "category"]
Change = Literal["may", "up", "down", "fixed"]


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class Feature:
    """One column of the table, in the user's units."""

    name: str
    kind: Kind = "number"
    unit: str = ""
    low: float | None = None  # range of numbers; None: what the data hold
    high: float | None = None
    step: float = 0.0  # smallest sensible change; 0: none
    levels: tuple[str, ...] = ()  # of a category, in the order of the one-hot columns
    columns: tuple[str, ...] = ()  # of the table, one for each level, if the file itself is one-hot encoded
    change: Change = "may"
    price: float = 0.0  # cost per unit; 0: one over the range
    half_width: float = 0.0  # stability asked for by default

    def __post_init__(self) -> None:
        if self.kind == "category" and len(self.levels) < 2:
            raise InvalidRequest(f'The category "{self.name}" needs at least two levels')
        if len(set(self.levels)) < len(self.levels):
            raise InvalidRequest(f'The category "{self.name}" names a level twice')
        if self.kind != "category" and self.levels:
            raise InvalidRequest(f'"{self.name}" is a {self.kind} and cannot have levels')
        _check_columns(self.name, self.columns, self.levels, "levels")
        for label, value in (("step", self.step), ("price", self.price), ("half_width", self.half_width)):
            if not 0 <= value < math.inf:
                raise InvalidRequest(f'The {label} of "{self.name}" must be zero or more, not {value:g}')
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise InvalidRequest(f'The range of "{self.name}", {self.low:g} to {self.high:g}, is empty')
        if not all(value is None or math.isfinite(value) for value in (self.low, self.high)):
            raise InvalidRequest(f'The range of "{self.name}" must have finite ends; leave out one that is open')

    @property
    def width(self) -> int:
        """How many columns of the encoded input the feature takes."""
        return len(self.levels) if self.kind == "category" else 1

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns of the file that hold the feature."""
        return self.columns or (self.name,)


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class FeatureCard:
    """The columns of a table in the order of the network's input, and the column that is to be predicted.

    Without classes the target column holds a number: `task` is "regression".
    """

    features: tuple[Feature, ...]
    target: str  # column with the label, or with the number to be predicted
    classes: tuple[str, ...]  # values of the target column, in the order of the network's outputs; (): it is a number
    target_columns: tuple[str, ...] = ()  # one for each class, if the file itself is one-hot encoded
    wanted: str = ""  # the class that a correction should reach; "": the user chooses
    target_unit: str = ""  # of a number to be predicted
    name: str = ""
    source: str = ""  # origin and licence of the data
    table: TableForm = TableForm()  # how the file is written
    groups: tuple[FeatureGroup, ...] = ()  # of numbers that change together

    def __post_init__(self) -> None:
        if not self.features:
            raise InvalidRequest("The card names no features. List the columns that the network is fed")
        if self.classes and len(set(self.classes)) < max(2, len(self.classes)):
            raise InvalidRequest(
                "The card needs two or more different classes, or none: classes = [], where the target is a number"
            )
        twice = _twice([feature.name for feature in self.features])
        if twice is not None:
            raise InvalidRequest(f'There are two features called "{twice}"')
        if self.classes and self.target_unit:
            raise InvalidRequest("A target with classes has no unit: leave target_unit out, or the classes")
        if self.wanted and not self.classes:
            raise InvalidRequest(f'The target is a number, so there is no class "{self.wanted}" to be wanted')
        if self.wanted and self.wanted not in self.classes:
            raise InvalidRequest(f'The wanted class "{self.wanted}" is not one of {", ".join(self.classes)}')
        _check_columns(self.target, self.target_columns, self.classes, "classes")
        self._check_groups()
        columns = [column for feature in self.features for column in feature.file_columns]
        taken = set(columns)
        shared = next((name for name in self.label_columns if name in taken), None)
        if shared is not None:
            raise InvalidRequest(f'The target "{shared}" cannot also be a feature')
        twice = _twice(columns)
        if twice is not None:
            raise InvalidRequest(f'Two features take the column "{twice}"')

    def _check_groups(self) -> None:
        numbers = {feature.name for feature in self.features if feature.kind != "category"}
        for group in self.groups:
            stray = next((name for name in group.features if name not in numbers), None)
            if stray is not None:
                raise InvalidRequest(f'The group "{group.name}" names "{stray}", which is no number on this card')
        twice = _twice([feature.name for feature in self.features] + [group.name for group in self.groups])
        if twice is not None:
            raise InvalidRequest(f'A group and something else are both called "{twice}"')

    @property
    def label_columns(self) -> tuple[str, ...]:
        """The columns of the file that hold the target."""
        return self.target_columns or (self.target,)

    @property
    def task(self) -> Literal["classification", "regression"]:
        """Whether the target column holds a class or a number."""
        return "classification" if self.classes else "regression"

    @property
    def width(self) -> int:
        """Columns of the encoded input."""
        return sum(feature.width for feature in self.features)

    @property
    def input_columns(self) -> tuple[tuple[Feature, str], ...]:
        """Feature and level of every column of the encoded input; "" where the feature is no category."""
        return tuple((feature, level) for feature in self.features for level in feature.levels or ("",))

    def column_of(self, name: str) -> int:
        """First column of the encoded input that belongs to the feature. Raises `InvalidRequest` if there is none."""
        column = 0
        for feature in self.features:
            if feature.name == name:
                return column
            column += feature.width
        raise InvalidRequest(f'There is no feature "{name}". There are: {", ".join(f.name for f in self.features)}.')

    def feature(self, name: str) -> Feature:
        """The feature of that name. Raises `InvalidRequest` if there is none."""
        self.column_of(name)
        return next(feature for feature in self.features if feature.name == name)


def group_of(card: FeatureCard, name: str) -> FeatureGroup | None:
    """The group of that name; None if a feature, or nothing, is called so."""
    return next((group for group in card.groups if group.name == name), None)


def _twice(names: list[str]) -> str | None:
    """The first name that comes more than once."""
    return next((name for name, count in Counter(names).items() if count > 1), None)


def _check_columns(name: str, columns: tuple[str, ...], values: tuple[str, ...], word: str) -> None:
    if columns and len(columns) != len(values):
        raise InvalidRequest(
            f'"{name}" lists {len(columns)} columns for {len(values)} {word}; there must be one for each'
        )
    if len(set(columns)) < len(columns):
        raise InvalidRequest(f'"{name}" lists a column twice')


_CARD = TypeAdapter(FeatureCard)


def read_feature_card(path: Path) -> FeatureCard:
    """Read and validate a card. Raises `UnreadableFile` with the field at fault."""
    try:
        return _CARD.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "Check the file and its permissions.") from error
    except ValidationError as error:
        raise UnreadableFile(path, describe_validation(error), "Correct the feature card.") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no TOMLDecodeError
        raise UnreadableFile(
            path, f"It is not valid TOML: {shortened(str(error), LONGEST_MESSAGE)}.", "Correct that line."
        ) from error


def write_feature_card(card: FeatureCard, path: Path) -> None:
    """Write a card that `read_feature_card` reads back as the same card."""
    path.write_text(feature_card_text(card), encoding="utf-8")


def feature_card_text(card: FeatureCard) -> str:
    """What stands in the file of a card."""
    return tomli_w.dumps(feature_card_as_table(card))


def feature_card_as_table(card: FeatureCard) -> dict[str, object]:
    """A card as plain tables and lists: what TOML and JSON can hold."""
    table: dict[str, object] = _CARD.dump_python(card, mode="json", exclude_none=True, exclude_defaults=True)
    return table


def feature_card_from_table(table: object) -> FeatureCard:
    """The inverse of `feature_card_as_table`. Raises `InvalidRequest` if the table is no card."""
    try:
        return _CARD.validate_python(table)
    except ValidationError as error:
        raise InvalidRequest(f"The feature card is damaged: {describe_validation(error)}") from error
